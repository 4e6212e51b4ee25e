"""JSON is decoded in large parts and once, where that is possible, and says the same where it is not."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webui.exchange import limits
from webui.exchange.reading import json_text, kinds
from webui.store.errors import Refused

PEOPLE: list[Any] = [
    {"name": f"Åsa {n}", "mail": f"m{n}@x.example", **({"note": "one\ntwo"} if n % 2 else {})}
    for n in range(50)
]
TEXTS = st.text(st.sampled_from('ab ",:{}[]\\\n\u00e5\u0141\U0001f600'), max_size=8)
VALUES = st.recursive(
    TEXTS | st.integers() | st.none() | st.booleans() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=4,
)
LISTS = st.lists(st.dictionaries(TEXTS | st.sampled_from(["id", "name"]), VALUES, max_size=4), max_size=8)


def said(content: bytes) -> list[Any]:
    """Return the header and the rows of a file, or why it is refused."""
    try:
        table = kinds.look(content)
        return [table.header, *table.rows()]
    except Refused as error:
        return [error.message.id]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=LISTS, indent=st.sampled_from([None, 0, 2]), ascii=st.booleans(), piece=st.integers(3, 60))
def test_the_rows_are_the_same_however_a_file_is_cut(
    found: list[Any], indent: int | None, ascii: bool, piece: int
) -> None:
    content = json.dumps(found, ensure_ascii=ascii, indent=indent).encode()
    whole = said(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_text, "_PIECE", piece)
        patch.setattr(limits, "KEPT", 0)
        assert said(content) == whole


def test_what_is_small_is_decoded_once_and_nearly_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    content, loads, decoded = json.dumps(PEOPLE).encode(), json.loads, list[int]()
    monkeypatch.setattr(json, "loads", lambda text: (found := loads(text), decoded.append(len(found)))[0])
    table = kinds.look(content)
    assert [len(list(table.rows())) for _ in range(2)] == [50, 50]
    assert decoded == [48]  # all but the first and the last, whose end is seen alone


def test_what_is_too_large_to_be_kept_is_decoded_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "people.json"
    path.write_bytes(json.dumps(PEOPLE).encode())
    kept = kinds.look(path)
    monkeypatch.setattr(limits, "KEPT", 5_000)
    again = kinds.look(path)
    assert [again.header, *again.rows()] == [kept.header, *kept.rows()]
    path.unlink()
    assert len(list(kept.rows())) == 50
    with pytest.raises(FileNotFoundError):
        list(again.rows())


BESIDE: Any = {"version": 12, "made": {"by": [{"x": "]}"}]}, "tags": ["a", [{"b": 1}]], "no": [], 'é"': 1.5}


@pytest.mark.parametrize("piece", [3, 7, 60, 1 << 20])
@pytest.mark.parametrize("before", [{}, BESIDE])
@pytest.mark.parametrize("behind", [{}, BESIDE])
@pytest.mark.parametrize("indent", [None, 2])
def test_the_only_list_of_objects_in_an_object_is_that_of_people(
    monkeypatch: pytest.MonkeyPatch, piece: int, before: Any, behind: Any, indent: int | None
) -> None:
    monkeypatch.setattr(json_text, "_PIECE", piece)
    last = {f"{name} ": value for name, value in behind.items()}
    content = json.dumps(before | {"contacts": PEOPLE} | last, indent=indent)
    assert said(content.encode()) == said(json.dumps(PEOPLE).encode())


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        ({"contacts": PEOPLE, "version": 1, "groups": [{"name": "Choir"}]}, "import.several_lists"),
        ({"name": "Mara", "emails": [{"email": "m@x.example"}]}, "import.no_list"),  # of one person
        ({"contacts": {"list": PEOPLE}}, "import.no_list"),
        ({"contacts": ["Mara"]}, "import.no_list"),
        ({"contacts": [*PEOPLE, 3]}, "import.no_list"),
        ({"contacts": [], "total": 0}, "import.empty"),
        ('{"contacts": [{"name": "Mara"}]', "import.broken_json"),
        ('{"contacts": [{"name": "Mara"}], "next": [1, 2', "import.broken_json"),
        ('{"\\x": [{"name": "Mara"}]}', "import.broken_json"),
        ('{"a": ' + "[" * 100_000, "import.broken_json"),
    ],
)
def test_an_object_without_one_list_of_people_is_refused_by_what_it_has(content: Any, refusal: str) -> None:
    assert said((content if isinstance(content, str) else json.dumps(content)).encode()) == [refusal]


def test_what_stands_beside_a_list_takes_no_more_memory_than_one_cell_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(json_text.Text.__init__, "__defaults__", (5_000, "replace"))
    monkeypatch.setattr(json_text, "_PIECE", 1_000)
    many = {"contacts": PEOPLE * 100, **{f"n{number}": "x" * 2_000 for number in range(50)}}
    assert len(said(json.dumps(many).encode())) == 5_001
    assert said(json.dumps(many | {"long": "x" * 9_000}).encode()) == ["import.cell_too_long"]


def test_people_with_an_account_are_no_export_of_monica() -> None:
    people = [{"name": "Mara", "account": "7"}]
    assert kinds.look(json.dumps(people).encode()).format == "json"
    assert kinds.look(json.dumps({"contacts": people}).encode()).format == "json"
    monica = {"version": "1", "exported": "2024-01-05T10:11:12Z", "account": {"data": []}}
    assert said(json.dumps(monica).encode()) == ["import.empty"]


@pytest.mark.parametrize("other", ["3", '"x"', '["name"]', "null"])
def test_something_else_among_objects_is_refused(other: str) -> None:
    whole = [json.dumps(each) for each in PEOPLE]
    whole[20] = other
    assert said(f"[{', '.join(whole)}]".encode()) == ["import.no_list"]


@pytest.mark.parametrize("between", [" ", ",,", ",\u00a0"])
def test_objects_that_are_divided_oddly_are_rows_all_the_same(between: str) -> None:
    whole = [json.dumps(each) for each in PEOPLE]
    odd = f"[{','.join(whole[:25])}{between}{','.join(whole[25:])}]"
    assert said(odd.encode()) == said(json.dumps(PEOPLE).encode())


def test_a_letter_that_is_no_utf_8_decides_for_the_whole_file() -> None:
    people = [{"name": "Jürgen Strößner"}] * 30_000
    found = said(json.dumps(people, ensure_ascii=False).encode("cp1252"))
    assert {row.cells[0] for row in found[1:]} == {"Jürgen Strößner"}
    late = json.dumps([{"name": "Ada"}] * 100_000 + people, ensure_ascii=False).encode("cp1252")
    assert said(late)[-1].cells == ["Jürgen Strößner"]


@pytest.mark.parametrize("format_", ["json", "ldif"])
@pytest.mark.parametrize(("letter", "is_kept"), [("x", True), ("\U0001f600", False)])
def test_a_letter_that_makes_its_text_wide_counts_as_what_it_takes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, format_: str, letter: str, is_kept: bool
) -> None:
    path, note = tmp_path / f"people.{format_}", "x" * 1_000 + letter
    if format_ == "json":
        said = json.dumps([{"name": "Mara", "note": note}] * 50, ensure_ascii=False)
    else:
        said = f"dn: cn=Mara\ncn: Mara\ndescription: {note}\n\n" * 50
    path.write_text(said, encoding="utf-8")
    monkeypatch.setattr(
        limits, "KEPT", 150_000
    )  # as plain text they take 110,000, with such a letter 210,000
    table = kinds.look(path)
    path.unlink()
    if is_kept:
        assert len(list(table.rows())) == 50
    else:
        with pytest.raises(FileNotFoundError):
            list(table.rows())
