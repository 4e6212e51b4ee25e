"""`import` and `export`, as a person or a script runs them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from desktop.commands import cli

Run = Callable[..., Result]
TWO = "First Name,Last Name,E-mail,Birthday\nMara,Ek,m@x.example,03/04/1987\nNoor,Haddad,n@x.example,\n"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def running(*arguments: str | Path, code: int = 0) -> Result:
        command = ["--data", str(tmp_path / "data"), *map(str, arguments)]
        done = CliRunner().invoke(cli, command, standalone_mode=False)
        got = getattr(done.exception, "exit_code", 1) if done.exception else done.return_value or 0
        assert got == code, (done.output, done.exception)
        return done

    return running


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    def written(content: str) -> Path:
        path = tmp_path / "people.csv"
        path.write_text(content, encoding="utf-8")
        return path

    return written


def message(done: Result) -> str:
    return str(getattr(done.exception, "message", ""))


def test_people_come_in_and_a_second_time_nothing_changes(run: Run, file: Callable[[str], Path]) -> None:
    assert run("import", file(TWO)).output.splitlines() == [
        "2 added, 0 changed, 0 as they were, 0 refused.",
        "Kept with each person as it is: Birthday.",
    ]
    before = run("digest").output
    told = json.loads(run("import", file(TWO), "--json").output)
    assert (told["added"], told["same"], told["operation"]) == (0, 2, None)
    assert run("digest").output == before
    assert "Undone: Import people.csv" in run("undo").output
    assert run("users").output == ""


def test_a_dry_run_changes_nothing(run: Run, file: Callable[[str], Path]) -> None:
    before = run("digest").output
    assert run("import", file(TWO), "--dry-run").output.startswith(
        "Nothing was changed. It would be: 2 added"
    )
    assert run("digest").output == before


def test_people_without_an_email_are_a_question_that_an_option_answers(
    run: Run, file: Callable[[str], Path]
) -> None:
    path = file("Name\nKim\nLou\n")
    done = run("import", path, code=4)
    assert message(done).startswith("2 people in the file have no e-mail")
    assert "--allow-missing-email" in message(done)
    assert run("users").output == ""
    assert run("import", path, "--allow-missing-email").output.startswith("2 added")


def test_refused_rows_are_exit_code_three_and_a_file(
    run: Run, file: Callable[[str], Path], tmp_path: Path
) -> None:
    out = tmp_path / "refused.csv"
    done = run("import", file(TWO + ",,,01/01/1970\n"), "--rejects", out, code=3)
    assert "Line 4: No name, no e-mail, no phone and no organisation" in done.output
    mended = out.read_text().replace(",,,01/01/1970", "Jonas,,j@x.example,01/01/1970")
    assert run("import", file(mended)).output.startswith("1 added, 0 changed, 0 as they were, 0 refused.")
    told = json.loads(run("import", file(TWO + ",,,x\n"), "--json", code=3).output)
    assert told["rejected"] == [{"line": 4, "reason": done.output.split("Line 4: ")[1].rstrip(".\n")}]
    assert "can't be written" in message(
        run("import", file(TWO), "--rejects", tmp_path / "no" / "r.csv", code=1)
    )


def test_a_namesake_of_an_email_is_a_second_person_and_said(run: Run, file: Callable[[str], Path]) -> None:
    run("import", file(TWO))
    done = run("import", file("First Name,E-mail\nBo,m@x.example\n"), "--allow-missing-email")
    assert "1 rows have an e-mail of someone with another first name" in done.output


def test_the_order_of_dates_is_kept_with_the_rows(
    run: Run, file: Callable[[str], Path], tmp_path: Path
) -> None:
    from webui.store.ledger import sqlite

    run("import", file(TWO), "--dates", "month")
    connection = sqlite.connect(tmp_path / "data" / "roster.db")
    (options,) = connection.execute("SELECT options FROM source_files").fetchone()
    connection.close()
    assert json.loads(options)["dates"] == "month"
    assert run("import", file(TWO), "--dates", "year", code=2).exception


@pytest.mark.parametrize("content", ["", "a\0\0\0b\n" * 40])
def test_what_is_no_csv_file_is_one_clear_line(run: Run, file: Callable[[str], Path], content: str) -> None:
    assert message(run("import", file(content), code=1)).count("\n") == 0


def test_nothing_is_left_in_the_scratch_folder(run: Run, file: Callable[[str], Path], tmp_path: Path) -> None:
    run("import", file(TWO))
    assert list((tmp_path / "data" / "scratch").iterdir()) == []


def test_exports_go_by_the_suffix(run: Run, file: Callable[[str], Path], tmp_path: Path) -> None:
    run("import", file(TWO))
    assert run("export", tmp_path / "all.csv").output == f"2 people in {tmp_path / 'all.csv'}.\n"
    told = json.loads(run("export", tmp_path / "m.vcf", "--query", "mara", "--json").output)
    assert told["people"] == 1
    assert (tmp_path / "m.vcf").read_bytes().count(b"BEGIN:VCARD") == 1
    run("export", tmp_path / "all.json")
    assert len(json.loads((tmp_path / "all.json").read_text())) == 2
    assert message(run("export", tmp_path / "all.docx", code=1)) == (
        "There is no format .docx. Known are: .csv, .json, .vcf."
    )
    assert run("import", tmp_path / "all.csv").output.startswith("0 added, 0 changed, 2 as they were")


def test_the_refused_rows_never_replace_the_file_itself(tmp_path: Path) -> None:
    source = tmp_path / "people.csv"
    source.write_text("First Name,E-mail\nMara,mara@post.example\n,\n")
    before = source.read_bytes()
    arguments = ["--data", str(tmp_path / "d"), "import", str(source), "--rejects", str(source)]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 1
    assert source.read_bytes() == before
