"""A copy of a database taken back to what it was after an operation. Never for the live file: that is written
by operations alone, and this leaves none."""

import sqlite3

from webui.store import errors
from webui.store.ledger import derived, history, references, schema


def rewind(connection: sqlite3.Connection, operation_id: int) -> None:
    """Take a copy back to the moment after an operation (0: before the first), its history and search too.

    Each row that a later operation touched gets the image that the first of them found. It can be read
    then; its triggers are gone. Within a transaction, without foreign keys. Raises Refused where rows of
    then do not fit the schema of now.
    """
    later = {"operation": operation_id}
    derived.drop_triggers(connection)
    derived.touch(connection, schema.touched(later=True), later)
    try:
        history.put_back(connection, operation_id, later=True)
    except sqlite3.IntegrityError as error:  # a migration since asks for values it never had
        raise errors.Refused(errors.Message("past.other_schema")) from error
    outside = "SELECT 1 FROM operations WHERE id > :operation AND message = 'outside' LIMIT 1"
    if connection.execute(outside, later).fetchone():  # its rows may have belonged to nothing then too
        references.drop_hanging(connection)
    connection.execute(f"INSERT OR IGNORE INTO touched {schema.touched(later=True)}", later)
    for name in schema.history_tables():
        connection.execute(f"DELETE FROM {name} WHERE operation > :operation", later)
    connection.execute("UPDATE operations SET undone_by = NULL WHERE undone_by > :operation", later)
    connection.execute("DELETE FROM operations WHERE id > :operation", later)
    connection.execute("UPDATE ledger SET current = NULL")
    half = "SELECT (SELECT count(*) FROM touched) * 2 > (SELECT count(*) FROM users)"
    if connection.execute(half).fetchone()[0]:
        derived.write_all(connection)
    else:
        derived.write_touched(connection)
