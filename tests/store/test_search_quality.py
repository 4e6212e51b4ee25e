"""Fifty searches as people make them, and who has to come first, among a few dozen invented people."""

import json
import shutil
from typing import Any

import pytest
from sqlalchemy.orm import Session

from webui.store import posts, search, settings, users
from webui.store.ledger import sqlite
from webui.store.ledger.operations import named, operation
from webui.store.models import Field, FieldValue

# username, name, what else is known; posts as (title, body)
PEOPLE: list[tuple[str, str, dict[str, Any], list[tuple[str, str]]]] = [
    ("mara", "Mara Lindqvist", {"tags": "Choir, Board", "phones": ["+46 8 465 004 17"], "city": "Lund"},
     [("Spring concert: she will conduct", "Wants two extra rehearsals"), ("Coffee at the station", "")]),
    ("lindqvist.t", "Tove Lindqvist", {"tags": "Rowing", "organisation": "Mara Shipping"}, []),
    ("tomas.a", "Tomás Arrieta", {"tags": "Choir", "organisation": "Arrieta & Hijas", "city": "Malmö"}, []),
    ("noor", "Noor Haddad", {"job_title": "Architect", "emails": ["noor@haddad-architects.example"]},
     [("Asked about the piano", "the old Bechstein in the chapel")]),
    ("noora", "Noora Virtanen", {"city": "Helsinki"}, []),
    ("jonasw", "Jonas Weidlich", {"tags": "Choir, Bass", "note": "allergic to peanuts"}, []),
    ("priya.r", "Priya Raghunathan", {"organisation": "Öresund Clinic", "city": "Malmö"}, []),
    ("owenb", "Owen Bracegirdle", {"phones": ["030 12345-67"], "city": "Berlin"}, []),
    ("leila", "Leïla Benhaddou", {"nickname": "Lulu", "tags": "Alto"}, []),
    ("kwame", "Kwame Asante-Boyd", {"tags": "Tenor"}, [("Lent the ladder", "")]),
    ("haruka.m", "Haruka Minami", {"phonetic": "はるか みなみ"}, []),
    ("wojtek", "Wojciech Łukaszewicz", {"note": "speaks Polish and German"}, []),
    ("ruth", "Ruth Abernathy", {"tags": "Board"}, [("Board meeting", "Mara will take the minutes")]),
    ("elif.d", "Elif Demirkan", {"birthday": "4 March 1990"}, []),
    ("zoe", "Zoë Ångström", {"birthday": "1 April 1975"}, []),
    ("zora", "Zora Neumann", {"note": "Zoë's neighbour"}, []),
    ("strasse", "Jan Straßburger", {"street": "Lange Straße 5"}, []),
    ("oyvind", "Øyvind Dæhlin", {}, []),
    ("ana", "Ana María Núñez", {"links": ["https://nunez-violins.example"]}, []),
    ("anna", "Anna Berg", {"handles": ["@annaberg"]}, []),
    ("annabel", "Annabel Annan", {}, []),
    ("berg.k", "Karl Bergmann", {"phones": ["+49 170 1234567"]}, []),
    ("vera", "Věra Dvořáková", {"member": "00418", "voice": "Alto"}, []),
    ("nils", "Nils Øst", {"member": "00420", "voice": "Bass"}, []),
    ("sigrun", "Sigrún Jónsdóttir", {"city": "Reykjavík"}, []),
    ("li.wei", "李伟", {"organisation": "Harbour Books"}, []),
    ("dimitra", "Δήμητρα Παππά", {}, []),
    ("olga", "Ольга Соколова", {}, []),
    ("noor2", "نور حداد", {}, []),
    ("smith", "O'Neill Smith-Jones", {"emails": ["o.neill+list@gmail.com"]}, []),
]  # fmt: skip

FIRST = [
    ("mara", "mara"),
    ("lindq", "mara"),
    ("tove lind", "lindqvist.t"),
    ("lind tove", "lindqvist.t"),
    ("MARA LINDQVIST", "mara"),
    ("tomas", "tomas.a"),
    ("arri", "tomas.a"),
    ("hijas", "tomas.a"),
    ("noor", "noor"),
    ("noora", "noora"),
    ("haddad", "noor"),
    ("architect", "noor"),
    ("bechstein", "noor"),
    ("piano chapel", "noor"),
    ("weid", "jonasw"),
    ("peanut", "jonasw"),
    ("oresund", "priya.r"),
    ("clinic malmö", "priya.r"),
    ("030 123", "owenb"),
    ("+49 30 12345", "owenb"),
    ("234567", "berg.k"),
    ("465004", "mara"),
    ("lulu", "leila"),
    ("leila", "leila"),
    ("boyd", "kwame"),
    ("asante-boyd", "kwame"),
    ("ladder", "kwame"),
    ("はるか", "haruka.m"),
    ("lukasz", "wojtek"),
    ("ukaszew", "wojtek"),
    ("zoe", "zoe"),
    ("angstrom", "zoe"),
    ("zo", "zoe"),
    ("strassburger", "strasse"),
    ("lange str", "strasse"),
    ("oyvind", "oyvind"),
    ("daehlin", "oyvind"),
    ("nunez", "ana"),
    ("violins", "ana"),
    ("anna", "anna"),
    ("annan", "annabel"),
    ("annaberg", "anna"),
    ("01701234567", "berg.k"),
    ("dvorak", "vera"),
    ("00418", "vera"),
    ("reykjavik", "sigrun"),
    ("李伟", "li.wei"),
    ("δημητρα", "dimitra"),
    ("сокол", "olga"),
    ("حداد", "noor2"),
    ("o'neill", "smith"),
    ("smith jones", "smith"),
    ("gmail", "smith"),
    ('"will conduct"', "mara"),
    ("tag:board -name:mara", "ruth"),
    ("tag:choir city:malmo", "tomas.a"),
    ("birthday:march", "elif.d"),
    ("birthday:<1980", "zoe"),
    ('"member no":004* voice:bass', "nils"),
    ("(city:berlin or city:helsinki) o", "owenb"),
    ("post:ladder", "kwame"),
    ("email:@gmail.com", "smith"),
]


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory, empty_database: Any) -> Any:
    """A session on the people, made once for all searches."""
    path = tmp_path_factory.mktemp("quality") / "roster.db"
    shutil.copy(empty_database, path)
    engine = sqlite.engine(path)
    with Session(engine) as session:
        with operation(session):
            fill(session)
        yield session
    engine.dispose()


def fill(session: Session) -> None:
    settings.set_phone_region(session, "DE")
    own = [("Member no", "text", []), ("Voice", "choice", ["Alto", "Bass"])]
    made = {name: Field(name=name, kind=kind, options=json.dumps(options)) for name, kind, options in own}
    session.add_all(made.values())
    session.flush()
    for username, name, known, written in PEOPLE:
        given, _space, family = name.partition(" ")
        address = {"city": known.get("city", ""), "street": known.get("street", "")}
        form = {each: value for each, value in known.items() if isinstance(value, str)}
        for private in ("city", "street", "member", "voice"):
            form.pop(private, None)
        rows = {"phones": "phone", "emails": "email", "links": "url", "handles": "handle"}
        lists = {each: [{row: value} for value in known[each]] for each, row in rows.items() if each in known}
        user = users.add(
            session,
            {**form, **lists, "given": given, "family": family, "username": username}
            | {"email": f"{username}@post.example", "addresses": [address] if any(address.values()) else []},
        )
        for title, body in written:
            posts.add(session, user.id, {"title": title, "body": body, "date": "2026-11-02"})
        for field, value in (("Member no", known.get("member")), ("Voice", known.get("voice"))):
            if value:
                session.add(FieldValue(user_id=user.id, field_id=made[field].id, value=value))
    named(session, "users.add", name="")


@pytest.mark.parametrize(("q", "first"), FIRST)
def test_who_is_meant_comes_first(searched: Session, q: str, first: str) -> None:
    found = [row.username for row in search.find(searched, q).rows]
    assert found[:1] == [first], found[:5]


def test_there_are_fifty_searches_and_none_twice() -> None:
    assert len({q for q, _first in FIRST}) == len(FIRST) >= 50


@pytest.mark.parametrize(
    ("q", "meant"),
    [("lindqvits", "lindqvist"), ("bechstien", "bechstein"), ("waidlich", "weidlich"), ("arieta", "arrieta"),
     ("rehersals mara", "rehearsals mara"), ("dvorakva", "dvorakova"), ("city:helsniki", "city:helsinki")],
)  # fmt: skip
def test_a_slip_is_understood(searched: Session, q: str, meant: str) -> None:
    assert [hint.query for hint in search.hints(searched, q)] == [meant]
