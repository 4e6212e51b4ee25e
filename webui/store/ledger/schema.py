"""The statements of the derived parts, generated from the models. Text only; nothing is run here."""

import functools
from collections.abc import Iterator

from sqlalchemy import Table, UniqueConstraint

from webui.store.models import recorded

# Belong to a person, but are no part of their text.
_SILENT = ("sources", "uid_aliases", "relations", "attachments", "user_tags")
# Part of the text of several people: through which table's rows, and which column of it.
_SHARED = (
    ("posts", "post_users", "post_id"),
    ("fields", "field_values", "field_id"),
)


@functools.cache
def touched(later: bool = False) -> str:
    """Return the query of those whom an operation (:operation) touched, or all the `later` ones did: for each
    table that a person's text is made of, the people its rows belonged to before (the images) and belong to
    now."""
    of = f"WHERE operation {'>' if later else '='} :operation"
    found = [f"SELECT id FROM history_users {of}"]
    for table in recorded():
        if "user_id" in table.c and table.name not in _SILENT:
            history = f"history_{table.name}"
            found.append(f"SELECT user_id FROM {history} {of} AND existed = 1")
            found.append(f"SELECT t.user_id FROM {history} JOIN {table.name} t USING (id) {of}")
    # Whoever goes to the trash takes posts along that others are in too.
    found.append(
        "SELECT a.user_id FROM history_users h JOIN posts p ON p.user_id = h.id"
        f" JOIN post_users a ON a.post_id = p.id {of}"
    )
    for name, through, column in _SHARED:
        found.append(f"SELECT t.user_id FROM history_{name} h JOIN {through} t ON t.{column} = h.id {of}")
    return " UNION ".join(found)


# What is compared by a key of its own, in the column `{column}_key` of the table.
KEYED = (
    ("users", "username"),
    ("users", "email"),
    ("user_emails", "email"),
    ("user_phones", "phone"),
    ("tags", "name"),
    ("fields", "name"),
    ("field_values", "value"),
    ("saved_views", "name"),
)

_REQUIRED = """(SELECT replacing FROM ledger) = 0
  AND coalesce((SELECT value FROM settings WHERE name = 'email_required'), '1') = '1'"""

_OUTSIDE = """coalesce((SELECT door FROM operations WHERE id = (SELECT current FROM ledger)), 'outside')
  = 'outside'"""


@functools.cache
def history_tables() -> dict[str, str]:
    """Return name -> CREATE TABLE of the history tables.

    One row holds the first image of a record in an operation, in untyped columns (exact for REAL,
    BLOB and NUL); `existed` is 0 where there was none. Net by construction: later images are not kept.
    """
    return {
        f"history_{table.name}": f"CREATE TABLE history_{table.name} (operation INTEGER NOT NULL, "
        f"id INTEGER NOT NULL, existed INTEGER NOT NULL, {_list(table)}, "
        "PRIMARY KEY (operation, id)) WITHOUT ROWID"
        for table in recorded()
    }


@functools.cache
def history_indexes() -> dict[str, str]:
    """Return name -> CREATE INDEX: of the images of a record, and of those of a person's rows."""
    found = {}
    for table in recorded():
        name = f"history_{table.name}"
        found[f"ix_{name}_id"] = f"{name} (id, operation)"
        for user in {"user_id", "other_id"}.intersection(table.c.keys()):
            found[f"ix_{name}_{user}"] = f"{name} ({user}, operation) WHERE existed = 1"
    return {index: f"CREATE INDEX IF NOT EXISTS {index} ON {on}" for index, on in found.items()}


@functools.cache
def columns_of(history_table: str) -> tuple[str, ...]:
    """Return the columns of a history table in order: operation, id, existed, then the record's."""
    table = next(t for t in recorded() if f"history_{t.name}" == history_table)
    return ("operation", "id", "existed", *_columns(table))


@functools.cache
def triggers() -> dict[str, str]:
    """Return name -> CREATE TRIGGER of every trigger of a Roster database."""
    return {
        name: f"CREATE TRIGGER {name} {body}" for name, body in (*_history(), *_email_rule(), *_stale_keys())
    }


@functools.cache
def full_text() -> dict[str, str]:
    """Return name -> CREATE VIRTUAL TABLE of the indexes over `person_text` (FTS5, external content)."""
    tail = "content='person_text', content_rowid='user_id'"
    return {
        "names_fts": f"CREATE VIRTUAL TABLE names_fts USING fts5(names, {tail}, prefix='1 2 3')",
        "words_fts": f"CREATE VIRTUAL TABLE words_fts USING fts5(names, reach, body, {tail}, prefix='1 2 3')",
        "parts_fts": f"CREATE VIRTUAL TABLE parts_fts USING fts5(names, reach, {tail}, tokenize='trigram')",
    }


def _history() -> Iterator[tuple[str, str]]:
    """Note the first image of each row that an operation touches.

    Images of old rows are taken BEFORE, so that no other trigger's change is in them; a new row has
    its id only AFTER. OR REPLACE of another program, whose triggers are not recursive, deletes rows without
    a word: what it may delete is noted before.
    """
    for table in recorded():
        name = f"history_{table.name}"
        yield f"{name}_insert", f"AFTER INSERT ON {table.name} BEGIN {_record(table, 'NEW', 'INSERT')} END"
        yield f"{name}_update", f"BEFORE UPDATE ON {table.name} BEGIN {_record(table, 'OLD', 'UPDATE')} END"
        yield f"{name}_delete", f"BEFORE DELETE ON {table.name} BEGIN {_record(table, 'OLD', 'DELETE')} END"
        for event, other in (("INSERT", ""), ("UPDATE", "id IS NOT OLD.id AND ")):
            clash = f"{other}({_clash(table)})"
            when = f"{_OUTSIDE} AND EXISTS (SELECT 1 FROM {table.name} WHERE {clash})"
            yield (
                f"{name}_{event.lower()}_replaces",
                f"BEFORE {event} ON {table.name} WHEN {when} BEGIN {_record_all(table, clash)} END",
            )
        moved = f"AFTER UPDATE OF id ON {table.name} WHEN NEW.id IS NOT OLD.id"
        yield f"{name}_move", f"{moved} BEGIN {_record(table, 'NEW', 'INSERT')} END"


def _email_rule() -> Iterator[tuple[str, str]]:
    """Refuse a living person without an e-mail while the setting says so; leave those who had none alone."""
    without = "NEW.email IS NULL AND NEW.deleted_at IS NULL"
    refuse = f"AND {_REQUIRED} BEGIN SELECT RAISE(ABORT, 'email required'); END"
    yield "email_required_insert", f"BEFORE INSERT ON users WHEN {without} {refuse}"
    had = "(OLD.email IS NOT NULL OR OLD.deleted_at IS NOT NULL)"
    yield (
        "email_required_update",
        f"BEFORE UPDATE OF email, deleted_at ON users WHEN {without} AND {had} {refuse}",
    )


def _stale_keys() -> Iterator[tuple[str, str]]:
    """Empty a key that an outside change left behind its value; catching up fills it."""
    for table, column in KEYED:
        yield (
            f"stale_{table}_{column}",
            f"AFTER UPDATE OF {column} ON {table} "
            f"WHEN NEW.{column} IS NOT OLD.{column} AND NEW.{column}_key IS OLD.{column}_key AND {_OUTSIDE} "
            f"BEGIN UPDATE {table} SET {column}_key = NULL WHERE id = NEW.id; END",
        )


def _columns(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.c if column.name != "id")


def _list(table: Table, row: str = "") -> str:
    return ", ".join(f'{row}"{name}"' for name in _columns(table))


def _clash(table: Table) -> str:
    """Return the condition of the rows that a row NEW could take the place of. Of an index of some rows its
    own condition is part of it: without that no search could use it, and each change would read all rows."""
    unique = [(item.columns.keys(), "") for item in table.constraints if isinstance(item, UniqueConstraint)]
    for index in (each for each in table.indexes if each.unique):
        where = index.dialect_options["sqlite"]["where"]
        unique.append((index.columns.keys(), f" AND {where}" if where is not None else ""))
    rows = [
        " AND ".join(f'"{name}" = NEW."{name}"' for name in names) + where
        for names, where in ((["id"], ""), *sorted(unique))
    ]
    return " OR ".join(rows)


_OPEN = (
    "INSERT INTO operations (message, payload, counts, door, at) "
    "SELECT 'outside', '{}', '{}', 'outside', strftime('%Y-%m-%dT%H:%M:%fZ', 'now') "
    "FROM ledger WHERE current IS NULL; "
    "UPDATE ledger SET current = (SELECT max(id) FROM operations) WHERE current IS NULL; "
)


def _record(table: Table, row: str, event: str) -> str:
    """DO NOTHING keeps the first image, and is much faster than looking for it. Not OR IGNORE: an OR of
    the statement that fires the trigger would take its place."""
    existed = event != "INSERT"
    columns, image = (f", {_list(table)}", f", {_list(table, f'{row}.')}") if existed else ("", "")
    return (
        f"{_OPEN}INSERT INTO history_{table.name} (operation, id, existed{columns}) "
        f"VALUES ((SELECT current FROM ledger), {row}.id, {int(existed)}{image}) ON CONFLICT DO NOTHING;"
    )


def _record_all(table: Table, condition: str) -> str:
    """Note the images of all rows of a condition."""
    return (
        f"{_OPEN}INSERT INTO history_{table.name} (operation, id, existed, {_list(table)}) "
        f"SELECT (SELECT current FROM ledger), id, 1, {_list(table)} FROM {table.name} "
        f"WHERE {condition} ON CONFLICT DO NOTHING;"
    )
