"""Our own files, read by the real import; and the check itself can tell what is wrong."""

import json
import shutil
from pathlib import Path

import pytest

from tests import corpus

FILES = Path(__file__).parents[1] / "files" / "csv"
TRAPS = FILES.parent / "traps"  # what made other programs lose something, each in a small file


def test_our_files_are_read_right() -> None:
    outcomes = corpus.check(FILES)
    assert [(each.file, each.wrong) for each in outcomes] == [
        ("german-cp1252.csv", []),
        ("no-email.csv", []),
        ("title-google.csv", []),
        ("record-google.csv", []),
        ("record-outlook.csv", []),
        ("record-sheet.csv", []),
    ]


@pytest.fixture(scope="module")
def trapped() -> dict[str, list[str]]:
    return {each.file: each.wrong for each in corpus.check(TRAPS)}


@pytest.mark.parametrize(
    "name", sorted(path.name for path in TRAPS.iterdir() if path.name != "expected.json")
)
def test_what_trapped_others_is_read_right(trapped: dict[str, list[str]], name: str) -> None:
    assert trapped[name] == []


def test_the_check_tells_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(FILES / "no-email.csv", tmp_path)
    wrong = {
        "records": 3,
        "delimiter": ";",
        "must": ["ask once"],
        "people": {"0": {"name": "Mara", "birthday": "1988-03-04", "custom": {"x": "rowing"}}, "9": {}},
    }
    (tmp_path / "expected.json").write_text(json.dumps({"files": {"no-email.csv": wrong}}))
    assert corpus.main([str(tmp_path)]) == 1
    table = capsys.readouterr().out
    for part in (
        "records is 2",
        "delimiter is ','",
        "name is 'Mara Ek'",
        "birthday is '1987-03-04', not '1988-03-04'",
        "custom 'rowing' is not in",
        "person 9",
    ):
        assert part in table
    shutil.copy(FILES / "record-outlook.csv", tmp_path)
    (tmp_path / "expected.json").write_text(
        json.dumps({"files": {"record-outlook.csv": {"must": ["ask once"]}, "no-email.csv": {}}})
    )
    assert corpus.main([str(tmp_path)]) == 1
    table = capsys.readouterr().out
    assert "nothing was asked" in table
    assert "the rows do not say which" in table
    assert corpus.main([]) == 2
    assert corpus.main([str(FILES)]) == 0
