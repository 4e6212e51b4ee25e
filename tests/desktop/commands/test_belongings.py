"""Photos and files by command: in a backup that moves to another profile, in exports, and in the check."""

import json
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from desktop.folders import Folders
from tests import pictures as pics
from tests.desktop.commands.conftest import Run
from webui.store import attachments, photos, relations
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation
from webui.store.values import pictures


@pytest.fixture
def belonging(people: Path, folders: Folders) -> None:
    """Mara with a photo and a file."""
    engine = sqlite.engine(folders.database)
    with Session(engine) as session, operation(session):
        photos.put(session, 1, pictures.read(pics.TURNED))
        attachments.add(session, 1, [attachments.Offered("scan.pdf", b"scan")])
    engine.dispose()


@pytest.mark.usefixtures("belonging")
def test_they_move_to_another_profile_and_are_counted(run: Run, tmp_path: Path) -> None:
    assert run("backup", tmp_path / "all.zip").code == 0
    told = run("verify", tmp_path / "all.zip", "--json").json
    assert (told["counts"]["users_with_photo"], told["counts"]["attachments"]) == (1, 1)
    assert "attachments/mara.ek/scan.pdf" in told["members"]
    here = run("digest", "--records").out
    assert run("--data", tmp_path / "new", "restore", tmp_path / "all.zip").code == 0
    assert run("--data", tmp_path / "new", "digest", "--records").out == here
    assert run("--data", tmp_path / "new", "check").code == 0
    assert run("--data", tmp_path / "new", "export", tmp_path / "out.json").code == 0
    [mara, _noor] = json.loads((tmp_path / "out.json").read_text())["people"]
    assert (mara["photo"]["sha256"], mara["attachments"][0]["name"]) == (pics.sha(pics.TURNED), "scan.pdf")


@pytest.mark.usefixtures("belonging")
def test_check_names_what_is_not_what_it_was(run: Run, folders: Folders) -> None:
    assert run("check").code == 0
    connection = sqlite.connect(folders.database)
    connection.execute("UPDATE files SET content = x'00'")
    connection.close()
    checked = run("check")
    assert checked.code == 1
    assert "attachments/mara.ek/scan.pdf" in checked.out
    assert run("check", "--repair").code == 1  # nothing here could


def test_a_relation_to_whom_a_card_brought_comes_back_as_it_was(
    people: Path, run: Run, folders: Folders, tmp_path: Path
) -> None:
    card, out = tmp_path / "kim.vcf", tmp_path / "all.vcf"
    card.write_text("BEGIN:VCARD\nVERSION:4.0\nUID:urn:uuid:k-1\nFN:Kim Ek\nEMAIL:k@x.example\nEND:VCARD\n")
    assert run("import", card).code == 0
    engine = sqlite.engine(folders.database)
    with Session(engine) as session, operation(session):
        relations.add(session, 1, {"people": [3], "kind": "parent"})
    engine.dispose()
    here = run("digest", "--records").out
    assert run("export", out).code == 0
    assert "TYPE=parent:urn:uuid:k-1" in out.read_text("utf-8").replace("\n ", "")
    new = ("--data", tmp_path / "new")
    assert run(*new, "import", out).code == 0
    assert run(*new, "digest", "--records").out == here
