"""`import` of a sheet that was sent out to be edited and is back: their edits come in; of conflicts what is
here stays, unless `--theirs` is said."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.commands import import_answer, letters, refused_rows, shared
from desktop.commands.import_answer import LISTED, SAID
from desktop.folders import Folders
from desktop.speech import gettext as _
from desktop.speech import ngettext
from webui.store.errors import Message

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from webui.exchange.plan import Plan
    from webui.exchange.sent.comparison import Comparison
    from webui.exchange.tables import Options, Table


def recognised(engine: "Engine", file: Path, options: "Options") -> tuple["Table | None", str]:
    """Return the sheet in a file that was sent from here; or why it can't be compared, "" for any other.

    Raises Refused for a table that it has not, BadParameter where no letters can be told of it.
    """
    from webui import words
    from webui.exchange.reading import kinds
    from webui.exchange.sent import comparing
    from webui.exchange.sent import letters as read_again

    try:
        sheet = None if file.is_dir() or kinds.is_cards(file) else kinds.look(file, options)
    except OSError:  # told where it is read
        return None, ""
    letters.check(options.encoding, sheet)
    if sheet is None:
        return None, ""
    known, reason = comparing.recognised(engine, sheet)
    if known:
        return read_again.read(engine, sheet, options), ""
    return None, words.sentence(reason) if reason else ""


def take(
    folders: Folders, engine: "Engine", sheet: "Table", scratch: Path, step: Callable[..., None], **asked: Any
) -> tuple[dict[str, Any], Message | None]:
    """Take what a sheet brings back; return what there is to tell, and the question to answer, or None."""
    from webui.exchange import importing, targets
    from webui.exchange.sent import comparing, comparison, left, newcomers, taking
    from webui.safety import automatic

    file = asked["file"]
    refused_rows.check_name(asked["place"], sheet.format)
    with ExitStack() as stack:
        compared = stack.enter_context(
            comparing.compare(
                engine, scratch / "sent.sqlite", sheet, name=file.name, step=step, dates=asked["dates"]
            )
        )
        if asked["theirs"]:
            compared.choose_all(comparison.THEIRS)
            taking.try_again(engine, compared, step)
        new = newcomers.plan(engine, compared, scratch / "plan.sqlite", dates=asked["dates"], step=step)
        if new:
            stack.enter_context(new)
        if asked["dates"]:
            compared.settle_dates(asked["dates"])
        asks = compared.question() or (importing.question(new) if new else None)
        if not asks and not asked["allow_missing_email"] and (missing := _without_email(engine, new)):
            asks = Message("import.without_email", {"count": missing})
        if asks:
            return _figures(compared, new, asked), asks
        operation = None
        stream = stack.enter_context(targets.temporary(asked["place"])) if asked["place"] else None
        if not asked["dry_run"]:
            automatic.before(engine, shared.places(folders), "import", step)
            done = taking.take(engine, compared, new, step, door="command", allow_missing_email=True)
            operation = done.operation
        found = _figures(compared, new, asked) | {"operation": operation}
        if stream:
            refused_rows.publish(stream, asked["place"], found, left.as_rejects(compared, sheet, new))
        return found, None


def _without_email(engine: "Engine", new: "Plan | None") -> int:
    from webui.exchange import importing

    return importing.needs_email(engine, new) if new else 0


def lines(found: dict[str, Any]) -> list[str]:
    """Return the text of an answer, line by line."""
    said = _("%(edits)s of %(changed)s, %(added)s.", **_counted(found))
    told = [_("Nothing was changed. It would be: %(said)s", said=said) if found["dry_run"] else said]
    if count := found["missing"]:
        told.append(
            ngettext(
                "%(num)s person you sent is not in it. Nothing is changed by that.",
                "%(num)s people you sent are not in it. Nothing is changed by that.",
                count,
            )
        )
    if found["unknown"]:
        names = ", ".join(found["unknown"])
        told.append(
            _("These columns were not sent and are left out, but for new people: %(names)s", names=names)
        )
    if count := found["unmarked"]:
        told.append(
            ngettext(
                "%(num)s row of someone who is here was left out because it lost its uid.",
                "%(num)s rows of people who are here were left out because they lost their uid.",
                count,
            )
        )
    if found["conflicts"] and not found["theirs"]:
        told.append(_("Edited both there and here, so yours stays; --theirs takes theirs:"))
        told += [
            _("Line %(line)s, %(name)s, %(field)s: theirs “%(edited)s”, yours “%(mine)s”.", **each)
            for each in found["conflicts"][:SAID]
        ]
    told += [
        _("Line %(line)s, %(name)s: %(reason)s.", **each)
        if each["name"]
        else _("Line %(line)s: %(reason)s.", **each)
        for each in found["rejected"][:SAID]
    ]
    if max(len(found["conflicts"]) * (not found["theirs"]), found["refused"]) > SAID:
        told.append(_("And more; --json names them."))
    told += import_answer.about_file(found)
    return told + import_answer.about_rows(found) + refused_rows.lines(found)


def _counted(found: dict[str, Any]) -> dict[str, str]:
    return {
        "edits": ngettext("%(num)s edit", "%(num)s edits", found["edits"]),
        "changed": ngettext("%(num)s person", "%(num)s people", found["changed"]),
        "added": ngettext("%(num)s new person", "%(num)s new people", found["added"]),
    }


def _figures(compared: "Comparison", new: "Plan | None", asked: dict[str, Any]) -> dict[str, Any]:
    from webui import words
    from webui.exchange.sent import left
    from webui.exchange.sent.comparison import CONFLICT

    edits, people = compared.will()
    will = new.will() if new else {"add": 0, "change": 0}
    conflicts = [
        {"line": row.line, "name": row.name, "field": each.label, "sent": each.sent, "edited": each.theirs,
         "mine": each.mine}
        for row in compared.page(CONFLICT, limit=LISTED) for each in row.edits if each.asked
    ]  # fmt: skip
    rows = list(left.rows(compared, new).values())
    rejected = [
        {"line": row.line, "name": row.name, "reason": words.sentence(reason)}
        for row in rows[:LISTED]
        for reason in row.reasons
    ]
    here = left.unmarked(compared, new)
    return {
        "file": compared.about("name"), "sent": compared.about("sent"),
        "encoding": compared.about("encoding"), "encoding_told": asked["options"].encoding is not None,
        "missing": left.missing(compared, new), "unknown": compared.about("unknown"),
        "edits": edits, "changed": people + will["change"], "added": will["add"], "theirs": asked["theirs"],
        "conflicts": conflicts, "rejected": rejected, "refused": len(rows),
        "unmarked": len(here),
        "without_uid": [{"line": line, "name": name} for line, name in here[:LISTED]],
        "dry_run": asked["dry_run"], "operation": None,
    } | _of_new(compared, new)  # fmt: skip


def _of_new(compared: "Comparison", new: "Plan | None") -> dict[str, Any]:
    """Return what there is to look at of new people, at their lines in the sheet."""
    from webui.exchange.sent import unsent

    if not new:
        return dict(import_answer.NOTHING)
    found, lines = import_answer.of_rows(new), unsent.lines(compared, new)
    for each in (*found["asked"], *found["usernames"], *found["warned"]):
        each["line"] = lines[each["line"]]
    return found
