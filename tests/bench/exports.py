"""Exports of everyone, held against writing the same rows, ready made, by the csv module."""

import csv
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.bench.measure import Row, against, alternated, seconds, timed
from webui.exchange import exporting, formats
from webui.exchange.out.wanted import EVERYTHING, Wanted
from webui.store.ledger import sqlite

ROUNDS = 3
# What a format may take beside the reading, times the csv module; None where no goal was set.
GOALS = {
    ".csv": ("a CSV, safe in a spreadsheet", 3),
    ".vcf": ("vCards 4.0, without posts", 3),
    ".xlsx": ("a workbook", 40),
    ".ldif": ("LDIF", None),
    ".json": ("JSON", None),
    ".sqlite": ("SQLite", None),
}


def measure(folder: Path, database: Path) -> list[Row]:
    """Return the rows of the table: the reading of everyone, and the writing of each format beside it."""
    with closing(sqlite.connect(database)) as connection:
        table = exporting.Table(connection, EVERYTHING)
        ready = [table.row(person) for person in exporting.people(connection)]
        limit, plain, whole, *took = alternated(
            ROUNDS,
            lambda: timed(lambda: _plain(folder / "plain.csv", table.header, ready)),
            lambda: timed(lambda: _read(connection, whole=False)),
            lambda: timed(lambda: _read(connection, whole=True)),
            *(_export(connection, folder / f"all{suffix}") for suffix in GOALS),
        )
    rows = [Row("Export: everyone read, with their posts", seconds(whole))]
    for (suffix, (name, goal)), each in zip(GOALS.items(), took, strict=True):
        read = plain if suffix in (".csv", ".ldif", ".vcf") else 0 if suffix == ".sqlite" else whole
        rows.append(
            against(f"Export to {name}: the writing", max(each - read, 0.0), limit, "csv.writer", goal)
        )
    return rows


def _plain(path: Path, header: tuple[str, ...], rows: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def _read(connection: sqlite3.Connection, *, whole: bool) -> None:
    for _person in exporting.people(connection, whole=whole):
        pass


def _export(connection: sqlite3.Connection, target: Path) -> Callable[[], float]:
    """Return an export to be timed; a row of a CSV has no posts, so cards have none here."""
    beside = frozenset({"photo", "relations"}) if target.suffix == ".vcf" else EVERYTHING.beside
    return lambda: timed(lambda: formats.export(connection, target, Wanted(beside=beside)))
