"""What belongs to a person beside the fields, in JSON and vCard: photos as they came, relations, files."""

import base64
import io
import json
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests import pictures as pics
from webui.exchange.out import cards, json_file
from webui.exchange.vcard import writing
from webui.store import attachments, photos, relations, users
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation
from webui.store.values import pictures


@pytest.fixture
def uids(session: Session) -> list[str]:
    """Mara, with a photo, a file and three others of whom one is in the trash; the uids of all four."""
    with operation(session):
        for name in ("mara", "elof", "noor", "gone"):
            users.add(session, {"username": name, "email": f"{name}@l.example", "given": name.title()})
        photos.put(session, 1, pictures.read(pics.TURNED))
        attachments.add(session, 1, [attachments.Offered("scan.pdf", b"scan")])
        relations.add(session, 1, {"people": [2], "kind": "parent"})
        relations.add(session, 1, {"people": [3, 4], "kind": "own", "label": "Aunt", "back_label": "Niece"})
    with operation(session):
        users.trash(session, [4])
    found = [users.find(session, user_id).uid for user_id in (1, 2, 3)]
    session.rollback()
    return found


def unfolded(written: bytes) -> list[str]:
    return written.replace(b"\r\n ", b"").decode().split("\r\n")


def test_a_card_has_the_photo_as_it_came_and_whom_one_knows(database: Path, uids: list[str]) -> None:
    stream = io.BytesIO()
    with closing(sqlite.connect(database)) as connection:
        cards.write(connection, stream)
    mara, elof, noor, _end = stream.getvalue().split(b"END:VCARD\r\n")
    [photo] = [line for line in unfolded(mara) if line.startswith("PHOTO")]
    start = "PHOTO:data:image/jpeg;base64,"
    assert photo.startswith(start)
    assert base64.b64decode(photo.removeprefix(start)) == pics.TURNED
    assert max(map(len, mara.split(b"\r\n"))) == 75
    related = [line for line in unfolded(mara) if line.startswith("RELATED")]
    told = [(line[line.index(";TYPE=") :], "SIDE=back" in line) for line in related]
    assert told == [
        (f";TYPE=parent:urn:uuid:{uids[1]}", False),
        (f';TYPE="Aunt":urn:uuid:{uids[2]}', False),
    ]
    assert 'X-ROSTER-BACK="Niece"' in related[1]
    for card, kind in ((elof, "child"), (noor, '"Niece"')):
        [line] = [line for line in unfolded(card) if line.startswith("RELATED")]
        assert line.endswith(f";TYPE={kind}:urn:uuid:{uids[0]}")
        assert "X-ROSTER-SIDE=back" in line
    assert b"PHOTO" not in elof


def test_json_names_them_by_hash_and_uid(database: Path, uids: list[str]) -> None:
    stream = io.BytesIO()
    with closing(sqlite.connect(database)) as connection:
        json_file.write(connection, stream)
    mara, elof, _noor = json.loads(stream.getvalue())["people"]
    assert mara["photo"]["sha256"] == pics.sha(pics.TURNED)
    assert base64.b64decode(mara["photo"]["content"]) == pics.TURNED
    [file] = mara["attachments"]
    assert (file["name"], file["size"], file["sha256"]) == ("scan.pdf", 4, pics.sha(b"scan"))
    told = ("uid", "name", "kind", "label", "back_label", "back")
    assert [tuple(each[name] for name in told) for each in mara["relations"]] == [
        (uids[1], "Elof", "parent", "", "", False),
        (uids[2], "Noor", "own", "Aunt", "Niece", False),
    ]
    assert base64.b64decode(mara["attachments"][0]["content"]) == b"scan"
    assert [each["relation"] for each in elof["relations"]] == [mara["relations"][0]["relation"]]
    assert (elof["photo"], elof["attachments"]) == (None, [])
    assert [each["kind"] for each in elof["relations"]] == ["child"]


@pytest.mark.parametrize("count", [74, 75, 76, 149, 150, 1_000])
def test_a_long_line_is_folded_alike_with_and_without_other_letters(count: int) -> None:
    plain, other = writing.folded(["x" * count]), writing.folded(["x" * (count - 1) + "é"])
    for folded in (plain, other):
        assert all(len(line) <= 75 for line in folded.split(b"\r\n"))
        assert folded.endswith(b"\r\n")
    assert plain.replace(b"\r\n ", b"") == b"x" * count + b"\r\n"
    assert other.replace(b"\r\n ", b"").decode() == "x" * (count - 1) + "é\r\n"
