"""Who is meant when many are changed at once, and what is shown before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from webui.store import search
from webui.store.values import text as texts

SAMPLES = 20
NAME = "coalesce(nullif(u.display_name, ''), u.username)"


@dataclass(frozen=True)
class Chosen:
    """People by their ids or, with `q`, all who match a search ('' is everyone); `trashed` ones or living."""

    ids: Sequence[int] = ()
    q: str | None = None
    trashed: bool = False


@dataclass(frozen=True)
class Sample:
    """Someone who would change, by name and username: what is there and what would be."""

    name: str
    username: str
    was: str
    now: str


@dataclass(frozen=True)
class Preview:
    """How many were chosen, how many of them would change, and some of those."""

    chosen: int
    changing: int
    samples: Sequence[Sample]


def take(session: Session, chosen: Chosen) -> int:
    """Fill `temp.chosen` with the ids of those meant who are still there, and return how many.

    It holds as long as the transaction. Raises Unreadable for a search that can't be read.
    """
    session.execute(text("CREATE TEMP TABLE IF NOT EXISTS chosen (id INTEGER PRIMARY KEY)"))
    session.execute(text("DELETE FROM temp.chosen"))
    there = f"deleted_at IS {'NOT ' if chosen.trashed else ''}NULL"
    if chosen.q is not None and (chosen.trashed or not chosen.q.strip()):
        session.execute(text(f"INSERT INTO temp.chosen SELECT id FROM users WHERE {there}"))
    else:
        ids = chosen.ids if chosen.q is None else search.everyone(session, chosen.q)
        session.execute(text("CREATE TEMP TABLE IF NOT EXISTS asked (id INTEGER PRIMARY KEY)"))
        session.execute(text("DELETE FROM temp.asked"))
        if ids:
            rows = [{"id": user_id} for user_id in dict.fromkeys(ids)]
            session.execute(text("INSERT INTO temp.asked VALUES (:id)"), rows)
        session.execute(
            text(f"INSERT INTO temp.chosen SELECT id FROM users JOIN temp.asked USING (id) WHERE {there}")
        )
    return int(session.scalar(text("SELECT count(*) FROM temp.chosen")) or 0)


def ids(session: Session, chosen: Chosen) -> list[int]:
    """Return the ids of those meant, by name. Raises Unreadable."""
    take(session, chosen)
    found = session.execute(
        text(
            "SELECT c.id FROM temp.chosen c LEFT JOIN person_text p ON p.user_id = c.id"
            " ORDER BY p.name_key, c.id"
        )
    )
    return [row[0] for row in found]


def count(session: Session, where: str, values: dict[str, Any] | None = None) -> int:
    """Return how many of `temp.chosen` (as `u`, with their records) meet a condition."""
    query = f"SELECT count(*) FROM temp.chosen c JOIN users u ON u.id = c.id WHERE {where}"
    return int(session.scalar(text(query), values or {}) or 0)


def some(
    session: Session, was: str, where: str, values: dict[str, Any] | None = None
) -> list[tuple[str, str, Any]]:
    """Return name, username and `was` (an expression) of the first by name who meet a condition."""
    query = (
        f"SELECT {NAME}, u.username, {was} FROM temp.chosen c JOIN users u ON u.id = c.id"
        f" LEFT JOIN person_text p ON p.user_id = u.id WHERE {where}"
        f" ORDER BY p.name_key, u.id LIMIT {SAMPLES}"
    )
    found = session.execute(text(query), values or {})
    return [(texts.shown(name), texts.shown(username), said) for name, username, said in found]


def reached(session: Session, where: str) -> list[Sample]:
    """Return the first by name who meet a condition, each with how they are reached."""
    found = some(session, "coalesce(u.email, u.username)", where)
    return [Sample(name, username, texts.shown(was), "") for name, username, was in found]


def first_name(session: Session, where: str, values: dict[str, Any] | None = None) -> str:
    """Return what the first of those who meet a condition is called, '' for nobody."""
    query = (
        f"SELECT {NAME} FROM temp.chosen c JOIN users u ON u.id = c.id WHERE {where} ORDER BY u.id LIMIT 1"
    )
    return texts.shown(session.scalar(text(query), values or {}) or "")
