"""`import` of a changed file: what is done to who is here already."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.folders import Folders
from tests.desktop.commands.conftest import Run
from webui.exchange import importing
from webui.exchange.rules import Rules
from webui.store import fields
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation
from webui.store.models import SourceFile

CSV = "Name,E-mail,Phone,Note\nMara Ek,m@x.example,{},{}\n"
CARD = "BEGIN:VCARD\nVERSION:3.0\nUID:1\nFN:Mara Ek\nEMAIL:m@x.example\nTEL:{}\nNOTE:{}\nEND:VCARD\n"
LDIF = "dn: cn=Mara\ncn: Mara Ek\nmail: m@x.example\nmobile: {}\ndescription: {}\n"
JSON = '[{{"name": "Mara Ek", "email": "m@x.example", "phone": "{}", "note": "{}"}}]'
KINDS = {"csv": CSV, "vcf": CARD, "ldif": LDIF, "json": JSON}
SWAPPED = str.maketrans("0123456789abcdef", "fedcba9876543210")
NAMES = {"csv": "Phone", "vcf": "TEL", "ldif": "mobile number", "json": "phone"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("options", "changed"),
    [
        ([], {"phone", "note"}),
        (["--existing", "file"], {"phone", "note"}),
        (["--existing", "mine"], set()),
        (["--existing", "fill"], set()),
        (["--existing", "mine", "--existing", "{name}=file"], {"phone"}),
        (["--existing", "{name}=mine"], {"note"}),
    ],
)
def test_every_kind_of_file_takes_the_choice(
    run: Run, tmp_path: Path, kind: str, options: list[str], changed: set[str]
) -> None:
    file = tmp_path / f"people.{kind}"
    file.write_text(KINDS[kind].format("+46 1", "old"))
    assert run("import", file).code == 0
    file.write_text(KINDS[kind].format("+46 2", "new"))
    told = run("import", file, *(each.format(name=NAMES[kind]) for each in options))
    assert (told.code, told.err) == (0, "")
    run("export", tmp_path / "out.csv", "--columns", "phones,note", "--raw", "--replace")
    row = (tmp_path / "out.csv").read_text().splitlines()[1]
    assert ("+46 2" in row, "new" in row) == ("phone" in changed, "note" in changed)
    assert ("+46 1" in row) != ("phone" in changed)


def test_an_empty_cell_clears_where_that_is_said(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(CSV.format("+46 1", "old"))
    run("import", file)
    file.write_text(CSV.format("", ""))
    assert "0 changed" in run("import", file).out
    assert "1 changed" in run("import", file, "--empty-clears").out


@pytest.mark.parametrize("told", ["theirs", "Fone=file", "Phone=theirs", "=file"])
def test_a_choice_that_there_is_not_is_a_wrong_usage(run: Run, tmp_path: Path, told: str) -> None:
    file = tmp_path / "people.csv"
    file.write_text(CSV.format("+46 1", "old"))
    answer = run("import", file, "--existing", told)
    assert (answer.code, "--existing" in answer.err) == (2, True)
    assert run("users").out == ""


def test_what_roster_wrote_comes_back_as_it_was(run: Run, people: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.json"
    run("export", file)
    answer = run("import", file, "--existing", "mine")
    assert (answer.code, "comes back as it was" in answer.err) == (2, True)


def test_people_are_known_by_what_the_window_knew_them_by(run: Run, folders: Folders, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(CSV.format("+46 8 123 456", "old"))
    engine = sqlite.engine(folders.database)
    with importing.plan(engine, file, tmp_path / "plan", how=Rules(key="phone")) as plan:
        importing.apply(engine, plan)
    engine.dispose()
    file.write_text(CSV.format("+46 8 123 456", "new").replace("m@x", "mara@y"))
    assert "0 added, 1 changed" in run("import", file, "--dry-run").out
    for _time in range(2):  # as last time is also as this time
        assert "Known by Phone, then by e-mail." in run("import", file).out
        assert run("import", file, "--dry-run", "--json").json["known_by"] == "Phone"
    other = tmp_path / "other.csv"
    other.write_text(CSV.format("+46 8 123 456", "new").replace("Note", "Remark").replace("m@x", "k@y"))
    told = run("import", other, "--dry-run")
    assert ("1 added" in told.out, "Known by" in told.out) == (True, False)


def test_an_email_that_two_share_is_said_to_be_shared(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Name,E-mail\nAda Ek,h@x.example\nBo Ek,h@x.example\n")
    ran = run("import", path)
    assert ran.code == 4
    assert "Nothing was imported. The e-mail of 1 person is another’s main one." in ran.err


def test_people_are_known_by_the_column_that_is_told(run: Run, folders: Folders, tmp_path: Path) -> None:
    engine = sqlite.engine(folders.database)
    with Session(engine) as session, operation(session):
        fields.add(session, {"name": "Member no", "kind": "text"})
    engine.dispose()
    file = tmp_path / "members.csv"
    file.write_text("Name,E-mail,Member no\nEva Ek,eva@x.example,004\nUli Ek,uli@x.example,005\n")
    assert "2 added" in run("import", file).out
    file.write_text("Name,E-mail,Member no\nEva Berg,berg@y.example,004\nUli Ek,uli@x.example,005\n")
    told = run("import", file, "--known-by", "member no", "--existing", "fill", "--existing", "name=file")
    assert "0 added, 1 changed, 1 as they were" in told.out
    assert "Known by Member no, then by e-mail." in told.out
    assert "Eva Berg" in run("users").out
    for column, why in (("Name", "People can't be known by Name"), ("Number", "There is no Number")):
        told = run("import", file, "--known-by", column)
        assert (told.code, why in told.err, "--known-by" in told.err) == (2, True, True)
    run("export", tmp_path / "all.json")
    told = run("import", tmp_path / "all.json", "--known-by", "phone")
    assert (told.code, "comes back as it was" in told.err) == (2, True)


def test_a_row_that_says_only_its_number_is_who_has_it(run: Run, folders: Folders, tmp_path: Path) -> None:
    engine = sqlite.engine(folders.database)
    with Session(engine) as session, operation(session):
        for name in ("Member no", "Key no"):
            fields.add(session, {"name": name, "kind": "text", "no_two_alike": "1"})
    engine.dispose()
    file = tmp_path / "members.csv"
    file.write_text("Name,E-mail,Member no\nEva Ek,eva@x.example,004\nUli Ek,uli@x.example,005\n")
    assert "2 added" in run("import", file).out
    file = tmp_path / "cities.csv"
    file.write_text("Member no,City,Tags\n004,Lund,Choir\n006,Oslo,\n,Rome,\n", encoding="utf-8")
    rejects = tmp_path / "rejects.csv"
    told = run("import", file, "--rejects", rejects)
    assert "Known by Member no, then by e-mail." in told.out
    assert told.out.startswith("0 added, 1 changed, 0 as they were, 2 refused.")
    assert "Line 3: Nobody here has “006” as Member no, and nothing else says who this is" in told.out
    assert "Line 4: No name, no username" in told.out
    assert "006,Oslo" in rejects.read_text()
    [eva] = json.loads(run("users", "--query", "city:lund tag:choir", "--json").out)
    assert (eva["name"], eva["username"], eva["email"]) == ("Eva Ek", "eva.ek", "eva@x.example")
    assert "0 added, 0 changed, 1 as they were, 2 refused" in run("import", file).out
    # Once somebody has the number, the refused row is theirs.
    file.write_text("Name,Member no\nOla,006\n")
    assert "1 added" in run("import", file, "--allow-missing-email").out
    assert "0 added, 1 changed" in run("import", rejects).out
    # Of two numbers none is chosen unasked.
    file.write_text("Key no,Member no,City\n7,004,Rome\n")
    assert "0 changed, 0 as they were, 1 refused" in run("import", file).out
    assert "0 added, 1 changed" in run("import", file, "--known-by", "member no").out


def test_a_field_in_which_two_may_be_alike_is_no_key_unless_it_is_said(
    run: Run, folders: Folders, tmp_path: Path
) -> None:
    engine = sqlite.engine(folders.database)
    with Session(engine) as session, operation(session):
        fee = fields.add(session, {"name": "Fee", "kind": "number"}).uid
        fields.add(session, {"name": "Member no", "kind": "number", "no_two_alike": "1"})
    engine.dispose()
    file = tmp_path / "members.csv"
    file.write_text("Name,E-mail,Fee,Member no\nEva Ek,e@x.example,10,1\nUli Ek,u@x.example,20,2\n")
    run("import", file)
    fees = tmp_path / "fees.csv"
    fees.write_text("Fee,City\n20,Lund\n50,Rome\n")
    told = run("import", fees)
    assert ("0 changed, 0 as they were, 2 refused" in told.out, "Known by Fee" in told.out) == (True, False)
    assert "0 added, 1 changed, 0 as they were, 1 refused" in run("import", fees, "--known-by", "Fee").out
    # What was said of such a file stands for the next; what nobody said is looked for anew.
    assert "Known by Fee" in run("import", fees).out
    numbers = tmp_path / "numbers.csv"
    numbers.write_text("Member no,City\n2,Oslo\nnone,Rome\n")
    told = run("import", numbers).out
    assert "Known by Member no" in told
    assert "Line 3: Nobody here has “none” as Member no" in told
    with Session(engine) as session:
        kept = [json.loads(each) for each in session.scalars(select(SourceFile.options))]
    engine.dispose()
    assert [each["key"] for each in kept if "key" in each] == [f"own:{fee}"]


def test_a_row_that_says_only_its_uid_is_who_has_it(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    file.write_text("Name,E-mail\nEva Ek,eva@x.example\n")
    run("import", file)
    [eva] = json.loads(run("users", "--json").out)
    file.write_text(f"uid,City\n{eva['uid']},Lund\n{eva['uid'].translate(SWAPPED)},Oslo\n")
    told = run("import", file)
    assert told.out.startswith("0 added, 1 changed, 0 as they were, 1 refused.")
    assert f"Line 3: Nobody here has “{eva['uid'].translate(SWAPPED)}” as uid, and" in told.out
