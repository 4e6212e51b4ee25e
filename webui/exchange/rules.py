"""What an import does to someone who is here already: field by field, as the person said for each column."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from webui.exchange import lists, relations
from webui.exchange.columns import HERE, Column
from webui.exchange.plan import Plan
from webui.exchange.schema import TEXTS
from webui.store.values import names

# The file's value replaces what is here; it comes in where nothing is here; what is here stays.
FILE, FILL, MINE = "file", "fill", "mine"
WAYS = (FILE, FILL, MINE)
STAYS = -1  # a `had` of what the file has and the person has not, and which may not be taken
_PARTS = {"full_name": ("given", "family", "display_name"), "given": ("given", "display_name"),
          "family": ("family", "display_name"), "file_as": ("display_name",)}  # fmt: skip
_LISTS = {"email": "emails", "phone": "phones", "address": "addresses", "link": "links", "handle": "handles",
          "date": "dates", "tags": "tags", "post": "posts"}  # fmt: skip
_BIRTH = {"birthday", "birth_year", "birth_month", "birth_day"}
# Where a file says nothing of a name, nothing is cleared: someone without any would be nobody.
_NEVER_CLEARED = {"display_name"}


@dataclass(frozen=True)
class Rules:
    """How rows meet people who are here: `existing` is one of WAYS, `columns` has others by index; `clears`
    lets an empty cell clear what is here; `key` is the target of the column by which people are known first,
    which with `as_before` is that of `remembered`.
    """

    existing: str = FILE
    columns: Mapping[str, str] = field(default_factory=dict)
    clears: bool = False
    key: str | None = None
    as_before: bool = False

    def of(self, column: Column) -> str:
        """Return the way of a column."""
        way = self.columns.get(str(column.index), self.existing)
        return way if way in WAYS else FILE


def goes_to(column: Column) -> tuple[str, ...]:
    """Return what a column fills: fields, a list, or an own field."""
    target = column.target
    if target in _BIRTH:
        return ("birthday_typed",)
    if target in _LISTS:
        return (_LISTS[target],)
    if target in relations.PARTS:
        return ("addresses",)
    if target in _PARTS:
        return _PARTS[target]
    return (target,)


def note(plan: Plan, told: Rules | None, columns: Sequence[Column]) -> None:
    """Keep with a plan what they come to; what is not the rule also for the next file like this.

    A card has no cells that could be empty.
    """
    how = told or Rules()
    clears = how.clears and plan.about("format") != "vcard"
    plan.note(ways=ways(how, columns), cleared=cleared(how, columns) if clears else [], key=how.key)
    options = dict(plan.about("options"))
    if told and not told.as_before:
        options["key"] = told.key
    if other := {name: way for name, way in plan.about("ways").items() if way != FILE}:
        options["ways"] = other
    if clears:
        options["clears"] = True
    plan.note(options=options, clears=clears, existing=how.existing, is_one_way=not how.columns)


def ways(rules: Rules, columns: Sequence[Column]) -> dict[str, str]:
    """Return the way of each field, list and own field that is not FILE; `""` is that of all others."""
    found = {"": rules.existing} if rules.existing in (FILL, MINE) else {}
    for column in columns:
        for name in goes_to(column):  # of several columns of one list the one that changes least counts
            found[name] = max(found.get(name, FILE), rules.of(column), key=WAYS.index)
    return found


def cleared(rules: Rules, columns: Sequence[Column]) -> list[tuple[int, str]]:
    """Return (index, field or own field) of the columns whose empty cells clear something."""
    if not rules.clears:
        return []
    single = [
        (column.index, goes_to(column)[0])
        for column in columns
        if column.target not in ("full_name", "file_as")
    ]
    return [
        (index, name)
        for index, name in single
        if (name in TEXTS and name not in _NEVER_CLEARED) or name.startswith(HERE)
    ]


def allowed(
    changes: dict[str, list[str | None]], ways_: Mapping[str, str], old: Mapping[str, Any], named: str
) -> dict[str, list[str | None]]:
    """Return those of the changes (field -> [old, new]) that may be made to what is here (`old`); `named` is
    how the row's name was found."""
    if not ways_:
        return changes
    kept = {}
    for name, (was, new) in changes.items():
        way = ways_.get(name, ways_.get("", FILE))
        if way == FILE or (way == FILL and not was):
            kept[name] = [was, new]
    parts = {name: kept[name][1] for name in names.PARTS if name in kept}
    if named == "parts" and "display_name" in changes:  # it only follows what is taken of them
        kept.pop("display_name", None)
        if parts:
            kept["display_name"] = [changes["display_name"][0], names.display({**old, **parts})]
    return kept


_THEIRS = {
    "emails": "SELECT 1 FROM live.users u WHERE u.id = s.user_id AND u.email IS NOT NULL",
    "tags": "SELECT 1 FROM live.user_tags m WHERE m.user_id = s.user_id",
    "posts": "SELECT 1 FROM live.posts m WHERE m.user_id = s.user_id AND m.deleted_at IS NULL",
    "photos": "SELECT 1 FROM live.users u WHERE u.id = s.user_id AND u.photo_hash IS NOT NULL",
    "relations": "SELECT 1 FROM live.relations m WHERE s.user_id IN (m.user_id, m.other_id)",
    **{
        name: f"SELECT 1 FROM live.{table} m WHERE m.user_id = s.user_id"
        for name, table in lists.TABLES.items()
    },
}


_OWN = """SELECT 1 FROM live.field_values v JOIN live.fields f ON f.id = v.field_id
  WHERE f.uid = staged_own.field AND v.user_id = s.user_id"""


def leave(connection: sqlite3.Connection, ways_: Mapping[str, str]) -> None:
    """Mark as STAYS what may not be added to a person's lists and own fields."""
    usual = ways_.get("", FILE)
    for name, theirs in _THEIRS.items():
        way = ways_.get(name, usual)
        if way == FILE:
            continue
        there = f"AND EXISTS ({theirs})" if way == FILL else ""
        connection.execute(
            f"""UPDATE staged_{name} SET had = {STAYS} WHERE NOT had AND EXISTS (
              SELECT 1 FROM staged s WHERE s.position = staged_{name}.position
              AND s.user_id IS NOT NULL {there})"""
        )
    own = {name.removeprefix(HERE): way for name, way in ways_.items() if name.startswith(HERE)}
    for uid, way in own.items():
        if way != FILE:
            there = f"AND EXISTS ({_OWN})" if way == FILL else ""
            connection.execute(
                f"""UPDATE staged_own SET had = {STAYS} WHERE NOT had AND field = ? AND EXISTS (
                  SELECT 1 FROM staged s WHERE s.position = staged_own.position
                  AND s.user_id IS NOT NULL {there})""",
                (uid,),
            )


def beside(connection: sqlite3.Connection, names: Sequence[str], known: Sequence[int]) -> None:
    """Note where something is added beside what a person has in a list because no earlier row of theirs is
    known from such a file: all but the rows at the positions `known`."""
    for name in names:
        if theirs := _THEIRS.get(name):
            connection.execute(
                f"""INSERT INTO beside SELECT DISTINCT d.position, ? FROM staged_{name} d
                JOIN staged s USING (position) WHERE NOT d.had AND s.user_id IS NOT NULL
                AND s.position NOT IN (SELECT value FROM json_each(?)) AND EXISTS ({theirs})""",
                (name, json.dumps(known)),
            )


def as_json(fields: Sequence[str]) -> str | None:
    """Return names of fields as the plan keeps them."""
    return json.dumps(fields) if fields else None
