"""What the draft of a sheet that is back holds: the comparison, and the plan for whoever is new in it."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from webui import database
from webui.exchange import bringing, encodings, importing, left_out, notices, own_cells
from webui.exchange.plan import CHOICES, Plan, Planned
from webui.exchange.reading import kinds
from webui.exchange.sent import comparing, left, letters, taking, unsent
from webui.exchange.sent import newcomers as new_rows
from webui.exchange.sent.comparison import STUCK, Comparison, Row
from webui.exchange.sent.unsent import Said, Whose
from webui.exchange.staging import Step
from webui.exchange.tables import Options, Table
from webui.pages.drafts import Draft
from webui.safety.folders import make_folder
from webui.store.errors import Message, NotFound, Refused
from webui.store.models import User


def sheet(engine: Engine, draft: Draft, options: Options | None = None) -> Table:
    """Return the file of a draft as a sheet that was sent from here, read as `options` say, else as before,
    or in the letters of what was sent. Raises Refused where it is none."""
    told = options or draft.options
    found = kinds.look(draft.file, told)
    known, reason = comparing.recognised(engine, found)
    if not known and options:
        raise Refused(Message("sent.other_letters", {"told": encodings.name(found.encoding)}))
    if not known:  # history was let go meanwhile
        raise Refused(reason or Message("import.broken"))
    return letters.read(engine, found, told)


def read_by(told: Options, sheet: Table) -> Options:
    """Return how a sheet is to be read again: in the letters that were found, unless these are sure."""
    is_sure = sheet.format != "csv" or encodings.is_sure(sheet.encoding)
    return told if told.encoding or is_sure else replace(told, encoding=sheet.encoding)


def compare(
    engine: Engine, draft: Draft, sheet: Table, name: str, step: Step, said: Said | None = None
) -> None:
    """Compare a sheet and plan the import of whoever is new in it, by what was `said` of its rows; of whose
    they are without that by the draft's answers. What was made before stays until this is whole."""
    again, answers = draft.again, draft.answers
    said = said or Said(whose=answered(draft))
    shutil.rmtree(again, ignore_errors=True)
    make_folder(again)
    with comparing.compare(
        engine,
        again / draft.comparison_file.name,
        sheet,
        name=name,
        step=step,
        whose={at: each.uid for at, each in said.whose.items()},
        dates=answers.dates,
    ) as compared:
        if said.wanted:
            unsent.say_of_edits(compared, said)
            taking.try_again(engine, compared, step)
        if answers.dates:
            compared.settle_dates(answers.dates)
        made = new_rows.plan(engine, compared, again / draft.plan_file.name, dates=answers.dates, step=step)
        if made:
            with made:
                unsent.say_of_new(engine, compared, made, said)
            compared.note(new=str(draft.folder / Path(compared.about("new")).name))
    draft.plan_file.unlink(missing_ok=True)
    for each in again.iterdir():
        each.replace(draft.folder / each.name)
    draft.answer(
        replace(draft.answers, whose={str(at): [each.uid, each.asked] for at, each in said.whose.items()})
    )


def plan(engine: Engine, draft: Draft, compared: Comparison, step: Step = importing.no_step) -> None:
    """Plan the import of whoever is new; a plan that was there stays until this one is whole."""
    scratch = draft.plan_file.with_suffix(".new")
    made = new_rows.plan(engine, compared, scratch, dates=draft.answers.dates, step=step)
    if made:
        with made, newcomers(draft) as before:
            new_rows.leave_all(engine, compared, made, left_out.positions(before) if before else ())
        scratch.replace(draft.plan_file)


def said(draft: Draft, compared: Comparison, new: Plan | None) -> Said:
    """Return all that was answered of a sheet and of the new people in it."""
    return replace(unsent.said(compared, new), whose=answered(draft))


@dataclass(frozen=True)
class Arrival:
    """A row of the sheet that nobody was sent in: where it stands there, what would be done with it, and what
    can be answered of it."""

    position: int
    line: int
    new: Planned
    choices: Sequence[str]


def arrivals(
    compared: Comparison, new: Plan | None, verdict: str | None, after: int, limit: int
) -> list[Arrival]:
    """Return up to `limit` new rows behind the position `after` in the sheet: of one verdict, or all."""
    if new is None or (first := unsent.first_behind(compared, after)) is None:
        return []
    return [
        Arrival(*unsent.place(compared, row.position), row, _choices(compared, row))
        for row in new.page(verdict, first - 1, limit)
    ]


def unwanted(compared: Comparison, new: Plan | None, after: int, limit: int) -> list[left_out.Shown]:
    """Return up to `limit` new rows that are left out, behind the position `after`: where they stand in the
    sheet."""
    if new is None or (first := unsent.first_behind(compared, after)) is None:
        return []
    found = []
    for row in left_out.page(new, first - 1, limit):
        position, line = unsent.place(compared, row.position)
        found.append(replace(row, position=position, line=line))
    return found


def brings(new: Plan | None, rows: Sequence[object]) -> dict[str, dict[int, Any]]:
    """Return what a page says of the new rows among `rows`, each by their positions in the plan: `own`
    fields, what else is `brought`, and whose username is `renamed`."""
    positions = [row.new.position for row in rows if isinstance(row, Arrival)]
    if new is None:
        return {"own": {}, "brought": {}, "renamed": {}}
    return {
        "own": own_cells.shown_at(new, positions),
        "brought": bringing.shown_at(new, positions),
        "renamed": notices.renamed_at(new, positions),
    }


def uid_of(compared: Comparison, row: Planned) -> str | None:
    """Return the uid of whom a new row is taken for, where they were sent and no other row is theirs."""
    person = _person(row)
    return person.uid if person and unsent.is_missing(compared, person.uid) else None


def _person(row: Planned) -> User | None:
    return database.session().get(User, row.user_id) if row.user_id is not None else None


def answered(draft: Draft) -> dict[int, Whose]:
    """Return whose rows are that lost their uids, by position, as was answered."""
    return {int(position): Whose(*kept) for position, kept in draft.answers.whose.items()}


def choices_of(draft: Draft, row: Row) -> Sequence[str]:
    """Return what can be answered of a row of which was said whose it is. Of someone who is not here any more
    nothing is taken: it can only be someone else's. Nobody else can be meant by what was not asked about."""
    if row.reason:
        return ("second", "same")
    return CHOICES if answered(draft)[row.position].asked else ("same", "skip")


def whose(
    draft: Draft, compared: Comparison, new: Plan | None, position: int, choice: str
) -> dict[int, Whose]:
    """Return the same as it is once one more is answered. Where that changes nothing, the answer is kept in
    the plan for new people. Raises NotFound."""
    found = answered(draft)
    if position in found:
        (said,) = compared.page(after=position - 1, limit=1)
        if choice == "same" or choice not in choices_of(draft, said):
            return found
        return {at: each for at, each in found.items() if at != position}
    if new is None:
        raise NotFound("rows", position)
    number = unsent.number(compared, position)
    (row,) = new.page(None, number - 1, 1)
    if choice == "same" and (uid := uid_of(compared, row)):
        return {**found, position: Whose(uid, row.verdict == "question")}
    if choice in _choices(compared, row):
        new.choose(number, choice)
    return found


def _choices(compared: Comparison, row: Planned) -> Sequence[str]:
    """Return what can be answered of a new row. Whoever has a row already is not this one too: its edits
    would be of two."""
    if row.verdict == "question":
        person = _person(row)
        other = person and unsent.has_row(compared, person.uid)
        return tuple(choice for choice in CHOICES if choice != "same" or not other)
    return ("same",) if uid_of(compared, row) else ()


def counts(compared: Comparison, new: Plan | None) -> dict[str, int]:
    """Return how many edits there are of each state but of what is left out, which is a count of rows; how
    many people come in `new`, how many are `unwanted`, and of how many rows it is or was `asked` whose they
    are. Rows that lost the uid of someone who is here are left out; how many is told too (`lost`)."""
    found, of_new = compared.counts(), new.counts() if new else {}
    return found | {
        STUCK: left.count(compared, new),
        "new": new.will()["add"] if new else 0,
        "unwanted": left_out.count(new) if new else 0,
        "asked": of_new.get("question", 0) + unsent.answered(compared),
        "lost": len(left.unmarked(compared, new)),
    }


def question(draft: Draft) -> Message | None:
    """Return what has to be answered of the sheet as a whole, or None."""
    with comparison(draft) as compared, newcomers(draft) as new:
        return compared.question() or (importing.question(new) if new else None)


def without_email(draft: Draft) -> int:
    """Return how many new people would come in without an e-mail that the settings require."""
    with newcomers(draft) as new:
        return importing.needs_email(database.engine(), new) if new else 0


@contextmanager
def comparison(draft: Draft) -> Iterator[Comparison]:
    """Open what came of the comparison. Raises NotFound while there is none."""
    path = draft.comparison_file
    if not path.exists():
        raise NotFound("imports", draft.id)
    with Comparison(path) as compared:
        yield compared


@contextmanager
def newcomers(draft: Draft) -> Iterator[Plan | None]:
    """Open the plan for whoever is new in the sheet, None where nobody is."""
    if not draft.plan_file.exists():
        yield None
        return
    with draft.plan() as planned:
        yield planned
