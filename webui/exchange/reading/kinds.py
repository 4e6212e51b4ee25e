"""Which kind of file this is, by what stands in it and never by its name, and who reads it."""

import io
import re
from pathlib import Path

from webui.exchange import csv_file, encodings, limits, sealed, tables
from webui.exchange.ours import database
from webui.exchange.reading import card_files, cards, json_list, ldif, monica, sqlite_table, unzipped
from webui.exchange.tables import Options, opened
from webui.store.errors import Message, Refused
from webui.store.ledger import sqlite

_START = 64 * 1024  # bytes by which a kind is told
_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
_CARD = re.compile(r"(\x1cfile:[^\r\n]*)?\s*BEGIN\s*:\s*VCARD", re.I)
_LDIF = re.compile(r"(#[^\n]*\n( [^\n]*\n)*|\s*\n)*(version: *\d+\s|dn::? )", re.I)
_JSON = re.compile(r"\s*(\[\s*[\[{\]\"]|\{\s*[\"}])")
# Only what is short stands before it; a list of people may have such a name as well.
_MONICA = re.compile(r'\s*\{(\s*"\w*"\s*:\s*("[^"]*"|[\w.+-]*)\s*,)*\s*"account"\s*:')


def look(source: Path | bytes, options: Options | None = None) -> tables.Table:
    """Return a file as it was found. Raises Refused for what nobody can read."""
    options = options or Options()
    found = _look(source, options)
    if not found.tables:
        _refuse_table(options)
    return found


def is_cards(source: Path | bytes) -> bool:
    """Tell by its start whether a file is one of cards; `look` goes through all of them. Raises OSError."""
    with opened(source) as file:
        return bool(_CARD.match(_text(file.read(_START))))


def _look(source: Path | bytes, options: Options) -> tables.Table:
    limits.check_size(tables.size_of(source))
    with opened(source) as file:
        start = file.read(_START)
        if start.startswith(_ZIP):
            return _zipped(source, options)
    if start.startswith(_OLE):
        from webui.exchange.reading import workbook

        return workbook.read(source, options, zipped=False)
    if start.startswith(sqlite.MAGIC):
        if not isinstance(source, Path):
            raise Refused(Message("import.broken"))
        if options.table is None and database.is_one(source):
            raise Refused(Message("import.database"))
        return sqlite_table.read(source, options)
    if start.startswith(sealed.MAGIC):
        raise Refused(Message("import.locked_backup"))
    _refuse_table(options)  # before anything else is wrong with such a file
    text = _text(start)
    if _CARD.match(text):
        return cards.read(source, options)
    if _LDIF.match(text):
        return ldif.read(source, options)
    if _JSON.match(text):
        reads = monica.read if _MONICA.match(text) else json_list.read
        return reads(source, options)
    return csv_file.read(source, options)


def _refuse_table(options: Options) -> None:
    if options.table:
        raise Refused(Message("import.no_tables", {"table": options.table}))


def _zipped(source: Path | bytes, options: Options) -> tables.Table:
    from webui.exchange.reading import opendocument, workbook  # what they need takes time to load

    with opened(source) as file:
        names = {each.filename for each in unzipped.members(file)}
    if "xl/workbook.xml" in names:
        return workbook.read(source, options, zipped=True)
    if {"content.xml", "mimetype"} <= names:
        return opendocument.read(source, options)
    if {"manifest.json", "data.sqlite"} <= names:
        raise Refused(Message("import.backup"))
    if any(name.casefold().endswith(card_files.SUFFIXES) for name in names):
        return cards.read(source, options)
    raise Refused(Message("import.unknown_zip"))


def _text(start: bytes) -> str:
    codec, mark = encodings.find(io.BytesIO(start[:4096]))
    return start[len(mark) :].decode(codec, "replace")
