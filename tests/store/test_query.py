"""The language of the search box: how it is read, whom it finds, and where it can't be read."""

import datetime
import json
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import text
from sqlalchemy.orm import Session

from webui.store import bulk, errors, posts, query, relations, search, users
from webui.store.chosen import Chosen
from webui.store.ledger.operations import named, operation
from webui.store.models import Field, FieldValue, Relation, User, UserEmail
from webui.store.query import fields, own, sizes, syntax
from webui.store.values import emails, times
from webui.store.values import text as texts

TODAY = datetime.date(2026, 11, 26)
PEOPLE = [
    {"given": "Zoë", "family": "Łukasz", "tags": "Choir, Left over", "birthday": "4 March 1987",
     "note": "Sings alto",
     "addresses": [{"city": "Lund", "country": "Sweden"}], "phones": [{"phone": "+46 8 465 004 17"}]},
    {"given": "Åsa", "family": "Berg", "tags": "Choir", "birthday": "March 1990",
     "organisation": "Norra Kajen Library", "department": "Local History",
     "addresses": [{"city": "Malmö"}], "emails": [{"email": "asa@gmail.com"}], "job_title": "Librarian"},
    {"given": "Mara", "family": "Lindqvist", "tags": "Board", "birthday": "26 November",
     "addresses": [{"city": "New York"}], "links": [{"url": "https://Mara.example/about"}]},
    {"given": "Al", "family": "Straße", "birthday": "1 April 2010", "handles": [{"handle": "@al"}]},
    {"given": "Ørn", "family": "Zobel", "birthday": "1950"},
]  # fmt: skip


@pytest.fixture
def people(session: Session, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    monkeypatch.setattr(times, "today", TODAY.isoformat)
    found = {}
    with operation(session):
        for form in PEOPLE:
            username = users.suggest_username(session, form)
            email = f"{username}@post.example"
            made = users.add(session, {**form, "username": username, "email": email})
            found[str(form["given"])] = made.id
    with operation(session):
        about = {"title": "Spring concert", "body": "at the harbour", "date": "2026-11-20"}
        posts.add(session, found["Mara"], about)
    with operation(session):
        posts.add(session, found["Al"], {"title": "Rehearsal", "date": "2026-04-01"})
    own_fields(session, found)
    return found


def own_fields(session: Session, found: dict[str, int]) -> None:
    """Give the people own fields of each kind."""
    rows = [
        ("Member no", "text", [], {"Zoë": "00418", "Åsa": "00420", "Mara": "10418"}),
        ("Seats", "number", [], {"Zoë": "2", "Åsa": "12"}),
        ("Paid", "yes_no", [], {"Zoë": "1", "Åsa": "0"}),
        ("Voice", "choice", ["Alto", "Bass"], {"Zoë": "Alto", "Al": "Bass"}),
        ("Joined", "date", [], {"Zoë": "2010-06", "Åsa": "2026-11-10"}),
        ("City", "text", [], {"Al": "Lund"}),
        ("Pager", "phone", [], {"Al": "030 55-66"}),
        ("Shop", "link", [], {"Mara": "https://Shop.example/mara"}),
    ]
    with operation(session):
        for name, kind, options, values in rows:
            field = Field(name=name, kind=kind, options=json.dumps(options))
            session.add(field)
            session.flush()
            for given, value in values.items():
                number = float(value) if kind == "number" else None
                session.add(FieldValue(user_id=found[given], field_id=field.id, value=value, number=number))
        session.add(Relation(user_id=found["Zoë"], other_id=found["Mara"], kind="spouse"))
        named(session, "users.add", name="")


def named_in(session: Session, q: str, sort: str = "") -> Sequence[str]:
    return [row.display_name.split()[0] for row in search.find(session, q, sort).rows]


FOUND = [
    ("tag:choir", "Zoë Åsa"),
    ("tag:cho", "Zoë Åsa"),
    ('tag:"cho"', ""),
    ("tag:nothing", ""),
    ("tag:choir -tag:left", "Åsa"),
    ('tag:"left over"', "Zoë"),
    ("-tag:choir", "Mara Al Ørn"),
    ("city:lund", "Zoë"),
    ("city:LUN", "Zoë"),
    ("city:und", ""),
    ("city:york", "Mara"),
    ('city:"new york"', "Mara"),
    ('city:"york new"', ""),
    ("city:malmo", "Åsa"),
    ("(city:lund or city:malmö) tag:choir", "Zoë Åsa"),
    ("city:lund or tag:board mara", "Zoë Mara"),
    ("country:swe", "Zoë"),
    ("address:sweden", "Zoë"),
    ("email:@gmail.com", "Åsa"),
    ("email:lukasz@", "Zoë"),
    ("username:zoe", "Zoë"),
    ("name:lind", "Mara"),
    ("name:post", ""),
    ("organisation:library", "Åsa"),
    ("department:hist", "Åsa"),
    ("no:department lukasz", "Zoë"),
    ("job:libr", "Åsa"),
    ("note:alto", "Zoë"),
    ("post:concert", "Mara"),
    ("post:harb", "Mara"),
    ("phone:465-004", "Zoë"),
    ("link:mara.example", "Mara"),
    ("messenger:@AL", "Al"),
    ("relation:spouse", "Zoë Mara"),
    ("relation:mara", "Zoë"),
    ("birthday:march", "Zoë Åsa"),
    ("birthday:märz", "Zoë Åsa"),
    ("birthday:1987", "Zoë"),
    ("birthday:1987-03-04", "Zoë"),
    ('birthday:"4 march"', "Zoë"),
    ("birthday:4-march", "Zoë"),
    ("birthday:today", "Mara"),
    ("birthday:this-month", "Mara"),
    ("birthday:<1987", "Ørn"),
    ("birthday:<=1987", "Zoë Ørn"),
    ("birthday:>1990-02", "Åsa Al"),
    ("birthday:>=1987", "Zoë Åsa Al"),
    ("birthday:1950..1987-02", "Ørn"),
    ("age:>18", "Zoë Åsa Ørn"),
    ("age:36", "Åsa"),
    ("age:75..76", "Ørn"),
    ("age:76", ""),
    ("age:>=75", "Ørn"),
    ("age:>75", ""),
    ("age:16", "Al"),
    ("age:<=16", "Al"),
    ("age:10..39", "Zoë Åsa Al"),
    ("last-post:<7d", "Mara"),
    ("last-post:>90d", "Al"),
    ("last-post:2026-11", "Mara"),
    ("last_post:<2026-11", "Al"),
    ("has:post", "Mara Al"),
    ("no:posts", "Zoë Åsa Ørn"),
    ("has:phone", "Zoë"),
    ("no:tag", "Al Ørn"),
    ("has:relation", "Zoë Mara"),
    ("no:email", ""),
    ("has:email no:address", "Al Ørn"),
    ("has:photo", ""),
    ("no:job no:tag", "Al Ørn"),
    ('has:"member no"', "Zoë Åsa Mara"),
    ("no:voice", "Åsa Mara Ørn"),
    ('"member no":004*', "Zoë Åsa"),
    ('"member no":00418', "Zoë"),
    ("member-no:104", "Mara"),
    ("seats:2", "Zoë"),
    ("seats:>2", "Åsa"),
    ("seats:1..12", "Zoë Åsa"),
    ("paid:yes", "Zoë"),
    ("paid:no", "Åsa"),
    ("voice:alto", "Zoë"),
    ("voice:b", "Al"),
    ("joined:2010", "Zoë"),
    ("joined:june", "Zoë"),
    ("joined:<30d", "Åsa"),
    ('"city":lund', "Al"),
    ("pager:5566", "Al"),
    ("shop:shop.example", "Mara"),
    ('"spring concert"', "Mara"),
    ('"concert spring"', ""),
    ("mara or zoe", "Zoë Mara"),
    ("mara OR zoe tag:choir", "Zoë Mara"),
    ("(mara or zoe) tag:choir", "Zoë"),
    ("mara AND lindqvist", "Mara"),
    ("mara -lindqvist", ""),
    ("post -zoe -asa -mara -al", "Ørn"),
    ("mara tag:board", "Mara"),
    ("zo -(tag:choir or city:malmö)", "Ørn"),
    ("( mara", "Mara"),
    ("-", ""),
    ("or", "Ørn"),
    ("al or", ""),
    ("https://mara.example", "Mara"),
    ("12:30", ""),
]  # fmt: skip


@pytest.mark.parametrize(("q", "found"), FOUND)
def test_a_query_finds_whom_it_says(session: Session, people: dict[str, int], q: str, found: str) -> None:
    for sort in ("", "name", "-last_post"):
        assert sorted(named_in(session, q, sort)) == sorted(found.split()), sort
    wanted = {people[name] for name in found.split()}
    assert set(search.everyone(session, q)) == wanted
    assert search.listing(session, q)[1] == len(wanted)
    assert search.count(session, q) == (len(wanted), False)


def test_those_in_the_trash_are_in_no_count(
    session: Session, people: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with operation(session):
        for number in range(9):
            name = f"mara{number}"
            users.add(session, {"given": "Mara", "username": name, "email": f"{name}@post.example"})
        bulk.tag(session, Chosen([people["Zoë"], people["Åsa"]]), ["Mara"])
    with operation(session):
        users.trash(session, [people["Zoë"]])
    monkeypatch.setattr(sizes, "ROUGHLY", 1)
    for many in (search.COUNTED, 1):  # of more, filters are read beside each other
        monkeypatch.setattr(search, "COUNTED", many)
        for q in ("tag:choir", "tag:choir mara", "tag:choir mara or nobody"):
            assert search.count(session, q) == (1, False), q


def test_what_does_not_fit_a_field_is_found_in_it(session: Session, people: dict[str, int]) -> None:
    with operation(session):
        voice = session.query(Field).filter_by(name="Voice").one()
        session.add(FieldValue(user_id=people["Åsa"], field_id=voice.id, value="Alt"))
        named(session, "users.add", name="")
    for q, found in (("voice:alt", ["Zoë", "Åsa"]), ('voice:"Alt"', ["Åsa"]), ("voice:alto", ["Zoë"])):
        assert sorted(named_in(session, q)) == found, q


def test_whoever_has_several_relations_is_found_once(session: Session, people: dict[str, int]) -> None:
    with operation(session):
        for given in ("Åsa", "Al"):
            session.add(Relation(user_id=people["Mara"], other_id=people[given], kind="friend"))
        named(session, "users.add", name="")
    for q, expected in (("has:relation", "Al Mara Zoë Åsa"), ("relation:friend", "Al Mara Åsa")):
        for sort in ("", "name", "-email", "last_post"):
            assert sorted(named_in(session, q, sort)) == expected.split(), (q, sort)
            assert search.find(session, q, sort, limit=1).count == len(expected.split())


def test_a_relation_to_someone_in_the_trash_is_none(session: Session, people: dict[str, int]) -> None:
    with operation(session):
        users.trash(session, [people["Mara"]])
    assert relations.of_user(session, people["Zoë"]) == []
    assert "Zoë" in named_in(session, "no:relation")
    for q in ("has:relation", "relation:spouse", "relation:mara"):
        assert named_in(session, q) == [], q


def test_a_relation_is_found_by_what_each_side_calls_it(session: Session, people: dict[str, int]) -> None:
    said = session.query(Relation).one()
    for kind, back in relations.BACK.items():
        if kind == relations.OWN:
            continue
        with operation(session):
            said.kind = kind
            named(session, "users.add", name="")
        for user_id in (said.user_id, said.other_id):
            given = users.find(session, user_id).given
            (shown,) = relations.of_user(session, user_id)
            assert given in named_in(session, f"relation:{shown.kind}"), kind
            other_way = named_in(session, f"relation:{relations.BACK[shown.kind]}")
            assert (given in other_way) == (kind == back), kind


@pytest.mark.parametrize(("q", "found"), FOUND)
def test_it_finds_the_same_in_whatever_way_it_is_looked_for(
    session: Session, people: dict[str, int], monkeypatch: pytest.MonkeyPatch, q: str, found: str
) -> None:
    monkeypatch.setattr(search, "FEW", 0)
    monkeypatch.setattr(sizes, "ROUGHLY", 1)
    for ahead, counted in ((1, 0), (3, 1), (100, 0), (3, 2)):
        monkeypatch.setattr(search, "AHEAD", ahead)
        monkeypatch.setattr(search, "COUNTED", counted)
        for sort in ("", "-name"):
            listed, after = [], None
            while True:
                page = search.find(session, q, sort, after, limit=2)
                listed += [row.display_name.split()[0] for row in page.rows]
                if (after := page.next) is None:
                    break
            assert sorted(listed) == sorted(found.split()), (ahead, counted, sort)


@pytest.mark.parametrize(
    ("q", "message", "place", "instead"),
    [
        ("ciyt:lund", "query.field_likely", "ciyt:", "city:lund"),
        ("mara -menber_no:4", "query.field_likely", "menber_no:", 'mara -"Member no":4'),
        ("qqqqqq:x", "query.field", "qqqqqq:x", ""),
        ("is:trashed", "query.trash", "is:trashed", ""),
        ("mara tag:", "query.empty", "tag:", ""),
        ("city:>5", "query.not_compared", ">5", ""),
        ("birthday:marhc", "query.no_birthday", "marhc", ""),
        ("birthday:<march", "query.no_birthday", "<march", ""),
        ("age:old", "query.no_age", "old", ""),
        ("added:<3", "query.no_day", "<3", ""),
        ("added:march", "query.no_day", "march", ""),
        ("phone:12", "query.digits", "12", ""),
        ("has:fone", "query.no_thing", "fone", "has:phone"),
        ("seats:many", "query.no_number", "many", ""),
        ("paid:perhaps", "query.no_yes_no", "perhaps", ""),
        ("voice:tenor", "query.no_choice", "tenor", ""),
        ("voice:>alto", "query.not_compared", ">alto", ""),
        ("joined:soon", "query.no_date", "soon", ""),
        ("mara ( )", "query.brackets", "( )", ""),
        ("(" * 30 + "mara", "query.deep", "(" * 9 + "mara", ""),
        ("a " * 61, "query.many", "a ", ""),
        ("m" * 1001, "query.long", "m", ""),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    session: Session, people: dict[str, int], q: str, message: str, place: str, instead: str
) -> None:
    with pytest.raises(errors.Unreadable) as caught:
        search.find(session, q)
    fault = caught.value
    assert (fault.message.id, q[fault.start : fault.end], fault.instead) == (message, place, instead)
    if instead:
        search.find(session, instead)


@given(some.text(some.sampled_from("ab09\"():-*<>=. \t\0é️٣,orOR%_\\;'"), max_size=60))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_breaks_anything(session: Session, q: str) -> None:
    try:
        page = search.find(session, q)
    except errors.Unreadable as error:
        assert 0 <= error.start < error.end <= len(q)
        return
    assert page.count == len(page.rows) == search.listing(session, q)[1]


def test_each_field_has_an_example_that_reads(session: Session, people: dict[str, int]) -> None:
    for name, example in fields.EXAMPLES.items():
        assert query.read(session, example).tree.nodes[0].field == name  # type: ignore[union-attr]
    for thing in fields.THINGS:
        every = set(search.everyone(session, f"has:{thing}")) | set(search.everyone(session, f"no:{thing}"))
        assert every == set(people.values())


def test_places_are_those_of_the_text() -> None:
    tree = syntax.parse('mara -tag:"left over" (a or b) "x y"')
    assert [tree_part(each) for each in tree.nodes] == [(0, 4), (5, 21), (22, 30), (31, 36)]


def tree_part(node: syntax.Node) -> tuple[int, int]:
    return node.start, node.end


def test_a_field_in_the_trash_is_no_field(session: Session, people: dict[str, int]) -> None:
    with operation(session):
        session.execute(text("UPDATE fields SET deleted_at = '2026' WHERE name = 'Voice'"))
        named(session, "users.add", name="")
    assert "Voice" not in [each.name for each in own.every(session)]
    with pytest.raises(errors.Unreadable):
        search.find(session, "voice:alto")


def test_whoever_is_in_the_trash_is_counted_nowhere(session: Session, people: dict[str, int]) -> None:
    with operation(session):
        users.trash(session, [people["Zoë"]])
    for q in ("tag:choir", "has:phone", "city:lund", "voice:alto", "birthday:1987", "relation:mara", "zoe"):
        assert people["Zoë"] not in search.everyone(session, q)
        assert (
            search.count(session, q)[0] == len(search.everyone(session, q)) == search.find(session, q).count
        )


EMAILS = [
    "ana@post.example", "ÄNA.Post.B@kajen.example", "x+post.y@a.example", "o'post@b.example",
    "post-al@c.example", "p@post-office.example", "s@Straße.post.example", "m@münchen.post.example",
    "m2@sub.münchen.example",
    "q@ｐｏｓｔ.example", "t_post_1@d.example", "two@post.exámple", "no mark", "@post.", "post",
]  # fmt: skip


@pytest.mark.parametrize(
    "part",
    ["@post.", "@post.ex", ".post.", "+post.", "_post_", "post", "@münchen.", ".xn--mnchen-3ya.",
     "@strasse.post.", "@straße.", "@post.example", "a.post.b@kajen.", "@post-office.", "POST.EXAMPLE",
     "*@post.*", "@d.ex"],
)  # fmt: skip
@pytest.mark.parametrize("counted", [0, search.COUNTED])
def test_a_part_of_an_email_is_found_wherever_it_stands(
    session: Session, monkeypatch: pytest.MonkeyPatch, part: str, counted: int
) -> None:
    monkeypatch.setattr(search, "COUNTED", counted)
    sought = texts.key(part.strip("*"))
    with operation(session):
        for number, email in enumerate(EMAILS):
            # The main one, or a further one, as another program may have left them.
            main = {"email": f"{number}@main.example", "email_key": f"{number}@main.example"}
            user = User(uid=f"u{number}", username=f"u{number}", display_name=f"U {number}", **main)
            session.add(user)
            session.flush()
            session.add(UserEmail(user_id=user.id, email=email, email_key=emails.key(email)))
        named(session, "users.add", name="")
    expected = [f"u{number}" for number, email in enumerate(EMAILS) if sought in emails.key(email)]
    for more in ("", " username:u", " name:u", " -name:zoe"):
        found = search.find(session, f'email:"{part}"{more}')
        assert sorted(row.username for row in found.rows) == sorted(expected), more
