"""Cards brought in: matched by their UID, kept to the last line, in any way a file can hold them."""

import base64
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.exchange.conftest import Import, Planning
from tests.exchange.workbooks import zipped
from webui.exchange import brought, encodings, leftovers, limits, rejects
from webui.exchange.reading import cards, kinds
from webui.exchange.tables import Options
from webui.exchange.vcard import lines
from webui.store import sources
from webui.store.errors import Refused
from webui.store.posts import LONGEST
from webui.store.values import times

Rows = Callable[[str], list[tuple[Any, ...]]]
PICTURE = (Path(__file__).parents[1] / "files" / "pictures" / "clear.png").read_bytes()


def card(*said: str, version: str = "3.0") -> str:
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *said, "END:VCARD", ""])


MARA = ("FN:Mara Ek", "N:Ek;Mara;;;", "UID:u-1")


def verdicts(plan: Any) -> list[str]:
    return [row.verdict for row in plan.page()]


def test_five_cards_twice_are_five_that_are_the_same(planning: Planning, bring_in: Import) -> None:
    five = "".join(card(f"FN:Person {n}", f"N:{n};Person;;;", f"UID:u-{n}", "TEL:+46 70 1") for n in range(5))
    assert bring_in(five).added == 5
    assert verdicts(planning(five)) == ["same"] * 5


def test_a_card_of_an_old_phone_that_says_no_encoding_keeps_its_letters(bring_in: Import, rows: Any) -> None:
    said = "N;ENCODING=QUOTED-PRINTABLE:M=FCller;Bj=F6rn", "NOTE;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB"
    bring_in(card(*said, version="2.1"))
    assert rows("SELECT given, family, note FROM users") == [("Björn", "Müller", "Zoë")]


@pytest.mark.parametrize("charset", ["UTF\0-8", "undefined", "idna", "base64", "none-such", "US-ASCII"])
def test_a_card_in_an_encoding_that_is_none_keeps_no_other_out(
    rows: Rows, bring_in: Import, charset: str
) -> None:
    odd = card(f"FN;CHARSET={charset};ENCODING=QUOTED-PRINTABLE:M=C3=A4ra Ek", version="2.1")
    assert bring_in(odd + card("FN:Noor Berg")).added == 2
    assert rows("SELECT display_name FROM users ORDER BY id") == [("Mära Ek",), ("Noor Berg",)]


def test_only_a_newer_revision_is_no_change_of_the_person(planning: Planning, bring_in: Import) -> None:
    bring_in(card(*MARA, "REV:20240101T000000Z"))
    assert verdicts(planning(card(*MARA, "REV:20250101T000000Z"))) == ["same"]


def test_a_card_finds_its_person_by_uid_and_asks_where_the_name_is_another(
    planning: Planning, bring_in: Import
) -> None:
    bring_in(card(*MARA, "EMAIL:m@x.example"))
    moved = planning(card("FN:Mara Berg", "N:Berg;Mara;;;", "UID:urn:uuid:U-1"))
    assert [(row.verdict, row.changes["family"]) for row in moved.page()] == [("changed", ["Ek", "Berg"])]
    other = planning(card("FN:Sal Two", "N:Two;Sal;;;", "UID:u-1"))
    assert [(row.verdict, row.reason.id) for row in other.page() if row.reason] == [
        ("question", "row.other_name_uid")
    ]


@pytest.mark.parametrize(
    ("one", "other", "asked"),
    [
        (
            ("FN:Mara Ek", "N:Ek;Mara;;;", "EMAIL:m@x.example"),
            ("FN:Mill Ltd", "EMAIL:info@mill.example"),
            True,
        ),
        (("FN:Mara Ek", "N:Ek;Mara;;;"), ("FN:Mill Ltd", "N:;;;;", "ORG:Mill Ltd"), True),
        (("FN:Forge", "N:;;;;", "ORG:Forge"), ("FN:Mill Ltd", "N:;;;;", "ORG:Mill Ltd"), True),
        (
            ("FN:Mara Ek", "N:Ek;Mara;;;", "EMAIL:m@x.example"),
            ("FN:Ek", "N:Ek;;;;", "EMAIL:e@x.example"),
            True,
        ),
        (("FN:Mara Ek", "N:Ek;Mara;;;"), ("FN:Ek", "N:Ek;;;;", "EMAIL:e@x.example"), False),
        (("FN:Mara Ek", "N:Ek;Mara;;;", "EMAIL:m@x.example"), ("FN:", "N:;;;;", "TEL:+46 70 1"), False),
        (
            ("FN:Mara Ek", "N:Ek;Mara;;;", "EMAIL:m@x.example"),
            ("FN:Mill", "N:Mill;;;;", "EMAIL:m@x.example"),
            False,
        ),
        (
            ("FN:Mill Ltd", "N:;;;;", "EMAIL:a@x.example"),
            ("FN:Mill Ltd", "N:;;;;", "EMAIL:b@x.example"),
            False,
        ),
        (
            ("FN:Mara Ek", "N:Ek;Mara;;;", "EMAIL:a@x.example"),
            ("FN:Mara", "N:;Mara;;;", "EMAIL:b@x.example"),
            False,
        ),
    ],
)
def test_two_cards_of_one_uid_are_asked_about_where_they_contradict_without_a_given_name(
    planning: Planning, one: tuple[str, ...], other: tuple[str, ...], asked: bool
) -> None:
    for two in ((one, other), (other, one)):
        plan = planning("".join(card(*each, "UID:u-1") for each in two))
        second = plan.page()[1]
        assert (second.verdict == "question") is asked
        assert (second.reason.id if second.reason else None) == ("row.other_name_uid" if asked else None)


def test_two_cards_of_one_uid_are_one_person_and_a_third_name_is_asked(planning: Planning) -> None:
    plan = planning(card(*MARA) + card(*MARA) + card("FN:Sal Two", "N:Two;Sal;;;", "UID:u-1"))
    assert verdicts(plan) == ["new", "same", "question"]


def test_what_has_no_field_is_left_with_the_person(bring_in: Import, session: Session) -> None:
    said = (
        "X-EVOLUTION-MANAGER:Big Blue",
        "item1.X-ABRELATEDNAMES:Mia",
        "ROLE:Cook",
        "N:Other;;;;",
        "GENDER:F",
    )
    bring_in(card(*MARA, *said))
    (kept,) = sources.of_user(session, 1)
    assert kept.raw.decode() == card(*MARA, *said)
    found = leftovers.of_row(kept.format, kept.raw, kept.options)
    assert [(each.name, each.value) for each in found] == [
        ("X-evolution-manager", "Big Blue"), ("X-abrelatednames", "Mia"), ("Role", "Cook"), ("N", "Other"),
        ("Gender", "F"),
    ]  # fmt: skip


def test_a_photo_comes_in_as_it_is_and_only_once(planning: Planning, bring_in: Import, rows: Rows) -> None:
    text = card(*MARA, "PHOTO;ENCODING=b;TYPE=PNG:" + base64.b64encode(PICTURE).decode())
    bring_in(text)
    assert rows("SELECT original, media_type FROM photos JOIN users ON photo_hash = hash") == [
        (PICTURE, "image/png")
    ]
    assert verdicts(planning(text.replace("FN:Mara", "NOTE:\r\nFN:Mara"))) == ["same"]


def test_a_photo_that_is_none_is_a_warning_and_stays_in_the_card(
    planning: Planning, bring_in: Import
) -> None:
    plan = planning(card(*MARA, "PHOTO;ENCODING=b:bm8gcGljdHVyZQ=="))
    (row,) = plan.page()
    assert ([each.id for each in row.warnings], row.keeps) == (["row.no_photo"], True)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f":{'t' * 101};a body", [(f"{'t' * 97}…", f"{'t' * 101}\n\na body")]),
        (":;a body\\nof two", [("a body", "of two")]),
        (":;", []),
        (":one\\nline;a\x00b\x01\\n", [("one line", "ab")]),
        (":only a title", [("only a title", "")]),
    ],
)
def test_a_post_of_a_card_is_as_it_may_be_kept(
    bring_in: Import, rows: Rows, said: str, kept: list[tuple[str, str]]
) -> None:
    assert bring_in(card(*MARA, f"X-ROSTER-POST{said}", version="4.0")).added == 1
    assert rows("SELECT title, body FROM posts") == kept


@pytest.mark.parametrize("day", ["hello", "9999-99-99"])
def test_a_post_without_a_day_of_the_calendar_is_of_today(bring_in: Import, rows: Rows, day: str) -> None:
    bring_in(card(*MARA, f"X-ROSTER-POST;X-DATE={day}:a;b", version="4.0"))
    assert rows("SELECT date FROM posts") == [(times.today(),)]


def test_posts_beyond_what_a_card_may_bring_stay_in_it(
    planning: Planning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brought, "MOST_POSTS", 2)
    said = ["X-ROSTER-POST:a;b", f"X-ROSTER-POST:long;{'x' * (LONGEST['body'] + 1)}"]
    plan = planning(card(*MARA, *said, *["X-ROSTER-POST:a;b"] * 3, version="4.0"))
    (row,) = plan.page()
    assert ([each.id for each in row.warnings], row.keeps) == (["row.posts_left"], True)
    assert plan.connection.execute("SELECT count(*) FROM staged_posts").fetchone()[0] == 2


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (("FN;DERIVED=FALSE:Dr Mara", "N:Ek;Mara;;;"), "Dr Mara"),
        (("FN;DERIVED=TRUE:Dr Mara", "N:Ek;Mara;;;"), "Mara Ek"),
        (("FN;DERIVED=TRUE:Mill Ltd", "N:;;;;"), "Mill Ltd"),
        (("FN;DERIVED=TRUE:Mill Ltd", "EMAIL:m@x.example"), "Mill Ltd"),
        (("FN;DERIVED=TRUE:elof", "N:;;;;", "X-ROSTER-USERNAME:elof"), None),
    ],
)
def test_a_name_made_of_another_gives_way_only_where_there_is_one(
    bring_in: Import, rows: Rows, said: tuple[str, ...], name: str | None
) -> None:
    bring_in(card(*said, version="4.0"))
    assert rows("SELECT nullif(display_name, '') FROM users") == [(name,)]


def test_people_know_each_other_by_their_cards(bring_in: Import, rows: Rows) -> None:
    mara = card(
        *MARA, "RELATED;TYPE=spouse:urn:uuid:U-2", "RELATED;TYPE=friend:urn:uuid:nobody", version="4.0"
    )
    noor = card(
        "FN:Noor Ex", "N:Ex;Noor;;;", "UID:urn:uuid:u-2", "RELATED;TYPE=spouse:urn:uuid:u-1", version="4.0"
    )
    bring_in(mara + noor)
    known = """SELECT a.given, kind, b.given FROM relations r
    JOIN users a ON a.id = user_id JOIN users b ON b.id = other_id"""
    assert rows(known) == [("Mara", "spouse", "Noor")]
    assert bring_in(mara.replace("FN:Mara", "NOTE:x\r\nFN:Mara") + noor).changed == 1
    assert rows(known) == [("Mara", "spouse", "Noor")]


def test_who_is_known_from_the_other_side_alone_is_taken_once(
    planning: Planning, bring_in: Import, rows: Rows
) -> None:
    said = "RELATED;X-ROSTER-RELATION=r{};TYPE={}:urn:uuid:{}"
    mara = card(*MARA, said.format("", "parent", "u-2"), version="4.0")
    noor = card(
        "FN:Noor Ex", "N:Ex;Noor;;;", "UID:u-2", said.format(";X-ROSTER-SIDE=back", "child", "u-1"),
        version="4.0",
    )  # fmt: skip
    known = """SELECT a.given, kind, b.given FROM relations r
    JOIN users a ON a.id = user_id JOIN users b ON b.id = other_id"""
    for _again in range(2):
        bring_in(noor + mara)
        assert rows(known) == [("Mara", "parent", "Noor")]
    bring_in(card("FN:Sal Two", "N:Two;Sal;;;", "UID:u-3"))
    lone = noor.replace("u-1", "u-3").replace("Ex", "En")
    for _again in range(2):
        bring_in(lone)
        assert rows(known) == [("Mara", "parent", "Noor"), ("Noor", "child", "Sal")]
    (row,) = planning(lone.replace("u-3", "nobody")).page()
    assert row.verdict == "same", "whoever is not here is known by nobody"


@pytest.mark.parametrize("said", ["K\r\n IND:group", "X-ADDRESSBOOKSERVER-KI\r\n\tND:group"])
def test_a_group_is_one_however_its_kind_is_folded(bring_in: Import, rows: Rows, said: str) -> None:
    bring_in(card(*MARA) + card("FN:Choir", said, "MEMBER:urn:uuid:u-1", version="4.0"))
    assert rows("SELECT given FROM users") == [("Mara",)]
    assert rows("SELECT name FROM tags") == [("Choir",)]


WHOLE = card("FN:Mara Ek", "N:Ek;Mara;;;", "EMAIL:m@x.example", "PHOTO;ENCODING=b:AAAA", " BBBB").encode()


@pytest.mark.parametrize("before", ["", card("FN:Bo Ex")])
def test_a_card_that_the_file_cuts_anywhere_is_refused(before: str) -> None:
    cut = len(b"BEGIN:VCARD") if not before else 1  # less alone is no file of cards
    for at in range(cut, len(WHOLE) + 1):
        row = list(cards.read(before.encode() + WHOLE[:at], Options()).rows())[-1]
        is_whole = at >= len(WHOLE) - len("\r\n")
        assert row.unfinished == ("" if is_whole else "row.cut_card"), WHOLE[:at]


def test_a_card_without_an_end_before_the_next_one_is_doubtful(planning: Planning) -> None:
    both = planning(card(*MARA).replace("END:VCARD\r\n", "") + card("FN:Bo Ex"))
    assert [[each.id for each in row.warnings] for row in both.page()] == [["row.no_end"], []]


def test_an_empty_line_of_a_uid_is_none(bring_in: Import, planning: Planning, rows: Rows) -> None:
    group = card("FN:Choir", "KIND:group", "MEMBER:", "MEMBER:urn:uuid:u-1", version="4.0")
    bring_in(card("FN:Mara Ek", "N:Ek;Mara;;;", "UID:", "UID:u-1") + card("FN:Bo Ex", "UID:") + group)
    assert rows("SELECT source_uid FROM sources ORDER BY id") == [("u-1",), (None,)]
    assert rows("SELECT user_id FROM user_tags") == [(1,)]
    assert verdicts(planning(card("FN:Mara Berg", "N:Berg;Mara;;;", "UID:u-1"))) == ["changed"]


def test_a_zip_of_cards_is_read_whole(bring_in: Import, rows: Rows) -> None:
    names = {
        "a/Mara.vcf": card(*MARA),
        "b/../Noor.VCF": card("FN:Noor Ex"),
        "read.txt": "BEGIN:VCARD\nFN:x\nEND:VCARD",
    }
    assert bring_in(zipped(dict(names))).added == 2
    assert rows("SELECT display_name FROM users ORDER BY id") == [("Mara Ek",), ("Noor Ex",)]


def test_a_long_file_of_cards_in_a_zip_is_never_whole_in_memory() -> None:
    source = zipped({"many.vcf": card("FN:Mara Ek", "NOTE:" + "x" * 9_000) * 5_000})
    tracemalloc.start()
    try:
        assert sum(1 for _each in kinds.look(source).rows()) == 5_000
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_card_without_an_end_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LINE", 100_000)
    endless = b"BEGIN:VCARD\nVERSION:3.0\n" + b"NOTE:x\n" * 20_000
    with pytest.raises(Refused) as error:
        kinds.look(endless)
    assert error.value.message.id == "import.cell_too_long"


def test_refused_cards_come_out_with_the_reason_and_in_again(planning: Planning, tmp_path: Path) -> None:
    plan = planning(card(*MARA) + card("NOTE:who"))
    path = tmp_path / "refused.vcf"
    with path.open("wb") as stream:
        assert rejects.write(stream, plan, lambda message: f"no; {message.id}") == 1
    assert (
        path.read_bytes()
        == card("NOTE:who").replace("BEGIN:VCARD", "BEGIN:VCARD\r\nX-ROSTER-REASON:no\\; row.nobody").encode()
    )
    path.write_bytes(path.read_bytes().replace(b"NOTE:who", b"FN:Noor Ex"))
    (row,) = planning(path).page()
    assert (row.verdict, row.keeps) == ("new", False)


@pytest.mark.parametrize("size", [3, 64, 1000])
def test_cards_are_the_same_wherever_a_file_is_cut(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(encodings, "_CHUNK", size)
    plain, lower = card(*MARA, "NOTE:long\r\n er"), card("FN:Noor Ex").replace("VCARD", "vcard")
    endless, agent = card("FN:Odo").removesuffix("END:VCARD\r\n"), f"AGENT:\r\n{card('FN:Bo')}".rstrip()
    said = ["\r\n", plain, "\r\n\r\n", plain, lower, endless, card("FN:Vi", agent, "NOTE:my vcard"), plain]
    found = [(row.line, row.raw.decode()) for row in kinds.look("".join(said).encode()).rows()]
    starts = ["".join(said[:number]).count("\n") + 1 for number in (1, 3, 4, 5, 6, 7)]
    assert found == list(zip(starts, [said[1], *said[3:]], strict=True))


def test_folds_are_found_whatever_ends_a_line() -> None:
    for end in ("\n", "\r\n", "\r\r\n", "\r"):
        raw = end.join(["BEGIN:VCARD", "NOTE:a", " b", "\tc", "END:VCARD", ""]).encode()
        assert lines.unfolded(raw, "utf-8") == ["NOTE:abc"]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\r\n"])
def test_refused_cards_keep_their_ends_of_lines(planning: Planning, tmp_path: Path, end: str) -> None:
    said = (card("NOTE:who", "X-ONE:1") + card("NOTE:more")).replace("\r\n", end)
    path = tmp_path / "refused.vcf"
    with path.open("wb") as stream:
        assert rejects.write(stream, planning(said), lambda message: message.id) == 2
    written = path.read_bytes().decode()
    assert written == said.replace("BEGIN:VCARD", f"BEGIN:VCARD{end}X-ROSTER-REASON:row.nobody")
    path.write_bytes(written.replace("NOTE:", "FN:Noor ").encode())
    assert verdicts(planning(path)) == ["new", "new"]


def test_lines_are_unfolded_before_they_are_decoded() -> None:
    raw = b"BEGIN:VCARD\r\nNOTE:caf\xc3\r\n \xa9\r\nEND:VCARD\r\n"
    assert lines.unfolded(raw, "utf-8") == ["NOTE:café"]


def test_a_note_of_ten_megabytes_is_read_in_linear_time() -> None:
    note = b"NOTE:" + b"x" * 70 + b"\r\n" + (b" " + b"x" * 73 + b"\r\n") * 140_000
    (row,) = kinds.look(b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Big Ex\r\n" + note + b"END:VCARD\r\n").rows()
    assert len(row.cells[-1]) > 10_000_000


def test_a_card_of_ours_finds_its_person(planning: Planning, bring_in: Import, rows: Rows) -> None:
    bring_in("Name,Note\nMara Ek,x\n")
    ((uid,),) = rows("SELECT uid FROM users")
    (row,) = planning(
        card("FN:Mara Ek", "N:Ek;Mara;;;", f"UID:urn:uuid:{uid}", "NOTE:y", version="4.0")
    ).page()
    assert (row.verdict, row.matched) == ("changed", "source")


def test_whom_a_card_names_may_be_here_without_it(bring_in: Import, rows: Rows) -> None:
    bring_in("Name,E-mail\nMara Ek,m@x.example\nNoor Ex,n@x.example\n", name="a.csv")
    mara = card(*MARA, "EMAIL:m@x.example", "RELATED;TYPE=spouse:urn:uuid:u-2", version="4.0")
    noor = card("FN:Noor Ex", "N:Ex;Noor;;;", "UID:u-2", "EMAIL:n@x.example", version="4.0")
    known = "SELECT user_id, kind, other_id FROM relations"
    for _time in range(2):
        bring_in(mara + noor)
        assert rows(known) == [(1, "spouse", 2)]


def test_who_is_known_already_is_not_twice_by_other_uids(bring_in: Import, rows: Rows) -> None:
    bring_in(
        card(*MARA, "EMAIL:m@x.example", "RELATED;TYPE=spouse:urn:uuid:u-2", version="4.0")
        + card("FN:Noor Ex", "N:Ex;Noor;;;", "UID:u-2", "EMAIL:n@x.example", version="4.0")
    )
    mara = ("FN:Mara Ek", "N:Ek;Mara;;;", "UID:o-1", "EMAIL:m@x.example", "NOTE:x")
    noor = ("FN:Noor Ex", "N:Ex;Noor;;;", "UID:o-2", "EMAIL:n@x.example")
    other = card(*mara, "RELATED;TYPE=spouse:urn:uuid:o-2", version="4.0")
    other += card(*noor, "RELATED;TYPE=spouse:urn:uuid:o-1", version="4.0")
    bring_in(other)
    assert rows("SELECT user_id, kind, other_id FROM relations") == [(1, "spouse", 2)]
