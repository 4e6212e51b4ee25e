"""What a row says that a matched person has not: by field, e-mail, tag and row of each list. What a row does
not say, or says with an empty cell, clears nothing."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from webui.exchange import bringing, lists, own_cells, replaced, rules
from webui.exchange.earlier import Earlier
from webui.exchange.kept_columns import KeptColumns
from webui.exchange.plan import Plan
from webui.exchange.schema import FIELDS, TEXTS
from webui.exchange.taken_out import TakenOut
from webui.store.values import dates, names
from webui.store.values.text import stored

_LIVE = """
SELECT s.position, s.verdict, s.named, s.user_id, s.clears, {row}, {old}
FROM staged s JOIN live.users u ON u.id = s.user_id
WHERE s.verdict IN ('new', 'question') ORDER BY s.position
"""
_TWINS = """
SELECT s.position, s.verdict, s.named, s.user_id, NULL, {row}, {old}
FROM staged s JOIN staged u ON u.position = s.twin
WHERE s.verdict IN ('new', 'question')
"""
# Rows that surely are one person, those whose bytes are known among them, the last one first.
_TOGETHER = """
SELECT s.position, s.user_id, s.named, s.clears, {row} FROM staged s
WHERE s.verdict IN ('new', 'same') AND s.user_id IN (
  SELECT user_id FROM staged WHERE user_id IS NOT NULL GROUP BY user_id HAVING count(*) > 1)
ORDER BY s.position DESC
"""
_HAVE = ("emails", "tags", "own", *bringing.TABLES, *lists.COLUMNS)
_MORE = " UNION ".join(f"SELECT position FROM staged_{name} WHERE NOT had" for name in _HAVE)
_MORE += " UNION SELECT position FROM replaced"
# What the file has otherwise, and may not be taken.
_STAYS = " UNION ".join(f"SELECT position FROM staged_{name} WHERE had = {rules.STAYS}" for name in _HAVE)
# What a person says already may be kept otherwise: a birthday from another program has no text of its own.
_SAID = {"birthday_typed": "coalesce(u.birthday_typed, u.birthday)"}
_MAY = "position IN (SELECT position FROM staged WHERE {whom} IS NOT NULL AND verdict IN ('new', 'question'))"


def find(plan: Plan, ways: Mapping[str, str]) -> None:
    """Set `changes`, `updates` and the verdict of each row that was matched; `ways` are those of `rules`."""
    connection = plan.connection
    _mark_had(connection)
    own_cells.mark(connection)
    bringing.mark(connection)
    rules.leave(connection, ways)
    earlier = Earlier(plan)
    out = TakenOut(connection, earlier)
    out.mark()
    replaced.find(plan, earlier, ways)
    row, twin = (", ".join(f"{side}.{name}" for name in FIELDS) for side in "su")
    live = ", ".join(_SAID.get(name, f"u.{name}") for name in FIELDS)
    overruled = _overruled(connection.execute(_TOGETHER.format(row=row)))
    updates, verdicts, alike = [], [], []
    for query, old in ((_LIVE, live), (_TWINS, twin)):
        for position, verdict, user_id, new, changes, more, stays in _compared(
            connection, query.format(row=row, old=old), ways, out, overruled
        ):
            changed = bool(changes) or more
            if not changed:
                alike.append(position)
            if changes:
                values = [changes[name][1] or "" if name in changes else None for name in TEXTS]
                updates.append((position, user_id, *values, new if "birthday_typed" in changes else None))
            outcome = verdict if verdict == "question" else "changed" if changed else "same"
            verdicts.append((outcome, json.dumps(changes, ensure_ascii=False), stays, position))
    connection.executemany(
        "UPDATE staged SET verdict = ?, changes = ?, stays = ? WHERE position = ?", verdicts
    )
    kept, left = KeptColumns(plan, earlier, ways).changes(alike)
    connection.executemany(
        "UPDATE staged SET kept = ?, verdict = iif(verdict = 'same', 'changed', verdict) WHERE position = ?",
        [(json.dumps(new, ensure_ascii=False), position) for position, new in kept.items()],
    )
    connection.executemany("UPDATE staged SET stays = 1 WHERE position = ?", [(each,) for each in left])
    columns = ", ".join(FIELDS)
    marks = ", ".join("?" * (len(FIELDS) + 2))
    connection.executemany(f"INSERT INTO updates (position, user_id, {columns}) VALUES ({marks})", updates)


def _compared(
    connection: sqlite3.Connection,
    query: str,
    ways: Mapping[str, str],
    out: TakenOut,
    overruled: Mapping[int, set[str]],
) -> Iterator[tuple[int, str, int | None, str | None, dict[str, list[str | None]], bool, bool]]:
    """Yield (position, verdict, user_id, date of the birthday, changes, whether anything else is new,
    whether anything of it stays as it is here though the file has another).

    A row that surely is someone is compared with what the rows before it, which are too, make of them.
    """
    rows = connection.execute(query).fetchall()
    by_now: dict[int, dict[str, Any]] = {}
    more = {row[0] for row in connection.execute(_MORE)} if rows else set()
    stays = {row[0] for row in connection.execute(_STAYS)} if rows else set()
    count = len(FIELDS)
    for position, verdict, named, user_id, clears, *values in rows:
        new = dict(zip(FIELDS, values[:count], strict=True))
        old = dict(zip(FIELDS, map(stored, values[count:]), strict=True))
        old |= by_now.get(user_id, {}) if verdict != "question" else {}
        said = changes(new, old, named, json.loads(clears or "[]"))
        found = rules.allowed(said, ways if user_id else {}, old, named)
        later = overruled.get(position, set())
        away = out.fields(user_id, found) if user_id and found else set()
        away |= later & found.keys()
        if away:
            found = rules.allowed(said, {**ways, **dict.fromkeys(away, rules.MINE)}, old, named)
        if user_id and verdict != "question" and found:
            by_now.setdefault(user_id, {}).update({name: said for name, (_was, said) in found.items()})
        left = said.keys() - found.keys()
        if found or position in more:  # then a later row is not what is here, nor is a name that follows one
            left -= {*later, "display_name"} if named == "parts" else later
        is_left = position in stays or bool(left)
        yield position, verdict, user_id, new["birthday"], found, position in more, is_left


def _overruled(rows: Iterable[Sequence[Any]]) -> dict[int, set[str]]:
    """Return position -> the fields of which a later row of the same person says something else."""
    last: dict[int, dict[str, Any]] = {}
    found: dict[int, set[str]] = {}
    for position, user_id, named, clears, *values in rows:
        says = dict.fromkeys(json.loads(clears or "[]"))
        says |= {name: value for name, value in zip(FIELDS, values, strict=True) if value is not None}
        if named in ("other", "parts"):  # then it is no name, or follows the parts
            says.pop("display_name", None)
        later = last.setdefault(user_id, {})
        if other := {name for name in says.keys() & later if says[name] != later[name]}:
            found[position] = other
        last[user_id] = says | later
    return found


def changes(
    new: Mapping[str, Any], old: Mapping[str, Any], named: str, clears: Iterable[str] = ()
) -> dict[str, list[str | None]]:
    """Return field -> [old, new] of what a row would change of a person; `clears` are the fields that are to
    be empty, where the row says nothing of them.

    A name that was guessed changes nothing of someone who is shown by that very name; a display name that
    only follows the parts changes with them, and only where it followed them before.
    """
    said = {name: value for name, value in new.items() if value is not None}
    said |= {name: None for name in clears if name in old and old[name] and name not in said}
    if named == "other" or (named == "guessed" and said.get("display_name") == old.get("display_name")):
        for name in ("display_name", *(names.PARTS if named == "guessed" else ())):
            said.pop(name, None)
    if named == "parts":
        said.pop("display_name", None)
        if names.display(old) == (old.get("display_name") or ""):
            said["display_name"] = names.display({**old, **{n: said[n] for n in names.PARTS if n in said}})
    day = said.pop("birthday", None)
    if day and dates.is_part(day, old.get("birthday") or ""):  # the same day, or less of it
        said.pop("birthday_typed", None)
    return {name: [old.get(name), value] for name, value in said.items() if value != old.get(name)}


def _mark_had(connection: sqlite3.Connection) -> None:
    """Mark the e-mails, tags and rows of lists that the person a row was matched with has already."""
    mine = _MAY.format(whom="user_id")
    connection.execute(f"""
        UPDATE staged_emails SET had = 1 WHERE {mine} AND EXISTS (
          SELECT 1 FROM staged s JOIN live.users u ON u.id = s.user_id
          WHERE s.position = staged_emails.position
            AND (u.email_key = staged_emails.email_key OR EXISTS (SELECT 1 FROM live.user_emails m
               WHERE m.user_id = u.id AND m.email_key = staged_emails.email_key)))
    """)
    connection.execute(f"""
        UPDATE staged_tags SET had = 1 WHERE {mine} AND EXISTS (
          SELECT 1 FROM staged s JOIN live.user_tags m ON m.user_id = s.user_id
          JOIN live.tags t ON t.id = m.tag_id
          WHERE s.position = staged_tags.position AND t.name_key = staged_tags.name_key)
    """)
    filled = [
        name
        for name in lists.COLUMNS
        if connection.execute(f"SELECT EXISTS (SELECT 1 FROM staged_{name})").fetchone()[0]
    ]
    for name in filled:
        theirs = lists.keyed(name, "m", foreign=True)  # a region may be new
        connection.execute(f"""
            UPDATE staged_{name} SET had = 1 WHERE {mine} AND again < (
              SELECT count(*) FROM staged s JOIN live.{lists.TABLES[name]} m ON m.user_id = s.user_id
              WHERE s.position = staged_{name}.position
                AND {theirs} = staged_{name}."key")
        """)
    twin = _MAY.format(whom="twin")
    keys = {"emails": "email_key", "tags": "name_key", **dict.fromkeys(filled, '"key"')}
    for name, key in keys.items():
        again = f" AND o.again = staged_{name}.again" if name in filled else ""
        connection.execute(f"""
            UPDATE staged_{name} SET had = 1 WHERE {twin} AND EXISTS (
              SELECT 1 FROM staged s JOIN staged_{name} o ON o.position = s.twin
              WHERE s.position = staged_{name}.position AND o.{key} = staged_{name}.{key}{again})
        """)
