"""Which operations are done by hand, not by a file, and whether a value of someone was written so."""

import json
from sqlite3 import Connection

from webui.exchange import lists

# By these a person writes what no file brought.
BY_HAND = json.dumps(
    (
        "users.add", "users.change", "users.put_back", "users.bring_back", "bulk.set", "bulk.tag",
        "bulk.untag", "sheet.fill", "tags.rename", "tags.merge", "tags.remove",
        "photos.put", "photos.remove", "relations.remove", "posts.change",
        "posts.trash", "outside",
    )
)  # fmt: skip
BROUGHT = "imports.add"
# In a sheet that was sent out and is back stands what somebody did by hand.
WAS_BY_HAND = """(o.message IN (SELECT value FROM json_each(:by_hand))
  OR (o.message = 'imports.add' AND json_valid(o.payload) AND o.payload ->> 'sheet'))"""
TABLES = {"emails": "user_emails", "tags": "user_tags", **lists.TABLES}
_VALUES = {name: columns[1:] for name, columns in lists.COLUMNS.items()}
_VALUES |= {"emails": ("email_key",), "tags": ("tag_id",)}
# Who wrote a value last: whether by hand, the newest first; a change of a label alone is none.
_WROTE = f"""SELECT {WAS_BY_HAND} IS TRUE
FROM live.history_{{table}} h JOIN live.operations o ON o.id = h.operation
WHERE h.id = :id AND o.undone_by IS NULL
  AND (o.message = '{BROUGHT}' OR {WAS_BY_HAND})
  AND (h.existed = 0 OR ({{values}}) IS NOT (
    SELECT {{values}} FROM (
      SELECT operation AS until, {{values}} FROM live.history_{{table}}
      WHERE id = h.id AND operation > h.operation
      UNION ALL SELECT 1 << 60, {{values}} FROM live.{{table}} WHERE id = h.id)
    ORDER BY until LIMIT 1))
ORDER BY h.operation DESC LIMIT 1"""
# A tag is written by hand too where it got another name since someone was given it.
_RENAMED = f"""SELECT EXISTS (SELECT 1 FROM live.user_tags m JOIN live.tags t ON t.id = m.tag_id
JOIN live.history_tags h ON h.id = t.id AND h.existed = 1 AND h.name_key IS NOT t.name_key
JOIN live.operations o ON o.id = h.operation
WHERE m.id = :id AND o.undone_by IS NULL AND {WAS_BY_HAND} AND o.id > (
  SELECT max(w.operation) FROM live.history_user_tags w WHERE w.id = m.id))"""


def is_own(connection: Connection, user: int, name: str, row: int) -> bool:
    """Tell whether a person wrote a value of a list (or of an own field) by hand, or may have: history does
    not reach back to it. `row` is its id, 0 for the main e-mail of the `user`. The connection has the
    database beside it."""
    table = TABLES.get(name, "field_values") if row else "users"
    wrote = _WROTE.format(table=table, values=", ".join(_VALUES.get(name, ("value",))))
    values = {"id": row or user, "by_hand": BY_HAND}
    found = connection.execute(wrote, values).fetchone()
    if name == "tags" and found and not found[0]:
        found = connection.execute(_RENAMED, values).fetchone()
    return found is None or bool(found[0])
