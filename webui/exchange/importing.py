"""Import: plan what a file would do, then do it as one operation, in slices that a cancel can stop.

Not for how a file is read nor who is who: `reading`, `columns`, `people` and `matching` know that.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui import memory
from webui.exchange import (
    applying,
    columns,
    left_out,
    leftovers,
    looking,
    matching,
    own_cells,
    own_columns,
    remembered,
    rules,
    staging,
    targets,
)
from webui.exchange.columns import Column
from webui.exchange.plan import Plan, as_json, as_message
from webui.exchange.rules import Rules
from webui.exchange.staging import Step
from webui.exchange.tables import Options, Table
from webui.store import settings
from webui.store.errors import Message, Refused
from webui.store.ledger.operations import follow, named, operation, raw

First = Callable[[Session, int], None]
_TRIES = 5


@dataclass(frozen=True)
class Result:
    """What an import did: how many people were added and changed, how many rows were the same, were left
    out (refused, or skipped by choice), and which operation it was (None when it changed nothing); whether
    it turned the e-mail rule off."""

    added: int
    changed: int
    same: int
    refused: int
    skipped: int
    questions: int
    operation: int | None
    rule_off: bool = False


class _Moved(Exception):
    """The database changed between the last look and the beginning of the operation."""


def no_step(_phase: str, _done: int = 0, _total: int = 0) -> None:
    """For work that nobody watches."""


def plan(
    engine: Engine,
    source: Path,
    scratch: Path,
    *,
    name: str | None = None,
    options: Options | None = None,
    choices: Sequence[str] | None = None,
    dates: str | None = None,
    how: Rules | None = None,
    step: Step = no_step,
) -> Plan:
    """Plan the import of `source` in a new scratch file. Nothing else is written.

    `choices` is a target a column (`columns.CHOICES`), `dates` day or month: which comes first where the file
    does not say it; else it is as for such a file before, or a `question` may be left. `how` says what
    happens to who is here. Raises Refused when nothing in the file can be read; `step` may raise Cancelled.
    """
    _begin(engine, source)
    with Session(engine) as session:
        region = settings.get(session, "phone_region")
        sheet, found = looking.look(session, source, options)
        if choices is not None:
            found = looking.chosen(session, found, choices)
        before = None if dates else remembered.dates(session, found, sheet.file_hash)
        found, own = own_columns.settle(session, sheet, found, dates or before, region)
        how = remembered.rules(session, sheet, found, how)
    scratch.unlink(missing_ok=True)
    made = _empty(scratch, source, name or source.name, sheet, found, (dates, before))
    own_columns.note(made, own)
    rules.note(made, how, sheet.chosen_of(found))
    try:
        _read(made, sheet, found, region, step)
        del sheet  # a workbook is whole in memory
        step("import.match", 0, 0)
        matching.match(made, _path(engine))
    except BaseException:
        made.close()
        raise
    return made


def _empty(
    scratch: Path, source: Path, name: str, sheet: Table, found: list[Column], said: tuple[str | None, ...]
) -> Plan:
    """Return a plan that knows of its file and nothing of its rows; `said` is of dates, now and before."""
    kept = {
        "program": columns.program(sheet.header), "encoding": sheet.encoding, "delimiter": sheet.delimiter,
        "dates": said[0] or said[1], "reads": leftovers.READS,
        **({"table": sheet.table} if sheet.table else {}),
        "columns": [[column.name, column.target] for column in found],
    }  # fmt: skip
    return Plan.made(
        scratch,
        name=name, source=str(source), format=sheet.format, options=kept, program=kept["program"],
        columns=[asdict(column) for column in found], header=list(sheet.header), read_with=sheet.read_with,
        header_text=sheet.header_text, encoding=sheet.encoding, delimiter=sheet.delimiter, width=sheet.width,
        file_hash=sheet.file_hash(), dates_before=said[1], tables=sheet.tables,
        doubts=[*map(as_json, sheet.doubts)],
    )  # fmt: skip


def _read(made: Plan, sheet: Table, found: list[Column], region: str, step: Step) -> None:
    """Read all rows of a file into an empty plan."""
    made.note(region=region)
    reader = sheet.people(found, region, made.about("key"))
    staging.stage(made, sheet, reader, own_cells.reader(made), step)
    kept = [found[index].name or str(index + 1) for index in sorted(reader.kept)]
    made.note(orders=reader.orders.kept(), kept=[*kept, *sorted(reader.left_names)])
    staging.settle_dates(made, reader, made.about("options")["dates"])


def apply(
    engine: Engine,
    planned: Plan,
    step: Step = no_step,
    *,
    door: str = "window",
    allow_missing_email: bool = False,
    first: First | None = None,
) -> Result:
    """Do what was planned, as one undoable operation; an error or Cancelled takes all of it back.

    `first` is given the session and the operation before anything is written, for more that belongs to it.
    Matched again first if anything changed since. Raises Refused (`import.without_email`, with the
    count) when people would come in without an e-mail that the settings require, and with the question that
    the plan is left with; Busy, Full.
    """
    if asked := question(planned):
        raise Refused(asked)
    memory.give_back()
    for _try in range(_TRIES):
        _match_again(engine, planned, step)
        try:
            return _apply(engine, planned, step, door, allow_missing_email, first)
        except _Moved:
            continue
    raise Refused(Message("busy"))


def needs_email(engine: Engine, planned: Plan) -> int:
    """Return how many people would come in without an e-mail that the settings require, else 0."""
    with Session(engine) as session:
        return planned.without_email() if settings.email_required(session) else 0


def question(planned: Plan) -> Message | None:
    """Return what has to be answered about the whole file before it can be imported: which of day and month
    comes first (`import.dates`); None when all is clear."""
    return as_message(kept) if (kept := planned.about("question")) else None


def _begin(engine: Engine, source: Path) -> None:
    targets.check_source(source, Path(_path(engine)))
    memory.give_back()
    with Session(engine) as session:
        follow(session)  # so that whatever another program changes from here on is an operation of its own


def _match_again(engine: Engine, planned: Plan, step: Step) -> None:
    with engine.connect() as connection:
        newest = raw(connection).execute("SELECT coalesce(max(id), 0) FROM operations").fetchone()[0]
    if newest != planned.about("seen"):
        step("import.match", 0, 0)
        matching.match(planned, _path(engine))


def _apply(
    engine: Engine, planned: Plan, step: Step, door: str, allow_missing_email: bool, first: First | None
) -> Result:
    counts, will = planned.counts(), planned.will()
    query = "SELECT count(*) FROM staged WHERE does = 'none' AND verdict IN ('question', 'changed')"
    out = planned.connection.execute(query).fetchone()[0] + left_out.count(planned)
    made, rule_off = None, False
    if will["add"] or will["change"]:
        with engine.connect() as connection:
            driver = raw(connection)
            connection.rollback()
            driver.execute("ATTACH ? AS plan", (str(planned.path),))
            try:
                made, rule_off = _write(Session(connection), planned, step, door, allow_missing_email, first)
            finally:
                connection.rollback()
                driver.execute("DETACH plan")
    rows = (counts["same"], counts["refused"], out, counts["question"])
    return Result(will["add"], will["change"], *rows, made, rule_off)


def _write(
    session: Session,
    planned: Plan,
    step: Step,
    door: str,
    allow_missing_email: bool,
    first: First | None,
) -> tuple[int, bool]:
    """Write the plan in one operation; return its id, and whether it turned the e-mail rule off."""
    will = planned.will()
    with session, operation(session, door) as opened:
        driver = raw(session.connection())
        seen = driver.execute("SELECT coalesce(max(id), 0) FROM operations WHERE id < ?", (opened.id,))
        if seen.fetchone()[0] != planned.about("seen"):
            raise _Moved
        if first:
            first(session, opened.id)
        named(session, "imports.add", name=planned.about("name"), added=will["add"], changed=will["change"])
        rule_off = False
        if settings.email_required(session) and (count := planned.without_email()):
            if not allow_missing_email:
                raise Refused(Message("import.without_email", {"count": count}))
            settings.set_email_required(session, False)
            rule_off = True
        if region := planned.about("region_told"):
            settings.set_phone_region(session, region)
        own_columns.make(session, planned)
        session.flush()
        applying.write(driver, planned, step)
        step("import.index", 0, 0)
        return opened.id, rule_off


def _path(engine: Engine) -> str:
    path = engine.url.database
    if not path or path == ":memory:":
        raise RuntimeError("an import needs a database in a file")
    return path
