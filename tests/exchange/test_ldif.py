"""LDIF is read as rows: entries, and groups, which become tags of their members."""

from pathlib import Path

import pytest

from webui.exchange import limits
from webui.exchange.reading import kinds, ldif, ldif_entry

LDIF = """version: 1
# a comment
 that is folded
dn:: Y249TWFyYSxtYWlsPW1AeC5leGFtcGxl
objectclass: person
cn: Mara Ma
 ria Ek
givenName:: xYF1Y2ph
mail: m@x.example
telephoneNumber: 1
telephoneNum
 ber: 2
jpegPhoto:: /9j/4A==
seeAlso:< file:///etc/passwd

dn: cn=Choir
objectclass: GROUPOFNAMES
cn: Choir
member: cn=mara, mail=m@x.example
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "said", ["objectClass:: Z3JvdXBPZk5hbWVz", "objectClass: gro\n upOfNames", "objectCl\n ass:: Z3J\n vdXA="]
)
def test_a_group_of_ldif_is_one_however_its_class_is_written(said: str, end: str) -> None:
    content = LDIF.replace("objectclass: GROUPOFNAMES", said).replace("\n", end).encode()
    assert [row.cells[-1] for row in kinds.look(content).rows()] == ["Choir :::"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_entry_of_ldif_is_a_row_and_a_group_a_tag(end: str) -> None:
    table = kinds.look(LDIF.replace("\n", end).encode())
    (found,) = [dict(zip(table.header, each.cells, strict=True)) for each in table.rows()]
    assert (found["Display Name"], found["First Name"], found["Primary Email"]) == (
        "Mara Maria Ek",
        "Łucja",
        "m@x.example",
    )
    assert (found["Work Phone"], found["Work Phone 2"], found["Tags"]) == ("1", "2", "Choir :::")
    assert (found["jpegphoto"], found["seealso"]) == ("/9j/4A==", "file:///etc/passwd")


@pytest.mark.parametrize(
    ("lines", "column", "said"),
    [
        ("cn:Mara Ek", "Display Name", "Mara Ek"),
        ("cn::TWFyYQ==", "Display Name", "Mara"),
        ("cn:  Mara Ek", "Display Name", "Mara Ek"),
        ("cn:\ncn: Mara Ek", "Display Name 2", "Mara Ek"),
        ("description:see: this", "Notes", "see: this"),
        ("description: :-) a: b", "Notes", ":-) a: b"),
        ("seeAlso:<file:///x", "seealso", "file:///x"),
        ("# cn: Odd\n# of all\ncn: Mara Ek", "Display Name", "Mara Ek"),
        ("objectClass: a: b\nobjectClass: person\ncn: Mara Ek", "Display Name", "Mara Ek"),
        ("x-objectclass: 5b\ncn: Mara Ek", "x-objectclass", "5b"),
    ],
)
def test_a_value_of_ldif_is_read_however_its_line_is_written(lines: str, column: str, said: str) -> None:
    table = kinds.look(f"dn: cn=Mara\n{lines}\no: X\n".encode())
    (cells,) = [dict(zip(table.header, row.cells, strict=True)) for row in table.rows()]
    assert (cells[column], cells["Organization"]) == (said, "X")


def test_entries_too_many_to_be_kept_are_read_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "people.ldif"
    path.write_text(LDIF + "".join(f"\ndn: cn={n}\ncn: Bo {n}\nmail: {n}@x.example\n" for n in range(50)))
    kept = kinds.look(path)
    monkeypatch.setattr(limits, "KEPT", 8_000)
    again = kinds.look(path)
    assert [again.header, again.first, *again.rows()] == [kept.header, kept.first, *kept.rows()]
    path.unlink()
    assert [len(list(kept.rows())) for _ in range(2)] == [51, 51]
    with pytest.raises(FileNotFoundError):
        list(again.rows())


def test_of_entries_with_the_same_attributes_one_makes_the_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_usual", "_shape_of"):  # as where there are too many others to remember one
        monkeypatch.setattr(ldif_entry, name, getattr(ldif_entry, name).__wrapped__)
    gone_through, header = list[int](), ldif._header
    monkeypatch.setattr(ldif, "_header", lambda some: (gone_through.append(len(some)), header(some))[1])
    table = kinds.look(
        "".join(f"dn: cn={n}\ncn: Bo {n}\nmail: {n}@x.example\n\n" for n in range(50)).encode()
    )
    assert (gone_through, len(list(table.rows()))) == ([1], 50)


@pytest.mark.parametrize("between", ["\n\n", "\n\n\n", "\n\n\n\n\n", "\n\r\n", "\r\n\r\n"])
def test_entries_are_divided_by_empty_lines_however_many(between: str) -> None:
    entries = [f"dn: cn={n}\ncn: Bo {n}" for n in range(3)]
    table = kinds.look(between.join(entries).encode())
    lines = 2 + between.count("\n") - 1
    assert [(row.line, row.cells[1].strip()) for row in table.rows()] == [
        (1 + n * lines, f"Bo {n}") for n in range(3)
    ]
