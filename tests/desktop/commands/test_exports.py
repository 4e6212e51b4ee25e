"""`export`, as a person or a script runs it."""

import json
from pathlib import Path

from tests.desktop.commands.conftest import Run


def test_exports_go_by_the_suffix(run: Run, people: Path, tmp_path: Path) -> None:
    assert run("export", tmp_path / "all.csv").out == f"2 people in {tmp_path / 'all.csv'}.\n"
    told = run("export", tmp_path / "m.vcf", "--query", "mara", "--json").json
    assert told == {"file": str(tmp_path / "m.vcf"), "people": 1}
    assert (tmp_path / "m.vcf").read_bytes().count(b"BEGIN:VCARD") == 1
    assert run("export", tmp_path / "all.json").code == 0
    assert len(json.loads((tmp_path / "all.json").read_text())) == 2
    assert run("import", tmp_path / "all.csv").out.startswith("0 added, 0 changed, 2 as they were")


def test_one_person_is_one(run: Run, people: Path, tmp_path: Path) -> None:
    assert run("export", tmp_path / "m.csv", "--query", "mara").out == f"1 person in {tmp_path / 'm.csv'}.\n"


def test_an_unknown_suffix_is_a_wrong_usage(run: Run, tmp_path: Path) -> None:
    for name in ("all.docx", "all"):
        ran = run("export", tmp_path / name)
        assert ran.code == 2
        assert "Known are: .csv, .json, .vcf." in ran.err
