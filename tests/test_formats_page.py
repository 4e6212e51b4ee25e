"""docs/formats.md names all that is in the files it describes."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from tests.exchange.out.conftest import files, roster
from webui.exchange import formats

__all__ = ["files", "roster"]  # fixtures
PAGE = Path(__file__).parents[1] / "docs" / "formats.md"


@pytest.fixture(scope="module")
def parts() -> dict[str, set[str]]:
    """The words in code of each part of the page, by its title."""
    said = re.split(r"\n## ", PAGE.read_text("utf-8"))
    return {
        each.partition("\n")[0]: set(re.findall(r"[\w.-]+", " ".join(re.findall(r"`([^`]+)`", each))))
        for each in said
    }


def test_each_kind_of_file_is_there(parts: dict[str, set[str]]) -> None:
    first = parts["# What people go out as"]
    assert {suffix for each in formats.FORMATS for suffix in each.suffixes} <= first


def test_each_key_of_json_is_there(parts: dict[str, set[str]], files: Path) -> None:
    def keys(value: object) -> set[str]:
        if isinstance(value, list):
            return set().union(*map(keys, value))
        if not isinstance(value, dict):
            return set()
        below = [each for name, each in value.items() if name not in ("settings", "typed")]
        return set(value).union(*map(keys, below))

    file = json.loads((files / "all.json").read_text("utf-8"))
    for person in file["people"]:
        person["fields"] = person["typed"] = None
    file["settings"] = None
    assert keys(file) - parts["JSON"] == set()


def test_each_table_and_property_and_sheet_is_there(parts: dict[str, set[str]], files: Path) -> None:
    with closing(sqlite3.connect(files / "all.sqlite")) as opened:
        names = {row[0] for row in opened.execute("SELECT name FROM sqlite_master WHERE type <> 'index'")}
    assert names - parts["SQLite"] == set()
    unfolded = (files / "all.vcf").read_bytes().replace(b"\r\n ", b"").decode()
    names = set(re.findall(r"(?m)(?:^|;)(?:item\d\.)?(X-[A-Z-]+)[;:=]", re.sub(r'"[^"]*"', "", unfolded)))
    assert {"X-ROSTER-POST", "X-ROSTER-LABEL"} < names
    assert {name for name in names if name.startswith("X-ROSTER")} - parts["vCard 4.0"] == set()
    book = openpyxl.load_workbook(files / "all.xlsx", read_only=True)
    said = PAGE.read_text("utf-8")
    assert [name for name in book.sheetnames if f"*{name}*" not in said] == []
    book.close()
