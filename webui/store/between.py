"""What of one person is another in a second database: each value here and there, as `changes` says it.

For a backup beside now. Rows are told apart by what they say, since the same person has other ids there. Not
for what was changed and when: `changes` reads that from history.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webui.store import changes, own_values
from webui.store.changes import Line
from webui.store.compared import Count
from webui.store.ledger import schema
from webui.store.models import recorded

_POST = ("title", "body", "date", "follow_up", "done_at")
# By what a row is the same one though it says something else, in this order.
_SAME = {
    "attachments": (("uid",),),
    "relations": (("uid",), ("named",)),
    "user_tags": (("named",),),
    "field_values": (("named",),),
}
_LISTED = (("id", "label"), ("label",), ())

Row = dict[str, Any]


@dataclass(frozen=True)
class Side:
    """A person in a database: `user_id` is None where they are not in it."""

    connection: sqlite3.Connection
    user_id: int | None


@dataclass(frozen=True)
class Difference:
    """The values that differ, and how posts do; `beside` counts the posts of others that they are only here,
    or only there, in."""

    lines: Sequence[Line]
    posts: Count
    beside: int


def difference(here: Side, there: Side) -> Difference:
    """Compare a person `here` with the same one `there`: what would come is new, what would go is gone."""
    images = ("users", 0, "", _own(here), _own(there))
    lines = [*changes.lines_of(here.connection, [images])]
    for table in changes.TABLES:
        pairs = _paired(table, _rows(here, table), _rows(there, table))
        lines += changes.lines_of(here.connection, [(table, 0, "", one, other) for one, other in pairs])
    ours, theirs = _posts(here), _posts(there)
    return Difference(
        lines,
        Count(
            len(theirs.keys() - ours.keys()),
            sum(theirs[uid] != ours[uid] for uid in theirs.keys() & ours.keys()),
            len(ours.keys() - theirs.keys()),
        ),
        len(_beside(here) ^ _beside(there)),
    )


def _own(side: Side) -> Row | None:
    return next(_images(side, "users", "id"), None)


def _rows(side: Side, table: str) -> list[Row]:
    """Return the rows of a person; of one that names something `named` is what that is called."""
    rows = list(_images(side, table, "user_id"))
    if table in changes.NAMED:
        for row in rows:
            row["of_kind"] = own_values.kind_of(side.connection, row) if table == "field_values" else ""
            row["named"] = changes.named_in(side.connection, table, row)
    return rows


def _images(side: Side, table: str, whose: str) -> Iterator[Row]:
    names = [name for name in schema.columns_of(f"history_{table}") if name not in ("operation", "existed")]
    listed = ", ".join(f'"{name}"' for name in names)
    for row in side.connection.execute(
        f"SELECT {listed} FROM {table} WHERE {whose} = ? ORDER BY id", (side.user_id,)
    ):
        yield dict(zip(names, row, strict=True))


def _paired(table: str, ours: list[Row], theirs: list[Row]) -> Iterator[tuple[Row | None, Row | None]]:
    """Pair the rows that are one and another now; those that say the same in both are left out."""
    left = list(theirs)
    alone = []
    for row in ours:
        said = _said(table, row)
        if same := next((other for other in left if _said(table, other) == said), None):
            left.remove(same)
        else:
            alone.append(row)
    for by in _SAME.get(table, _LISTED):
        for row in list(alone):
            key = _key(row, by)
            if other := next((each for each in left if _key(each, by) == key), None):
                alone.remove(row)
                left.remove(other)
                yield row, other
    yield from ((row, None) for row in alone)
    yield from ((None, row) for row in left)


def _key(row: Row, by: Sequence[str]) -> tuple[Any, ...]:
    return tuple(row[name] for name in by)


def _said(table: str, row: Row) -> Mapping[str, Any]:
    """Return what a row says, without its id, whose it is, and what belongs to its own database."""
    return {name: value for name, value in row.items() if name not in _OF_A_DATABASE[table]}


_OF_A_DATABASE = {
    table.name: {"id", "added_at", "of_kind", *(key.parent.name for key in table.foreign_keys)}
    for table in recorded()
}


def _posts(side: Side) -> dict[str, tuple[Any, ...]]:
    rows = side.connection.execute(
        f"SELECT uid, {', '.join(_POST)} FROM posts WHERE user_id = ? AND deleted_at IS NULL", (side.user_id,)
    )
    return {row[0]: tuple(row[1:]) for row in rows}


def _beside(side: Side) -> set[str]:
    rows = side.connection.execute(
        "SELECT p.uid FROM post_users a JOIN posts p ON p.id = a.post_id WHERE a.user_id = ?", (side.user_id,)
    )
    return {row[0] for row in rows}
