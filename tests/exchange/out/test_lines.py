"""vCards and LDIF, read again line by line as their standards say, by nothing of ours."""

import base64
import json
import re
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import pictures as pics
from tests.exchange.out.conftest import LONG, NASTY
from webui.exchange import formats
from webui.exchange.out import ldif
from webui.store import users
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation

# RFC 6350, 3.3 (2426, 4 alike): a group, a name, parameters, a value without control characters.
LINE = re.compile(
    r"(?:[A-Za-z0-9-]+\.)?(?P<name>[A-Za-z0-9-]+)"
    r'(?P<more>(?:;[A-Za-z0-9-]+=(?:"[^"\x00-\x08\x0a-\x1f\x7f]*"|[^";:,\x00-\x1f\x7f]*)'
    r'(?:,(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*))*)*)'
    r":(?P<value>[^\x00-\x08\x0a-\x1f\x7f]*)"
)
Line = tuple[str, str, str]
# RFC 2849: plain, where it can be taken for nothing else, or in base64.
ATTRIBUTE = re.compile(
    r"(?P<name>[A-Za-z][A-Za-z0-9-]*)"
    r"(?:: (?P<plain>(?![ :<])[\x01-\x7f]*(?<! ))|:: (?P<encoded>[A-Za-z0-9+/]+=*))"
)


def cards(content: bytes) -> list[list[Line]]:
    """Return name, parameters and value of each line of each card, once all of it is as it must be."""
    *raw, end = content.split(b"\r\n")
    assert end == b""
    assert max(map(len, raw)) <= 75
    assert not any(b"\r" in line or b"\n" in line for line in raw)
    for line in raw:
        line.decode()  # no letter is divided
    found: list[list[Line]] = []
    for line in content.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n"):
        match = LINE.fullmatch(line)
        assert match, line
        if line == "BEGIN:VCARD":
            found.append([])
        found[-1].append((match["name"], match["more"], match["value"]))
    assert all(card[0][2] == card[-1][2] == "VCARD" for card in found)
    assert all([line[0] for line in card].count("END") == 1 for card in found)
    return found


def plain(value: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)


def parts(value: str) -> list[str]:
    return [plain(each) for each in re.split(r"(?<!\\)(?:\\\\)*;", value)]


def one(card: list[Line], name: str) -> Line:
    [found] = [line for line in card if line[0] == name]
    return found


@pytest.mark.parametrize("name", ["all.vcf", "old.vcf"])
def test_cards_are_as_the_standard_says_and_their_texts_exact(files: Path, name: str) -> None:
    found = cards((files / name).read_bytes())
    assert len(found) == 2 + len(NASTY)
    for card, value in zip(found[2:], NASTY.values(), strict=True):
        assert plain(one(card, "NOTE")[2]) == value.strip()
        assert plain(one(card, "CATEGORIES")[2]) == " ".join(value[:40].split())
        assert plain(one(card, "X-ROSTER-FIELD")[2]) == " ".join(value[:80].split())
    assert plain(one(found[0], "NOTE")[2]) == LONG.strip()


def test_a_card_of_4_0_has_all_that_roster_reads_again(files: Path) -> None:
    mara, elof, *_others = cards((files / "all.vcf").read_bytes())
    assert one(mara, "VERSION")[2] == "4.0"
    post = one(mara, "X-ROSTER-POST")
    assert parts(post[2]) == ["Met; again, =x", LONG.strip()]
    assert ';X-DATE="2026-01-02"' in post[1]
    uid = one(elof, "UID")[2].removeprefix("urn:uuid:")
    assert f';X-ALSO="{uid}"' in post[1]
    assert ';X-FOLLOW-UP="2026-03-01"' in one(elof, "X-ROSTER-POST")[1]
    assert one(elof, "FN") == ("FN", ";DERIVED=TRUE", "elof")
    assert one(mara, "X-ROSTER-USERNAME")[2] == "mara"
    assert one(mara, "X-ROSTER-ALIAS")[2] == "11111111-1111-4111-8111-111111111111"
    labels = [re.sub(r".*X-ROSTER-LABEL=\"(.*)\"", r"\1", line[1]) for line in mara if line[0] == "TEL"]
    assert labels == [";TYPE=cell", ";TYPE=work,fax", "pref", "a ^'b^', c"]
    told = json.loads(plain(one(mara, "X-ROSTER-ABOUT")[2]))
    assert len(told["fields"]) == 11
    assert [each["name"] for each in told["views"] if each["name"]] == ["Altos"]
    assert told["settings"] == {"title": "Choir <Lund>"}
    assert "X-ROSTER-ABOUT" not in {line[0] for line in elof}


def test_a_card_of_3_0_is_as_address_books_write_it(files: Path) -> None:
    content = (files / "old.vcf").read_bytes()
    mara, elof, *_others = cards(content)
    assert one(mara, "VERSION")[2] == "3.0"
    assert one(elof, "N")[2] == ";;;;"
    assert one(elof, "BDAY") == ("BDAY", ";X-APPLE-OMIT-YEAR=1604", "1604-02-29")
    _name, more, value = one(mara, "PHOTO")
    assert (more, base64.b64decode(value)) == (";ENCODING=b;TYPE=JPEG", pics.TURNED)
    unfolded = content.replace(b"\r\n ", b"").decode()
    assert "EMAIL;TYPE=INTERNET;TYPE=PREF:mara@x.example\r\n" in unfolded
    assert "TEL;TYPE=WORK;TYPE=FAX:046-12 34\r\n" in unfolded
    assert re.search(r"item(\d)\.ADR:;;;Visby;;;\r\nitem\1\.X-ABLabel:Summer\r\n", unfolded)
    assert re.search(r"item(\d)\.X-ABDATE:2010-06-12\r\nitem\1\.X-ABLabel:Wedding\r\n", unfolded)
    assert re.search(r"(item\d)\.X-ABRELATEDNAMES:elof\r\n\1\.X-ABLabel:_\$!<Parent>!\$_\r\n", unfolded)
    assert not re.search(r"X-ROSTER-(POST|USERNAME|ABOUT|LABEL|TYPED)|DERIVED|RELATED;", unfolded)


def test_a_name_of_which_nothing_is_seen_has_a_file_all_the_same(
    session: Session, database: Path, tmp_path: Path
) -> None:
    with operation(session):
        users.add(session, {"username": "u", "email": "u@x.example", "given": "\u2060"})
        users.add(session, {"username": "v", "email": "v@x.example", "given": "..ö/ö"})
    with closing(sqlite.connect(database)) as connection:
        formats.export(connection, tmp_path / "each.zip")
    first, other = zipfile.ZipFile(tmp_path / "each.zip").namelist()
    assert (first, other) == ("1.vcf", "ö-ö.vcf")


def test_each_card_can_have_a_file_of_its_own(files: Path) -> None:
    with zipfile.ZipFile(files / "all.zip") as opened:
        names = opened.namelist()
        found = [cards(opened.read(name)) for name in names]
    assert len(found) == 2 + len(NASTY)
    assert all(len(each) == 1 for each in found)
    assert len({name.casefold() for name in names}) == len(names)
    assert not [
        name for name in names if re.search(r"[/\\<>:\"|?*\x00-\x1f]", name) or not name.endswith(".vcf")
    ]


def entries(content: bytes) -> list[list[tuple[str, Any]]]:
    """Return the attributes of each entry, once all of it is as RFC 2849 says."""
    said = content.decode("ascii")
    assert max(map(len, said.split("\n"))) <= 76
    version, *rest = said.replace("\n ", "").removesuffix("\n").split("\n\n")
    assert version == "version: 1"
    found = []
    for entry in rest:
        lines = []
        for line in entry.split("\n"):
            match = re.fullmatch(
                r"([A-Za-z][A-Za-z0-9-]*)(?:: ((?![ :<])[\x01-\x7f]*(?<! ))|:: ([A-Za-z0-9+/]+=*))", line
            )
            assert match, line
            lines.append(
                (match[1], match[2] if match[3] is None else base64.b64decode(match[3], validate=True))
            )
        found.append([(name, value.decode() if _is_text(name, value) else value) for name, value in lines])
    return found


def _is_text(name: str, value: Any) -> bool:
    return isinstance(value, bytes) and name != "jpegPhoto"


def test_ldif_is_as_the_standard_says_and_its_texts_exact(files: Path) -> None:
    found = entries((files / "all.ldif").read_bytes())
    assert len(found) == 2 + len(NASTY)
    assert len({entry[0] for entry in found}) == len(found)
    for entry, value in zip(found[2:], NASTY.values(), strict=True):
        assert dict(entry)["description"] == value.strip()
        assert {"dn", "objectclass", "cn", "sn", "uid", "mail"} <= dict(entry).keys()
    mara = found[0]
    told = dict(mara)
    assert told["dn"] == "cn=Dr. Mara Eva Lindqvist PhD,uid=mara"
    assert (told["mobile"], told["facsimileTelephoneNumber"]) == ("+46 70 123 45 67", "046-12 34")
    assert (told["mozillaHomePostalCode"], told["st"], told["postalAddress"]) == ("01067", "Skåne", "Visby")
    assert (told["birthyear"], told["birthmonth"], told["birthday"]) == ("1987", "03", "04")
    assert told["jpegPhoto"] == pics.TURNED
    assert [value for name, value in mara if name == "mozillaSecondEmail"] == ["m@w.example"]


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("", b"a: \n"), (" x", b"a:: IHg=\n"), ("x ", b"a:: eCA=\n"), (":x", b"a:: Ong=\n"),
        ("<file:///x", b"a:: PGZpbGU6Ly8veA==\n"), ("x\ny: z", b"a:: eAp5OiB6\n"), ("x\ty", b"a: x\ty\n"),
    ],
)  # fmt: skip
def test_a_value_that_could_be_taken_for_something_else_is_base64(said: str, line: bytes) -> None:
    assert ldif.line("a", said) == line
