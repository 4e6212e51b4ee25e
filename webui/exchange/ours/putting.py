"""Put the people of a file in the place of who they are here, or as new ones, with what is theirs alone."""

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from webui.exchange.ours import belonging
from webui.exchange.ours.defining import Names
from webui.exchange.ours.export import Row, Shape, content, maybe, rows, said, texts, uid, whole
from webui.store.errors import Invalid
from webui.store.values import person, pictures, text, times

_DETAILS = {name: ("label", *columns) for name, columns in person.LISTS.items()} | {
    "dates": ("label", "date", "typed")
}
_PHOTO = "hash, media_type, original, shown"
_NEVER_EMPTY = ("username", "display_name")  # of the columns of a person
_USER = ("uid", *person.FIELDS, "birthday_typed", "photo_hash", "created_at", "updated_at")


class Putting:
    """Puts people in, some at a time; then what they do not have any more goes."""

    def __init__(self, connection: sqlite3.Connection, names: Names) -> None:
        self._connection, self._names = connection, names
        tables = ("field_values", "user_tags", "uid_aliases", *(f"user_{name}" for name in _DETAILS))
        # What is theirs and was here before has an id up to this one.
        self._before = {
            table: connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]
            for table in tables
        }
        connection.execute("CREATE TEMP TABLE came (id INTEGER PRIMARY KEY)")
        belonging.begin(connection)

    def put(self, people: Sequence[Row]) -> None:
        """Put some people in. Raises Shape; IntegrityError where a rule of the database forbids it."""
        for row in people:
            user_id = self._put_user(row)
            for name, columns in _DETAILS.items():
                self._put_details(f"user_{name}", columns, user_id, rows(row, name))
            self._put_tags(user_id, texts(row, "tags"))
            self._put_own(user_id, row.get("own") or ())
            self._put_sources(user_id, rows(row, "sources"))
            belonging.put(self._connection, user_id, row)

    def remove_what_is_gone(self, everyone: bool) -> None:
        """Remove what those who came had here and the file does not say of them; of everyone also whoever
        did not come and is not in the trash."""
        if everyone:
            self._connection.execute(
                "DELETE FROM users WHERE deleted_at IS NULL AND id NOT IN (SELECT id FROM came)"
            )
        for table, before in self._before.items():
            known = " AND field_id IN (SELECT value FROM json_each(?))" if table == "field_values" else ""
            values = (before, json.dumps(list(self._names.fields.values())))
            self._connection.execute(
                f"DELETE FROM {table} WHERE id <= ? AND user_id IN (SELECT id FROM came){known}",
                values if known else values[:1],
            )
        self._connection.execute(
            "INSERT OR IGNORE INTO user_tags (user_id, tag_id) SELECT user_id, tag_id FROM had_tags"
        )

    def _put_user(self, row: Row) -> int:
        photo = row.get("photo")
        if photo is not None and not isinstance(photo, Mapping):
            raise Shape("photo")
        values = [
            uid(row),
            *((said if name in _NEVER_EMPTY else maybe)(row, name) for name in person.FIELDS),
            maybe(row, "birthday_typed"),
            self._photo(photo) if photo else self._has_photo(row),
            *(said(row, name) or times.now() for name in ("created_at", "updated_at")),
        ]
        (user_id,) = self._connection.execute(_PUT, values).fetchone()
        self._connection.execute("INSERT INTO came VALUES (?)", (user_id,))
        return int(user_id)

    def _has_photo(self, row: Row) -> str | None:
        """Return the photo that a person has here, where the file has no place for one."""
        if "photo" in row:
            return None
        found = self._connection.execute("SELECT photo_hash FROM users WHERE uid = ?", (uid(row),)).fetchone()
        return maybe({"photo": found[0]}, "photo") if found else None

    def _photo(self, photo: Row) -> str:
        """Keep a photo and return its hash."""
        photo_hash, data = said(photo, "sha256"), content(photo)
        if data is not None:
            found = self._connection.execute(
                f"INSERT OR IGNORE INTO photos ({_PHOTO}) SELECT {_PHOTO} FROM live.photos WHERE hash = ?",
                (photo_hash,),
            )
            try:
                if not found.rowcount:
                    self._keep(pictures.read(data))
            except Invalid:  # another program put it there, and its hash is all that can be kept
                pass
        return photo_hash

    def _keep(self, picture: pictures.Picture) -> None:
        self._connection.execute(
            f"INSERT OR IGNORE INTO photos ({_PHOTO}) VALUES (?, ?, ?, ?)",
            (picture.hash, picture.media_type, picture.original, picture.shown),
        )

    def _put_details(self, table: str, columns: Sequence[str], user_id: int, given: Sequence[Row]) -> None:
        self._connection.executemany(
            f"INSERT INTO {table} (user_id, {', '.join(columns)}) VALUES (?{', ?' * len(columns)})",
            [
                (user_id, *((maybe if name == "date" else said)(row, name) for name in columns))
                for row in given
            ],
        )

    def _put_tags(self, user_id: int, names: Sequence[str]) -> None:
        if not self._names.tags.keys() >= set(names):
            raise Shape("tags")
        self._connection.executemany(
            "INSERT INTO had_tags VALUES (?, ?)", [(user_id, self._names.tags[name]) for name in names]
        )

    def _put_own(self, user_id: int, own: Sequence[tuple[Any, Any, Any]]) -> None:
        made = []
        for name, value, typed in own:
            row = {"value": value, "typed": typed}
            made.append(
                (user_id, self._names.fields[text.shown(name)], said(row, "value"), maybe(row, "typed"))
            )
        self._connection.executemany(
            "INSERT INTO field_values (user_id, field_id, value, typed) VALUES (?, ?, ?, ?)", made
        )

    def _put_sources(self, user_id: int, sources: Sequence[Row]) -> None:
        for row in sources:
            raw, file = row.get("raw"), self._names.files.get(row.get("file"))
            if not isinstance(raw, bytes) or file is None:
                raise Shape("sources")
            self._connection.execute(
                "INSERT INTO sources (user_id, file_id, position, source_uid, raw, raw_hash)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    user_id,
                    file,
                    whole(row, "position"),
                    maybe(row, "source_uid"),
                    raw,
                    hashlib.sha256(raw).digest(),
                ),
            )


_PUT = (
    f"INSERT INTO users ({', '.join(_USER)}) VALUES ({', '.join('?' * len(_USER))})"
    f" ON CONFLICT (uid) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _USER[1:])},"
    " username_key = NULL, email_key = NULL, deleted_at = NULL RETURNING id"
)
