"""Take over some people of a backup attached as `backup`, and what belongs to them: nobody else changes.

Whom the backup does not have goes, as by a restore of all of it. What they share with others (tags, own
fields, the files they came from) is that of now, and comes along where it is not there. Their posts,
relations and the like come where the other one is there. Set by set: it may be nearly everyone.
"""

import sqlite3
from collections.abc import Collection

from sqlalchemy import Table

from webui.safety import differences
from webui.safety.differences import IDENTITY, columns_of
from webui.store import errors
from webui.store.ledger import in_the_way, keys
from webui.store.models import recorded
from webui.store.values import text

# Of no person: a restore of some leaves them alone.
_ALONE = ("settings", "saved_views")
_IDENTITY = {**IDENTITY, "uid_aliases": "uid"}
# What several people share: the table, and through which rows and which column of theirs.
_SHARED = {
    "tags": ("user_tags", "tag_id"),
    "fields": ("field_values", "field_id"),
    "source_files": ("sources", "file_id"),
}
# What is the same though its uid is another: m is that of now, b that of the backup.
_ALIKE = {
    "tags": "m.name_key = b.name_key",
    "fields": "m.name_key = b.name_key AND m.kind = b.kind AND m.deleted_at IS NULL",
    "source_files": "m.file_hash = b.file_hash AND m.name = b.name",
}
_CHOSEN = "(SELECT id FROM {0}.users WHERE uid IN (SELECT uid FROM temp.chosen))"
_CONTENTS = "SELECT photo_hash FROM temp.coming_users UNION SELECT file_hash FROM temp.coming_attachments"


def take_over(connection: sqlite3.Connection, same_origin: bool, uids: Collection[str]) -> None:
    """Make the people with these uids and all that is theirs what they are in the backup.

    Within `replacing`, whose triggers note the images. Raises Refused where a username or an e-mail belongs
    to someone else by now, who was not chosen.
    """
    connection.execute("CREATE TEMP TABLE chosen (uid TEXT PRIMARY KEY)")
    connection.executemany("INSERT OR IGNORE INTO chosen VALUES (?)", [(uid,) for uid in uids])
    tables = [table for table in recorded() if table.name not in _ALONE]
    for table in tables:
        _find(connection, table, same_origin)
    connection.execute(  # two of its tags may be one now
        "DELETE FROM coming_user_tags WHERE id NOT IN"
        " (SELECT min(id) FROM coming_user_tags GROUP BY user_id, tag_id)"
    )
    connection.execute(  # its name is that of another field by now
        "UPDATE coming_fields SET deleted_at = coalesce(deleted_at, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))"
        " WHERE name_key IN (SELECT name_key FROM main.fields WHERE deleted_at IS NULL)"
    )
    _see_free(connection)
    differences.take_contents(connection, _CONTENTS)
    for table in tables:
        name, columns = table.name, columns_of(table)
        connection.execute(
            f"DELETE FROM main.{name} WHERE id IN (SELECT id FROM (SELECT {columns} FROM main.{name}"
            f" WHERE id IN (SELECT id FROM here_{name}) EXCEPT SELECT {columns} FROM coming_{name}))"
        )
    for table in tables:
        name, columns = table.name, columns_of(table)
        connection.execute(
            f"INSERT INTO main.{name} ({columns}) SELECT {columns} FROM coming_{name}"
            f" WHERE id NOT IN (SELECT id FROM main.{name})"
        )
    if _region(connection, "backup") != _region(connection, "main"):
        keys.right(connection, [("user_phones", "phone")])


def judge(connection: sqlite3.Connection, operation_id: int) -> None:
    """See that no two have the same in a field where no two may. Raises Refused."""
    if in_the_way.are_alike(connection, operation_id):
        raise errors.Refused(errors.Message("restore.alike"))


def _find(connection: sqlite3.Connection, table: Table, same_origin: bool) -> None:
    """Fill `here_…` with the ids of theirs that there are, `map_…` with the id here of each row of the backup
    that has one, or gets one, and `coming_…` with the rows to be there."""
    name = table.name
    connection.execute(f"CREATE TEMP TABLE here_{name} (id INTEGER PRIMARY KEY)")
    if name not in _SHARED:
        connection.execute(
            f"INSERT INTO here_{name} SELECT o.id FROM main.{name} o WHERE {_theirs(table, 'main')}"
        )
    connection.execute(f"CREATE TEMP TABLE map_{name} (old INTEGER PRIMARY KEY, new INTEGER)")
    if identity := _IDENTITY.get(name):
        connection.execute(
            f"INSERT INTO map_{name} SELECT b.id, m.id FROM backup.{name} b"
            f" JOIN main.{name} m ON m.{identity} = b.{identity}"
        )
    if name in _ALIKE:
        connection.execute(
            f"INSERT INTO map_{name} SELECT b.id, min(m.id) FROM backup.{name} b JOIN main.{name} m"
            f" ON {_ALIKE[name]} WHERE b.id NOT IN (SELECT old FROM map_{name}) GROUP BY b.id"
        )
    source = _source(table)
    if not identity and name not in _SHARED:
        _map_equal(connection, table, source, same_origin)
    _map_new(connection, table, source, same_origin)
    columns = ", ".join(f's."{column.name}"' for column in table.c if column.name != "id")
    connection.execute(
        f"CREATE TEMP TABLE coming_{name} AS SELECT p.new AS id, {columns} FROM ({source}) s"
        f" JOIN map_{name} p ON p.old = s.id"
        # What is someone else's by now stays with them.
        f" WHERE p.new IN (SELECT id FROM here_{name}) OR p.new NOT IN (SELECT id FROM main.{name})"
    )


def _theirs(table: Table, of: str) -> str:
    """Return the condition that a row o of a database is of someone chosen."""
    chosen = _CHOSEN.format(of)
    if table.name == "users":
        return f"o.id IN {chosen}"
    if table.name in _SHARED:
        through, column = _SHARED[table.name]
        return f"o.id IN (SELECT {column} FROM {of}.{through} WHERE user_id IN {chosen})"
    found = f"o.user_id IN {chosen}"
    if table.name == "relations":
        found += f" OR o.other_id IN {chosen}"
    if table.name == "post_users":
        found += f" OR o.post_id IN (SELECT id FROM {of}.posts WHERE user_id IN {chosen})"
    return f"({found})"


def _source(table: Table) -> str:
    """Return the query of their rows in the backup, what they belong to as it is called here; but `id`."""
    parents = {key.parent.name: key.column.table.name for key in table.foreign_keys}
    columns = ", ".join(
        f'p_{column.name}.new AS "{column.name}"' if column.name in parents else f'o."{column.name}"'
        for column in table.c
    )
    joins = "".join(
        f' JOIN map_{parent} p_{column} ON p_{column}.old = o."{column}"'
        for column, parent in parents.items()
    )
    return f"SELECT {columns} FROM backup.{table.name} o{joins} WHERE {_theirs(table, 'backup')}"


def _map_equal(connection: sqlite3.Connection, table: Table, source: str, same_origin: bool) -> None:
    """Let a row without a uid be the one of theirs with its id, else one that says the same."""
    name = table.name
    owners = [key.parent.name for key in table.foreign_keys]
    if same_origin:
        same = " AND ".join(f'm."{column}" = s."{column}"' for column in owners)
        connection.execute(
            f"INSERT OR IGNORE INTO map_{name} SELECT s.id, m.id FROM ({source}) s JOIN main.{name} m"
            f" ON m.id = s.id AND {same}"
        )
    others = [column.name for column in table.c if column.name != "id"]
    listed = ", ".join(f'"{column}"' for column in others)
    number = f"row_number() OVER (PARTITION BY {listed} ORDER BY id) AS number"
    same = " AND ".join(f'm."{column}" {"=" if column in owners else "IS"} s."{column}"' for column in others)
    connection.execute(
        f"INSERT INTO map_{name} SELECT s.id, m.id FROM"
        f" (SELECT id, {listed}, {number} FROM ({source}) WHERE id NOT IN (SELECT old FROM map_{name})) s"
        f" JOIN (SELECT id, {listed}, {number} FROM main.{name} WHERE id IN (SELECT id FROM here_{name})"
        f" AND id NOT IN (SELECT new FROM map_{name})) m ON {same} AND m.number = s.number"
    )


def _map_new(connection: sqlite3.Connection, table: Table, source: str, same_origin: bool) -> None:
    """Give what is left an id: its own where that was never another's here, else one never used before."""
    name = table.name
    column = _IDENTITY.get(name) or ("user_id" if "user_id" in table.c else None)
    if same_origin and column:
        before = f'SELECT 1 FROM history_{name} h WHERE h.id = s.id AND h."{column}"'
        connection.execute(
            f"INSERT INTO map_{name} SELECT s.id, s.id FROM ({source}) s"
            f" WHERE s.id NOT IN (SELECT old FROM map_{name}) AND s.id NOT IN (SELECT id FROM main.{name})"
            f" AND s.id NOT IN (SELECT new FROM map_{name})"
            f' AND EXISTS ({before} = s."{column}") AND NOT EXISTS ({before} <> s."{column}")'
        )
    connection.execute(
        f"INSERT INTO map_{name} SELECT id, id + max((SELECT coalesce(max(seq), 0) FROM main.sqlite_sequence"
        f" WHERE name = '{name}'), (SELECT coalesce(max(id), 0) FROM backup.{name})) FROM ({source})"
        f" WHERE id NOT IN (SELECT old FROM map_{name})"
    )


def _see_free(connection: sqlite3.Connection) -> None:
    """See that usernames and e-mails are free for those who come. Raises Refused with who has one."""
    for column in ("username", "email"):
        row = connection.execute(
            f"SELECT coalesce(nullif(c.display_name, ''), c.username), c.{column},"
            " coalesce(nullif(m.display_name, ''), m.username) FROM coming_users c JOIN main.users m"
            f" ON m.{column}_key = c.{column}_key WHERE c.deleted_at IS NULL AND m.deleted_at IS NULL"
            " AND m.id NOT IN (SELECT id FROM here_users) ORDER BY c.id LIMIT 1"
        ).fetchone()
        if row:
            name, value, owner = map(text.shown, row)
            values = {"name": name, "value": value, "owner": owner}
            raise errors.Refused(errors.Message(f"restore.{column}_taken", values))


def _region(connection: sqlite3.Connection, of: str) -> str:
    row = connection.execute(f"SELECT value FROM {of}.settings WHERE name = 'phone_region'").fetchone()
    return text.shown(row[0]) if row else ""
