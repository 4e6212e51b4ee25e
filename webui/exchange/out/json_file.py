"""JSON: all that is written of people, documented in docs/formats.md, for programs and for Roster itself."""

import base64
import json
import sqlite3
from collections.abc import Iterator
from typing import IO, Any

from webui.exchange import exporting, own_fields
from webui.exchange.out import beside, contents, definitions
from webui.exchange.out.wanted import BESIDE, EVERYTHING, Wanted
from webui.store.values import times
from webui.version import VERSION

FORMAT = 1


def write(connection: sqlite3.Connection, stream: IO[bytes], wanted: Wanted = EVERYTHING) -> None:
    """Write people with all that belongs to them; of everyone also views, settings and raw rows."""
    everyone = wanted.is_everything
    head: dict[str, Any] = {
        "roster": FORMAT,
        "app": VERSION,
        "exported_at": times.now(),
        "everyone": everyone,
        "fields": definitions.fields(connection, exporting.fields(connection, wanted)),
        "tags": definitions.tags(connection, wanted.ids),
    }
    if left_out := [each for each in (*exporting.USER_COLUMNS, *BESIDE) if not wanted.has(each)]:
        head["left_out"] = left_out
    if everyone:
        head |= {
            "settings": definitions.settings(connection),
            "views": definitions.views(connection),
            "source_files": definitions.source_files(connection),
        }
    stream.write(_dumped(head)[:-2] + b',\n "people": [')
    for number, person in enumerate(exporting.people(connection, wanted, whole=True)):
        stream.write(b",\n" if number else b"\n")
        for piece in _person(connection, person, everyone):
            stream.write(piece)
    stream.write(b"\n]}\n")


def _person(connection: sqlite3.Connection, person: dict[str, Any], everyone: bool) -> Iterator[bytes]:
    """Yield the object of a person, its files piece by piece: memory never holds all of them."""
    user_id, photo = person.pop("id"), person.pop("photo")
    said, files = person.pop("fields"), person.pop("attachments", [])
    person["fields"] = own_fields.as_json(said)
    person["typed"] = own_fields.typed(said)
    person.setdefault("relations", [])
    if everyone:
        person["sources"] = [
            {**row, "raw": base64.b64encode(row["raw"]).decode()}
            for row in beside.sources(connection, user_id)
        ]
    yield _dumped(person)[:-2] + b',\n "photo": '
    if photo:
        told = {"sha256": photo, "media_type": contents.media_type(connection, photo)}
        yield from _with_content(told, contents.photo(connection, photo))
    else:
        yield b"null"
    yield b',\n "attachments": ['
    for number, row in enumerate(files):
        yield b",\n " if number else b"\n "
        yield from _with_content(row, contents.file(connection, row["sha256"]))
    yield b"]\n}"


def _with_content(told: dict[str, Any], data: Iterator[bytes]) -> Iterator[bytes]:
    """Yield an object with base64 of bytes as its last member; null where they are not there."""
    first = next(data, None)
    yield json.dumps(told, ensure_ascii=False)[:-1].encode("utf-8", "replace") + b', "content": '
    if first is None:
        yield b"null}"
        return
    yield b'"' + base64.b64encode(first)
    for piece in data:
        yield base64.b64encode(piece)
    yield b'"}'


def _dumped(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace")
