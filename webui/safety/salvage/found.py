"""What a damaged file still says of its tables: their columns, where each begins, and the pages that lost
their place.

A leaf whose way to it is gone belongs to the one table with a gap which its rows fit into.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from webui.safety.salvage import trees
from webui.safety.salvage.pages import Pages
from webui.safety.salvage.records import Odd, Value
from webui.safety.salvage.trees import Gap, Row, Tree

_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HASH = re.compile(r"[0-9a-f]{64}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z|")


@dataclass(frozen=True)
class Column:
    """A column as a table's statement says it; `default` is what a row written before it has there."""

    name: str
    kind: str
    needed: bool
    default: Value
    is_id: bool


@dataclass(frozen=True)
class Part:
    """A line of the schema: a table, index, trigger or view, the page it begins at, how it was made."""

    kind: str
    table: str
    root: int
    statement: str


Said = dict[str, Part]


@dataclass
class Found:
    """A table: its columns, where its tree begins (0: not known), its indexes."""

    name: str
    columns: list[Column]
    root: int
    tree: Tree
    indexes: list[Part]

    def values(self, row: Row) -> list[Value]:
        """Return a row's value of each column. One that was written before a column came has its default."""
        given = row.values + [column.default for column in self.columns[len(row.values) :]]
        for at, column in enumerate(self.columns):
            if column.is_id:
                given[at] = row.id
        return given


def statements(pages: Pages) -> Said:
    """Return by name all that the schema says, as far as it can be read."""
    tree, found = Tree(trees.TABLE), Said()

    def note(row: Row) -> None:
        if len(row.values) == 5 and row.values[0] in ("table", "index", "trigger", "view"):
            kind, name, table, root, sql = row.values
            if isinstance(name, str) and isinstance(table, str) and isinstance(root, int):
                found.setdefault(name, Part(str(kind), table, root, sql if isinstance(sql, str) else ""))

    for row in trees.walk(pages, 1, tree):
        note(row)
    if tree.gaps:
        for number in range(2, pages.count + 1):
            at = trees.node(pages, number) if number not in tree.pages else None
            if at and at.kind == trees.TABLE:
                for row in trees.leaf(pages, at, Tree(trees.TABLE)):
                    note(row)
    return found


def columns(statement: str, name: str) -> list[Column]:
    """Return the columns of a CREATE TABLE statement, none where it is another."""
    if name.startswith("sqlite_"):  # SQLite's own, which nobody may make
        statement, name = "CREATE TABLE given (name, seq)", "given"
    with closing(sqlite3.connect(":memory:")) as scratch:
        try:
            if not re.match(r"CREATE TABLE\b", statement):
                return []
            scratch.execute(statement)
            told = scratch.execute(f'PRAGMA table_info("{name}")').fetchall()
            whole = sum(row[5] > 0 for row in told) == 1 and "WITHOUT ROWID" not in statement.upper()
            return [
                Column(
                    row[1],
                    row[2].upper(),
                    bool(row[3]),
                    scratch.execute(f"SELECT {row[4]}").fetchone()[0] if row[4] else None,
                    whole and row[5] == 1 and row[2].upper() == "INTEGER",
                )
                for row in told
            ]
        except sqlite3.Error:
            return []


def lost(pages: Pages, owned: set[int], tables: list[Found]) -> Iterator[tuple[Found | None, Row]]:
    """Yield the rows of leaves that no tree leads to, each with its table; None where two could have it."""
    open_ones = [table for table in tables if table.tree.gaps and table.tree.kind == trees.TABLE]
    for number in range(2, pages.count + 1) if open_ones else ():
        at = trees.node(pages, number) if number not in owned else None
        if at is None or at.kind != trees.TABLE:
            continue
        rows = list(trees.leaf(pages, at, Tree(trees.TABLE)))
        votes = [sum(fits(table, row) for row in rows) for table in open_ones]
        if most := max(votes):  # not each row: one may be damaged itself
            best = [table for table, found in zip(open_ones, votes, strict=True) if found == most]
            yield from ((best[0] if len(best) == 1 else None, row) for row in rows)


def fits(table: Found, row: Row) -> bool:
    """Tell whether a row could be one of this table's, in one of its gaps."""
    if not any(gap.low < row.id <= gap.high for gap in table.tree.gaps):
        return False
    if not len(row.values) <= len(table.columns):
        return False
    for column, value in zip(table.columns, row.values, strict=False):
        if column.is_id:
            if value is not None:
                return False
        elif not _fits(table.name, column, value):
            return False
    return all(not column.needed or column.default is not None for column in table.columns[len(row.values) :])


def _fits(table: str, column: Column, value: Value) -> bool:
    if value is None:
        return not column.needed
    if column.kind.startswith("INT"):
        return isinstance(value, int)
    if column.kind.startswith("BLOB"):
        return isinstance(value, bytes) and not isinstance(value, Odd)
    if not column.kind.startswith("VARCHAR") or isinstance(value, Odd):
        return True
    if not isinstance(value, str):
        return False
    limit = column.kind.partition("(")[2].rstrip(")")
    if limit and len(value) > int(limit):
        return False
    if column.name == "uid":
        return bool(_UID.fullmatch(value))
    if column.name.endswith("_at"):
        return bool(_MOMENT.fullmatch(value))
    if column.name in ("hash", "file_hash", "photo_hash"):
        return bool(_HASH.fullmatch(value))
    if table == "user_emails" and column.name == "email":
        return "@" in value
    return not (table == "user_phones" and column.name == "phone" and "@" in value)


def is_lost(gaps: list[Gap], number: int) -> bool:
    """Tell whether a key lies in one of the gaps."""
    return any(gap.low < number <= gap.high for gap in gaps)
