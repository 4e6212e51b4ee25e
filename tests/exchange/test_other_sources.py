"""What a changed file replaces of someone of whom another source speaks too."""

from collections.abc import Callable
from typing import Any

from tests.exchange.conftest import Import, Planning

Rows = Callable[[str], list[tuple[Any, ...]]]
OLD = "Name,E-mail,Mobile,Work phone,Tags,Note\nMara Ek,m@x.example,+46701740641,+4640111,Choir;Bass,\n"
PHONES = "SELECT id, label, phone FROM user_phones ORDER BY id"
TAGS = "SELECT t.name FROM user_tags JOIN tags t ON t.id = tag_id ORDER BY 1"


def test_what_another_source_says_too_stays(bring_in: Import, rows: Rows) -> None:
    other = "Name,E-mail,Telephone,Groups\nMara Ek,m@x.example,{},Choir\n"
    bring_in(other.format("+4640111"))
    bring_in(OLD)
    bring_in(OLD.replace("Choir;Bass", "Alto").replace("+4640111", "+4640222"))
    assert rows(TAGS) == [("Alto",), ("Choir",)]
    assert [row[2] for row in rows(PHONES)] == ["+4640111", "+46701740641", "+4640222"]
    bring_in(other.format("+4640333"))
    assert [row[2] for row in rows(PHONES)] == ["+4640333", "+46701740641", "+4640222"]


def test_a_table_that_grew_is_no_other_source(bring_in: Import, rows: Rows) -> None:
    bring_in("Name,E-mail,Mobile\nMara Ek,m@x.example,+46701740641\n")
    bring_in(OLD)
    bring_in(OLD.replace("701740641", "701740699"))
    assert [row[2] for row in rows(PHONES)] == ["+46701740699", "+4640111"]


def test_half_a_letter_is_left_out_of_what_an_escape_says(planning: Planning) -> None:
    said = rb'[{"name": "Mara \ud800Ek", "note\udc00": "\\ud800 \ud83d\ude00", "tags": ["a\uD800"]}]'
    (row,) = planning(said).page()
    assert row.name == "Mara \ufffdEk"
    assert row.tags == ["a\ufffd"]
