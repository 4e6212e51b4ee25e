"""People as a page in one file, to read and to print: it fetches nothing and runs nothing."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import IO, Any

from webui.exchange import exporting
from webui.exchange.held import document, person
from webui.exchange.held.document import apart, said
from webui.exchange.held.words import Words
from webui.exchange.out import definitions
from webui.exchange.out.wanted import EVERYTHING, Wanted
from webui.store.values import times
from webui.store.values.person import LISTS
from webui.store.values.pictures import SHOWN_TYPE

_STYLE = """
h1 + p { margin-bottom: 20px; }
article { border-top: 1px solid var(--line); padding-block: 12px 20px; overflow: hidden; }
article h2 { border: 0; margin: 0; padding: 0; }
article .photo { float: right; max-width: 96px; max-height: 96px; margin: 0 0 8px 16px; }
article > dl { margin-top: 6px; }
@media print { article:not(.long) { break-inside: avoid; } a { color: inherit; text-decoration: none; } }
"""
_ABOUT = (
    "username", "nickname", "phonetic", "organisation", "department", "job_title", "email"
)  # fmt: skip
_SHORT = 3  # posts; with more a person need not be on one sheet of paper


def write(connection: sqlite3.Connection, stream: IO[bytes], wanted: Wanted = EVERYTHING) -> None:
    """Write the page, in `wanted.words`."""
    words = wanted.words
    if words is None:
        raise ValueError("a page needs its words")
    title = definitions.title(connection) or words.word("people")
    stream.write(document.head(title, words.language, _STYLE).encode("utf-8", "replace"))
    count = words.word("people_of", count=exporting.count(connection, wanted), at=times.now())
    stream.write(f'<h1>{said(title)}</h1>\n<p class="soft">{said(count)}</p>\n'.encode("utf-8", "replace"))
    for each in exporting.people(connection, wanted, whole=True):
        for part in _article(connection, each, words, wanted):
            stream.write(part if isinstance(part, bytes) else part.encode("utf-8", "replace"))
    stream.write(document.TAIL.encode())


def _article(
    connection: sqlite3.Connection, each: dict[str, Any], words: Words, wanted: Wanted
) -> Iterator[str | bytes]:
    long = ' class="long"' if len(each["posts"]) > _SHORT else ""
    yield f"<article{long}>\n"
    if each["photo"]:
        yield from _photo(connection, each["photo"], words.word("photo_of", name=each["name"]))
    yield f"<h2>{apart(each['name'])}</h2>\n"
    yield document.facts(_facts(each, words, wanted))
    for post in each["posts"]:
        yield f"<h3>{said(words.date(post['date']))}: {apart(post['title'])}</h3>\n"
        yield document.text(post["body"]) if post["body"] else ""
        also = ", ".join(row["name"] for row in post["also_about"])
        told = [words.word("also", names=also)] if also else []
        told += [words.word("come_back", day=words.date(post["follow_up"]))] if post["follow_up"] else []
        told += [words.word("done", at=post["done_at"])] if post["done_at"] else []
        yield f'<p class="soft small">{said(" ".join(told))}</p>\n' if told else ""
    yield "</article>\n"


def _photo(connection: sqlite3.Connection, photo: str, alternative: str) -> Iterator[str | bytes]:
    query = "SELECT rowid FROM photos WHERE hash = ? AND typeof(shown) = 'blob'"
    if found := connection.execute(query, (photo,)).fetchone():
        data = document.embedded(connection, "photos", "shown", found[0])
        yield from document.image(data, SHOWN_TYPE, alternative)


def _facts(each: dict[str, Any], words: Words, wanted: Wanted) -> Iterator[tuple[str, str]]:
    """Yield what is known of a person, each with its word, as HTML."""
    for column in _ABOUT:
        if each[column] and wanted.has(column):
            is_mail = column == "email"
            yield (
                (each["email_label"] if is_mail else "") or words.value(column),
                document.mail(each[column]) if is_mail else apart(each[column]),
            )
    for name in LISTS:
        for row in each[name]:
            values = {column: value or "" for column, value in row.items()}
            yield values["label"] or words.value(name), person.detail(name, values, words)
    if birthday := each["birthday_typed"] or each["birthday"]:
        known = words.date(each["birthday"]) if each["birthday"] else birthday
        yield words.value("birthday"), person.both(known, birthday)
    for field, (kind, rows) in each["fields"].items():
        yield field, _own(kind, rows, words)
    yield words.word("tags"), ", ".join(map(apart, each["tags"]))
    for row in each.get("relations", ()):
        yield words.relation(row["kind"], row["label"]), apart(row["name"])
    if each["note"]:
        yield words.value("note"), f'<div class="text" dir="auto">{said(each["note"])}</div>'


def _own(kind: str, rows: Sequence[Any], words: Words) -> str:
    drawn = []
    for row in rows:
        text = words.own(kind, row.value, row.typed or "")
        link = {"link": row.value, "email": f"mailto:{row.value}"}.get(kind)
        drawn.append(document.link(link, text) if link else apart(text))
    return ", ".join(drawn)
