"""What `import` answers: the figures of its JSON, and the lines of its text. Does nothing itself."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from desktop.commands import refused_rows
from desktop.speech import gettext as _
from desktop.speech import ngettext
from webui.store.errors import Message

if TYPE_CHECKING:
    from desktop.commands.imports import Asked
    from webui.exchange.plan import Plan

LISTED = 1_000  # rows of a kind in a JSON answer
SAID = 20  # rows of a kind in a text
# What `of_rows` returns where there are none.
NOTHING: Mapping[str, Any] = {
    "questions": 0, "asked": (), "renamed": 0, "usernames": (), "to_look_at": 0, "warnings": {}, "warned": (),
}  # fmt: skip


def figures(planned: "Plan", asked: "Asked", operation: int | None) -> dict[str, Any]:
    """Return what an import did or would do; lists have at most LISTED rows, counts are of all."""
    from webui import words
    from webui.exchange import notices, remembered

    counts, will = planned.counts(), planned.will()
    refused = [
        (row.line, row.file, row.reason) for row in planned.page("refused", limit=LISTED) if row.reason
    ]
    return {
        "file": planned.about("name"), "format": planned.about("format"),
        "encoding": planned.about("encoding"), "encoding_told": asked.options.encoding is not None,
        "delimiter": planned.about("delimiter"), "program": planned.about("program"),
        "table": planned.about("options").get("table"), "tables": planned.about("tables"),
        "columns": planned.about("width"), "added": will["add"], "changed": will["change"],
        "same": counts["same"], "refused": counts["refused"],
        "dates_before": remembered.dates_used(planned), "known_by": _known_by(planned),
        "kept": planned.about("kept"), "dry_run": asked.dry_run, "operation": operation,
        "forgotten": planned.about("forgotten") or 0,
        "doubts": list(map(words.sentence, notices.of_file(planned))),
        "rejected": _told(refused),
    } | of_rows(planned)  # fmt: skip


def of_rows(planned: "Plan") -> dict[str, Any]:
    """Return what there is to look at in rows that come in; lists have at most LISTED, counts are of all."""
    from webui.exchange import notices

    asked = [(row.line, row.file, row.reason) for row in planned.page("question", limit=LISTED) if row.reason]
    renamed, warned = notices.renamed(planned, LISTED), notices.warnings(planned, LISTED)
    return {
        "questions": planned.counts()["question"], "asked": _told(asked),
        "renamed": notices.renamed_count(planned),
        "usernames": [{**_at(line, file), **message.values} for line, file, message in renamed],
        "to_look_at": planned.doubtful(), "warnings": notices.warning_counts(planned),
        "warned": _told(warned),
    }  # fmt: skip


def _at(line: int, file: str) -> dict[str, Any]:
    return {"file": file, "line": line} if file else {"line": line}


def _told(rows: Iterable[tuple[int, str, Message]]) -> list[dict[str, Any]]:
    from webui import words

    return [_at(line, file) | {"reason": words.sentence(message)} for line, file, message in rows]


def lines(done: dict[str, Any]) -> list[str]:
    """Return the text of an answer, line by line."""
    said = _("%(added)s added, %(changed)s changed, %(same)s as they were, %(refused)s refused.", **done)
    found = [_("Nothing was changed. It would be: %(said)s", said=said) if done["dry_run"] else said]
    found += about_file(done)
    if told := done.get("not_compared"):
        found.insert(0, told)
    found += _as_last_time(done) + _asked(done)
    if count := done["forgotten"]:
        found.append(
            ngettext(
                "%(num)s person who had been forgotten completely is in this file.",
                "%(num)s people who had been forgotten completely are in this file.",
                count,
            )
        )
    if done["kept"]:
        found.append(_("Kept with each person as it is: %(names)s.", names=", ".join(done["kept"])))
    found += _renamed(done) + _warnings(done)
    found += _rows(done["rejected"], done["refused"], _("And more; --rejects FILE writes them all."))
    return found + refused_rows.lines(done)


def about_rows(done: dict[str, Any]) -> list[str]:
    """Return the lines about what `of_rows` found."""
    return _asked(done) + _renamed(done) + _warnings(done)


def _asked(done: dict[str, Any]) -> list[str]:
    if not (count := done["questions"]):
        return []
    title = ngettext(
        "%(num)s row may be someone who is here or in the file already; it comes in as a person of its own.",
        "%(num)s rows may be people who are here or in the file already; "
        "each comes in as a person of its own.",
        count,
    )
    return [title, *_rows(done["asked"], count, _("And more; --json names them."))]


def _as_last_time(done: dict[str, Any]) -> list[str]:
    found = []
    if done["dates_before"] == "day":
        found.append(
            _("Where a date can be two days, the day comes first, as last time; or say --dates month.")
        )
    elif done["dates_before"]:
        found.append(
            _("Where a date can be two days, the month comes first, as last time; or say --dates day.")
        )
    if done["known_by"]:
        found.append(_("Known by %(column)s, then by e-mail.", column=done["known_by"]))
    return found


def _known_by(planned: "Plan") -> str | None:
    """Return the column by which people are known first, None where that is as in any file."""
    key = planned.about("key")
    return next((column.name for column in planned.columns if column.target == key), None) if key else None


def about_file(done: dict[str, Any]) -> list[str]:
    """Return the lines that say which sheet, or table, of several was read, by which letters where these were
    guessed, and what is doubtful of it."""
    return [*_which_table(done), *_letters(done), *done.get("doubts", ())]  # a sheet that was sent has none


def _which_table(done: dict[str, Any]) -> list[str]:
    others = [each for each in done.get("tables") or () if each != done["table"]]
    if not others:
        return []
    names = ", ".join(others[:SAID]) + ", …" * (len(others) > SAID)
    return [_("Read from “%(table)s”; there are also, for --table: %(names)s.", **done | {"names": names})]


def _letters(done: dict[str, Any]) -> list[str]:
    from webui.exchange import encodings

    if (codec := done.get("encoding")) is None or encodings.is_sure(codec) or done["encoding_told"]:
        return []
    if done.get("format") == "vcard":
        return [_("Its letters were taken for %(name)s.", name=encodings.name(codec))]
    name, other = encodings.name(codec), "windows-1252" if codec == "cp1250" else "windows-1250"
    return [
        _(
            "Its letters were taken for %(name)s; or say what they are, as in --encoding %(other)s.",
            name=name,
            other=other,
        )
    ]


def _renamed(done: dict[str, Any]) -> list[str]:
    from webui import words

    if not (count := done["renamed"]):
        return []
    title = ngettext(
        "%(num)s username is taken, so that person gets another:",
        "%(num)s usernames are taken, so those people get others:",
        count,
    )
    rows = [
        {**row, "reason": words.sentence(Message("row.renamed", row))} for row in done["usernames"][:SAID]
    ]
    return [title, *_rows(rows, count, _("And more; --json names them."))]


def _warnings(done: dict[str, Any]) -> list[str]:
    if not (count := done["to_look_at"]):
        return []
    title = ngettext(
        "%(num)s row has something to look at, of which nothing is lost:",
        "%(num)s rows have something to look at, of which nothing is lost:",
        count,
    )
    said = sum(done["warnings"].values())
    return [title, *_rows(done["warned"], said, _("And more; --json names them."))]


def _rows(rows: list[dict[str, Any]], count: int, more: str) -> list[str]:
    """Return a line for each of the first rows, and `more` when there are more."""
    found = [
        _("%(file)s, line %(line)s: %(reason)s.", **row)
        if row.get("file")
        else _("Line %(line)s: %(reason)s.", **row)
        for row in rows[:SAID]
    ]
    return [*found, more] if count > SAID else found
