"""Their edits into the database: all of them, and the new people of the sheet, as one operation."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.exchange import importing, left_out
from webui.exchange.importing import no_step
from webui.exchange.plan import Plan
from webui.exchange.sent import left, newcomers, writing
from webui.exchange.sent.comparison import CONFLICT, EDIT, MINE, THEIRS, Comparison
from webui.exchange.sent.writing import Form, Stick
from webui.exchange.staging import Step
from webui.store.errors import Message, Refused
from webui.store.ledger.history import connection_of
from webui.store.ledger.operations import named, operation

_TRIED = 1_000  # people: what is in the way of more is told when they are taken, not by waiting twice


@dataclass(frozen=True)
class Taken:
    """What came in: how many edits of how many people, how many new people, and by which operation (None
    where nothing differed); whether the e-mail rule was turned off. Of how many conflicts theirs was taken
    and mine kept; how many rows have something that is left `out`; and how many edits were `refused` and how
    many new people `unwanted`, as the person said."""

    edits: int
    people: int
    added: int
    operation: int | None
    rule_off: bool = False
    theirs: int = 0
    mine: int = 0
    out: int = 0
    refused: int = 0
    unwanted: int = 0


class _Tried(Exception):
    """Ends a trial: what it wrote is taken back."""


def try_out(engine: Engine, comparison: Comparison, step: Step) -> None:
    """Find what is in the way of edits by writing them; nothing stays.

    Of conflicts theirs are written behind the edits: there what someone else has may be free once another
    conflict is answered.
    """
    with _trial(engine) as session:
        _try(session, comparison.forms(), comparison.stick, step)
        _try(session, comparison.conflicts(), _but_clashes(comparison.stick), step)


def try_again(engine: Engine, comparison: Comparison, step: Step) -> None:
    """Find what is in the way of edits by now, as conflicts were answered."""
    comparison.unstick()
    with _trial(engine) as session:
        _try(session, comparison.names(), comparison.stick, step)


@contextmanager
def _trial(engine: Engine) -> Iterator[Session]:
    """Give a session within an operation, all of which is taken back."""
    with suppress(_Tried), Session(engine) as session, operation(session):
        yield session
        raise _Tried


def _but_clashes(stick: Stick) -> Stick:
    def stuck(position: int, field: str, reason: Message, clash: bool) -> None:
        if not clash:
            stick(position, field, reason, clash)

    return stuck


def take(
    engine: Engine,
    comparison: Comparison,
    new: Plan | None,
    step: Step = no_step,
    *,
    door: str = "window",
    allow_missing_email: bool = False,
) -> Taken:
    """Do what was shown as one undoable operation; an error or Cancelled takes all of it back.

    Raises Refused where anything was changed here since the comparison (`sent.moved`), with the question that
    it is left with, and what `importing.apply` raises for the new people.
    """
    if asked := comparison.question():
        raise Refused(asked)
    comparison.unstick()  # what was tried may not have been all
    edits, people = comparison.will()
    added, made, rule_off = 0, None, False
    if new:
        newcomers.judge(engine, comparison, new, step)

    def write(session: Session, opened: int) -> None:
        if _newest(session, opened) != comparison.about("seen"):
            raise Refused(Message("sent.moved"))
        will = new.will() if new else {"add": 0, "change": 0}
        told = {"added": will["add"], "changed": will["change"] + people}
        named(session, "imports.add", name=comparison.about("name"), sheet=True, **told)
        writing.write(session, comparison.forms(), people, step, comparison.stick)

    if new and any(new.will()[does] for does in ("add", "change")):
        done = importing.apply(
            engine, new, step, door=door, allow_missing_email=allow_missing_email, first=write
        )
        added, made, rule_off = done.added, done.operation, done.rule_off
    elif edits:
        with Session(engine) as session, operation(session, door) as opened:
            write(session, opened.id)
        made = opened.id if opened.counts else None
    return _counted(comparison, new, added, made, rule_off)


def _counted(comparison: Comparison, new: Plan | None, added: int, made: int | None, rule_off: bool) -> Taken:
    taken, people = comparison.will()  # without those in whose way something was
    rows = comparison.connection.execute("SELECT state, choice, count(*) FROM edits GROUP BY state, choice")
    found = {(state, choice): count for state, choice, count in rows}
    return Taken(
        taken,
        people,
        added,
        made,
        rule_off,
        theirs=found.get((CONFLICT, THEIRS), 0),
        mine=found.get((CONFLICT, MINE), 0),
        out=len(left.rows(comparison, new)),
        refused=found.get((EDIT, MINE), 0),
        unwanted=left_out.count(new) if new else 0,
    )


def _newest(session: Session, before: int) -> int:
    found = connection_of(session).execute(
        "SELECT coalesce(max(id), 0) FROM operations WHERE id < ?", (before,)
    )
    return int(found.fetchone()[0])


def _try(session: Session, forms: Iterable[Form], stick: Stick, step: Step) -> None:
    """Try the edits of up to _TRIED people. What clashes may be given up by one who was not tried."""
    some = list(islice(forms, _TRIED + 1))
    if len(some) > _TRIED:
        some, stick = some[:_TRIED], _but_clashes(stick)
    writing.write(session, some, len(some), step, stick)
