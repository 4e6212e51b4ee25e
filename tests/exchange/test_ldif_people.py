"""Whom entries of LDIF say: what they say several times, photos, and what of an export of ours comes back."""

import base64
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests import pictures as pics
from tests.exchange.conftest import Import, Planning
from webui.exchange import columns, formats, importing, leftovers, staging
from webui.exchange.reading import kinds, ldif
from webui.exchange.rules import Rules
from webui.store import photos, settings, users
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation
from webui.store.models import SourceFile, User
from webui.store.values import pictures

Rows = Callable[[str], list[tuple[Any, ...]]]
HEAD = "dn: cn=Mara\ncn: Mara Ek\ngivenName: Mara\nsn: Ek\n"
FURTHER = "SELECT email FROM user_emails ORDER BY id"
LINKS, HANDLES = "SELECT label, url FROM user_links", "SELECT label, handle FROM user_handles"
STREETS = "SELECT street, extra FROM user_addresses"
FULL: dict[str, Any] = {
    "username": "mara", "email": "m1@x.example", "prefix": "Dr.", "given": "Mara", "family": "Ek",
    "suffix": "jr.", "nickname": "Mimi", "organisation": "Choir", "department": "Board", "job_title": "Chair",
    "note": "one\ntwo", "birthday": "1987-03-04",
    "emails": [{"label": "", "email": f"m{number}@x.example"} for number in (2, 3, 4)],
    "phones": [
        {"label": "Home", "phone": "046-12"}, {"label": "Work", "phone": "+46 70 1"},
        {"label": "Mobile", "phone": "+46 70 2"}, {"label": "Mobile", "phone": "+46 70 3"},
        {"label": "Fax", "phone": "+46 70 4"}, {"label": "Pager", "phone": "+46 70 5"},
    ],
    "addresses": [
        {"label": "Home", "street": "Ö 1", "extra": "2 tr", "postal_code": "01067", "city": "Lund",
         "region": "Skåne", "country": "Sweden"},
        {"label": "Work", "street": "Kaj 2", "city": "Visby", "country": "SE", "po_box": "9"},
    ],
    "links": [{"label": "", "url": f"https://{name}.example"} for name in "abc"],
}  # fmt: skip


def jpeg(said: bytes, name: str = "jpegPhoto") -> str:
    """Return a line of a photo, folded."""
    line = f"{name}:: {base64.b64encode(said).decode()}"
    return "\n ".join(line[at : at + 70] for at in range(0, len(line), 70)) + "\n"


def shown(session: Session) -> User:
    """Return the one person there is."""
    session.rollback()
    return session.scalars(select(User)).one()


@pytest.mark.parametrize(
    ("lines", "query", "said"),
    [
        ("mail: a@x\nmail: b@x\nmail: c@x\n", FURTHER, ["b@x", "c@x"]),
        ("mail: a@x\nmail: c@x\nmozillaSecondEmail: b@x\nmozillaSecondEmail: d@x\n", FURTHER, list("bcd")),
        ("labeledURI: a\nlabeledURI: b Mine\nmozillaHomeUrl: c\nmozillaHomeUrl: d\n", LINKS, list("abcd")),
        ("workurl: a\nlabeledURI: b\nlabeledURI: c\nlabeledURI: d\n", LINKS, list("abcd")),
        ("nsAIMid: a\nnsAIMid: b\n", HANDLES, ["Screen Name a", "Screen Name b"]),
        ("description: a\ndescription: b\n", "SELECT note FROM users", ["a\n\nb"]),
        ("street: a\nstreet: b\nmozillaWorkStreet2: c\n", STREETS, ["a b, c"]),
        ("homePostalAddress: a\nmozillaHomeStreet: b\nmozillaHomeStreet2: c\n", STREETS, ["a b, c"]),
        ("personalTitle: Dr.\ngenerationQualifier: jr.\n", "SELECT prefix, suffix FROM users", ["Dr. jr."]),
    ],
)  # fmt: skip
def test_what_an_entry_says_several_times_all_comes_in(
    bring_in: Import, rows: Rows, lines: str, query: str, said: list[str]
) -> None:
    assert bring_in(HEAD + lines).added == 1
    found = [" ".join(filter(None, row)) for row in rows(query)]
    assert [each.removesuffix("@x") for each in found] == [each.removesuffix("@x") for each in said]
    assert (bring_in(HEAD + lines).changed, bring_in(HEAD + lines).same) == (0, 1)


def test_what_there_is_one_of_is_kept_where_an_entry_says_it_again(planning: Planning) -> None:
    twice = ("ou", "o", "title", "mozillaNickname", "personalTitle", "uid", "description", "postalAddress")
    plan = planning(HEAD + "".join(f"{name}: 1{name}\n{name}: 2{name}\n" for name in twice))
    kept = ["Department 2", "Organization 2", "Job Title 2", "Nickname 2", "personaltitle 2", "Username 2"]
    assert plan.about("kept") == ["DN", *kept, "postaladdress", "postaladdress 2"]


def test_no_two_columns_of_ldif_have_the_same_name() -> None:
    names = ("labeledURI", "mozillaHomeUrl", "mozillaWorkUrl", "homePostalAddress", "mozillaHomeStreet",
             "mozillaHomeStreet2", "street", "mozillaWorkStreet2", "mail", "mozillaSecondEmail")  # fmt: skip
    table = kinds.look((HEAD + "".join(f"{name}: {name}{n}\n" for name in names for n in range(3))).encode())
    (row,) = table.rows()
    assert len(set(table.header)) == len(table.header)
    assert {f"{name}{n}" for name in names for n in range(3)} <= set(row.cells)


@pytest.mark.parametrize("name", ["jpegPhoto", "thumbnailPhoto", "photo", "jpegPhoto;binary"])
@pytest.mark.parametrize("said", [pics.TURNED, pics.CLEAR], ids=["jpeg", "png"])
def test_a_photo_of_ldif_is_the_photo(bring_in: Import, session: Session, name: str, said: bytes) -> None:
    content = HEAD + "mail: m@x\n" + jpeg(said, name)
    assert bring_in(content).added == 1
    user = shown(session)
    assert photos.original(session, user.id)[1] == said
    assert (bring_in(content).changed, bring_in(content).same) == (0, 1)
    assert bring_in(f"{content}ou: Altos\n").changed == 1
    assert shown(session).photo_hash == pics.sha(said)


def test_of_several_photos_the_first_comes_in_and_a_small_one_last(
    planning: Planning, engine: Engine, session: Session
) -> None:
    several = jpeg(pics.CLEAR, "thumbnailPhoto") + jpeg(pics.TURNED) + jpeg(pics.CLEAR)
    plan = planning(HEAD + several)
    assert plan.about("kept") == ["DN", "jpegphoto 2", "thumbnailphoto"]
    importing.apply(engine, plan, allow_missing_email=True)
    assert shown(session).photo_hash == pics.sha(pics.TURNED)


@pytest.mark.parametrize(
    ("line", "warned", "kept"),
    [
        (jpeg(pics.TURNED[:-2_000]), ["row.no_photo"], ["DN"]),
        (jpeg(pics.made("BMP", (9, 9))), ["row.no_photo"], ["DN", "jpegphoto"]),
        (jpeg(b"\x00fax", "photo"), ["row.no_photo"], ["DN", "jpegphoto"]),
        ("jpegPhoto:< file:///etc/passwd\n", [], ["DN", "jpegphoto"]),
        ("jpegPhoto:\n", [], ["DN"]),
    ],
    ids=["cut off", "another kind", "a fax", "an address", "empty"],
)
def test_what_is_no_photo_stays_as_it_came(
    planning: Planning, engine: Engine, rows: Rows, line: str, warned: list[str], kept: list[str]
) -> None:
    plan = planning(HEAD + line)
    (row,) = plan.page()
    assert ([each.id for each in row.warnings], plan.about("kept")) == (warned, kept)
    importing.apply(engine, plan, allow_missing_email=True)
    ((photo, raw),) = rows("SELECT photo_hash, raw FROM users JOIN sources")
    assert (photo, raw.strip()) == (None, (HEAD + line).encode().strip())
    assert [row.verdict for row in planning(HEAD + line).page()] == ["same"]


def test_a_photo_left_as_it_is_stays(bring_in: Import, session: Session) -> None:
    bring_in(HEAD + "mail: m@x\n" + jpeg(pics.TURNED))
    content = HEAD + "mail: m@x\n" + jpeg(pics.CLEAR)
    at = kinds.look(content.encode()).header.index("jpegphoto")
    assert bring_in(content, how=Rules(columns={str(at): "mine"})).changed == 0
    assert shown(session).photo_hash == pics.sha(pics.TURNED)
    assert bring_in(content).changed == 1
    assert shown(session).photo_hash == pics.sha(pics.CLEAR)


def test_photos_are_read_again_and_not_kept_twice(
    monkeypatch: pytest.MonkeyPatch, bring_in: Import, rows: Rows
) -> None:
    monkeypatch.setattr(ldif, "_LONG", 1_000)
    monkeypatch.setattr(staging, "_MOST_BYTES", 50_000)
    content = "\n".join(f"dn: cn={n}\ncn: Bo {n}\nmail: {n}@x\n{jpeg(pics.TURNED)}" for n in range(9))
    table = kinds.look(content.encode() + b"\ndn: cn=Mara\ncn: Mara\n")
    assert isinstance(table, ldif.Entries) and table.kept
    assert [len(values) > 0 for values in table.kept._values] == [False] * 9 + [True]
    assert [cells[table.header.index("jpegphoto")] for cells in table.first] == [""] * 10
    assert bring_in(content).added == 9
    assert rows("SELECT count(*), count(DISTINCT photo_hash) FROM users") == [(9, 1)]
    assert bring_in(content).same == 9


def test_what_had_no_field_comes_in_when_the_file_comes_again(
    monkeypatch: pytest.MonkeyPatch, bring_in: Import, session: Session, rows: Rows
) -> None:
    content = HEAD + "mail: a@x\nmail: b@x\npersonalTitle: Dr.\n"
    by_name, known = columns.by_name, ("Display Name", "Primary Email", "First Name", "Last Name")
    with monkeypatch.context() as then:  # as it was when only the first e-mail had a field
        then.setattr(leftovers, "READS", 2)
        then.setattr(
            columns, "by_name",
            lambda header, rows: [each if each.name in known
                                  else columns.replace(each, target="kept", by="none")
                                  for each in by_name(header, rows)],
        )  # fmt: skip
        bring_in(content)
    assert (rows(FURTHER), shown(session).prefix) == ([], None)
    assert bring_in(content).changed == 1
    assert (rows(FURTHER), shown(session).prefix) == ([("b@x",)], "Dr.")
    assert bring_in(content).same == 1


def test_what_was_left_without_a_field_since_stays_so(bring_in: Import, session: Session, rows: Rows) -> None:
    content = HEAD + "mail: a@x\nmail: b@x\n"
    header = kinds.look(content.encode()).header
    found = columns.by_name(header)
    bring_in(content, choices=["kept" if each.name == "Primary Email 2" else each.target for each in found])
    assert bring_in(content).same == 1
    assert rows(FURTHER) == []
    assert [each.format for each in session.scalars(select(SourceFile))] == ["ldif"]


def test_an_export_of_ours_comes_back(
    session: Session, database: Path, empty_database: Path, tmp_path: Path
) -> None:
    with operation(session):
        settings.set_email_required(session, False)
        mara = users.add(session, FULL)
        photos.put(session, mara.id, pictures.read(pics.TURNED))
    with operation(session):
        users.add(session, {"username": "bo", "given": "Bo", "family": "Ek", "emails": FULL["emails"][:2]})
    session.rollback()
    file, connection = tmp_path / "all.ldif", sqlite.connect(database)
    formats.export(connection, file)
    connection.close()
    shutil.copy(empty_database, tmp_path / "other.db")
    engine = sqlite.engine(tmp_path / "other.db")
    with importing.plan(engine, file, tmp_path / "elsewhere.sqlite") as plan:
        assert ([row.warnings for row in plan.page()], plan.about("kept")) == ([[], []], ["DN"])
        importing.apply(engine, plan, allow_missing_email=True)
    with Session(engine) as there:
        for name in FULL.keys() - {"emails", "phones", "addresses", "links", "birthday"}:
            assert getattr(there.get(User, 1), name) == getattr(session.get(User, 1), name), name
        assert told(there.get(User, 1)) == told(session.get(User, 1))
        bo = there.get(User, 2)  # the first e-mail is the main one, where none was
        assert bo and (bo.email, [each.email for each in bo.emails]) == ("m2@x.example", ["m3@x.example"])
    with importing.plan(engine, file, tmp_path / "again.sqlite") as plan:
        assert [row.verdict for row in plan.page()] == ["same"] * 2
    engine.dispose()


def told(user: User | None) -> dict[str, Any]:
    """Return what comes back of lists and of the rest, in an order that does not depend on the file."""
    assert user
    return {
        "emails": [each.email for each in user.emails], "photo": user.photo_hash, "born": user.birthday,
        "phones": sorted((each.label, each.phone) for each in user.phones),
        "links": sorted(each.url for each in user.links),
        "addresses": sorted((each.label, each.street, each.extra, each.po_box, each.postal_code, each.city,
                             each.region, each.country) for each in user.addresses),
    }  # fmt: skip
