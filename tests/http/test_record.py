"""The whole record, at the door: typed in a form, shown as ways to reach someone, read back from JSON."""

import html
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from webui.store.values import person

MARA: dict[str, Any] = {
    "username": "mara",
    "email": "mara@lindqvist.example",
    "given": "Mara",
    "organisation": "Lund Choir",
    "job_title": "Conductor",
    "birthday": "4 March 1987",
    "phones-label": ["Mobile", ""],
    "phones-phone": ["+46 8 465 004 17", ""],
    "addresses-label": ["Home"],
    "addresses-street": ["Kastanjegatan 12"],
    "addresses-postal_code": ["223 59"],
    "addresses-city": ["Lund"],
    "links-label": ["", ""],
    "links-url": ["https://choir.example/mara", "javascript:alert(1)"],
    "handles-label": ["Signal"],
    "handles-handle": ["mara.77"],
    "dates-label": ["Wedding"],
    "dates-date": ["June 2010"],
}


@pytest.fixture
def mara(client: FlaskClient) -> str:
    saved = client.post("/add", data=MARA)
    assert saved.status_code == 303, saved.data
    return saved.location


def test_a_person_shows_every_way_to_reach_them(client: FlaskClient, mara: str) -> None:
    page = client.get(mara).text
    assert 'href="mailto:mara%40lindqvist.example"' in page or 'href="mailto:mara@lindqvist.example"' in page
    assert 'href="tel:+46846500417"' in page
    assert 'href="https://choir.example/mara"' in page
    assert 'href="javascript' not in page
    assert "javascript:alert(1)" in page  # shown, but no link
    for said in ("223 59 Lund", "mara.77", "4 March 1987", "June 2010", "Conductor, Lund Choir"):
        assert said in page


def test_the_main_email_says_what_kind_it_is(client: FlaskClient, mara: str) -> None:
    client.post(f"{mara}/edit", data=MARA | {"email_label": "Choir"})
    for page in (client.get(mara).text, client.get(f"{mara}/pane", headers={"HX-Request": "true"}).text):
        assert '<dt><bdi>Choir</bdi></dt><dd class="exact"><a href="mailto:mara%40lindqvist.example">' in page
    form = client.get(f"{mara}/edit").text
    assert re.search(r'<input class="input" id="email_label"[^>]* value="Choir" list="emails-labels"', form)
    assert client.get("/api/users/1").json["email_label"] == "Choir"  # type: ignore[index]


def test_of_very_many_values_the_pane_shows_some_and_the_way_to_all(client: FlaskClient, mara: str) -> None:
    phones = {"phones-phone": [f"+46 8 465 {number:03}" for number in range(300)], "phones-label": [""] * 300}
    years = {"dates-date": [str(1950 + number) for number in range(7)], "dates-label": [""] * 7}
    client.post(f"{mara}/edit", data=MARA | phones | years)
    pane, page = client.get(f"{mara}/pane", headers={"HX-Request": "true"}).text, client.get(mara).text
    assert (pane.count('href="tel:'), page.count('href="tel:')) == (6, 300)
    assert f'<dt>Phones</dt><dd><a class="link rest" href="{mara}#reach">All 300</a></dd>' in pane
    assert f'<a class="link rest" href="{mara}#about">All 7</a>' in pane and 'id="about"' in page
    assert pane.count("link rest") == 2 and "link rest" not in page
    assert pane.count("<dt><bdi>Date</bdi></dt>") == 6


def test_a_sentence_that_ends_with_a_name_has_one_stop(client: FlaskClient) -> None:
    form = {"username": "ann", "email": "ann@x.example", "given": "Ann", "suffix": "jun."}
    client.post("/add", data=form)
    told = html.unescape(re.sub("<[^>]+>", "", client.post("/add", data=form).text))
    assert "Taken by Ann jun. Free: ann.2" in told and "Taken by Ann jun. As a further e-mail" in told


def test_the_form_holds_what_was_typed(client: FlaskClient, mara: str) -> None:
    page = client.get(f"{mara}/edit").text
    for value in ("4 March 1987", "+46 8 465 004 17", "Kastanjegatan 12", "June 2010", "Signal"):
        assert f'value="{value}"' in page


@pytest.mark.parametrize("name", person.LISTS)
def test_a_row_more_is_given_without_script(client: FlaskClient, mara: str, name: str) -> None:
    page = client.post(f"{mara}/edit", data={**MARA, "more": name}).text
    rows = page.split(f'name="{name}-label"')
    assert len(rows) - 1 == sum(map(bool, MARA.get(f"{name}-label", []))) + (name == "links") * 2 + 3
    assert client.get("/api/users/1").json["given"] == "Mara"  # nothing was saved


def test_rows_that_were_taken_away_are_gone_and_lists_not_shown_stay(client: FlaskClient, mara: str) -> None:
    form = {name: MARA[name] for name in ("username", "email", "given")}
    shown = {"phones-label": [""], "phones-phone": [""]}
    assert client.post(f"{mara}/edit", data=form | shown).status_code == 303
    kept = client.get("/api/users/1").json
    assert kept["phones"] == []
    assert [each["city"] for each in kept["addresses"]] == ["Lund"]


def test_a_doubtful_date_is_asked_about_beside_its_row(client: FlaskClient) -> None:
    typed = {**MARA, "birthday": "3/4/1987", "dates-date": ["soon"]}
    refused = client.post("/add", data=typed)
    assert refused.status_code == 422
    assert "“3/4/1987” can be two days; write 3 April 1987 or 4 March 1987" in refused.text
    assert 'href="#dates-0">Date: “soon” can&#39;t be read as a date' in refused.text
    assert 'value="3/4/1987"' in refused.text


@pytest.mark.parametrize(
    ("typed", "when", "read", "fault"),
    [
        ("4 mar 1987", "", "Read as Wednesday, 4 March 1987.", ""),
        ("4.3.", "", "Read as 4 March.", ""),
        ("march 1987", "", "Read as March 1987.", ""),
        ("1987", "born", "Read as 1987.", ""),
        ("3/4/1987", "", "", "“3/4/1987” can be two days"),
        ("4 march 2999", "", "Read as Monday, 4 March 2999.", ""),
        ("4 march 2999", "born", "", "“4 march 2999” has not come yet"),
        ("march 1987", "been", "", "“march 1987” is not a day"),
        ("soon", "born", "", "“soon” can't be read as a date"),
        (" ", "", "", ""),
        ("x" * 10_000, "", "", "“xxx"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_date_is_read_back_while_it_is_typed(
    client: FlaskClient, typed: str, when: str, read: str, fault: str
) -> None:
    answer = client.get("/users/read-date", query_string={"typed": typed, "when": when}).json
    assert answer and answer["read"] == read
    assert answer["fault"].startswith(fault)
    assert bool(answer["fault"]) == bool(fault)


def test_json_gives_what_it_takes(client: FlaskClient, mara: str) -> None:
    got = client.get("/api/users/1").json
    assert got["birthday"] == "1987-03-04"
    assert got["dates"] == [{"label": "Wedding", "date": "2010-06"}]
    writable = {name: got[name] for name in (*person.FIELDS, *person.LISTS)}
    same = client.patch("/api/users/1", json=writable)
    assert same.status_code == 200
    assert client.get("/api/users/1").json == got  # nothing changed, also not when it was
    changed = client.patch(
        "/api/users/1", json={"phones": [{"phone": "046-12 34 56"}], "birthday": "--02-29"}
    )
    assert changed.json["phones"] == [{"label": "", "phone": "046-12 34 56"}]
    assert changed.json["birthday"] == "--02-29"
    refused = client.patch("/api/users/1", json={"addresses": [{"city": 3 * "x" * 50}], "links": {}})
    assert refused.status_code == 422
    assert {"addresses-0", "links"} <= set(refused.json["errors"])


def test_phones_belong_to_the_region_of_the_settings(client: FlaskClient) -> None:
    title = client.get("/settings").text
    assert '<option value="SE">Sweden</option>' in title
    saved = client.post(
        "/settings/roster", data={"title": "Choir", "email_required": "1", "phone_region": "SE"}
    )
    assert saved.status_code == 303
    client.post("/add", data={**MARA, "phones-phone": ["046-12 34 56"], "phones-label": [""]})
    assert 'href="tel:+4646123456"' in client.get("/users/1").text
    assert [row["id"] for row in client.get("/api/users?q=%2B46%2046%2012").json] == [1]
    refused = client.post(
        "/settings/roster", data={"title": "X", "email_required": "1", "phone_region": "XX"}
    )
    assert refused.status_code == 422
    assert "There is no region XX" in refused.text
    assert "Choir" in client.get("/settings").text


def test_a_list_that_was_changed_meanwhile_is_shown(client: FlaskClient, mara: str) -> None:
    form = client.get(f"{mara}/edit").text
    hidden = {name: _hidden(form, name) for name in ("seen", "base")}
    client.patch("/api/users/1", json={"phones": [{"label": "Work", "phone": "040-99"}]})
    refused = client.post(
        f"{mara}/edit", data={**MARA, **hidden, "phones-phone": ["1"], "phones-label": [""]}
    )
    assert refused.status_code == 409
    assert "Phones: <del" in " ".join(refused.text.split())
    assert "Work 040-99" in refused.text
    beside = client.post(f"{mara}/edit", data={**MARA, **hidden, "nickname": "Mari"})
    assert beside.status_code == 303
    kept = client.get("/api/users/1").json
    assert (kept["nickname"], kept["phones"]) == ("Mari", [{"label": "Work", "phone": "040-99"}])


def test_a_part_that_was_moved_is_not_lost_to_a_change_made_meanwhile(client: FlaskClient, mara: str) -> None:
    form = client.get(f"{mara}/edit").text
    hidden = {name: _hidden(form, name) for name in ("seen", "base")}
    client.patch("/api/users/1", json={"nickname": "Mari"})
    moved = {**MARA, **hidden, "addresses-city": [""], "addresses-region": ["Lund"]}
    assert client.post(f"{mara}/edit", data=moved).status_code == 303
    [address] = client.get("/api/users/1").json["addresses"]
    assert (address["city"], address["region"]) == ("", "Lund")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"label": "Home", "number": "112"}, "There is no “number” here, only label, phone"),
        ({"phone": ["x", 1]}, "This has to be a text"),
        ({"phone": True}, "This has to be a text"),
    ],
)
def test_a_row_of_json_that_is_misspelt_changes_nothing(
    client: FlaskClient, mara: str, row: dict[str, Any], said: str
) -> None:
    before = client.get("/api/users/1").json
    refused = client.patch("/api/users/1", json={"phones": [row]})
    assert (refused.status_code, refused.json["errors"]["phones-0"]) == (422, said)
    assert client.get("/api/users/1").json == before


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("3/4/1987", "“3/4/1987” can be two days; write 3 April 1987 or 4 March 1987"),
        ("3/4", "“3/4” can be two days; write 3 April or 4 March"),
        ("12 March 2187", "“12 March 2187” has not come yet; is the year right?"),
        ("0/5/1987", "“0/5/1987” can't be read as a date"),
        ("29.2.2023", "“29.2.2023” is no day: February of 2023 ends with the 28th"),
    ],
)
def test_a_day_that_can_be_two_is_said_in_words(client: FlaskClient, typed: str, said: str) -> None:
    refused = client.post("/add", data={**MARA, "birthday": typed})
    assert refused.status_code == 422
    assert said in html.unescape(refused.text)


@pytest.mark.parametrize(
    "base", ["", "{", "[]", '{"phones": 3}', '{"phones": [3]}', '{"note": []}', "[" * 9_000]
)
def test_an_odd_base_is_none(client: FlaskClient, mara: str, base: str) -> None:
    assert client.post(f"{mara}/edit", data={**MARA, "seen": "x", "base": base}).status_code == 409


def _hidden(page: str, name: str) -> str:
    return html.unescape(re.findall(f'name="{name}" value="([^"]*)"', page)[0])


def test_whoever_saves_before_the_suggestion_came_gets_it(client: FlaskClient) -> None:
    saved = client.post(
        "/add", data={"given": "Max", "family": "Schnell", "username": "", "email": "m@x.example"}
    )
    assert saved.status_code == 303
    assert client.get("/api/users/1").json["username"] == "max.schnell"


def test_a_title_is_no_part_of_the_initials_nor_of_the_order(client: FlaskClient) -> None:
    for prefix, given, suffix in (("Dr.", "Ada", "jun."), ("", "Bea", "MBE"), ("Prof.", "Zoë", "")):
        form = {"prefix": prefix, "given": given, "family": "Ek", "suffix": suffix}
        client.post("/add", data={**form, "email": f"{given}@x.example"})
    page = client.get("/").text
    assert re.findall(r'aria-hidden="true">(\w\w)</span><a', page) == ["AE", "BE", "ZE"]
    assert "Dr. Ada Ek jun." in page
    assert ">AE</span>" in client.get("/users/1").text


def test_what_stands_in_the_place_of_the_kind_alone_is_not_lost_without_a_word(client: FlaskClient) -> None:
    form = {**MARA, "phones-label": ["", "070-12 34 567"], "phones-phone": ["+46 8 465 004 17", ""]}
    refused = client.post("/add", data=form)
    assert refused.status_code == 422
    assert "“070-12 34 567” stands where its kind does" in html.unescape(refused.text)
    assert client.post("/add", data={**form, "phones-label": ["Mobile", ""]}).status_code == 303
    shown = {"phones-label": ["Mobile"], "phones-phone": [""]}  # emptied: that one goes
    assert client.post("/users/1/edit", data={**MARA, **shown}).status_code == 303
    assert client.get("/api/users/1").json["phones"] == []
