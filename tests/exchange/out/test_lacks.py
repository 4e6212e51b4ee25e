"""What a kind of file says it has no place for is what it writes nothing of."""

import io
import sqlite3
import zipfile

import pytest

from tests.exchange.out.conftest import Plain
from webui.exchange import formats
from webui.exchange.formats import Format
from webui.exchange.out import choice
from webui.exchange.out.wanted import OWN, Wanted

NAMES = {"uid", "display_name"}  # who it is goes out in any case


@pytest.mark.parametrize("format_", [each for each in formats.FORMATS if not each.is_whole])
def test_what_a_file_lacks_changes_nothing_in_it(connection: sqlite3.Connection, format_: Format) -> None:
    alone = _written(connection, format_, ["username"])
    for column in choice.every(connection):
        kind = OWN if column.startswith(OWN) else column
        if kind not in {*NAMES, "username", "kept"}:  # nobody here came with a file
            same = _written(connection, format_, ["username", column]) == alone
            assert same == (kind in format_.lacks), column


def _written(connection: sqlite3.Connection, format_: Format, columns: list[str]) -> dict[str, bytes]:
    stream = io.BytesIO()
    wanted = choice.only(Wanted(words=Plain()), columns, connection)
    formats.write(connection, stream, format_, wanted)
    if not zipfile.is_zipfile(stream):
        return {"": stream.getvalue()}
    with zipfile.ZipFile(stream) as members:  # but for docProps, which say when a workbook was written
        return {name: members.read(name) for name in members.namelist() if not name.startswith("docProps")}
