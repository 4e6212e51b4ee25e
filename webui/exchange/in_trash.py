"""Which of a plan's new people may be someone in the trash: they come in anew, and that is said."""

import sqlite3

from webui.exchange import warned
from webui.store.values import text

_SAID = "row.in_trash"
# From those in the trash, who are few, to the rows that say the same of them as a row or a file did once.
_LIKELY = """
SELECT s.position, coalesce(nullif(u.display_name, ''), u.username) FROM (
  SELECT r.position, u.id FROM live.users u CROSS JOIN live.sources c ON c.user_id = u.id
  CROSS JOIN staged_raw r ON r.raw_hash = c.raw_hash WHERE u.deleted_at IS NOT NULL
  UNION SELECT t.position, u.id FROM live.users u CROSS JOIN live.sources c ON c.user_id = u.id
  CROSS JOIN staged t ON t.source_uid = c.source_uid WHERE u.deleted_at IS NOT NULL
  UNION SELECT t.position, u.id FROM live.users u
  CROSS JOIN staged t ON t.told_uid = u.uid WHERE u.deleted_at IS NOT NULL
  UNION SELECT e.position, u.id FROM live.users u
  CROSS JOIN staged_emails e ON e.email_key = u.email_key WHERE u.deleted_at IS NOT NULL) found
JOIN staged s ON s.position = found.position AND s.readable AND s.user_id IS NULL AND s.twin IS NULL
JOIN live.users u ON u.id = found.id
GROUP BY s.position
"""


def note(connection: sqlite3.Connection) -> None:
    """Warn of each row that is nobody here, and likely is someone in the trash."""
    likely = connection.execute(_LIKELY).fetchall()
    warned.write(connection, _SAID, {at: [{"name": text.shown(name)}] for at, name in likely})
