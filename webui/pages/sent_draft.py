"""What the draft of a sheet that is back holds: the comparison, and the plan for whoever is new in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine

from webui import database
from webui.exchange import importing
from webui.exchange.plan import Plan, Planned
from webui.exchange.sent import left
from webui.exchange.sent import newcomers as new_rows
from webui.exchange.sent.comparison import STUCK, Comparison
from webui.exchange.staging import Step
from webui.pages.drafts import Draft
from webui.store.errors import Message, NotFound


def plan(engine: Engine, draft: Draft, compared: Comparison, step: Step = importing.no_step) -> None:
    """Plan the import of whoever is new; a plan that was there stays until this one is whole."""
    scratch = draft.plan_file.with_suffix(".new")
    made = new_rows.plan(engine, compared, scratch, dates=draft.answers.dates, step=step)
    if made:
        made.close()
        scratch.replace(draft.plan_file)


@dataclass(frozen=True)
class Arrival:
    """A row of the sheet that nobody was sent in: where it stands there, and what would be done with it."""

    position: int
    line: int
    new: Planned


def arrivals(
    compared: Comparison, new: Plan | None, verdict: str | None, after: int, limit: int
) -> list[Arrival]:
    """Return up to `limit` new rows behind the position `after` in the sheet: of one verdict, or all."""
    if new is None or (first := compared.newcomers_behind(after)) is None:
        return []
    return [Arrival(*compared.newcomer(row.position), row) for row in new.page(verdict, first - 1, limit)]


def counts(compared: Comparison, new: Plan | None) -> dict[str, int]:
    """Return how many edits there are of each state, and how many rows are `new`. Those that nobody can be
    made of are also left out; those that lost the uid of someone who is here, of which is also told how many
    there are (`lost`), are left out alone."""
    found, of_new, lost = compared.counts(), new.counts() if new else {}, len(left.unmarked(compared, new))
    out, arrived = found[STUCK] + of_new.get("refused", 0), sum(of_new.values()) - lost
    return found | {STUCK: out, "new": arrived, "lost": lost}


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
    path = draft.folder / "sent.sqlite"
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
