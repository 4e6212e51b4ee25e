"""From the file into the plan's scratch file: each row read once, no question asked yet."""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from webui.exchange import csv_file, people
from webui.exchange.plan import FIELDS, INDEXES, Plan, as_json
from webui.store.errors import Message
from webui.store.models import new_uid
from webui.store.values import names, text

Step = Callable[[str, int, int], None]

SLICE = 2_000
_COLUMNS = (
    "position", "line", "width", "told_uid", "uid", "wanted", "wanted_key", *FIELDS,
    "given_key", "named", "keeps", "warnings", "readable", "verdict", "reason", "username", "username_key",
    "does",
)  # fmt: skip
_INSERT = f"INSERT INTO staged ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"


def stage(plan: Plan, sheet: csv_file.Sheet, reader: people.Reader, step: Step) -> None:
    """Read every row of `sheet` into `plan`. Raises Refused for what no row can say; Cancelled by `step`."""
    connection, staged = plan.connection, 0
    connection.execute("BEGIN")
    for slice_ in _slices(sheet.rows()):
        rows: list[tuple[Any, ...]] = []
        emails: list[tuple[Any, ...]] = []
        tags: list[tuple[int, str]] = []
        tag_names: dict[str, str] = {}
        for row in slice_:
            person = reader.read(row.cells)
            if row.unfinished:
                person.reason = Message("row.open_quote")
            rows.append(_row(row, person))
            if person.reason is None:
                emails += [
                    (row.position, rank, each.label, each.email, each.key)
                    for rank, each in enumerate(person.emails)
                ]
                keys = {text.key(name): name for name in person.tags}
                tags += [(row.position, key) for key in keys]
                tag_names |= keys
        connection.executemany(_INSERT, rows)
        connection.executemany(
            "INSERT INTO staged_raw VALUES (?, ?, ?)",
            [(row.position, row.raw, hashlib.sha256(row.raw).digest()) for row in slice_],
        )
        connection.executemany(
            "INSERT INTO staged_emails (position, rank, label, email, email_key) VALUES (?, ?, ?, ?, ?)",
            emails,
        )
        connection.executemany("INSERT INTO staged_tags (position, name_key) VALUES (?, ?)", tags)
        connection.executemany(
            "INSERT OR IGNORE INTO tag_names VALUES (?, ?, ?)",
            [(key, name, new_uid()) for key, name in tag_names.items()],
        )
        staged += len(rows)
        step("import.read", staged, 0)
    connection.execute("COMMIT")
    connection.executescript(INDEXES)


def _slices(rows: Iterator[csv_file.Row]) -> Iterator[list[csv_file.Row]]:
    found: list[csv_file.Row] = []
    for row in rows:
        found.append(row)
        if len(found) == SLICE:
            yield found
            found = []
    if found:
        yield found


def _row(row: csv_file.Row, person: people.Person) -> tuple[Any, ...]:
    values, reason = person.values, person.reason
    given, family = values.get("given", ""), values.get("family", "")
    address = person.emails[0].email if person.emails else ""
    wanted = values.get("username") or names.username(
        given, family, address, person.organisation or values.get("display_name", "")
    )
    wanted = wanted or "person"
    key = text.key(wanted)
    warnings = [[each.id, dict(each.values)] for each in person.warnings]
    return (
        row.position, row.line, len(row.cells), person.uid, new_uid(), wanted, key,
        *map(values.get, FIELDS), people.given_key(given), person.named, person.keeps,
        json.dumps(warnings, ensure_ascii=False) if warnings else None, reason is None,
        "refused" if reason else "new", as_json(reason) if reason else None, wanted, key,
        "none" if reason else "add",
    )  # fmt: skip
