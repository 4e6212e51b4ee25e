"""From the plan into the tables: one INSERT ... SELECT a table and slice, on the connection of the operation.

The plan is attached to that connection as `plan`, and only read. New ids follow from a row's position, so
that whatever belongs to a person can be written without asking for them.
"""

import json
import sqlite3

from webui.exchange import bringing, lists, own_cells, replaced
from webui.exchange.plan import Plan
from webui.exchange.schema import FIELDS, TEXTS
from webui.exchange.staging import SLICE, Step
from webui.store.models import new_uid
from webui.store.values import times

_FIELDS = ", ".join(FIELDS)
# Whom a row belongs to: a new person, the one it was matched with, or the one of an earlier row.
_WHOM = "CASE s.does WHEN 'add' THEN :base + s.position ELSE coalesce(s.whom_user, :base + s.whom_row) END"
_SLICE = "s.position >= :start AND s.position < :end"
_ADD = f"""
INSERT INTO users (id, uid, username, username_key, email, email_key, email_label, {_FIELDS},
  created_at, updated_at)
SELECT :base + s.position, CASE WHEN s.keeps_uid THEN s.told_uid ELSE s.uid END, s.username,
  s.username_key, e.email, e.email_key, nullif(e.label, ''),
  coalesce(s.display_name, ''), {", ".join(f"s.{name}" for name in FIELDS[1:])}, :now, :now
FROM plan.staged s LEFT JOIN plan.staged_emails e ON e.position = s.position AND e.main
WHERE {_SLICE} AND s.does = 'add' ORDER BY s.position
"""


def _changed(name: str) -> str:
    """Return what a field becomes: an empty text clears it."""
    kept = f"coalesce(n.{name}, users.{name})"
    return kept if name == "display_name" else f"CASE n.{name} WHEN '' THEN NULL ELSE {kept} END"


# Several rows may change one person: each in its turn, so that the later one wins and none is lost.
_CHANGE = f"""
UPDATE users SET email = coalesce(n.email, users.email), email_key = coalesce(n.email_key, users.email_key),
  email_label = iif(n.email IS NULL, users.email_label, nullif(n.email_label, '')),
  {", ".join(f"{name} = {_changed(name)}" for name in TEXTS)},
  birthday = CASE WHEN n.birthday_typed IS NULL THEN users.birthday ELSE n.birthday END
FROM (SELECT row_number() OVER (PARTITION BY {_WHOM} ORDER BY s.position) AS turn, {_WHOM} AS whom, n.*
      FROM plan.staged s JOIN plan.updates n USING (position) WHERE {_SLICE} AND s.does = 'change') n
WHERE users.id = n.whom AND n.turn = :turn
"""
_TOUCH = f"""
UPDATE users SET updated_at = :now WHERE id IN (
  SELECT {_WHOM} FROM plan.staged s WHERE {_SLICE} AND s.does = 'change')
"""
_EMAILS = f"""
INSERT INTO user_emails (user_id, label, email, email_key)
SELECT whom, label, email, email_key FROM (
  SELECT {_WHOM} AS whom, e.label, e.email, e.email_key, min(s.position) AS position, e.rank
  FROM plan.staged s JOIN plan.staged_emails e USING (position)
  WHERE {_SLICE} AND ((s.does = 'add' AND NOT e.main) OR (s.does = 'change' AND NOT e.had))
  GROUP BY 1, e.email_key) f
WHERE NOT EXISTS (SELECT 1 FROM user_emails m WHERE m.user_id = f.whom AND m.email_key = f.email_key)
  AND NOT EXISTS (SELECT 1 FROM users u WHERE u.id = f.whom AND u.email_key = f.email_key)
ORDER BY position, rank
"""
_TAG_NAMES = """
INSERT INTO tags (uid, name, name_key)
SELECT n.uid, n.name, n.name_key FROM plan.tag_names n
WHERE n.name_key IN (
    SELECT g.name_key FROM plan.staged_tags g JOIN plan.staged s USING (position)
    WHERE s.does = 'add' OR (s.does = 'change' AND NOT g.had))
  AND NOT EXISTS (SELECT 1 FROM tags t WHERE t.name_key = n.name_key)
ORDER BY n.name_key
"""
_TAGS = f"""
INSERT INTO user_tags (user_id, tag_id)
SELECT whom, tag_id FROM (
  SELECT {_WHOM} AS whom, t.id AS tag_id, min(s.position) AS position
  FROM plan.staged s JOIN plan.staged_tags g USING (position) JOIN tags t ON t.name_key = g.name_key
  WHERE {_SLICE} AND (s.does = 'add' OR (s.does = 'change' AND NOT g.had)) GROUP BY 1, 2) f
WHERE NOT EXISTS (SELECT 1 FROM user_tags m WHERE m.user_id = f.whom AND m.tag_id = f.tag_id)
ORDER BY position, tag_id
"""


def _list(name: str) -> str:
    """Return what writes the rows of a list: those that the person has not got by now."""
    columns, table = lists.COLUMNS[name], lists.TABLES[name]
    return f"""
    INSERT INTO {table} (user_id, {", ".join(columns)})
    SELECT whom, {", ".join(columns)} FROM (
      SELECT {_WHOM} AS whom, d."key", d.again, {", ".join(f"d.{column}" for column in columns)},
        min(s.position) AS position, d.rank
      FROM plan.staged s JOIN plan.staged_{name} d USING (position)
      WHERE {_SLICE} AND (s.does = 'add' OR (s.does = 'change' AND NOT d.had))
      GROUP BY 1, d."key", d.again) f
    WHERE f.again >= (
      SELECT count(*) FROM {table} m WHERE m.user_id = f.whom AND {lists.keyed(name, "m")} = f."key")
    ORDER BY position, rank
    """


_SOURCES = f"""
INSERT INTO sources (user_id, file_id, position, source_uid, raw, raw_hash)
SELECT {_WHOM}, :file, s.position, s.source_uid, r.raw, r.raw_hash
FROM plan.staged s JOIN plan.staged_raw r USING (position)
WHERE {_SLICE} AND s.does IN ('add', 'change') ORDER BY s.position
"""
# What says nothing new is remembered too where another row of that person, that UID or that e-mail did
# something: by then it could be taken for somebody else's.
_DONE = "SELECT {} FROM plan.staged x {} WHERE x.does IN ('add', 'change')"
_WHOSE = f"""coalesce(s.user_id, (
  SELECT {_WHOM.replace("s.", "t.")} FROM plan.staged t WHERE t.position = s.twin))"""
_OTHERS = f"""
INSERT INTO sources (user_id, file_id, position, source_uid, raw, raw_hash)
SELECT {_WHOSE}, :file, s.position, s.source_uid, r.raw, r.raw_hash
FROM plan.staged s JOIN plan.staged_raw r USING (position)
WHERE {_SLICE} AND s.verdict = 'same' AND s.matched <> 'bytes' AND CASE
  WHEN s.user_id IS NULL THEN s.twin IN ({_DONE.format("x.position", "")})
  ELSE s.user_id IN ({_DONE.format("x.whom_user", "")})
    OR s.source_uid IN ({_DONE.format("x.source_uid", "")})
    OR EXISTS (SELECT 1 FROM plan.staged_emails e WHERE e.position = s.position AND e.email_key IN (
      {_DONE.format("o.email_key", "JOIN plan.staged_emails o USING (position)")})) END
  AND NOT EXISTS (SELECT 1 FROM sources o
    WHERE o.raw_hash = r.raw_hash AND o.user_id = {_WHOSE})
ORDER BY s.position
"""


def write(connection: sqlite3.Connection, plan: Plan, step: Step) -> None:
    """Write every row that does something. `step` may raise between slices."""
    # Outside changes may have used ids that the sequence does not know of.
    base = connection.execute(
        "SELECT max(coalesce((SELECT max(id) FROM users), 0),"
        " coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'users'), 0)) + 1"
    ).fetchone()[0]
    now = times.now()
    values = {"base": base, "now": now, "today": times.today(), "file": _file(connection, plan, now)}
    connection.execute(_TAG_NAMES)
    connection.create_function("made_uid", 0, new_uid)
    connection.create_function("detail_key", -1, lists.key, deterministic=True)
    filled = [
        _list(name)
        for name in lists.COLUMNS
        if connection.execute(f"SELECT EXISTS (SELECT 1 FROM plan.staged_{name})").fetchone()[0]
    ]
    own = own_cells.statements(_WHOM, _SLICE) if own_cells.any_in(connection, "plan") else ()
    more = bringing.statements(connection, _WHOM, _SLICE)
    instead = list(replaced.statements(_SLICE)) if replaced.any_in(connection) else []
    last = connection.execute("SELECT coalesce(max(position), -1) FROM plan.staged").fetchone()[0]
    for start in range(0, last + 1, SLICE):
        step("import.write", start, last + 1)
        slice_ = {**values, "start": start, "end": start + SLICE}
        connection.execute(_ADD, slice_)
        turn = 1
        while connection.execute(_CHANGE, {**slice_, "turn": turn}).rowcount > 0:
            turn += 1
        for statement in (_TOUCH, *instead, _EMAILS, *filled, *own, *more, _TAGS, _SOURCES, _OTHERS):
            connection.execute(statement, slice_)
    bringing.relate(connection, _WHOM, base)


def _file(connection: sqlite3.Connection, plan: Plan, now: str) -> int:
    made = connection.execute(
        "INSERT INTO source_files (format, name, file_hash, header, options, imported_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            plan.about("format"), plan.about("name"), plan.about("file_hash"), plan.about("header_text"),
            json.dumps(plan.about("options"), ensure_ascii=False), now,
        ),
    )  # fmt: skip
    assert made.lastrowid is not None
    return made.lastrowid
