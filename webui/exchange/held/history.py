"""What was changed of the person on the page of all that is held, and when; what was there before, too."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

from webui.exchange.held.document import apart, change, said
from webui.exchange.held.words import Words
from webui.store import traces
from webui.store.changes import Line
from webui.store.ledger import horizon


def parts(connection: sqlite3.Connection, user_id: int, words: Words) -> Iterator[str]:
    """Yield each operation that touched a person, newest first, with every value before and after."""
    yield f"<h2>{said(words.word('history'))}</h2>\n<ol>\n"
    for trace in traces.of_user(connection, user_id):
        lines = "".join(f"<p>{_line(line, words)}</p>\n" for line in trace.lines)
        yield (
            f'<li>{apart(words.done(trace.done, trace.how))} <span class="soft small">'
            f'{said(words.moment(trace.at))}</span>\n<div class="lines">{lines}</div></li>\n'
        )
    yield "</ol>\n"
    if begins := horizon.begin(connection)[1]:
        yield f'<p class="soft">{said(words.word("horizon", at=begins))}</p>\n'


def _line(line: Line, words: Words) -> str:
    if line.field == "trash":
        return said(words.word("to_trash" if line.now else "from_trash"))
    if line.field == "photo":
        both = bool(line.was and line.now)
        return said(words.word("photo_changed" if both else "photo_added" if line.now else "photo_removed"))
    if line.field == "relations" and (kind := words.relation(line.label, "")):
        return f"{said(words.value(line.field))} {change(line.was, line.now)} {apart(f'({kind})')}"
    if line.field in ("birthday", "dates"):
        line = replace(line, was=words.date(line.was), now=words.date(line.now))
    return f"{apart(line.label or words.value(line.field))} {change(line.was, line.now)}"
