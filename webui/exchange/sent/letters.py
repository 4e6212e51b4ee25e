"""In which letters a sheet is that is back: a few words say too little of it, but what was sent is known."""

import codecs
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from itertools import islice

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.exchange import encodings, exporting
from webui.exchange.out.wanted import OF_ROSTER, Wanted
from webui.exchange.reading import kinds
from webui.exchange.sent import mark, then, whose
from webui.exchange.tables import Options, Table
from webui.store.errors import Refused
from webui.store.ledger import sqlite
from webui.store.ledger.operations import follow

_ROWS = 2_000  # that have letters beyond ASCII
_WORD = re.compile("[@-\U0010ffff]+")  # divided as `encodings.telling` divides bytes


def read(engine: Engine, sheet: Table, options: Options) -> Table:
    """Return a sheet that was sent from here, whose letters were guessed, read in those in which most of its
    words were words of the people in it; as it is where they were told or are sure, or no others say more."""
    if sheet.format != "csv" or options.encoding or encodings.is_sure(sheet.encoding):
        return sheet
    said = mark.read(sheet.header)
    assert said is not None
    with Session(engine) as session:
        follow(session)
    with closing(sqlite.scratch("")) as connection:  # a file that is gone once closed
        connection.execute("ATTACH ? AS live", (str(engine.url.database),))
        connection.execute("BEGIN")
        then.make(connection, said.operation)
        codec = _likeliest(connection, sheet)
    if codec == sheet.encoding:
        return sheet
    try:
        return kinds.look(sheet.source, replace(options, encoding=codec))
    except Refused:
        return sheet


def _likeliest(connection: sqlite3.Connection, sheet: Table) -> str:
    at = whose.uid_column(sheet.header)
    rows = list(islice((row for row in sheet.rows() if not row.raw.isascii()), _ROWS))
    said = Counter(word for row in rows for word in encodings.telling(row.raw))
    sent = _words(connection, (whose.uid_of(row, at) for row in rows))

    def known(codec: str) -> int:
        return sum(count for word, count in said.items() if codecs.decode(word, codec, "replace") in sent)

    narrow = [codec for codec in encodings.choices(sheet.encoding) if not encodings.is_wide(codec)]
    return max([sheet.encoding, *narrow], key=known)  # the first of those that say as much


def _words(connection: sqlite3.Connection, uids: Iterable[str]) -> set[str]:
    """Return the words with letters beyond ASCII of what was known of some people then."""
    asked = json.dumps(list(uids))
    query = "SELECT id FROM users WHERE deleted_at IS NULL AND uid IN (SELECT value FROM json_each(?))"
    ids = [row[0] for row in connection.execute(query, (asked,))]
    table = exporting.Table(connection, OF_ROSTER)
    cells = (
        str(cell)
        for person in exporting.people(connection, Wanted(ids=ids))
        for cell in table.row(person)
        if cell is not None
    )
    return {word for cell in cells for word in _WORD.findall(cell) if not word.isascii()}
