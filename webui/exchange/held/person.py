"""The person on the page of all that is held: what is known of them, and whom they know."""

import sqlite3
from collections.abc import Iterator
from typing import Any

from webui.exchange import lists
from webui.exchange.held import document
from webui.exchange.held.document import apart, said
from webui.exchange.held.words import Words
from webui.store import errors
from webui.store.records import ROWS
from webui.store.relations import BACK, OWN
from webui.store.values import dates, person, phones
from webui.store.values.text import all_stored, shown

Row = dict[str, Any]
_COLUMNS = (
    *person.FIELDS, "uid", "birthday_typed", "photo_hash", "created_at", "updated_at", "deleted_at"
)  # fmt: skip
_ABOUT = (
    "prefix", "given", "additional", "family", "suffix", "nickname", "phonetic", "display_name",
    "organisation", "department", "job_title",
)  # fmt: skip


def find(connection: sqlite3.Connection, user_id: int) -> Row:
    """Return the row of a person, in the trash or not. Raises NotFound."""
    row = connection.execute(f"SELECT {', '.join(_COLUMNS)} FROM users WHERE id = ?", (user_id,)).fetchone()
    if row is None:
        raise errors.NotFound("users", user_id)
    return dict(zip(_COLUMNS, all_stored(row), strict=True))


def facts(connection: sqlite3.Connection, user_id: int, who: Row, words: Words) -> Iterator[tuple[str, str]]:
    """Yield what is known of a person: each with its word, as HTML."""
    yield words.value("username"), apart(who["username"])
    for each in _ABOUT:
        yield words.value(each), apart(who[each]) if who[each] else ""
    yield who["email_label"] or words.value("email"), document.mail(who["email"]) if who["email"] else ""
    for name, model in ROWS.items():
        columns = lists.COLUMNS.get(name, ("label", "email"))
        rows = connection.execute(
            f"SELECT {', '.join(columns)} FROM {model.__tablename__} WHERE user_id = ? ORDER BY id",
            (user_id,),
        ).fetchall()
        for row in rows:
            values = dict(zip(columns, map(shown, row), strict=True))
            yield values["label"] or words.value(name), detail(name, values, words)
    birthday = who["birthday_typed"] or who["birthday"]
    known = words.date(who["birthday"]) if who["birthday"] else birthday
    yield words.value("birthday"), both(known, birthday) if birthday else ""
    yield from _own(connection, user_id, words)
    tags = connection.execute(
        "SELECT t.name FROM user_tags ut JOIN tags t ON t.id = ut.tag_id WHERE ut.user_id = ?"
        " ORDER BY t.name",
        (user_id,),
    ).fetchall()
    yield words.word("tags"), ", ".join(apart(row[0]) for row in tags)
    yield (
        words.value("note"),
        f'<div class="text" dir="auto">{said(who["note"])}</div>' if who["note"] else "",
    )
    for column in ("created_at", "updated_at"):
        yield words.word(column), said(words.moment(who[column])) if who[column] else ""
    uids = connection.execute("SELECT uid FROM uid_aliases WHERE user_id = ? ORDER BY id", (user_id,))
    yield words.word("uid"), ", ".join(apart(uid) for uid in (who["uid"], *(row[0] for row in uids)))


def both(known: str, typed: str) -> str:
    """Return a date, with what was typed where that says it otherwise."""
    same = known == typed or dates.parse(typed) == typed
    return apart(known) if same else f'{apart(known)} <span class="soft">{apart(f"“{typed}”")}</span>'


def detail(name: str, row: dict[str, str], words: Words) -> str:
    """Return a row of a list as HTML, with the way there where it is one."""
    if name == "emails":
        return document.mail(row["email"])
    if name == "phones":
        number = phones.link(row["phone"])
        return document.link(f"tel:{number}", row["phone"]) if number else apart(row["phone"])
    if name == "links":
        return document.link(row["url"], row["url"])
    if name == "dates":
        return both(words.date(row["date"]) if row["date"] else row["typed"], row["typed"] or row["date"])
    return "<br>".join(apart(row[each]) for each in person.LISTS[name] if row[each])


def _own(connection: sqlite3.Connection, user_id: int, words: Words) -> Iterator[tuple[str, str]]:
    """Yield what stands in own fields, those in the trash too."""
    for name, kind, gone, value, typed in connection.execute(
        "SELECT f.name, f.kind, f.deleted_at, v.value, v.typed FROM field_values v"
        " JOIN fields f ON f.id = v.field_id WHERE v.user_id = ? ORDER BY f.position, f.id, v.id",
        (user_id,),
    ).fetchall():
        kind, value, typed = shown(kind), shown(value), shown(typed)
        label = words.word("field_in_trash", name=shown(name)) if gone else shown(name)
        text = words.own(kind, value, typed)
        if kind == "link":
            yield label, document.link(value, text)
        elif kind == "email":
            yield label, document.mail(value)
        else:
            yield label, document.text(text)


def relations(connection: sqlite3.Connection, user_id: int, words: Words) -> Iterator[tuple[str, str]]:
    """Yield what others are to the person and to whom, from both sides of what was said."""
    for mine, theirs in (("user_id", "other_id"), ("other_id", "user_id")):
        for *texts, gone in connection.execute(
            "SELECT r.kind, r.label, r.back_label, coalesce(nullif(o.display_name, ''), o.username),"
            f" o.deleted_at FROM relations r JOIN users o ON o.id = r.{theirs} WHERE r.{mine} = ?"
            " ORDER BY r.id",
            (user_id,),
        ).fetchall():
            kind, label, back, name = map(shown, texts)
            if kind not in BACK:  # another program wrote it
                kind, label = OWN, label or kind
            if mine == "other_id":
                kind, label = BACK[kind], back or label
            trashed = f' <span class="soft">{said(words.word("in_trash"))}</span>' if gone else ""
            yield words.relation(kind, label), apart(name) + trashed
