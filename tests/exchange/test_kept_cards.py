"""Someone else's vCard in and out again: line by line as it came, but for what was changed meanwhile."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.exchange.conftest import Import, Planning
from webui.exchange import formats, importing
from webui.exchange.out.wanted import Wanted
from webui.exchange.vcard import lines, splitting
from webui.store import relations, users
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation

TRAPS = sorted((Path(__file__).parents[1] / "files" / "traps").glob("*.vcf"))
CARD = r"""BEGIN:VCARD
VERSION:3.0
PRODID:-//Other//1.0//EN
UID:x-1
n:Ek;Mara;;;
FN:Mara Ek
item1.EMAIL;type=INTERNET;type=pref;X-CHECKED=yes:m@x.example
item1.X-ABLabel:_$!<Work>!$_
item2.EMAIL;type=INTERNET;X-CHECKED=no:old@x.example
item2.X-ABLabel:Choir
TEL;type=CELL;type=VOICE;X-EVOLUTION-UI-SLOT=1:+46 70 123 45 67
tel;TYPE=home;PREF=2:112
ADR;type=HOME;X-OWN=a:;;Ring 1;Lund;;222 23;Sweden
NOTE;LANGUAGE=sv:Alto\, first row
X-OWN;A=b:c\,d
item3.X-OTHER:e
item3.X-ABLabel:What it is
KEY;ENCODING=b;TYPE=PGP:AAAA
REV:2020-01-01T00:00:00Z
END:VCARD
"""
Out = Callable[..., Any]


@pytest.fixture
def out(engine: Engine, tmp_path: Path) -> Out:
    """Return a function that gives the lines of the card of a person, of all without one, without BEGIN and
    END."""

    def lines_of(user_id: int | None = 1, **wanted: Any) -> Any:
        file = tmp_path / "out.vcf"
        file.unlink(missing_ok=True)
        with closing(sqlite.connect(str(engine.url.database))) as connection:
            formats.export(connection, file, Wanted(ids=[user_id] if user_id else None, **wanted))
        with file.open("rb") as stream:
            found = [lines.unfolded(card, "utf-8") for _line, card, _end in splitting.cards(stream)]
        return found[0] if user_id else found

    return lines_of


def test_each_line_of_every_card_goes_out_as_it_came(engine: Engine, bring_in: Import, out: Out) -> None:
    for file in TRAPS:
        bring_in(file, dates="day")
    with Session(engine) as session:
        query = "SELECT user_id, raw, options, name FROM sources s JOIN source_files f ON f.id = s.file_id"
        driver = session.connection().connection.driver_connection
        kept = driver.execute(f"{query} GROUP BY s.user_id HAVING s.id = max(s.id)").fetchall()  # type: ignore[union-attr]
        ids = [row[0] for row in driver.execute("SELECT id FROM users ORDER BY id")]  # type: ignore[union-attr]
    cards = {version: dict(zip(ids, out(None, version=version), strict=True)) for version in ("3.0", "4.0")}
    seen = 0
    for user_id, raw, options, name in kept:
        came = lines.unfolded(raw, json.loads(options)["encoding"])
        version = next((each[8:11] for each in came if each.startswith("VERSION:")), "3.0")
        if version == "2.1":
            continue
        more = [each for each in cards[version][user_id] if not each.startswith("X-ROSTER")]
        # The tag of a group is on the cards of its members.
        assert [each for each in more if name[:6] != "group-" or each[:10] != "CATEGORIES"] == came, name
        seen += 1
    assert seen > 25


def test_what_was_changed_stands_in_its_place_and_the_rest_as_it_was(
    engine: Engine, bring_in: Import, out: Out
) -> None:
    bring_in(CARD.encode())
    assert out(version="3.0") == CARD.split("\n")[1:-2]
    with Session(engine) as session, operation(session):
        users.change(
            session,
            1,
            {
                "given": "Märta", "display_name": "Märta Ek", "email": "new@x.example", "emails": [],
                "phones": [{"label": "Mobile", "phone": "+46 70 1"}, {"label": "Boat", "phone": "112"}],
                "note": "", "links": [{"label": "", "url": "https://x.example"}], "tags": ["a, b"],
            },
        )  # fmt: skip
    assert [each for each in out(version="3.0") if not each.startswith("REV")] == [
        "VERSION:3.0", "PRODID:-//Other//1.0//EN", "UID:x-1", "n:Ek;Märta;;;", "FN:Märta Ek",
        "item1.EMAIL;type=INTERNET;type=pref;X-CHECKED=yes:new@x.example", "item1.X-ABLabel:_$!<Work>!$_",
        "TEL;type=CELL;type=VOICE;X-EVOLUTION-UI-SLOT=1:+46 70 1",
        "item4.tel;PREF=2:112", "item4.X-ABLabel:Boat",
        "ADR;type=HOME;X-OWN=a:;;Ring 1;Lund;;222 23;Sweden", "X-OWN;A=b:c\\,d", "item3.X-OTHER:e",
        "item3.X-ABLabel:What it is", "KEY;ENCODING=b;TYPE=PGP:AAAA", "CATEGORIES:a\\, b",
        "URL:https://x.example",
    ]  # fmt: skip
    assert [each for each in out(version="3.0") if each.startswith("REV:20")] != ["REV:2020-01-01T00:00:00Z"]


def test_a_card_of_another_version_has_what_has_no_field_behind_it(bring_in: Import, out: Out) -> None:
    bring_in(CARD.encode())
    new = out(version="4.0")
    assert "TEL;TYPE=home:112" in new
    assert [each for each in new if "OWN" in each or "OTHER" in each or "What" in each or "KEY" in each] == [
        "X-OWN;A=b:c\\,d", "item1.X-OTHER:e", "item1.X-ABLabel:What it is", "KEY;ENCODING=b;TYPE=PGP:AAAA",
    ]  # fmt: skip
    assert "PRODID:-//Other//1.0//EN" not in new


@pytest.mark.parametrize(
    ("came", "goes", "uid", "said"),
    [
        ("3.0", "4.0", "x-1", "UID;VALUE=text:x-1"),
        ("3.0", "4.0", "urn:uuid:U-2", "UID:urn:uuid:U-2"),
        ("4.0", "3.0", "urn:uuid:U-2", "UID:urn:uuid:U-2"),
        ("4.0", "3.0", "tag:x,1", "UID:tag:x\\,1"),
        ("2.1", "4.0", "a,b", "UID;VALUE=text:a\\,b"),
        ("3.0", "4.0", "\nUID:x-1", "UID;VALUE=text:x-1"),  # an empty one stands before it
    ],
)
def test_a_card_of_another_version_goes_out_under_its_own_uid(
    bring_in: Import, out: Out, rows: Any, came: str, goes: str, uid: str, said: str
) -> None:
    card = NOOR.replace("4.0", came).replace("urn:uuid:U-2", uid)
    bring_in(card.encode())
    made = out(version=goes)
    assert [each for each in made if each.startswith("UID")] == [said]
    # As a program gives it that drops what it does not know, and has another name for them by now.
    back = "\n".join(each for each in made if not each.startswith("X-")).replace("Ex", "Berg")
    bring_in(f"BEGIN:VCARD\n{back}\nEND:VCARD\n".encode())
    assert rows("SELECT family FROM users") == [("Berg",)]


def test_what_2_1_wrote_otherwise_is_written_anew(bring_in: Import, out: Out) -> None:
    card = (
        "BEGIN:VCARD\nVERSION:2.1\nN:Ek;Mara\nX-OWN;HOME;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:a, =C3=A5\n"
    )
    bring_in(f"{card}KEY;X509;ENCODING=BASE64:\n AAAA\n\nEND:VCARD\n".encode())
    old = out(version="3.0")
    assert "X-OWN;TYPE=HOME:a\\, å" in old
    assert "KEY;ENCODING=b;TYPE=X509:AAAA" in old


def test_of_some_columns_nothing_else_of_the_card_goes_out(bring_in: Import, out: Out) -> None:
    bring_in(CARD.encode())
    assert not any("OWN" in each for each in out(version="3.0", columns=frozenset({"display_name"})))


def test_a_card_within_a_card_is_never_one_of_its_own(bring_in: Import, out: Out) -> None:
    bring_in(Path(TRAPS[0]))
    assert TRAPS[0].name == "agent.vcf"
    (only,) = out(None, version="4.0")
    assert [each for each in only if "AGENT" in each] == [
        "AGENT:BEGIN:VCARD\\nVERSION:2.1\\nN:Ex\\;Noor\\nEND:VCARD"
    ]


NOOR = "BEGIN:VCARD\nVERSION:4.0\nUID:urn:uuid:U-2\nFN:Noor Ex\nN:Ex;Noor;;;\nEND:VCARD\n"
MARA = (
    "BEGIN:VCARD\nVERSION:4.0\nUID:urn:uuid:u-1\nFN:Mara Ek\nN:Ek;Mara;;;\n"
    "item1.RELATED;TYPE=spouse;X-OWN=a:urn:uuid:U-2\nRELATED;TYPE=friend:urn:uuid:nobody\nEND:VCARD\n"
)


def test_whom_nobody_knows_is_named_in_another_version_too(bring_in: Import, out: Out) -> None:
    bring_in((NOOR + MARA).encode())
    mara = next(card for card in out(None, version="3.0") if "FN:Mara Ek" in card)
    named = [line for line in mara if "RELATED" in line]
    assert named == ["item1.X-ABRELATEDNAMES:Noor Ex", "RELATED;TYPE=friend:urn:uuid:nobody"]


def related(card: list[str]) -> list[str]:
    return [each for each in card if "RELATED" in each and not each.startswith("X-ROSTER")]


def test_whom_a_card_names_by_a_uid_goes_out_once_and_as_they_are_now(
    engine: Engine, bring_in: Import, out: Out
) -> None:
    bring_in((MARA + NOOR).encode())
    friend = "RELATED;TYPE=friend:urn:uuid:nobody"
    assert related(out(1, version="4.0")) == ["item1.RELATED;TYPE=spouse;X-OWN=a:urn:uuid:U-2", friend]
    (back,) = related(out(2, version="4.0"))
    assert "X-ROSTER-SIDE=back" in back
    with Session(engine) as session, operation(session):
        relations.remove(session, 1, relations.of_user(session, 1)[0].id)
        relations.add(session, 1, {"people": [2], "kind": "friend"})
    assert related(out(1, version="4.0")) == ["item1.RELATED;X-OWN=a;TYPE=friend:urn:uuid:U-2", friend]
    with Session(engine) as session, operation(session):
        relations.remove(session, 2, relations.of_user(session, 2)[0].id)
    assert related(out(1, version="4.0")) == [friend]


def test_who_came_later_than_the_card_that_names_them_stays_named(bring_in: Import, out: Out) -> None:
    bring_in(MARA.encode())
    bring_in(NOOR.encode())
    assert related(out(1, version="4.0")) == [each for each in MARA.split("\n") if "RELATED" in each]


def test_a_link_names_who_came_by_a_card_of_another_version(bring_in: Import, out: Out) -> None:
    bring_in(NOOR.replace("4.0", "3.0").encode())
    bring_in(MARA.encode())
    assert related(out(2, version="4.0"))[0] == MARA.split("\n")[5]


@pytest.mark.parametrize(
    ("said", "names"),
    [("UID:urn:uuid:U-2\n", "urn:uuid:U-2"), ("UID:U-2\n", "urn:uuid:U-2"), ("UID:tag:x,1\n", "tag:x,1")],
)
def test_a_relation_made_here_names_the_uid_of_the_other_card(
    engine: Engine, bring_in: Import, out: Out, rows: Any, said: str, names: str
) -> None:
    bring_in(NOOR.replace("UID:urn:uuid:U-2\n", said).encode())
    with Session(engine) as session, operation(session):
        users.add(session, {"username": "bo", "email": "b@x.example"})
        relations.add(session, 2, {"people": [1], "kind": "friend"})
    cards = {
        uid: out(user_id, version="4.0") for user_id, uid in rows("SELECT id, uid FROM users ORDER BY id")
    }
    noor, bo = cards
    (line,) = related(cards[bo])
    assert line.endswith(f';X-ROSTER-UID="{noor}";TYPE=friend:{names}')
    assert said[:-1] in cards[noor]
    assert related(cards[noor])[0].endswith(f":urn:uuid:{bo}")
    told = [f"BEGIN:VCARD\n{chr(10).join(card)}\nEND:VCARD\n" for card in cards.values()]
    with Session(engine) as session, operation(session):
        relations.remove(session, 2, relations.of_user(session, 2)[0].id)
    other = "".join(each for card in told for each in card.splitlines(True) if "X-ROSTER-CARD" not in each)
    bring_in(other.encode())  # as a program gives it that drops what it does not know
    assert rows("SELECT kind FROM relations") == [("friend",)]


@pytest.mark.parametrize("said", ["", "UID:\n", "UID: \n"])
def test_who_has_a_card_without_a_uid_is_named_by_ours_and_has_it(
    engine: Engine, bring_in: Import, out: Out, rows: Any, said: str
) -> None:
    bring_in((MARA + NOOR).replace("UID:urn:uuid:U-2\n", said).encode())
    assert [f"{each}\n" for each in out(2, version="4.0") if each.startswith("UID:")] == (
        [said] if said else []
    )
    with Session(engine) as session, operation(session):
        relations.add(session, 1, {"people": [2], "kind": "friend"})
    ((uid,),) = rows("SELECT uid FROM users WHERE given = 'Noor'")
    assert [each for each in out(2, version="4.0") if each.startswith("UID:")] == [f"UID:urn:uuid:{uid}"]
    assert related(out(1, version="4.0"))[-1].endswith(f"TYPE=friend:urn:uuid:{uid}")
    spouse = MARA.split("\n")[5]
    assert related(out(1, version="4.0"))[0] == spouse  # of whom Roster knows nothing


def test_a_uid_that_two_people_came_with_names_neither(
    engine: Engine, bring_in: Import, planning: Planning, out: Out, rows: Any
) -> None:
    bring_in((MARA + NOOR).encode())
    planned = planning(NOOR.replace("Noor", "Lea").encode())
    planned.choose(0, "second")
    importing.apply(engine, planned, allow_missing_email=True)
    with Session(engine) as session, operation(session):
        relations.add(session, 1, {"people": [3], "kind": "friend"})
    ((uid,),) = rows("SELECT uid FROM users WHERE given = 'Lea'")
    assert related(out(1, version="4.0"))[-1].endswith(f"TYPE=friend:urn:uuid:{uid}")
