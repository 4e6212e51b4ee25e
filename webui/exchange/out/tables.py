"""The tables of the plain SQLite file, and the queries of the live one that fill them. Data alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webui.exchange.own_fields import Field


@dataclass(frozen=True)
class Table:
    """A table of `width` columns: `query` gives its rows; the columns in `people` must all be ids of people
    who go out, those in `raw` are taken as they are."""

    name: str
    width: int
    query: str
    people: tuple[int, ...] = ()
    raw: tuple[int, ...] = ()
    of_everyone: bool = False


_PERSON = "person_id INTEGER NOT NULL REFERENCES people(id)"


def _list(name: str, columns: str) -> Table:
    return Table(
        name,
        4 + columns.count(","),
        f"SELECT d.id, d.user_id, d.label, {columns} FROM user_{name} d ORDER BY d.id",
        (1,),
    )


TABLES = (
    Table(
        "people",
        23,
        "SELECT id, uid, coalesce(nullif(display_name, ''), username), username, email, email_label,"
        " display_name, prefix, given, additional, family, suffix, nickname, phonetic, organisation,"
        " department, job_title, birthday, birthday_typed, note, photo_hash, created_at, updated_at"
        " FROM users WHERE deleted_at IS NULL ORDER BY id",
        (0,),
    ),
    Table("former_uids", 2, "SELECT uid, user_id FROM uid_aliases ORDER BY id", (1,)),
    _list("emails", "email"),
    _list("phones", "phone, phone_key"),
    _list("addresses", "street, extra, po_box, postal_code, city, region, country"),
    _list("links", "url"),
    _list("handles", "handle"),
    _list("dates", "date, typed"),
    Table("tags", 3, "SELECT id, uid, name FROM tags ORDER BY id"),
    Table("people_tags", 2, "SELECT user_id, tag_id FROM user_tags ORDER BY id", (0,)),
    Table(
        "fields",
        11,
        "SELECT id, uid, name, kind, hint, options, default_value, required, no_two_alike, listed, position"
        " FROM fields WHERE deleted_at IS NULL ORDER BY position, id",
    ),
    Table(
        "field_values",
        5,
        "SELECT v.id, v.user_id, v.field_id, v.value, v.typed FROM field_values v"
        " JOIN fields f ON f.id = v.field_id AND f.deleted_at IS NULL ORDER BY v.id",
        (1,),
    ),
    Table(
        "posts",
        10,
        "SELECT id, uid, user_id, date, title, body, follow_up, done_at, created_at, updated_at"
        " FROM posts WHERE deleted_at IS NULL ORDER BY id",
        (2,),
    ),
    Table(
        "posts_people",
        2,
        "SELECT a.post_id, a.user_id, p.user_id FROM post_users a"
        " JOIN posts p ON p.id = a.post_id AND p.deleted_at IS NULL ORDER BY a.id",
        (1, 2),
    ),
    Table(
        "relations",
        7,
        "SELECT id, uid, user_id, other_id, kind, label, back_label FROM relations ORDER BY id",
        (2, 3),
    ),
    Table(
        "attachments",
        8,
        "SELECT id, uid, user_id, name, media_type, size, file_hash, added_at FROM attachments ORDER BY id",
        (2,),
    ),
    Table(
        "views",
        7,
        "SELECT id, uid, name, preset, query, sort, position FROM saved_views"
        " WHERE deleted_at IS NULL ORDER BY position, id",
        of_everyone=True,
    ),
    Table("settings", 2, "SELECT name, value FROM settings ORDER BY name", of_everyone=True),
    Table(
        "source_files",
        7,
        "SELECT id, format, name, file_hash, header, options, imported_at FROM source_files ORDER BY id",
        of_everyone=True,
    ),
    Table(
        "sources",
        6,
        "SELECT id, user_id, file_id, position, source_uid, raw FROM sources ORDER BY id",
        (1,),
        (5,),
        of_everyone=True,
    ),
)

SCHEMA = (
    "CREATE TABLE roster (name TEXT PRIMARY KEY, value TEXT)",
    "CREATE TABLE photos (sha256 TEXT PRIMARY KEY, media_type TEXT, content BLOB)",
    "CREATE TABLE files (sha256 TEXT PRIMARY KEY, content BLOB)",
    "CREATE TABLE people (id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, name TEXT, username TEXT,"
    " email TEXT, email_label TEXT, display_name TEXT, prefix TEXT, given TEXT, additional TEXT,"
    " family TEXT, suffix TEXT, nickname TEXT, phonetic TEXT, organisation TEXT, department TEXT,"
    " job_title TEXT, birthday TEXT, birthday_typed TEXT, note TEXT,"
    " photo TEXT REFERENCES photos(sha256), created_at TEXT, updated_at TEXT)",
    f"CREATE TABLE former_uids (uid TEXT PRIMARY KEY, {_PERSON})",
    f"CREATE TABLE emails (id INTEGER PRIMARY KEY, {_PERSON}, label TEXT, email TEXT)",
    f"CREATE TABLE phones (id INTEGER PRIMARY KEY, {_PERSON}, label TEXT, phone TEXT, e164 TEXT)",
    f"CREATE TABLE addresses (id INTEGER PRIMARY KEY, {_PERSON}, label TEXT, street TEXT, extra TEXT,"
    " po_box TEXT, postal_code TEXT, city TEXT, region TEXT, country TEXT)",
    f"CREATE TABLE links (id INTEGER PRIMARY KEY, {_PERSON}, label TEXT, url TEXT)",
    f"CREATE TABLE handles (id INTEGER PRIMARY KEY, {_PERSON}, label TEXT, handle TEXT)",
    f"CREATE TABLE dates (id INTEGER PRIMARY KEY, {_PERSON}, label TEXT, date TEXT, typed TEXT)",
    "CREATE TABLE tags (id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, name TEXT)",
    f"CREATE TABLE people_tags ({_PERSON}, tag_id INTEGER NOT NULL REFERENCES tags(id),"
    " PRIMARY KEY (person_id, tag_id))",
    "CREATE TABLE fields (id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, name TEXT, kind TEXT, hint TEXT,"
    " choices TEXT, default_value TEXT, required INTEGER, no_two_alike INTEGER, listed INTEGER,"
    " position INTEGER)",
    f"CREATE TABLE field_values (id INTEGER PRIMARY KEY, {_PERSON},"
    " field_id INTEGER NOT NULL REFERENCES fields(id), value TEXT, typed TEXT)",
    f"CREATE TABLE posts (id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, {_PERSON}, date TEXT, title TEXT,"
    " body TEXT, follow_up TEXT, done_at TEXT, created_at TEXT, updated_at TEXT)",
    f"CREATE TABLE posts_people (post_id INTEGER NOT NULL REFERENCES posts(id), {_PERSON},"
    " PRIMARY KEY (post_id, person_id))",
    f"CREATE TABLE relations (id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, {_PERSON},"
    " other_id INTEGER NOT NULL REFERENCES people(id), kind TEXT, label TEXT, back_label TEXT)",
    f"CREATE TABLE attachments (id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, {_PERSON}, name TEXT,"
    " media_type TEXT, size INTEGER, sha256 TEXT REFERENCES files(sha256), added_at TEXT)",
    "CREATE TABLE views (id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, name TEXT, preset TEXT,"
    " query TEXT, sort TEXT, position INTEGER)",
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT)",
    "CREATE TABLE source_files (id INTEGER PRIMARY KEY, format TEXT, name TEXT, file_hash TEXT, header TEXT,"
    " options TEXT, imported_at TEXT)",
    f"CREATE TABLE sources (id INTEGER PRIMARY KEY, {_PERSON},"
    " file_id INTEGER NOT NULL REFERENCES source_files(id), position INTEGER, source_uid TEXT, raw BLOB)",
)  # fmt: skip

_KEYS = (
    "emails", "phones", "addresses", "links", "handles", "dates", "field_values", "posts", "relations",
    "attachments", "sources",
)  # fmt: skip
_SHEET = """CREATE VIEW people_sheet AS SELECT p.id, p.name, p.username, p.email, p.organisation, p.birthday,
 (SELECT group_concat(phone, ', ') FROM phones WHERE person_id = p.id) AS phones,
 (SELECT group_concat(city, ', ') FROM addresses WHERE person_id = p.id AND city <> '') AS cities,
 (SELECT group_concat(t.name, ', ') FROM people_tags pt JOIN tags t ON t.id = pt.tag_id
  WHERE pt.person_id = p.id) AS tags,
 (SELECT count(*) FROM posts WHERE person_id = p.id) AS posts{own} FROM people p"""
_OWN = """(SELECT group_concat(value, ', ') FROM field_values
  WHERE person_id = p.id AND field_id = {id}) AS {name}"""
_POSTS = """CREATE VIEW posts_sheet AS
 SELECT o.id, o.date, p.name AS person, o.title, o.body, o.follow_up, o.done_at
 FROM posts o JOIN people p ON p.id = o.person_id"""
_MOST_COLUMNS = 1_000  # SQLite has 2,000 in a view


def after(fields: Sequence[Field]) -> Iterator[str]:
    """Yield what is made once all rows are there: indexes, and views that are read like sheets."""
    for table in _KEYS:
        yield f"CREATE INDEX {table}_person_id ON {table}(person_id)"
    names = {
        "id",
        "name",
        "username",
        "email",
        "organisation",
        "birthday",
        "phones",
        "cities",
        "tags",
        "posts",
    }
    own = []
    for each in fields[:_MOST_COLUMNS]:
        name, number = each.name, 2
        while name.casefold() in names:
            name, number = f"{each.name} {number}", number + 1
        names.add(name.casefold())
        quoted = '"' + name.replace('"', '""') + '"'
        own.append(_OWN.format(id=each.id, name=quoted))
    yield _SHEET.format(own="".join(f",\n {each}" for each in own))
    yield _POSTS
