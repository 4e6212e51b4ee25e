"""The files under tests/files/csv, read by the real import; and the check itself can tell what is wrong."""

import json
import shutil
from pathlib import Path

import pytest

from tests import corpus

FILES = Path(__file__).parents[1] / "files" / "csv"


def test_our_files_are_read_right() -> None:
    outcomes = corpus.check(FILES)
    assert [(each.file, each.wrong) for each in outcomes] == [
        ("german-cp1252.csv", []),
        ("no-email.csv", []),
        ("title-google.csv", []),
    ]


def test_the_check_tells_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(FILES / "no-email.csv", tmp_path)
    wrong = {
        "records": 3,
        "delimiter": ";",
        "people": {"0": {"name": "Mara", "birthday": "1988-03-04"}, "9": {}},
    }
    (tmp_path / "expected.json").write_text(json.dumps({"files": {"no-email.csv": wrong}}))
    assert corpus.main([str(tmp_path)]) == 1
    table = capsys.readouterr().out
    for part in (
        "records is 2",
        "delimiter is ','",
        "name is 'Mara Ek'",
        "'1988-03-04' is not in",
        "person 9",
    ):
        assert part in table
    assert corpus.main([]) == 2
    assert corpus.main([str(FILES)]) == 0
