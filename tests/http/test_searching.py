"""Searches over HTTP: filters as chips, what can't be read, what was meant, the menu of filters, the help."""

import html
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webui import chips, database
from webui.store import filters, query
from webui.store.ledger.operations import named, operation
from webui.store.models import Field
from webui.store.query import fields, syntax

DOCS = Path(__file__).parents[2] / "docs" / "search.md"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def people(client: FlaskClient) -> FlaskClient:
    """Mara in Lund and Åsa in Malmö, both in the choir; Zoë in Berlin."""
    for given, family, city, tags in (
        ("Mara", "Lindqvist", "Lund", ["Choir", "Board"]),
        ("Åsa", "Berg", "Malmö", ["Choir"]),
        ("Zoë", "Ek", "Berlin", ["Left “over”"]),
    ):
        username = given.lower().replace("å", "a").replace("ë", "e")
        body = {"given": given, "family": family, "username": username, "email": f"{username}@post.example"}
        made = client.post("/api/users", json={**body, "tags": tags, "addresses": [{"city": city}]})
        assert made.status_code == 201, made.json
    return client


def names(page: str) -> list[str]:
    return [re.sub("<.*?>", "", each) for each in re.findall(r'<a href="/users/\d+"><bdi>(.*?)</bdi>', page)]


def links(page: str, label: str) -> list[str]:
    """The searches that the links with this label lead to."""
    labelled = [html.unescape(each) for each in re.findall(r"<a [^>]*>", page)]
    addresses = [re.findall(r'href="(.*?)" ', each)[0] for each in labelled if label in each]
    return [parse_qs(urlsplit(address).query).get("q", [""])[0] for address in addresses]


def test_filters_are_chips_that_lead_to_the_search_without_them(people: FlaskClient) -> None:
    page = people.get("/", query_string={"q": "mara (city:lund or city:malmö) tag:choir -has:photo"}).text
    labels = [html.unescape(each) for each in re.findall(r"<bdi data-without-script>(.*?)</bdi>", page)]
    assert labels == ["City is lund or malmö", "Tag is choir", "Without a photo"]
    assert links(page, "Remove the filter: Tag is choir") == ["mara (city:lund or city:malmö) -has:photo"]
    assert names(page) == ["Mara Lindqvist"]


@pytest.mark.parametrize(
    ("q", "label"),
    [
        ("city:lund", "City is lund"),
        ("-city:lund", "City is not lund"),
        ("last-post:>90d", "Last post over 90 days ago"),
        ("added:<1w", "Added within 1 week"),
        ("-changed:<1y", "Not: Changed within 1 year"),
        ("age:>40", "Age over 40"),
        ("age:30..40", "Age is 30 to 40"),
        ("birthday:this-month", "Birthday is this month"),
        ("birthday:<=1987", "Birthday up to 1987"),
        ("no:emails", "Without an e-mail"),
        ("-no:email", "With an e-mail"),
        ("-choir", "Without the word choir"),
        ("(mara or tag:choir)", "(mara or tag:choir)"),
        ('"Member no":004*', "Member no is 004"),
        ("tag:a or city:b", "tag:a or city:b"),
    ],
)
def test_a_chip_says_what_its_filter_asks(app: Flask, q: str, label: str) -> None:
    with app.test_request_context():
        assert [each.label for each in chips.of(q)] == [label]


def test_each_field_has_a_label_and_each_thing_a_word(app: Flask) -> None:
    assert set(chips.FIELDS) == set(fields.EXAMPLES)
    with app.test_request_context():
        assert all(chips.thing(each) != each for each in fields.THINGS)


def test_what_cannot_be_read_leaves_the_list_as_it_was(people: FlaskClient) -> None:
    answer = people.get("/", query_string={"q": "mara ciyt:<b>"}, headers=HTMX)
    assert answer.status_code == 200
    assert answer.headers["HX-Reswap"] == "none"
    assert "HX-Replace-Url" not in answer.headers
    assert "mara <mark>ciyt:</mark>&lt;b&gt;" in answer.text
    assert "There is no field ciyt. Did you mean city:" in answer.text
    assert 'data-search-for="mara city:&lt;b&gt;"' in answer.text
    assert names(answer.text) == []
    whole = people.get("/", query_string={"q": "tag:"})
    assert whole.status_code == 200
    assert "Something has to follow tag: as in tag:choir" in html.unescape(whole.text)


def test_a_program_is_told_the_place(people: FlaskClient) -> None:
    answer = people.get("/api/users", query_string={"q": "mara ciyt:lund"})
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert (answer.json["start"], answer.json["end"]) == (5, 10)
    assert answer.json["type"] == "urn:roster:unreadable"
    found = people.get("/api/users", query_string={"q": "tag:choir -city:lund"})
    assert ([each["given"] for each in found.json], found.headers["X-Total-Count"]) == (["Åsa"], "1")


def test_a_likely_spelling_and_the_filter_to_drop_are_offered(people: FlaskClient) -> None:
    page = people.get("/?q=lindqvits").text
    assert re.search(r'Did you mean <a class="link" href="/\?q=lindqvist">lindqvist</a>\?', page)
    page = people.get("/?q=tag:choir+city:berlin").text
    assert "Remove the filter “City is berlin”</a>" in page
    assert "Remove the filter “Tag is choir”</a>" in page
    assert "2 people" in page
    assert "Add “" not in page
    assert "Did you mean" not in people.get("/?q=xyzzyxyzzy").text


@pytest.mark.parametrize(
    ("field", "value", "near"),
    [("birthday", "march", "Maric"), ("has", "photo", "Phota"), ("no", "email", "Emil")],
)
def test_a_filter_that_nobody_meets_is_not_respelt_into_what_cant_be_read(
    people: FlaskClient, field: str, value: str, near: str
) -> None:
    body = {"given": near, "username": "near", "email": "near@post.example"}
    assert people.post("/api/users", json=body).status_code == 201
    for asked in (f"{field}:{value}", f"tag:choir {field}:{value}"):
        page = people.get("/", query_string={"q": asked})
        assert page.status_code == 200
        assert "Nobody found for" in page.text
        assert "Did you mean" not in page.text


def test_a_tag_leads_to_those_who_have_it(people: FlaskClient) -> None:
    for address in ("/", "/users/3", "/users/3/pane"):
        page = people.get(address, headers=HTMX if "pane" in address else {}).text
        (address,) = {
            html.unescape(each) for each in re.findall(r'<a class="chip" href="([^"]*Left[^"]*)"', page)
        }
        assert names(people.get(address).text) == ["Zoë Ek"]


def test_the_menu_of_filters_writes_the_search(people: FlaskClient, app: Flask) -> None:
    with app.app_context(), operation(database.session()):
        database.session().add(Field(name="Member no", kind="number"))
        named(database.session(), "users.add", name="")
    for name in (*fields.EXAMPLES, "Member no"):
        page = people.get(f"/filter/{name}?q=mara", headers=HTMX).text
        for address in map(html.unescape, re.findall(r'<li><a href="(/\?q=[^"]*)"', page)):
            q = parse_qs(urlsplit(address).query)["q"][0]
            assert q.startswith("mara ")
            query_answer = people.get(address)
            assert "search-fault" not in query_answer.text, q
    assert 'href="/?q=tag:Choir"' in people.get("/filter/tag").text
    moved = people.get("/filter/Member no", query_string={"q": "mara", "value": ">= 5"})
    assert parse_qs(urlsplit(moved.location).query)["q"] == ['mara "Member no":>=5']
    moved = people.get("/filter/city", query_string={"q": "", "value": 'new "york"'})
    assert parse_qs(urlsplit(moved.location).query)["q"] == ['city:"new ""york"""']
    assert people.get("/filter/nothing").status_code == 404
    for name in ("City", "Yes/no"):
        people.post("/settings/fields/add", data={"name": name, "kind": "text"})
    moved = people.get("/filter/City", query_string={"value": "lund"})
    assert parse_qs(urlsplit(moved.location).query)["q"] == ['"City":lund']  # else that of an address
    moved = people.get("/filter/Yes/no", query_string={"value": "x"})
    assert parse_qs(urlsplit(moved.location).query)["q"] == ['"Yes/no":x']
    assert "<h1>" in people.get("/filter").text


def test_of_what_begins_as_typed_no_more_is_made_than_is_offered(
    people: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, write = list[str](), syntax.write
    monkeypatch.setattr(
        syntax, "write", lambda *said, **how: (written.append(said[1]), write(*said, **how))[1]
    )
    monkeypatch.setattr(filters, "MOST", 1)
    people.patch("/api/users/1", json={"tags": ["Alto", "Alto 2", "Alto 3"]})
    page = people.get("/filter/tag?value=al", headers=HTMX).text
    assert (page.count("<li>"), len(written)) == (1, 1)


def test_the_help_and_the_docs_name_each_field_and_each_example_reads(
    people: FlaskClient, app: Flask
) -> None:
    page, docs = people.get("/search").text, DOCS.read_text(encoding="utf-8")
    shown = [html.unescape(each) for each in re.findall(r"data-example>(.*?)</a>", page)]
    with app.app_context(), operation(database.session()):
        for name, kind in (
            ("Member no", "text"),
            ("Seats", "number"),
            ("Paid", "yes_no"),
            ("Joined", "date"),
        ):
            database.session().add(Field(name=name, kind=kind))
        named(database.session(), "users.add", name="")
    written = re.findall(r"`([^`]+)`", docs)
    with app.app_context():
        for example in {*shown, *(each for each in written if ":" in each)}:
            query.read(database.session(), example)
    assert set(fields.EXAMPLES.values()) <= set(shown)
    assert set(fields.EXAMPLES.values()) <= set(written)
    for name in (*fields.EXAMPLES, *fields.THINGS):
        assert re.search(rf"\b{name}\b", docs), name
    assert 'href="/search"' in people.get("/").text


def test_how_many_have_a_value_is_written_as_elsewhere(
    people: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filters, "values", lambda *_of: [filters.Value("Choir", count=8264)])
    assert "Choir · 8,264<" in people.get("/filter/tag").text


def test_rows_that_come_late_do_not_change_the_way_back(client: FlaskClient) -> None:
    for number in range(60):
        form = {
            "username": f"p{number}",
            "given": "Person",
            "family": str(number),
            "email": f"p{number}@x.example",
        }
        client.post("/add", data=form)
    further = re.search(r'hx-get="([^"]+after=[^"]+)"', client.get("/?q=person").text)
    assert further
    client.get("/?q=p7@", headers=HTMX)
    assert "Person" in client.get(html.unescape(further[1]), headers=HTMX).text
    assert "q=p7" in client.post("/users/8/trash").location
