"""JSON and SQLite: all records can be made again from either, so nothing of the database is missing."""

import base64
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests import pictures as pics
from webui.exchange import formats
from webui.exchange.out.wanted import Wanted
from webui.store.ledger import dump
from webui.store.values import numbers, person

Rows = dict[str, set[tuple[Any, ...]]]
LISTS = {
    "user_emails": ("emails", ("label", "email")),
    "user_phones": ("phones", ("label", "phone")),
    "user_addresses": (
        "addresses",
        ("label", "street", "extra", "po_box", "postal_code", "city", "region", "country"),
    ),
    "user_links": ("links", ("label", "url")),
    "user_handles": ("handles", ("label", "handle")),
    "user_dates": ("dates", ("label", "date", "typed")),
}
FIELD = (
    "uid", "name", "kind", "hint", "options", "default_value", "required", "no_two_alike", "listed",
    "position",
)  # fmt: skip


@pytest.fixture
def there(connection: sqlite3.Connection) -> Rows:
    """The records of everyone who is not in the trash, as `digest --records` takes them."""
    (gone,) = connection.execute("SELECT uid FROM users WHERE deleted_at IS NOT NULL").fetchone()
    return {
        table: {row for row in connection.execute(query.format("main")) if gone not in row}
        for table, query in dump.BY_UID.items()
    }


def same(found: Rows, there: Rows) -> None:
    for table, rows in there.items():
        assert found[table] == rows, table


def test_json_has_every_record(files: Path, there: Rows) -> None:
    same(dict(of_json(json.loads((files / "all.json").read_text("utf-8")))), there)


def of_json(file: dict[str, Any]) -> Iterator[tuple[str, set[tuple[Any, ...]]]]:
    people = file["people"]
    columns = [*person.FIELDS, "birthday_typed"]
    photo = {each["uid"]: (each["photo"] or {}).get("sha256") for each in people}
    yield "users", {(p["uid"], *(p[name] for name in columns), photo[p["uid"]], None) for p in people}
    for table, (name, parts) in LISTS.items():
        yield table, {(p["uid"], *(row[part] for part in parts)) for p in people for row in p[name]}
    yield "user_tags", {(p["uid"], tag) for p in people for tag in p["tags"]}
    kinds = {each["name"]: each for each in file["fields"]}
    yield "field_values", {row for p in people for row in values_of(p, kinds)}
    day = ("title", "body", "date", "follow_up", "done_at")
    yield "posts", {(o["uid"], p["uid"], *(o[d] for d in day), None) for p in people for o in p["posts"]}
    yield "post_users", {(a["uid"], o["uid"]) for p in people for o in p["posts"] for a in o["also_about"]}
    said = ("kind", "label", "back_label")
    yield (
        "relations",
        {
            (r["relation"], p["uid"], r["uid"], *(r[each] for each in said))
            for p in people
            for r in p["relations"]
            if not r["back"]
        },
    )
    about = ("name", "media_type", "size", "sha256")
    yield (
        "attachments",
        {(a["uid"], p["uid"], *(a[each] for each in about)) for p in people for a in p["attachments"]},
    )
    yield "tags", {(each["uid"], each["name"]) for each in file["tags"]}
    fields = [{**each, "options": json.dumps(each["choices"], ensure_ascii=False)} for each in file["fields"]]
    yield "fields", {(*(each[name] for name in FIELD), None) for each in fields}
    view = ("uid", "name", "preset", "query", "sort", "position")
    yield "saved_views", {(*(each[name] for name in view), None) for each in file["views"]}
    yield "uid_aliases", {(uid, p["uid"]) for p in people for uid in p["aliases"]}
    yield "settings", set(file["settings"].items())


def values_of(each: dict[str, Any], fields: dict[str, dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of someone's own fields, as docs/formats.md tells to make them."""
    for name, said in each["fields"].items():
        for value in said if isinstance(said, list) else [said]:
            if isinstance(value, bool):
                value = str(int(value))
            elif isinstance(value, int | float):
                value = numbers.of_json(value)
            if value is not None:
                yield each["uid"], fields[name]["uid"], value, each["typed"].get(name)


def test_json_has_the_bytes_of_photos_and_files(files: Path) -> None:
    file = json.loads((files / "all.json").read_text("utf-8"))
    mara = next(each for each in file["people"] if each["username"] == "mara")
    assert base64.b64decode(mara["photo"]["content"]) == pics.TURNED
    assert base64.b64decode(mara["attachments"][0]["content"]) == b"scan\0"
    assert (file["roster"], file["everyone"]) == (1, True)


OF_SQLITE = {
    "users": f"SELECT uid, {', '.join(person.FIELDS)}, birthday_typed, photo, NULL FROM people",
    **{
        table: f"SELECT p.uid, {', '.join(f'd.{part}' for part in parts)} FROM {name} d"
        " JOIN people p ON p.id = d.person_id"
        for table, (name, parts) in LISTS.items()
    },
    "user_tags": "SELECT p.uid, t.name FROM people_tags a JOIN people p ON p.id = a.person_id"
    " JOIN tags t ON t.id = a.tag_id",
    "field_values": "SELECT p.uid, f.uid, v.value, v.typed FROM field_values v"
    " JOIN people p ON p.id = v.person_id JOIN fields f ON f.id = v.field_id",
    "posts": "SELECT o.uid, p.uid, o.title, o.body, o.date, o.follow_up, o.done_at, NULL FROM posts o"
    " JOIN people p ON p.id = o.person_id",
    "post_users": "SELECT p.uid, o.uid FROM posts_people a JOIN people p ON p.id = a.person_id"
    " JOIN posts o ON o.id = a.post_id",
    "relations": "SELECT r.uid, p.uid, o.uid, r.kind, r.label, r.back_label FROM relations r"
    " JOIN people p ON p.id = r.person_id JOIN people o ON o.id = r.other_id",
    "attachments": "SELECT a.uid, p.uid, a.name, a.media_type, a.size, a.sha256 FROM attachments a"
    " JOIN people p ON p.id = a.person_id",
    "tags": "SELECT uid, name FROM tags",
    "fields": f"SELECT {', '.join(FIELD).replace('options', 'choices')}, NULL FROM fields",
    "saved_views": "SELECT uid, name, preset, query, sort, position, NULL FROM views",
    "uid_aliases": "SELECT f.uid, p.uid FROM former_uids f JOIN people p ON p.id = f.person_id",
    "settings": "SELECT name, value FROM settings",
}


def test_sqlite_has_every_record_and_its_keys_hold(files: Path, there: Rows) -> None:
    with closing(sqlite3.connect(files / "all.sqlite")) as opened:
        same({table: set(opened.execute(query)) for table, query in OF_SQLITE.items()}, there)
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
        assert opened.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert opened.execute("SELECT content FROM photos").fetchone() == (pics.TURNED,)
        assert opened.execute("SELECT content FROM files").fetchone() == (b"scan\0",)


def test_the_views_of_a_sqlite_file_read_like_sheets(files: Path) -> None:
    with closing(sqlite3.connect(files / "all.sqlite")) as opened:
        opened.row_factory = sqlite3.Row
        mara = opened.execute("SELECT * FROM people_sheet WHERE username = 'mara'").fetchone()
        assert (mara["tags"], mara["posts"], mara["My choice"]) == ("Alto, b, c", 1, "Mezzo, low")
        assert '=Field, "x"' in mara.keys()  # noqa: SIM118  # a Row looks through its values
        post = opened.execute("SELECT * FROM posts_sheet WHERE title = 'Call'").fetchone()
        assert (post["person"], post["follow_up"]) == ("elof", "2026-03-01")


def test_a_selection_says_nothing_of_the_others(connection: sqlite3.Connection, tmp_path: Path) -> None:
    for name in ("some.json", "some.sqlite"):
        formats.export(connection, tmp_path / name, Wanted(ids=[2, 3, 99]))
    file = json.loads((tmp_path / "some.json").read_text("utf-8"))
    assert [each["username"] for each in file["people"]] == ["elof"]
    assert (file["everyone"], file["tags"], "views" in file, "settings" in file) == (False, [], False, False)
    with closing(sqlite3.connect(tmp_path / "some.sqlite")) as opened:
        assert opened.execute("SELECT username FROM people").fetchall() == [("elof",)]
        assert counted(opened, ("tags", "relations", "views", "settings", "photos", "files")) == 0
        assert opened.execute("SELECT title FROM posts").fetchall() == [("Call",)]
        assert opened.execute("PRAGMA foreign_key_check").fetchall() == []


def counted(opened: sqlite3.Connection, tables: Iterable[str]) -> int:
    return sum(opened.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)
