"""Who a row is by what the person, or the file, names them by: a key that was chosen, or the username.

A row that names somebody else's e-mail beside another key is asked about. Not for uids and e-mails: see
`matching`.
"""

import sqlite3
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from webui.exchange import joining, nameless
from webui.exchange.columns import HERE, Column
from webui.exchange.given import agree, given_key
from webui.exchange.tables import Table
from webui.store import users
from webui.store.ledger.history import connection_of
from webui.store.models import Field
from webui.store.values.text import shown

# By an own field, a phone: whoever alone has that value. Owners are put together first: a value may be
# that of thousands of people, and of thousands of rows.
_ALONE = """
SELECT s.position, u.id, s.given_key, u.given, u.display_name
FROM (SELECT position, min(first) AS first, max(last) AS last FROM said JOIN owners USING ("key") GROUP BY 1)
JOIN staged s USING (position) JOIN live.users u ON u.id = first
WHERE first = last AND s.user_id IS NULL AND s.readable
"""
_OWN = f"""
WITH said AS (SELECT position, value_key AS "key" FROM staged_own WHERE field = :field),
owners AS MATERIALIZED (
  SELECT v.value_key AS "key", min(u.id) AS first, max(u.id) AS last
  FROM live.fields f JOIN live.field_values v ON v.field_id = f.id
  JOIN live.users u ON u.id = v.user_id AND u.deleted_at IS NULL
  WHERE f.uid = :field GROUP BY 1)
{_ALONE}
"""
_PHONE = f"""
WITH said AS (SELECT position, phone_key AS "key" FROM staged_phones WHERE phone_key IS NOT NULL),
owners AS MATERIALIZED (
  SELECT m.phone_key AS "key", min(u.id) AS first, max(u.id) AS last
  FROM (SELECT DISTINCT "key" FROM said) CROSS JOIN live.user_phones m ON m.phone_key = "key"
  JOIN live.users u ON u.id = m.user_id AND u.deleted_at IS NULL
  GROUP BY 1)
{_ALONE}
"""
# Nobody is the person of a row that has a uid, whose own row is another one.
_USERNAMES = """
SELECT s.position, s.given_key, u.id, u.given, u.email IS NOT NULL AND EXISTS (
  SELECT 1 FROM staged_emails e WHERE e.position = s.position) FROM staged s
JOIN live.users u ON u.username_key = s.told_username AND u.deleted_at IS NULL
WHERE s.told_username IS NOT NULL AND s.user_id IS NULL AND s.readable
  AND (s.told_uid IS NULL OR NOT EXISTS (
    SELECT 1 FROM staged o WHERE o.user_id = u.id AND o.told_uid IS NOT NULL))
"""
_KINDS = ("text", "number", "email", "phone", "link")
_FILLED = f"""
SELECT f.uid, f.no_two_alike, count(u.id), count(DISTINCT CASE WHEN u.id IS NOT NULL THEN v.value_key END)
FROM fields f LEFT JOIN field_values v ON v.field_id = f.id
LEFT JOIN users u ON u.id = v.user_id AND u.deleted_at IS NULL
WHERE f.deleted_at IS NULL AND f.kind IN {_KINDS}
GROUP BY f.id ORDER BY f.position, f.id
"""
# Found by e-mail, yet the key that was chosen says that it is someone else.
_CONTRADICTED = """
SELECT s.position, u.id, u.display_name FROM staged s JOIN staged_own o USING (position)
JOIN live.users u ON u.id = s.user_id JOIN live.fields f ON f.uid = o.field
JOIN live.field_values v ON v.user_id = u.id AND v.field_id = f.id
WHERE o.field = :field AND s.matched = 'email' AND v.value_key <> o.value_key
"""


def offered(session: Session, sheet: Table, found: Sequence[Column]) -> list[str]:
    """Return the targets of own fields that tell people apart: no two may be alike in it; or no value is
    there twice, neither here nor in the first rows of the file, and most have one. Of cards, which have no
    columns, by what is here alone."""
    living = users.counts(session)[0]
    goes = {} if sheet.fixed else {column.target: column.index for column in found}
    result = []
    for uid, no_two_alike, having, values in connection_of(session).execute(_FILLED).fetchall():
        target = f"{HERE}{shown(uid)}"
        if target in goes:
            cells = [row[goes[target]].strip() for row in sheet.first if goes[target] < len(row)]
            filled = [cell for cell in cells if cell]
            most = 2 * len(filled) >= len(cells) and len(set(filled)) == len(filled)
        else:
            most = 2 * having >= living
        if no_two_alike or (most and having and having == values):
            result.append(target)
    return result


def only(session: Session, found: Sequence[Column]) -> str | None:
    """Return the target of the one column in which no two are alike, of a file that has nothing else that
    says who someone is. That two happen to differ is not enough where nobody chose it."""
    unique = select(Field.uid).where(
        Field.deleted_at.is_(None), Field.no_two_alike == 1, Field.kind.in_(_KINDS)
    )
    there = {column.target for column in found} if nameless.is_file(found) else set()
    able = [target for uid in session.scalars(unique) if (target := f"{HERE}{uid}") in there]
    return able[0] if len(able) == 1 else None


def key(connection: sqlite3.Connection, target: str | None) -> None:
    """Let rows be the people who have the same in the field of `target`; None for no such field.

    Whose given name is another is asked about: two of one family share a phone.
    """
    if target and target.startswith(HERE):
        found = connection.execute(_OWN, {"field": target.removeprefix(HERE)}).fetchall()
    elif target == "phone":
        found = connection.execute(_PHONE).fetchall()
    else:
        return
    joining.join(connection, "key", [row[:2] for row in found])
    others = [row for row in found if not agree(row[2], given_key(shown(row[3])))]
    joining.ask(connection, "key", [(row[0], row[1], "row.other_name_key", row[4]) for row in others])


def contradicted(connection: sqlite3.Connection, target: str | None) -> None:
    """Ask about rows that an e-mail joins with someone who has another key."""
    if target and target.startswith(HERE):
        found = connection.execute(_CONTRADICTED, {"field": target.removeprefix(HERE)}).fetchall()
        joining.ask(connection, "email", [(row[0], row[1], "row.other_key", row[2]) for row in found])


def username(connection: sqlite3.Connection) -> None:
    """Let a row be whoever has the username that it tells, if the given name agrees.

    Where one is missing, that is not enough for two who have different e-mails.
    """
    same = []
    for row in connection.execute(_USERNAMES).fetchall():
        theirs = given_key(shown(row[3]))
        if agree(row[1], theirs) and ((row[1] and theirs) or not row[4]):
            same.append((row[0], row[2]))
    joining.join(connection, "username", same)
