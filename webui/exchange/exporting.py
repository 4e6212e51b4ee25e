"""People and posts to files: streamed from one moment of the database, without what is in the trash."""

import json
import sqlite3
from collections.abc import Iterator
from typing import IO, Any

from webui.exchange import belongings, cells, lists, own_fields, spreadsheet
from webui.exchange.out import beside, mail_merge
from webui.exchange.out.extra import Extra
from webui.exchange.out.wanted import EVERYTHING, OWN, Wanted
from webui.exchange.vcard import writing
from webui.store.ledger.fetching import fetched
from webui.store.records import ROWS
from webui.store.values import dates
from webui.store.values.text import all_stored, shown

USER_COLUMNS = (
    "uid",
    "username",
    "email",
    "email_label",
    "display_name",
    "prefix",
    "given",
    "additional",
    "family",
    "suffix",
    "nickname",
    "phonetic",
    "organisation",
    "department",
    "job_title",
    "birthday",
    "emails",
    "phones",
    "addresses",
    "links",
    "handles",
    "dates",
    "tags",
    "note",
    "created_at",
    "updated_at",
)
Row = dict[str, str | None]
POST_COLUMNS = (
    "uid", "user_uid", "username", "date", "title", "body", "follow_up", "done_at", "also_about",
    "created_at", "updated_at",
)  # fmt: skip
ALSO_ABOUT = """(SELECT group_concat(o.username, ', ') FROM post_users a JOIN users o ON o.id = a.user_id
 WHERE a.post_id = p.id AND o.deleted_at IS NULL)"""
_POSTS = f"""
SELECT p.uid, u.uid, u.username, p.date, p.title, p.body, p.follow_up, p.done_at, {ALSO_ABOUT},
  p.created_at, p.updated_at
FROM posts p JOIN users u ON u.id = p.user_id WHERE u.deleted_at IS NULL AND p.deleted_at IS NULL
ORDER BY p.date, p.id
"""


def people(
    connection: sqlite3.Connection, wanted: Wanted = EVERYTHING, *, whole: bool = False
) -> Iterator[dict[str, Any]]:
    """Yield the people who are wanted, of those who live, without what is not wanted of them.

    Each has `id`, the columns of `users`, `name`, `tags` (names), and each list as mappings of its columns:
    `emails` of label and email, those of `lists.COLUMNS` of what stands there. `fields` is what is in own
    fields, by their names, as `own_fields.Said`. `photo` is a hash or None; `relations` and `attachments` are
    there where there are any, as `belongings` has them. With `whole` there are `aliases` and `posts`, as
    `beside` has them.
    """
    own = fields(connection, wanted)
    left_out = [each for each in (*USER_COLUMNS, "relations", "photo") if not wanted.has(each)]
    found = ids(connection, wanted)
    for start in range(0, len(found), 500):
        wanted.step(start, len(found))
        some = found[start : start + 500]
        said = own_fields.of_people(connection, own, some)
        more = _more(connection, some, wanted) if whole else {}
        for user_id, person in _slice(connection, some):
            for column in left_out:
                _leave_out(person, column)
            yield person | {"id": user_id, "fields": said.get(user_id, {})} | more.get(user_id, {})
    wanted.step(len(found), len(found))


def ids(connection: sqlite3.Connection, wanted: Wanted) -> list[int]:
    """Return the ids of whom an export is of; there may be some who are in the trash now."""
    return list(wanted.ids) if wanted.ids is not None else [row[0] for row in connection.execute(_IDS)]


def count(connection: sqlite3.Connection, wanted: Wanted) -> int:
    """Return how many people an export is of."""
    query, values = "SELECT count(*) FROM users WHERE deleted_at IS NULL", list[str]()
    if wanted.ids is not None:
        query, values = f"{query} AND id IN (SELECT value FROM json_each(?))", [json.dumps(list(wanted.ids))]
    return int(connection.execute(query, values).fetchone()[0])


def fields(connection: sqlite3.Connection, wanted: Wanted) -> list[own_fields.Field]:
    """Return the own fields that are wanted."""
    return [each for each in own_fields.every(connection) if wanted.has(f"{OWN}{each.uid}")]


class Table:
    """People as the rows of a table: `header`, and `row` of each."""

    def __init__(self, connection: sqlite3.Connection, wanted: Wanted) -> None:
        self.fields = fields(connection, wanted)
        self._columns = [column for column in USER_COLUMNS if wanted.has(column)]
        self._merge = wanted.merge
        names = mail_merge.header(self._columns) if wanted.merge else self._columns
        self.own_at = len(names)  # where the columns of own fields begin
        self._mark = [""] if wanted.mark else []
        marks = [wanted.mark] if wanted.mark else []
        is_plain = not wanted.merge and not wanted.mark
        self._extra = Extra(connection) if is_plain and wanted.has("kept") else None
        extra = self._extra.header if self._extra else ()
        self.header = (*names, *(each.header for each in self.fields), *extra, *marks)

    def row(self, person: dict[str, Any]) -> list[Any]:
        """Return the cells of a person, which are texts, or numbers from an own field."""
        if self._merge:
            cells = mail_merge.row(self._columns, person)
        else:
            cells = [
                (cell(person, each) if person[each] or each == "birthday" else "")
                if each in _MADE
                else person[each]
                for each in self._columns
            ]
        own = [own_fields.cell(person["fields"][each.name]) for each in self.fields]
        extra = self._extra.row(person["id"]) if self._extra else []
        return [*cells, *own, *extra, *self._mark]


def users_csv(
    connection: sqlite3.Connection,
    stream: IO[bytes],
    wanted: Wanted = EVERYTHING,
    cards: IO[bytes] | None = None,
) -> None:
    """Write people as a CSV; to `cards` what `out.cards` writes but for photos and posts, for whoever wants
    both and need read people only once."""
    table = Table(connection, wanted)

    def rows() -> Iterator[list[Any]]:
        for person in people(connection, wanted):
            if cards:
                cards.write(writing.card(person))
            yield table.row(person)

    spreadsheet.write(
        stream, table.header, rows(), safe=wanted.safe, merge=wanted.merge, delimiter=wanted.delimiter
    )


def posts_csv(connection: sqlite3.Connection, stream: IO[bytes]) -> None:
    """Write all posts about living people as a spreadsheet-safe CSV."""
    spreadsheet.write(stream, POST_COLUMNS, map(all_stored, connection.execute(_POSTS)))


def _more(connection: sqlite3.Connection, some: list[int], wanted: Wanted) -> dict[int, dict[str, Any]]:
    listed = ", ".join(str(int(user_id)) for user_id in some)
    posts = beside.posts(connection, listed) if wanted.has("posts") else {}
    aliases = beside.aliases(connection, listed)
    return {each: {"posts": posts.get(each, []), "aliases": aliases.get(each, [])} for each in some}


def _leave_out(person: dict[str, Any], column: str) -> None:
    """Take from a person what is not wanted; what names them stays."""
    if column in person and column not in ("uid", "username"):
        person[column] = [] if isinstance(person[column], list) else None
    if column == "birthday":
        person["birthday_typed"] = None


_IDS = "SELECT id FROM users WHERE deleted_at IS NULL ORDER BY id"


def _slice(connection: sqlite3.Connection, ids: list[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    listed = ", ".join(str(int(user_id)) for user_id in ids)
    details = {name: _rows(connection, name, listed) for name in ROWS}
    more = belongings.of_people(connection, listed)
    tags: dict[int, list[str]] = {}
    for user_id, name in fetched(
        connection,
        "SELECT ut.user_id, t.name FROM user_tags ut JOIN tags t ON t.id = ut.tag_id"
        f" WHERE ut.user_id IN ({listed}) ORDER BY t.name_key, t.id",
    ):
        tags.setdefault(user_id, []).append(shown(name))
    columns = [
        column for column in (*USER_COLUMNS, "birthday_typed", "photo_hash") if column not in (*ROWS, "tags")
    ]
    rows = fetched(
        connection,
        f"SELECT id, {', '.join(columns)} FROM users WHERE id IN ({listed}) AND deleted_at IS NULL",
    )
    known: dict[int, dict[str, Any]] = {
        row[0]: dict(zip(columns, all_stored(row[1:]), strict=True)) for row in rows
    }
    for user_id in ids:
        if user_id in known:
            person = known[user_id]
            person |= {name: found.get(user_id, []) for name, found in details.items()}
            person["tags"], person["photo"] = tags.get(user_id, []), person.pop("photo_hash")
            person |= more.get(user_id, {})
            yield user_id, person | {"name": person["display_name"] or person["username"]}


def _rows(connection: sqlite3.Connection, name: str, listed: str) -> dict[int, list[Row]]:
    """Return the rows of a list of people by the id of each."""
    columns = lists.COLUMNS.get(name, ("label", "email"))
    found: dict[int, list[Row]] = {}
    for user_id, *values in fetched(
        connection,
        f"SELECT user_id, {', '.join(columns)} FROM {ROWS[name].__tablename__}"
        f" WHERE user_id IN ({listed}) ORDER BY id",
    ):
        found.setdefault(user_id, []).append(dict(zip(columns, all_stored(values), strict=True)))
    return found


_MADE = frozenset((*ROWS, "tags", "birthday"))  # all other cells are what the database has


def cell(person: dict[str, Any], column: str) -> Any:
    """Return the birthday, or a list that is not empty, as a cell that our own import takes apart again."""
    value = person[column]
    if column == "birthday":
        return _typed(person["birthday_typed"], value)
    if column == "tags":  # the mark behind a single one that would else be divided
        return " ::: ".join(value) if len(value) > 1 or not set(value[0]) & set(",;") else f"{value[0]} :::"
    if column == "dates":
        value = [{**row, "date": _typed(row["typed"], row["date"])} for row in value]
    return cells.write(column, value)


def _typed(typed: str | None, date: str | None) -> str | None:
    """Return what says a date to whoever reads it again: what was typed, if it is that date."""
    return typed if typed and (date is None or typed == date or dates.parse(typed) == date) else date
