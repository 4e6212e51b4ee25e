"""What lay in the gaps of a damaged table, as far as anything else in the file still knows of it.

An index knows that a row was there, and a little of what was in it; history may hold it as it was earlier.
"""

import datetime
import re
import sqlite3
from collections import defaultdict
from collections.abc import Mapping

from webui.safety.salvage import found, trees, writing
from webui.safety.salvage.found import Found, Part, Said
from webui.safety.salvage.pages import Pages
from webui.safety.salvage.records import Value
from webui.safety.salvage.report import Salvaged
from webui.safety.salvage.trees import Row, Tree
from webui.store.ledger import horizon, references
from webui.store.values import times

_KEYS = {"username_key": "username", "email_key": "email"}


def place_strays(
    connection: sqlite3.Connection, pages: Pages, said: Said, tables: list[Found], told: Salvaged
) -> None:
    """Put the rows of pages that lost their place where they belong, or tell of them."""
    owned = pages.free() | {1}
    for table in tables:
        owned |= table.tree.pages
    names = {table.name for table in tables}
    for name, part in said.items():
        if part.root and name not in names and part.kind in ("table", "index"):
            for kind in (trees.TABLE, trees.INDEX):
                tree = Tree(kind)
                list(trees.walk(pages, part.root, tree, only_pages=True))
                owned |= tree.pages
    rows: dict[str, list[Row]] = defaultdict(list)
    by_name = {table.name: table for table in tables}
    for whose, row in found.lost(pages, owned, tables):
        if whose is None:
            told.refused.append(("?", {str(at): value for at, value in enumerate(row.values)}))
        else:
            rows[whose.name].append(row)
    for name, strays in rows.items():
        told.refused += writing.pour(connection, by_name[name], strays)


def fill(connection: sqlite3.Connection, pages: Pages, tables: list[Found], told: Salvaged) -> None:
    """Put back, of the rows that are known to be missing, what history or an index has of them.

    Parents before children. `told` hears which are only as they were earlier, and which are gone.
    """
    made = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in tables:
        if not table.tree.gaps or not any(column.is_id for column in table.columns):
            continue
        if table.name == "operations":
            continue
        known, sure = _known(pages, table)
        for child, column, _parent in references.to(table.name):
            if child in made:
                rows = connection.execute(f"SELECT DISTINCT {column} FROM {child} WHERE {column} IS NOT NULL")
                for (record_id,) in rows.fetchall():
                    known.setdefault(record_id, {})
        if not sure:
            told.unsure.append(table.name)
        for record_id, keys in sorted(known.items()):
            if connection.execute(f"SELECT 1 FROM {table.name} WHERE id = ?", (record_id,)).fetchone():
                continue
            if not _put_back(connection, table.name, record_id, keys, f"history_{table.name}" in made, told):
                told.gone[table.name] += 1


def _known(pages: Pages, table: Found) -> tuple[dict[int, dict[str, Value]], bool]:
    """Return what the indexes know of rows in gaps, by id, and whether one index alone knows all of them."""
    known: dict[int, dict[str, Value]] = defaultdict(dict)
    sure = False
    for index in table.indexes:
        tree, columns = Tree(trees.INDEX), _columns(index)
        for row in trees.walk(pages, index.root, tree):
            if not row.values:
                continue
            record_id = row.values[-1]
            if isinstance(record_id, int) and found.is_lost(table.tree.gaps, record_id):
                known[record_id].update(zip(columns, row.values[:-1], strict=False))
        sure = sure or (not tree.gaps and "WHERE" not in index.statement)
    return known, sure


def _columns(index: Part) -> list[str]:
    inside = re.search(r"\(([^)]*)\)", index.statement)
    # One without a statement belongs to a UNIQUE of the table, which is its uid wherever there is one.
    return [name.strip(' "') for name in inside[1].split(",")] if inside else ["uid"]


def _put_back(
    connection: sqlite3.Connection,
    table: str,
    record_id: int,
    keys: Mapping[str, Value],
    has_history: bool,
    told: Salvaged,
) -> bool:
    row: dict[str, Value] = {}
    if has_history:
        cursor = connection.execute(
            f"SELECT * FROM history_{table} WHERE id = ? AND existed = 1 ORDER BY operation DESC LIMIT 1",
            (record_id,),
        )
        image = cursor.fetchone()
        names = [each[0] for each in cursor.description]
        row = dict(zip(names[1:], image[1:], strict=True)) if image else {}
        row.pop("existed", None)
    if row:
        newer = keys if table == "users" else {}
        for key, name in _KEYS.items():
            if key in newer and newer[key] != row.get(key):
                row |= {key: newer[key], name: newer[key]}
        told.earlier[table] += writing.insert(connection, table, list(row), list(row.values()))
    elif table == "users" and (keys.get("uid") or keys.get("username_key")):
        row = _by_keys(record_id, keys)
        if writing.insert(connection, table, list(row), list(row.values())):
            told.partial.append(str(row["username"]))
    told.earlier_ids.setdefault(table, set()).add(record_id)
    return bool(connection.execute(f"SELECT 1 FROM {table} WHERE id = ?", (record_id,)).fetchone())


def _by_keys(record_id: int, keys: Mapping[str, Value]) -> dict[str, Value]:
    """Return the person of whom only indexes know: who they are, and no more."""
    from webui.store.models import new_uid

    now = times.written(datetime.datetime.now(datetime.UTC))
    return {
        "id": record_id,
        "uid": keys.get("uid") or new_uid(),
        "username": keys.get("username_key") or f"rescued.{record_id}",
        "username_key": keys.get("username_key"),
        "email": keys.get("email_key"),
        "email_key": keys.get("email_key"),
        "display_name": "",
        "deleted_at": keys.get("deleted_at"),
        "created_at": now,
        "updated_at": now,
    }


def cut_history(connection: sqlite3.Connection, tables: list[Found], told: Salvaged) -> None:
    """Let go of all operations up to the last one of which an image may be missing: undo must be exact."""
    touched = [
        gap
        for table in tables
        if table.name == "operations" or table.name.startswith("history_")
        for gap in table.tree.gaps
    ]
    if touched:
        (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM operations").fetchone()
        told.operations_gone = horizon.cut(connection, min(last, max(gap.high for gap in touched)))
        told.history_cut = True
