"""Finding people, sorted and in pages."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from webui.store import bulk, finding, posts, query, search, standing, tags, users
from webui.store.chosen import Chosen
from webui.store.ledger import texts
from webui.store.ledger.operations import named, operation, raw

PEOPLE = [("Zoë", "Łukasz"), ("Åsa", "Berg"), ("Mara", "Lindqvist"), ("Al", "Straße"), ("Ørn", "Zobel")]


@pytest.fixture
def people(session: Session) -> dict[str, int]:
    found = {}
    for given, family in PEOPLE:
        form: dict[str, Any] = {"given": given, "family": family}
        form["username"] = users.suggest_username(session, form)
        form["email"] = f"{form['username']}@post.example"
        with operation(session):
            found[given] = users.add(session, form).id
    with operation(session):
        posts.add(
            session,
            found["Mara"],
            {"title": "Spring concert", "body": "at the harbour", "date": "2026-03-01"},
        )
    with operation(session):
        posts.add(session, found["Al"], {"title": "Rehearsal", "date": "2026-04-01"})
    return found


def names_of(page: search.Page) -> list[str]:
    return [row.display_name.split()[0] for row in page.rows]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("zoe", ["Zoë"]),
        ("ZOË", ["Zoë"]),
        ("lukasz", ["Zoë"]),
        ("strasse", ["Al"]),
        ("zo", ["Ørn", "Zoë"]),
        ("mara lind", ["Mara"]),
        ("lind mara", ["Mara"]),
        ("indqvis", ["Mara"]),
        ("harbour", ["Mara"]),
        ("mara concert", ["Mara"]),
        ("asa.berg@post", ["Åsa"]),
        ("nobody", []),
        ('a"b', []),
        ("AND", []),
        ("* NEAR -", []),
        ("zo-e", []),
    ],
)
def test_anything_known_finds_a_person(
    session: Session, people: dict[str, int], q: str, found: list[str]
) -> None:
    page = search.find(session, q)
    assert sorted(names_of(page)) == sorted(found)
    assert (page.count, page.capped) == (len(found), False)


def test_a_part_of_a_street_is_found(session: Session, people: dict[str, int]) -> None:
    with operation(session):
        users.change(session, people["Al"], {"addresses": [{"street": "Hauptstraße 5", "city": "Lund"}]})
    assert names_of(search.find(session, "strasse")) == ["Al"]


def test_names_that_begin_so_come_first(session: Session, people: dict[str, int]) -> None:
    with operation(session):
        posts.add(session, people["Åsa"], {"title": "Met Mara"})
    assert names_of(search.find(session, "mara")) == ["Mara", "Åsa"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", ["Al", "Åsa", "Mara", "Ørn", "Zoë"]),
        ("-name", ["Zoë", "Ørn", "Mara", "Åsa", "Al"]),
        ("-last_post", ["Al", "Mara", "Ørn", "Zoë", "Åsa"]),
        ("email", ["Al", "Åsa", "Mara", "Ørn", "Zoë"]),
        ("nonsense", ["Al", "Åsa", "Mara", "Ørn", "Zoë"]),
    ],
)
def test_every_order_is_kept_over_pages(
    session: Session, people: dict[str, int], sort: str, order: list[str]
) -> None:
    whole = names_of(search.find(session, sort=sort))
    if sort != "-last_post":
        assert whole == order
    else:
        assert whole[:2] == order[:2]
        assert set(whole) == set(order)
    paged, after = [], None
    while True:
        page = search.find(session, sort=sort, after=after, limit=2)
        paged += names_of(page)
        if not (after := page.next):
            break
    assert paged == whole


def test_matches_are_paged_by_how_well_they_match(session: Session, people: dict[str, int]) -> None:
    first = search.find(session, "post", limit=3)
    second = search.find(session, "post", after=first.next, limit=3)
    assert len({row.id for row in first.rows} | {row.id for row in second.rows}) == 5
    assert second.next is None


def test_a_broken_cursor_is_no_cursor(session: Session, people: dict[str, int]) -> None:
    for cursor in ("x", "e30", "WzFd", "", "WyJhIiwgMSwgMSwgMSwgMV0", "W3sieCI6InoifSwxXQ"):
        assert len(search.find(session, after=cursor).rows) == 5


def test_the_trash_and_changed_names_are_not_found(session: Session, people: dict[str, int]) -> None:
    with operation(session):
        users.trash(session, [people["Mara"]])
    with operation(session):
        users.change(session, people["Zoë"], {"given": "Chloe"})
    assert search.find(session, "mara").count == 0
    assert search.find(session, "zoe").count == 1  # still her username
    assert search.find(session, "chloe").count == 1


def test_listing_counts_all_and_pages_by_number(session: Session, people: dict[str, int]) -> None:
    ids, total = search.listing(session, sort="-username", offset=1, limit=2)
    assert total == 5
    assert ids == [people["Ørn"], people["Mara"]]
    assert search.listing(session, q="zo", sort="name") == ([people["Ørn"], people["Zoë"]], 2)
    assert search.everyone(session, "lind") == [people["Mara"]]
    assert len(search.everyone(session)) == 5


def test_pages_go_on_from_names_to_other_matches(session: Session, people: dict[str, int]) -> None:
    with operation(session):
        users.change(session, people["Åsa"], {"note": "knows Zobel"})
    found, after = [], None
    while True:
        page = search.find(session, "z", after=after, limit=1)
        assert page.count == 3
        found += [row.display_name for row in page.rows]
        if (after := page.next) is None:
            break
    assert found == ["Zoë Łukasz", "Ørn Zobel", "Åsa Berg"]


NAMED = {  # who it is -> whether they have the tag
    "Bo Anker": True, "Ada Ek": False, "Cia Ann": True,
    "Änne Voß": False, "Dr. Anton Ek": True, "Ann Lind": False,
}  # fmt: skip


@pytest.mark.parametrize("limits", [(5_000, 2_000, 10_000), (0, 1, 1), (0, 2, 1), (2, 1, 2)])
@pytest.mark.parametrize(("more", "tagged"), [("", None), (" has:email", None), (" tag:choir", True)])
@pytest.mark.parametrize("size", [1, 2, 50])
def test_who_is_listed_under_it_comes_before_who_has_such_a_name_too(
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    limits: tuple[int, int, int],
    more: str,
    tagged: bool | None,
    size: int,
) -> None:
    for name, value in zip(("FEW", "AHEAD", "COUNTED"), limits, strict=True):
        monkeypatch.setattr(search, name, value)
    for number, (name, is_tagged) in enumerate(NAMED.items()):
        *prefix, given, family = name.split()
        form = {"prefix": " ".join(prefix), "given": given, "family": family, "username": f"p{number}"}
        form |= {"email": f"{number}@post.example", "tags": ["Choir"] if is_tagged else []}
        with operation(session):
            users.add(session, form | ({"note": "met Anna"} if given == "Ada" else {}))
    found, after = [], None
    while True:
        page = search.find(session, f"an{more}", after=after, limit=size)
        found += [row.display_name for row in page.rows]
        if (after := page.next) is None:
            break
    expected = ["Ann Lind", "Änne Voß", "Dr. Anton Ek", "Bo Anker", "Cia Ann", "Ada Ek"]
    assert found == [name for name in expected if tagged in (None, NAMED[name])]


@pytest.fixture
def crowd(session: Session) -> list[tuple[int, str, str]]:
    """More people than are sorted at once, as (id, name, email): Annas, and others only met by an Anna."""
    with operation(session):
        connection = raw(session.connection())
        rows = [
            (f"u{n}", f"p{n}", f"p{n}", f"{n * 7919 % 3000:04}@post.example", name, note)
            for n in range(3000)
            for name, note in [(f"Anna {n * 7 % 3000:04}", "") if n % 3 else (f"Bo {n:04}", "met Anna")]
        ]
        connection.executemany(
            "INSERT INTO users (uid, username, username_key, email, email_key, display_name, note,"
            " created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, '', '')",
            rows,
        )
        named(session, "users.add", name="")
    found = session.execute(text("SELECT id, display_name, email FROM users"))
    return [(user_id, name, email) for user_id, name, email in found]


@pytest.mark.parametrize(("few", "ahead"), [(search.FEW, search.AHEAD), (10, 100), (10, 3_000), (100_000, 1)])
@pytest.mark.parametrize("q", ["anna", "an"])
def test_each_match_is_reached_in_order_however_many_there_are(
    session: Session,
    crowd: list[tuple[int, str, str]],
    monkeypatch: pytest.MonkeyPatch,
    few: int,
    ahead: int,
    q: str,
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    monkeypatch.setattr(search, "AHEAD", ahead)
    by_name = sorted(crowd, key=lambda each: each[1])
    by_email = sorted(crowd, key=lambda each: each[2])
    orders = {
        "": by_name,  # Annas before those who met one
        "name": by_name,
        "-name": by_name[::-1],
        "email": by_email,
        "-email": by_email[::-1],
    }
    for sort, order in orders.items():
        found: list[int] = []
        after = None
        while True:
            page = search.find(session, q, sort, after, limit=400)
            assert (page.count, page.capped) == (3000, False)
            found += [row.id for row in page.rows]
            if (after := page.next) is None:
                break
        assert found == [user_id for user_id, _name, _email in order], sort


def test_a_count_stops_where_it_says_so(
    session: Session, crowd: list[tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "COUNTED", 2500)
    assert (search.find(session, "an").count, search.find(session, "an").capped) == (2500, True)
    assert (search.find(session, "bo").count, search.find(session, "bo").capped) == (1000, False)


def test_a_count_goes_on_behind_those_in_the_trash(
    session: Session, crowd: list[tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "COUNTED", 100)
    ids = sorted(user_id for user_id, _name, _email in crowd)[:300]
    with operation(session):
        bulk.tag(session, Chosen(ids), ["Choir"])
        users.trash(session, ids[:220])
    page = search.find(session, "tag:choir")
    assert (page.count, page.capped) == (80, False)


def test_an_order_there_is_not_is_the_usual_one(session: Session, people: dict[str, int]) -> None:
    for sort in ("nonsense", "--name", "-", "uid"):
        page = search.find(session, sort=sort)
        assert (page.sort, names_of(page)) == ("", ["Al", "Åsa", "Mara", "Ørn", "Zoë"])


@pytest.mark.parametrize("sort", ["", "name", "-name", "email", "-last_post"])
def test_a_page_opens_at_a_person(session: Session, crowd: list[tuple[int, str, str]], sort: str) -> None:
    for user_id in (crowd[0][0], crowd[1234][0], crowd[-1][0]):
        page = search.find(session, sort=sort, after=standing.place(session, user_id, sort=sort))
        at = [row.id for row in page.rows].index(user_id)
        assert at == standing.CONTEXT or standing.place(session, user_id, sort=sort) is None
    assert standing.place(session, 99_999) is None
    assert standing.place(session, crowd[5][0], q="anna") is None


@pytest.fixture
def tagged(session: Session, people: dict[str, int]) -> dict[str, int]:
    """Mara has both tags of several words, Zoë one of them; Åsa wrote of the other."""
    for name, form in {
        "Mara": {"tags": ["Left Over", "Choir", "Friends of the very best old"]},
        "Zoë": {"tags": ["Choir"], "note": "left early, rowing"},
        "Åsa": {"note": "asked about the choir, left over soup"},
    }.items():
        with operation(session):
            users.change(session, people[name], form)
    return people


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("choir", "Mara Zoë Åsa"),
        ("cho", "Mara Zoë Åsa"),
        ("left", "Mara Zoë Åsa"),
        ("left choir", "Mara Zoë Åsa"),
        ("choir rowing", "Zoë"),
        ("over left choir", "Mara Åsa"),
        ('"left over"', "Mara Åsa"),
        ('"left over" choir', "Mara Åsa"),
        ('"over left"', ""),
        ('"left over" soup', "Åsa"),
        ("choir mara", "Mara"),
        ("choir zo", "Zoë"),
        ("lef ove cho", "Mara Åsa"),
        ("hoir", ""),
        ("(choir or nothing) rowing", "Zoë"),
        ("left -soup", "Mara Zoë"),
        ("-choir lind", ""),
        ("choir tag:left", "Mara"),
        ("the very best old friends", "Mara"),
        ("the very best old friends lind", "Mara"),
        ("the very best old friends zoe", ""),
    ],
)
def test_words_are_said_by_texts_and_tags_alike(
    session: Session, tagged: dict[str, int], q: str, expected: str
) -> None:
    for sort in ("", "name", "-email"):
        page = search.find(session, q, sort)
        assert {row.display_name.split()[0] for row in page.rows} == set(expected.split()), sort
        assert page.count == len(expected.split())


def test_many_are_counted_by_a_tag_and_by_filters(
    session: Session, tagged: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "COUNTED", 0)
    page = search.find(session, "cho row note:left note:early")
    assert ([row.id for row in page.rows], page.capped) == ([tagged["Zoë"]], True)


def test_a_tag_of_someone_in_the_trash_finds_nobody(session: Session, tagged: dict[str, int]) -> None:
    with operation(session):
        users.trash(session, [tagged["Mara"]])
    assert {row.id for row in search.find(session, "choir").rows} == {tagged["Zoë"], tagged["Åsa"]}
    assert search.find(session, "left choir").count == 2
    assert search.find(session, "the very best old friends").count == 0


def test_a_tag_renamed_or_put_on_everyone_makes_no_text_anew(
    session: Session, tagged: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    monkeypatch.setattr(texts, "_made", lambda rows: made.append(rows) or [])
    with operation(session):
        bulk.tag(session, Chosen(q=""), ["Everyone"])
        tags.rename(session, tags.every(session)[0].id, "Singers")
    assert made == []
    assert search.find(session, "everyone").count == 5
    assert search.find(session, "singer").count == 2


@pytest.mark.parametrize(("few", "ahead"), [(search.FEW, search.AHEAD), (10, 100), (10, 3_000), (100_000, 1)])
@pytest.mark.parametrize("counted", [100, 10_000])
def test_a_tag_among_very_many_is_reached_in_order_too(
    session: Session,
    crowd: list[tuple[int, str, str]],
    monkeypatch: pytest.MonkeyPatch,
    few: int,
    ahead: int,
    counted: int,
) -> None:
    for name, value in (("FEW", few), ("AHEAD", ahead), ("COUNTED", counted)):
        monkeypatch.setattr(search, name, value)
    ids = [user_id for user_id, _name, _email in crowd if user_id % 2]
    with operation(session):
        bulk.tag(session, Chosen(ids), ["Anthem"])
    wanted = {user_id for user_id, name, _email in crowd if user_id % 2 or name.startswith("Anna")}
    wanted |= {user_id for user_id, name, _email in crowd if name.startswith("Bo")}  # who met Anna
    found: list[int] = []
    after = None
    while True:
        page = search.find(session, "an", after=after, limit=500)
        found += [row.id for row in page.rows]
        if (after := page.next) is None:
            break
    assert len(found) == len(set(found))
    assert set(found) == wanted
    both = [row.id for row in search.find(session, "anth bo", limit=3000).rows]
    assert set(both) == {user_id for user_id, name, _email in crowd if user_id % 2 and name.startswith("Bo")}


def test_the_filter_that_fewest_people_meet_is_read(
    session: Session, crowd: list[tuple[int, str, str]]
) -> None:
    ids = sorted(user_id for user_id, _name, _email in crowd)
    with operation(session):
        bulk.tag(session, Chosen(ids[::2]), ["Half"])
        bulk.tag(session, Chosen(ids[::5]), ["Fifth"])
        bulk.tag(session, Chosen(ids[2_000::3]), ["Some late ones"])
    tenth, late = ids[::10], ids[2_000::6]
    for one, other, both in (("half", "fifth", tenth), ("fifth", "half", tenth), ("half", "some", late)):
        asked = query.read(session, f"tag:{one} tag:{other}")
        driver = finding.Finding(session, asked, 0, 0, 10)._driver(asked.condition)
        assert driver
        assert len(session.execute(text(driver.sources[0]), asked.values).all()) in (600, 334)
        assert list(session.scalars(text(driver.ids()), asked.values)) == both
