"""Whatever bytes a file holds: it ends in rows, or in a refusal with a sentence, and in nothing else."""

import json
import random
import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange.workbooks import ods, ods_row, row, xlsx, zipped
from webui import words
from webui.exchange import leftovers
from webui.exchange.people import Person
from webui.exchange.reading import kinds
from webui.store.errors import Refused

CARD = """BEGIN:VCARD
VERSION:3.0
FN:Mara Ek
TEL;TYPE=cell:+46 1
BDAY:1987-03-04
PHOTO;ENCODING=b:aGVq
END:VCARD
"""
LDIF = b"""version: 1
dn: cn=Mara
cn:: TWFyYQ==
mail: m@x.example

dn: cn=x
objectclass: groupOfNames
cn: x
member: cn=Mara
"""
PEOPLE = [{"name": "Mara", "emails": [{"email": "m@x.example"}]}, {"name": "Bo", "deep": {"a": [1]}}]
CONTACT = {"type": "contact", "values": [{"properties": {"first_name": "A"}, "data": []}]}


def database() -> bytes:
    made = sqlite3.connect(":memory:")
    made.executescript(
        "CREATE TABLE people (name, mail, born);"
        "INSERT INTO people VALUES ('Mara', 'm@x.example', 1987), ('Bo', 1.5, x'00')"
    )
    return made.serialize()


SEEDS = {
    "csv": b'Name,E-mail,Birthday\n"Mara ""M"" Ek",m@x.example,03/04/1987\nBo,b@x.example,\n',
    "vcf": CARD.encode(),
    "vcf-zip": zipped({"a.vcf": CARD, "b.vcf": CARD}),
    "ldif": LDIF,
    "json": json.dumps(PEOPLE).encode(),
    "monica": json.dumps({"account": {"data": [CONTACT]}}).encode(),
    "xlsx": xlsx(row(1, "Name", "E-mail"), row(2, "Mara", 1.5), row(3, "Bo", True)),
    "ods": ods(ods_row("Name", "E-mail"), ods_row("Mara", "m@x.example")),
    "sqlite": database(),
}
STARTS = [b"", b"PK\x03\x04", b"SQLite format 3\0", bytes.fromhex("d0cf11e0a1b11ae1"), b"BEGIN:VCARD\n",
          b"dn: x\n", b'[{"', b"{", b"\xff\xfe", b"\xef\xbb\xbf", b"age-encryption.org/v1\n"]  # fmt: skip


def read(path: Path) -> None:
    """Read a file to its end, as an import does."""
    try:
        table = kinds.look(path)
        reader = table.people(table.fixed or [], "DE")
        for each in table.rows():
            assert isinstance(reader.read(list(each.cells)), Person)
            leftovers.of_row(table.format, each.raw, json.dumps({**table.read_with, "columns": []}))
    except Refused as error:
        assert len(words.sentence(error.message)) > 20


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.sampled_from(STARTS), content=st.binary(max_size=400))
def test_any_bytes_end_in_rows_or_a_refusal(tmp_path: Path, start: bytes, content: bytes) -> None:
    path = tmp_path / "any"
    path.write_bytes(start + content)
    read(path)


def broken(name: str, seed: int) -> bytes:
    """Return a good file with some bytes changed, cut out, or put in twice."""
    chance, content = random.Random(f"{name} {seed}"), bytearray(SEEDS[name])
    for _ in range(chance.randint(1, 6)):
        at, length = chance.randrange(len(content) or 1), chance.randint(1, 20)
        how = chance.randrange(4)
        if how == 0 and content:
            content[at % len(content)] = chance.randrange(256)
        elif how == 1:
            del content[at : at + length]
        elif how == 2:
            content[at:at] = content[at : at + length]
        else:
            content[at:at] = chance.randbytes(length)
    return bytes(content)


@pytest.mark.parametrize("name", SEEDS)
def test_a_good_file_that_was_damaged_ends_in_rows_or_a_refusal(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for seed in range(60):
        path.write_bytes(broken(name, seed))
        read(path)


def test_a_schema_whose_error_is_no_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "named.sqlite"
    path.write_bytes(database().replace(b"people", b"p\xfbople").replace(b"born)", b"born("))
    with pytest.raises(Refused) as refused:
        kinds.look(path)
    assert "damaged" in words.sentence(refused.value.message)


@pytest.mark.long
@pytest.mark.parametrize("name", SEEDS)
def test_so_does_each_of_many(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for seed in range(60, 3_000):
        path.write_bytes(broken(name, seed))
        read(path)
