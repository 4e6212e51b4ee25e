"""Who is in the database already: by the very bytes of a row, by our own uid, by e-mail. A name alone never
joins two people. Set by set against the database, which is only read.
"""

import sqlite3

from webui.exchange import (
    differences,
    email_owners,
    in_trash,
    known_by,
    lists,
    nameless,
    same_names,
    source_uids,
    twins,
    usernames,
)
from webui.exchange.plan import Plan, beside
from webui.store.ledger import forget
from webui.store.values import phones
from webui.store.values.text import shown

# The n-th row of these bytes is the n-th person who came from these bytes: each source is used once. Where
# the file said something else of them since, which is not in it any more, it went back: they are compared.
# Kinds of files are numbers here: their columns, as text beside each row, took 5 KB of memory a person.
_BY_BYTES = """
WITH files AS MATERIALIZED (
  SELECT id, format,
    json_extract(options, '$.columns', '$.dates', '$.reads', '$.ways', '$.clears') IS :columns AS alike,
    dense_rank() OVER (ORDER BY format, json_extract(options, '$.columns')) AS kind
  FROM (SELECT id, format, iif(json_valid(options), options, '{}') AS options
    FROM live.source_files WHERE header = :header))
UPDATE staged SET user_id = found.user_id, matched = 'bytes',
  verdict = CASE WHEN (
    SELECT f.alike FROM live.sources x JOIN files f ON f.id = x.file_id WHERE x.id = found.last
  ) AND NOT EXISTS (
    SELECT 1 FROM live.sources x CROSS JOIN files f ON f.id = +x.file_id AND f.kind = found.kind
    WHERE x.user_id = found.user_id AND x.source_uid IS staged.source_uid AND x.id > found.last
    AND (staged.source_uid IS NOT NULL OR f.format NOT GLOB 'vcard*')
    AND x.raw_hash NOT IN (SELECT raw_hash FROM staged_raw)) THEN 'same' ELSE 'new' END
FROM (
  SELECT s.position, k.user_id, k.kind, k.last FROM (
    SELECT position, raw_hash, row_number() OVER (PARTITION BY raw_hash ORDER BY position) AS n
    FROM staged_raw WHERE raw_hash IN (SELECT raw_hash FROM live.sources)) s
  JOIN (
    SELECT o.user_id, o.raw_hash, f.kind,
      max(o.id) OVER (PARTITION BY o.raw_hash, o.user_id) AS last,
      row_number() OVER (PARTITION BY o.raw_hash ORDER BY o.id) AS n
    FROM live.sources o JOIN files f ON f.id = o.file_id JOIN live.users u ON u.id = o.user_id
    WHERE u.deleted_at IS NULL AND o.raw_hash IN (SELECT raw_hash FROM staged_raw)) k
  ON k.raw_hash = s.raw_hash AND k.n = s.n) found
WHERE staged.position = found.position AND staged.readable
"""
_BY_UID = """
UPDATE staged SET user_id = found.id, matched = 'uid' FROM (
  SELECT s.position, u.id FROM staged s JOIN live.users u ON u.uid = s.told_uid
  WHERE s.told_uid IS NOT NULL AND u.deleted_at IS NULL AND s.readable
  UNION ALL
  SELECT s.position, a.user_id FROM staged s JOIN live.uid_aliases a ON a.uid = s.told_uid
  JOIN live.users u ON u.id = a.user_id AND u.deleted_at IS NULL
  WHERE s.told_uid IS NOT NULL AND s.readable) found
WHERE staged.position = found.position AND staged.user_id IS NULL
"""
# Someone from our own export keeps the uid, where nobody has it or had it.
_OWN_UID = """
UPDATE staged SET keeps_uid = 1
WHERE told_uid IS NOT NULL AND verdict IN ('new', 'question')
  AND NOT EXISTS (SELECT 1 FROM live.users u WHERE u.uid = told_uid)
  AND NOT EXISTS (SELECT 1 FROM live.uid_aliases a WHERE a.uid = told_uid)
  AND position = (SELECT min(o.position) FROM staged o WHERE o.told_uid = staged.told_uid)
"""
# A row with a uid is nobody to whom another row of the file says to belong.


def match(plan: Plan, live: str) -> None:
    """Judge every row of `plan` against the database file `live`, as it is now. Choices made stay."""
    with beside(plan, live) as connection:
        connection.execute("BEGIN")
        newest = connection.execute("SELECT coalesce(max(id), 0) FROM live.operations").fetchone()[0]
        plan.note(seen=newest)
        nameless.look_again(connection)
        _forget(connection)
        _phones_of_here(plan)
        known = {"columns": _columns(connection), "header": plan.about("header_text")}
        connection.execute(_BY_BYTES, known)
        connection.execute(_BY_UID)
        known_by.key(connection, plan.about("key"))
        source_uids.match(connection, plan.about("format"))
        email_owners.match(connection)
        known_by.contradicted(connection, plan.about("key"))
        known_by.username(connection)
        nameless.refuse(connection, plan.columns, plan.about("key"))
        twins.ask_named(connection)
        twins.find(connection)
        same_names.ask(connection)
        same_names.ask_of_rows(connection)
        differences.find(plan, plan.about("ways") or {})
        _main_emails(connection)
        connection.execute(_OWN_UID)
        plan.note(forgotten=_forgotten(connection))
        usernames.give(connection)
        nameless.call(connection)
        in_trash.note(connection)
        connection.execute("COMMIT")
    plan.settle()


def _forgotten(connection: sqlite3.Connection) -> int:
    """Return how many people of the file had been forgotten completely: it would bring them back."""
    row = connection.execute("SELECT value FROM live.state WHERE name = ?", (forget.FORGOTTEN,)).fetchone()
    marks = forget.buried(row[0])[0] if row else set()
    if not marks:
        return 0
    uids = connection.execute("SELECT DISTINCT told_uid FROM staged WHERE keeps_uid")
    return sum(forget.tombstone(uid) in marks for (uid,) in uids.fetchall())


def _forget(connection: sqlite3.Connection) -> None:
    connection.execute("""
        UPDATE staged SET verdict = 'new', reason = NULL, matched = NULL, user_id = NULL, twin = NULL,
          changes = NULL, keeps_uid = NULL, kept = NULL, stays = NULL,
          username = wanted, username_key = wanted_key
        WHERE readable AND (verdict <> 'new' OR user_id IS NOT NULL OR keeps_uid OR username IS NOT wanted)
    """)
    connection.execute("UPDATE staged_emails SET main = 0, had = 0 WHERE main OR had")
    for name in ("tags", *lists.COLUMNS):
        connection.execute(f"UPDATE staged_{name} SET had = 0 WHERE had")
    for name in ("updates", "replaced", "remaining", "beside"):
        connection.execute(f"DELETE FROM {name}")


def _phones_of_here(plan: Plan) -> None:
    """Compare phones as those of the database are by now: its region may be another than while staging."""
    connection = plan.connection
    kept = connection.execute("SELECT value FROM live.settings WHERE name = 'phone_region'").fetchone()
    region = plan.about("region_told") or (shown(kept[0]) if kept else "")
    connection.create_function("e164", 1, lambda phone: phones.key(shown(phone), region), deterministic=True)
    if plan.about("region") == region:
        return
    connection.execute("UPDATE staged_phones SET phone_key = e164(phone)")
    connection.execute("UPDATE staged_phones SET \"key\" = detail_key('phones', label, phone, phone_key)")
    plan.note(region=region)


def _columns(connection: sqlite3.Connection) -> str:
    """Return how rows are read and what they may change, as `json_extract` would spell it."""
    found = connection.execute(
        "SELECT json_extract(value, '$.columns', '$.dates', '$.reads', '$.ways', '$.clears')"
        " FROM about WHERE name = 'options'"
    ).fetchone()
    return str(found[0])


def _main_emails(connection: sqlite3.Connection) -> None:
    """Let a person's main e-mail be the first that is nobody's main one, here or in the file, where it is
    that of the row in which it stands furthest in front."""
    connection.execute("""
        UPDATE staged_emails SET main = 1 WHERE (position, rank) IN (
          SELECT e.position, min(e.rank) FROM staged_emails e
          WHERE length(e.email) <= 120
            AND NOT EXISTS (
              SELECT 1 FROM live.users u WHERE u.email_key = e.email_key AND u.deleted_at IS NULL)
            AND e.position = (SELECT f.position FROM staged_emails f WHERE f.email_key = e.email_key
              ORDER BY f.rank, f.position LIMIT 1)
          GROUP BY e.position)
    """)
    # Whoever is matched and has none yet gets it as the main one.
    connection.execute("""
        INSERT INTO updates (position, user_id, email, email_key, email_label)
        SELECT s.position, s.user_id, e.email, e.email_key, e.label
        FROM staged s JOIN staged_emails e ON e.position = s.position AND e.main
        JOIN live.users u ON u.id = s.user_id
        WHERE u.email IS NULL AND s.verdict IN ('changed', 'question') AND NOT e.had
        ON CONFLICT (position) DO UPDATE SET email = excluded.email, email_key = excluded.email_key,
          email_label = excluded.email_label
    """)
