"""Sheets that went out and come back: a CSV at someone else's, sent and compared in a line."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.exchange import formats, importing
from webui.exchange.out.wanted import Wanted
from webui.exchange.reading import kinds
from webui.exchange.sent import comparing
from webui.exchange.sent.comparison import Comparison
from webui.store import users
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation

ANNA = {
    "username": "anna", "email": "anna@x.example", "given": "Anna", "family": "Berg",
    "birthday": "3 April 1987", "phones": [{"label": "Home", "phone": "+46 46 12 34 56"}],
    "tags": ["Choir", "Board"], "note": "one\ntwo",
}  # fmt: skip
NOOR = {"username": "noor", "email": "noor@x.example", "given": "Noor", "family": "Haddad"}


@dataclass
class Sheet:
    """A sheet at someone else's: its cells by row, and who it came from."""

    header: list[str]
    rows: list[list[str]]

    def put(self, row: int, column: str, value: str) -> None:
        self.rows[row][self.header.index(column)] = value

    def of(self, row: int, column: str) -> str:
        return self.rows[row][self.header.index(column)]


@pytest.fixture
def person(session: Session) -> Callable[..., int]:
    """Return a function that changes or adds someone."""

    def write(form: dict[str, Any], user_id: int | None = None) -> int:
        with operation(session):
            found = users.change(session, user_id, form) if user_id else users.add(session, form)
        return found.id

    return write


@pytest.fixture
def two(person: Callable[..., int]) -> tuple[int, int]:
    return person(ANNA), person(NOOR)


@pytest.fixture
def send(database: Path) -> Callable[..., Sheet]:
    """Return a function that sends people as a CSV."""

    def sent(**wanted: Any) -> Sheet:
        connection, stream = sqlite.connect(database), io.BytesIO()
        formats.write(connection, stream, formats.FORMATS[0], Wanted(comes_back=True, **wanted))
        connection.close()
        header, *rows = csv.reader(io.StringIO(stream.getvalue().decode("utf-8-sig"), newline=""))
        return Sheet(header, rows)

    return sent


@pytest.fixture
def back(engine: Engine, tmp_path: Path) -> Callable[..., Comparison]:
    """Return a function that compares a sheet that came back."""
    made: list[Comparison] = []

    def compared(sheet: Sheet, delimiter: str = ",") -> Comparison:
        path = tmp_path / "back.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows([sheet.header, *sheet.rows])
        found = kinds.look(path)
        assert comparing.recognised(engine, found) == (True, None)
        scratch = tmp_path / f"sent-{len(made)}.sqlite"
        made.append(comparing.compare(engine, scratch, found, name="back.csv", step=importing.no_step))
        return made[-1]

    yield compared  # type: ignore[misc]
    for each in made:
        each.close()


def seen(comparison: Comparison) -> list[tuple[str, str, str, str, str]]:
    return [
        (edit.field, edit.sent, edit.theirs, edit.mine, edit.state)
        for row in comparison.page()
        for edit in row.edits
    ]
