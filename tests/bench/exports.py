"""Exports: the writers alone, held against the csv module with the same people; whole ones of everyone."""

import csv
import io
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.bench.measure import Row, against, alternated, timed
from webui.exchange import exporting, formats, spreadsheet
from webui.exchange.out.sheets import Sheets
from webui.exchange.out.wanted import EVERYTHING, Wanted
from webui.exchange.vcard import writing
from webui.store.ledger import sqlite

ROUNDS = 5
SAMPLE = 10_000  # people that lie ready in memory
WHOLE = {
    ".csv": "a CSV", ".vcf": "vCards 4.0, with posts", ".xlsx": "a workbook, with posts", ".ldif": "LDIF",
    ".json": "JSON", ".sqlite": "SQLite",
}  # fmt: skip


def measure(folder: Path, database: Path) -> list[Row]:
    """Return the rows of the table."""
    with closing(sqlite.connect(database)) as connection:
        ids = exporting.ids(connection, EVERYTHING)
        table = exporting.Table(connection, EVERYTHING)
        people = list(exporting.people(connection, Wanted(ids=ids[:SAMPLE])))
        rows = _alone(table, people)
        del people
        read, *took = alternated(
            1,
            lambda: timed(lambda: [None for _each in exporting.people(connection, whole=True)]),
            *(_whole(connection, folder / f"all{suffix}") for suffix in WHOLE),
        )
    name = "reading everyone and their posts"
    return rows + [
        against(f"Export of everyone as {kind}", each, read, name)
        for kind, each in zip(WHOLE.values(), took, strict=True)
    ]


def _alone(table: exporting.Table, people: list[dict[str, Any]]) -> list[Row]:
    """Return the writers beside the csv module, which has the same cells; nothing is read here."""
    rows = [table.row(person) for person in people]
    limit, safe, cards, book = alternated(
        ROUNDS,
        lambda: timed(lambda: _plain(rows)),
        lambda: timed(lambda: spreadsheet.write(io.BytesIO(), table.header, [list(row) for row in rows])),
        lambda: timed(lambda: [writing.card(person) for person in people]),
        lambda: timed(lambda: _book(table, rows)),
    )
    of = f"csv.writer, {len(rows):,} people"
    return [
        against("Export: a CSV that is safe in a spreadsheet", safe, limit, of, 3),
        against("Export: vCards 4.0", cards, limit, of, 3),
        against("Export: a workbook", book, limit, of, 40),
    ]


def _plain(rows: list[list[Any]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    stream.getvalue().encode()


def _book(table: exporting.Table, rows: list[list[Any]]) -> None:
    with Sheets(io.BytesIO()) as sheets:
        sheet = sheets.add("People", table.header)
        for row in rows:
            sheet.append(row[0], row)


def _whole(connection: Any, target: Path) -> Callable[[], float]:
    return lambda: timed(lambda: formats.export(connection, target))
