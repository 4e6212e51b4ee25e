"""What differs between a moment and now: who is new, who is gone, who is another, and how much of all else.

Found from what history noted since, row by row and value by value, not by comparing everyone: who was changed
and changed back is the same. Not for the values themselves: `changes.since` has those of one person.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from webui.store import changes
from webui.store.ledger import horizon
from webui.store.ledger.history import connection_of
from webui.store.values import person

_NAME = (
    "coalesce((SELECT name FROM {1} WHERE id = {{0}}.{2}),"
    " (SELECT name FROM history_{1} WHERE id = {{0}}.{2} AND existed = 1 LIMIT 1))"
)
_TAG, _FIELD = _NAME.format("", "tags", "tag_id"), _NAME.format("", "fields", "field_id")
_DATE = "coalesce(nullif({0}.typed, ''), {0}.date, '')"
_BIRTHDAY = "coalesce(nullif({0}.birthday_typed, ''), {0}.birthday, '')"


def _plain(*columns: str) -> tuple[str, ...]:
    return tuple(f"coalesce({{0}}.{column}, '')" for column in columns)


# What is shown of a row, by table: what `changes` makes its lines of.
_SHOWN: Mapping[str, Sequence[str]] = {
    "users": (*_plain(*(each for each in person.FIELDS if each != "birthday"), "photo_hash"), _BIRTHDAY),
    **{
        table: (*_plain("label", *person.LISTS[name]),)
        for table, name in changes.LISTS.items()
        if name != "dates"
    },
    "user_dates": (*_plain("label"), _DATE),
    "user_tags": (_TAG,),
    "field_values": (_FIELD, "coalesce(nullif({0}.typed, ''), {0}.value, '')"),
    "attachments": _plain("name"),
    "relations": _plain("label", "kind", "other_id"),
}
_POST = _plain("title", "body", "date", "follow_up", "done_at")
_OTHERS: Mapping[str, Sequence[str]] = {
    "tags": _plain("name"),
    "fields": _plain(
        "name", "kind", "hint", "options", "default_value", "required", "no_two_alike", "listed"
    ),
    "saved_views": _plain("name", "query", "sort"),
    "settings": _plain("value"),
}


_TRASHED = ("posts", "fields", "saved_views")  # what is in the trash is gone


@dataclass
class Count:
    """How many of something are new, another, or gone now."""

    new: int = 0
    changed: int = 0
    gone: int = 0


@dataclass(frozen=True)
class Compared:
    """The ids of people who are `new`, `gone` (deleted, or in the trash) or `changed`, rising; how their
    posts differ, by person; and how all else does, by table. What does not differ is not there."""

    new: Sequence[int]
    gone: Sequence[int]
    changed: Sequence[int]
    posts: Mapping[int, Count]
    others: Mapping[str, Count]


def since(session: Session, operation: int) -> Compared | None:
    """Compare what an operation left with now; None where history does not reach back to it any more."""
    connection = connection_of(session)
    if horizon.begin(connection)[0] > operation:
        return None
    came, went, other = _came_and_went(connection, operation)
    for table in changes.TABLES:
        other |= _others_of(connection, table, operation, came)
    posts, all_posts = _posts(connection, operation)
    others = {"posts": all_posts}
    others |= {table: _counted(connection, table, shown, operation) for table, shown in _OTHERS.items()}
    living = other | set(posts)
    living -= came | went | _not_living(connection, living)
    return Compared(
        sorted(came),
        sorted(went),
        sorted(living),
        posts,
        {table: count for table, count in others.items() if count != Count()},
    )


def _came_and_went(connection: sqlite3.Connection, operation: int) -> tuple[set[int], set[int], set[int]]:
    """Return who is new, who is gone, and who else is another by their own row."""
    came, went, other = set[int](), set[int](), set[int]()
    then, today = (", ".join(each.format(row) for each in _SHOWN["users"]) for row in ("h", "t"))
    rows = connection.execute(
        "SELECT h.id, h.existed AND h.deleted_at IS NULL, t.id IS NOT NULL AND t.deleted_at IS NULL,"
        f" ({then}) IS NOT ({today}) FROM {_touched('users')}",
        {"operation": operation},
    )
    for user_id, lived, lives, is_another in rows:
        if lived and lives and is_another:
            other.add(user_id)
        elif lives and not lived:
            came.add(user_id)
        elif lived and not lives:
            went.add(user_id)
    return came, went, other


def _touched(table: str) -> str:
    """Return the rows that were touched after :operation: `h` as the first found them, `t` as they are."""
    return (
        f"(SELECT id, min(operation) AS operation FROM history_{table} WHERE operation > :operation"
        f" GROUP BY id) f JOIN history_{table} h ON h.operation = f.operation AND h.id = f.id"
        f" LEFT JOIN {table} t ON t.id = f.id"
    )


def _differing(
    connection: sqlite3.Connection, table: str, shown: Sequence[str], operation: int, whose: str
) -> Iterator[tuple[Any, ...]]:
    """Yield, of each row that says something else now, whether it was, whether it is, of whom (`whose`) then
    and now, and what it says in each case."""
    then, today = (", ".join(each.format(row) for each in shown) for row in ("h", "t"))
    was, is_ = "h.existed", "t.id IS NOT NULL"
    if table in _TRASHED:
        was, is_ = (f"({each} AND {row}.deleted_at IS NULL)" for each, row in ((was, "h"), (is_, "t")))
    yield from connection.execute(
        f"SELECT {was}, {is_}, h.{whose}, t.{whose}, {then}, {today} FROM {_touched(table)}"
        f" WHERE {was} <> ({is_}) OR ({was} AND (h.{whose}, {then}) IS NOT (t.{whose}, {today}))",
        {"operation": operation},
    )


def _others_of(connection: sqlite3.Connection, table: str, operation: int, came: set[int]) -> set[int]:
    """Return whose rows of a table say something else now; what went and came anew says the same."""
    shown = _SHOWN[table]
    found: dict[int, Counter[tuple[Any, ...]]] = {}
    for was, is_, before, after, *values in _differing(connection, table, shown, operation, "user_id"):
        if was:
            found.setdefault(before, Counter())[tuple(values[: len(shown)])] -= 1
        if is_ and after not in came:
            found.setdefault(after, Counter())[tuple(values[len(shown) :])] += 1
    return {user_id for user_id, said in found.items() if any(said.values())}


def _posts(connection: sqlite3.Connection, operation: int) -> tuple[dict[int, Count], Count]:
    found, total = dict[int, Count](), Count()
    for was, is_, before, after, *_said in _differing(connection, "posts", _POST, operation, "user_id"):
        count = found.setdefault(after if is_ else before, Count())
        for each in (count, total):
            _add(each, was, is_)
    return found, total


def _counted(connection: sqlite3.Connection, table: str, shown: Sequence[str], operation: int) -> Count:
    count = Count()
    for was, is_, *_said in _differing(connection, table, shown, operation, "id"):
        _add(count, was, is_)
    return count


def _add(count: Count, was: bool, is_: bool) -> None:
    name = "changed" if was and is_ else "new" if is_ else "gone"
    setattr(count, name, getattr(count, name) + 1)


def _not_living(connection: sqlite3.Connection, ids: set[int]) -> set[int]:
    """Return who of some people is in the trash or not there at all."""
    found, every = set[int](), sorted(ids)
    for start in range(0, len(every), 500):
        listed = ", ".join(str(int(each)) for each in every[start : start + 500])
        rows = connection.execute(f"SELECT id FROM users WHERE id IN ({listed}) AND deleted_at IS NULL")
        found |= set(every[start : start + 500]) - {row[0] for row in rows}
    return found
