"""The list of people: search as one types, the pane that follows, order, and a list that goes on."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Roster
from webui import database
from webui.store import columns
from webui.store.ledger.operations import operation

pytestmark = pytest.mark.browser

NAMES = ".people tbody .who a"


@pytest.fixture
def three(roster: Roster, page: Page) -> Page:
    """The list with Åsa, Mara and Tomás; Mara has the newest post."""
    for given, family in (("Mara", "Lindqvist"), ("Tomás", "Arrieta"), ("Åsa", "Haddad")):
        roster.add(given=given, family=family)
    roster.post(1, "Coffee", "2026-11-02")
    roster.post(2, "Spring concert", "2026-03-01", "a piano that is tuned")
    page.goto("/")
    return page


def here(page: Page, name: str) -> None:
    """The row and the pane agree on who is chosen."""
    expect(page.locator("tr.here .who a")).to_have_text(name)
    expect(page.locator("#pane h2")).to_have_text(name)
    expect(page.locator("#pane")).not_to_have_attribute("aria-busy", "true")


def test_a_search_answers_each_key_and_marks_what_matches(three: Page) -> None:
    three.keyboard.press("/")
    three.keyboard.type("asa")
    expect(three.locator(NAMES)).to_have_text(["Åsa Haddad"])
    expect(three.locator(NAMES).locator("mark")).to_have_text("Åsa")
    expect(three.get_by_role("status").filter(has_text="found")).to_have_text("1 found")
    expect(three.get_by_role("searchbox")).to_be_focused()
    here(three, "Åsa Haddad")


def test_a_search_finds_words_of_posts(three: Page) -> None:
    three.get_by_role("searchbox").fill("piano")
    expect(three.locator(NAMES)).to_have_text(["Tomás Arrieta"])


def test_the_address_holds_the_search(three: Page) -> None:
    three.get_by_role("searchbox").fill("arri")
    expect(three).to_have_url(re.compile(r"\?q=arri&here=2$"))
    three.reload()
    expect(three.get_by_role("searchbox")).to_have_value("arri")
    expect(three.locator(NAMES)).to_have_text(["Tomás Arrieta"])
    three.locator(NAMES).click()
    expect(three.get_by_role("heading", level=1)).to_have_text("Tomás Arrieta")
    three.go_back()
    expect(three.get_by_role("searchbox")).to_have_value("arri")
    expect(three.locator(NAMES)).to_have_text(["Tomás Arrieta"])


def test_a_search_without_results_says_how_to_go_on(three: Page) -> None:
    three.get_by_role("searchbox").fill("Zoë Ørsted")
    expect(three.get_by_role("heading", name="Nobody found for “Zoë Ørsted”.")).to_be_visible()
    expect(three.locator("#pane")).to_be_empty()
    three.get_by_role("link", name="Add “Zoë Ørsted”").click()
    expect(three.get_by_label("First name")).to_have_value("Zoë")
    expect(three.get_by_label("Last name")).to_have_value("Ørsted")


def test_arrow_keys_move_through_the_list_and_the_pane_follows(three: Page) -> None:
    here(three, "Åsa Haddad")
    three.keyboard.press("ArrowDown")
    here(three, "Mara Lindqvist")
    expect(three).to_have_url(re.compile(r"here=1$"))
    three.keyboard.press("j")
    here(three, "Tomás Arrieta")
    three.keyboard.press("Home")
    here(three, "Åsa Haddad")
    three.keyboard.press("End")
    three.keyboard.press("Enter")
    expect(three.get_by_role("heading", level=1)).to_have_text("Tomás Arrieta")
    three.go_back()
    here(three, "Tomás Arrieta")


def test_a_click_on_a_row_chooses_its_person(three: Page) -> None:
    three.locator("tr", has_text="Tomás").locator(".end").click()
    here(three, "Tomás Arrieta")


def test_trash_goes_on_at_the_next_row_of_the_same_search(three: Page) -> None:
    three.goto("/?q=roster&sort=name")
    three.keyboard.press("ArrowDown")
    here(three, "Mara Lindqvist")
    three.keyboard.press("Delete")
    expect(three.locator(".toast")).to_contain_text("Mara Lindqvist moved to the trash.")
    here(three, "Tomás Arrieta")
    expect(three.get_by_role("searchbox")).to_have_value("roster")


def test_a_key_never_meets_the_person_shown_before(three: Page) -> None:
    three.route("**/users/*/pane", lambda route: None)  # the pane is on its way for ever
    three.keyboard.press("ArrowDown")
    expect(three.locator("#pane")).to_have_attribute("aria-busy", "true")
    three.keyboard.press("Delete")
    three.keyboard.press("ArrowDown")
    expect(three.locator("tr.here .who a")).to_have_text("Tomás Arrieta")
    expect(three.locator(NAMES)).to_have_count(3)


def slow_search(page: Page, answered: str) -> None:
    """Let the answer to a search take its time."""
    page.route(f"**/?q={answered}*", lambda route: (page.wait_for_timeout(500), route.continue_()))


def test_whoever_goes_into_the_list_before_the_answer_stays_in_it(three: Page) -> None:
    slow_search(three, "a")
    three.get_by_role("searchbox").fill("a")
    three.keyboard.press("ArrowDown")
    three.keyboard.press("ArrowDown")
    three.keyboard.press("ArrowRight")
    expect(three.locator(NAMES)).to_have_count(3)
    here(three, "Mara Lindqvist")
    expect(three.locator("tr.here [data-cell=email]")).to_be_focused()
    slow_search(three, "tom")
    three.get_by_role("searchbox").fill("tom")
    three.keyboard.press("ArrowDown")
    three.keyboard.press("ArrowRight")
    expect(three.locator(NAMES)).to_have_text(["Tomás Arrieta"])
    expect(three.locator("tr.here [data-cell=email]")).to_be_focused()


def test_a_list_that_comes_takes_no_cell_away_that_is_written_in(three: Page) -> None:
    slow_search(three, "tom")
    three.get_by_role("searchbox").fill("tom")
    three.keyboard.press("ArrowDown")
    three.keyboard.press("ArrowRight")
    three.keyboard.press("F2")
    three.keyboard.press("End")
    three.keyboard.type("x")
    three.wait_for_timeout(700)
    three.keyboard.type("y")
    value = three.locator(".celledit [name=value]").input_value()
    assert value.endswith("xy")
    three.keyboard.press("Escape")
    expect(three.locator(NAMES)).to_have_text(["Tomás Arrieta"])
    expect(three.locator("tr.here [data-cell=email]")).to_be_focused()


def test_a_part_that_does_not_come_is_told(three: Page, watch) -> None:
    watch.allow(503)
    three.route("**/?q=*", lambda route: route.fulfill(status=503, body=""))
    three.get_by_role("searchbox").fill("a")
    expect(three.locator(".toast")).to_contain_text("did not come")
    watch.faults = [fault for fault in watch.faults if "Response Status Error Code 503" not in fault]


def test_columns_sort_both_ways(three: Page) -> None:
    def order(column: str, names: list[str], direction: str) -> None:
        three.get_by_role("columnheader", name=column).get_by_role("link").click()
        expect(three.locator(NAMES)).to_have_text(names)
        expect(three.get_by_role("columnheader", name=column)).to_have_attribute("aria-sort", direction)

    order("Last post", ["Mara Lindqvist", "Tomás Arrieta", "Åsa Haddad"], "descending")
    order("Name", ["Åsa Haddad", "Mara Lindqvist", "Tomás Arrieta"], "ascending")
    order("Name", ["Tomás Arrieta", "Mara Lindqvist", "Åsa Haddad"], "descending")
    order("E-mail", ["Mara Lindqvist", "Tomás Arrieta", "Åsa Haddad"], "ascending")


def test_a_long_list_goes_on_as_one_scrolls(roster: Roster, page: Page) -> None:
    roster.crowd(130)
    page.goto("/")
    rows = page.locator(NAMES)
    expect(rows).to_have_count(30)
    for count in (60, 90, 120, 130):
        page.locator("#found").evaluate("list => (list.scrollTop = list.scrollHeight)")
        expect(rows).to_have_count(count)
    assert rows.all_inner_texts() == [f"Person {number:03}" for number in range(1, 131)]
    expect(page.locator(".further")).to_have_count(0)


def test_a_found_list_goes_on_in_its_own_order(roster: Roster, page: Page) -> None:
    roster.crowd(80)
    page.goto("/?q=person&sort=-name")
    rows = page.locator(NAMES)
    for count in (60, 80):
        page.locator("#found").evaluate("list => (list.scrollTop = list.scrollHeight)")
        expect(rows).to_have_count(count)
    expect(rows.last).to_have_text("Person 001")
    expect(rows.last.locator("mark")).to_have_text("Person")


def test_a_row_alone_is_a_stop_for_tab_however_long_the_list(roster: Roster, page: Page) -> None:
    roster.crowd(120)
    page.goto("/")
    page.get_by_role("link", name="Last post").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox", name="Select Person 001")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Person 001", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#pane").get_by_role("link", name="Open")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("End")
    here(page, "Person 030")
    expect(page.locator(NAMES)).to_have_count(60)  # the end came into sight, and more came
    page.keyboard.press("Tab")
    expect(page.locator("#pane").get_by_role("link", name="Open")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("link", name="Person 030", exact=True)).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("person 007")
    expect(page.locator(NAMES)).to_have_count(1)
    here(page, "Person 007")  # all that a search swaps has come
    for _stop in range(10):  # filter, help, save, the heads of the columns, then tick and name
        page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Person 007", exact=True)).to_be_focused()


def test_the_way_back_from_a_person_leads_to_the_same_place(roster: Roster, page: Page) -> None:
    roster.crowd(120)
    page.goto("/?sort=-name")
    page.locator("#found").evaluate("each => each.scrollTop = each.scrollHeight")
    page.get_by_role("link", name="Person 061", exact=True).click()
    page.wait_for_url("**/users/61")
    page.keyboard.press("p")
    page.keyboard.type("Called")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("Post saved.")
    page.keyboard.press("Escape")
    here(page, "Person 061")
    expect(page.locator(NAMES).first).to_have_text("Person 066")
    page.get_by_role("link", name="Back to the beginning of the list").click()
    expect(page.locator(NAMES).first).to_have_text("Person 120")

    page.keyboard.press("/")
    page.keyboard.type("person 04")
    expect(page.locator(NAMES)).to_have_count(10)
    page.wait_for_url("**q=person+04**")  # follows what it found; nobody clicks before it does
    page.get_by_role("link", name="Person 045", exact=True).click()
    page.wait_for_url("**/users/45")
    page.keyboard.press("Escape")
    expect(page.get_by_role("searchbox")).to_have_value("person 04")
    here(page, "Person 045")


def test_what_was_done_through_another_door_shows_when_the_window_comes_forward(
    page: Page, roster: Roster
) -> None:
    roster.add(given="Mara")
    page.goto("/")
    roster.add(given="Noor")
    expect(page.get_by_role("link", name="Noor")).to_have_count(0)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_role("link", name="Noor")).to_be_visible()
    expect(page.get_by_role("contentinfo")).to_contain_text("Add Noor")


def test_what_is_being_typed_stays_when_the_window_comes_forward(page: Page, roster: Roster) -> None:
    roster.add(given="Mara")
    page.goto("/add")
    page.get_by_label("First name").fill("Jonas")
    roster.add(given="Noor")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_role("contentinfo")).to_contain_text("Add Noor")
    expect(page.get_by_label("First name")).to_have_value("Jonas")


def test_one_key_copies_the_main_email_and_a_button_each_other_value(page: Page, roster: Roster) -> None:
    roster.add(given="Mara", phones=[{"label": "Mobile", "phone": "+46 8 465 004 17"}])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/")
    page.get_by_role("link", name="Mara").first.focus()
    page.keyboard.press("c")
    expect(page.get_by_role("status").filter(has_text="Copied: mara@roster.example")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "mara@roster.example"
    page.goto("/users/1")
    page.get_by_text("+46 8 465 004 17").first.hover()
    page.get_by_role("button", name="Copy Mobile").click()
    expect(page.get_by_role("status").filter(has_text="Copied: +46 8 465 004 17")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "+46 8 465 004 17"


def test_a_key_pressed_before_the_pane_came_is_for_the_one_who_comes(roster: Roster, page: Page) -> None:
    for given in ("Anna", "Bo"):
        roster.add(given=given)
    page.goto("/")
    page.route("**/pane", lambda route: (page.wait_for_timeout(300), route.continue_()))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("e")
    expect(page.get_by_label("First name")).to_have_value("Bo")


def test_a_key_kept_for_one_person_never_meets_another(three: Page) -> None:
    three.route("**/users/*/pane", lambda route: (three.wait_for_timeout(400), route.continue_()))
    three.keyboard.press("ArrowDown")
    three.keyboard.press("Delete")
    three.keyboard.press("ArrowDown")
    expect(three.locator("#pane")).not_to_have_attribute("aria-busy", "true")
    expect(three.locator("#pane h2")).to_have_text("Tomás Arrieta")
    expect(three.locator(NAMES)).to_have_count(3)
    expect(three.locator(".toast")).to_have_count(0)


def test_the_arrows_work_in_a_list_that_has_just_come(roster: Roster, page: Page) -> None:
    roster.crowd(3)
    page.goto("/")
    page.keyboard.press("ArrowRight")  # the first row looks chosen, and is
    expect(page.locator("tr.here [data-cell]").first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("tr.here .who a")).to_be_focused()
    expect(page.locator("tr.here .who a")).to_have_text("Person 001")


def test_a_long_note_is_copied_whole_from_its_cell(page: Page, roster: Roster) -> None:
    note = "\n".join(f"Line {number}" for number in range(200))
    roster.add(given="Mara", note=note)
    with roster.app.app_context(), operation(database.session()):
        columns.arrange(database.session(), ["note"])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/")
    page.locator("tr.here .who a").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-cell=note]")).to_be_focused()
    page.keyboard.press("Control+c")
    expect(page.get_by_role("status").filter(has_text="Copied: Line 0")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == note


def test_the_next_person_is_a_key_away(three: Page) -> None:
    three.locator(NAMES).filter(has_text="Mara").click()
    where = three.get_by_role("navigation", name="Where you are")
    expect(where).to_contain_text("2 of 3")
    three.keyboard.press("j")
    expect(three.get_by_role("heading", level=1)).to_have_text("Tomás Arrieta")
    expect(where).to_contain_text("3 of 3")
    expect(three.get_by_role("link", name="Next person")).to_be_disabled()
    three.keyboard.press("k")
    expect(three.get_by_role("heading", level=1)).to_have_text("Mara Lindqvist")
    three.get_by_role("link", name="Previous person").click()
    expect(three.get_by_role("heading", level=1)).to_have_text("Åsa Haddad")
    expect(where).to_contain_text("1 of 3")
    three.keyboard.press("Escape")
    here(three, "Åsa Haddad")


def test_the_next_person_is_that_of_what_was_searched_and_sorted(three: Page) -> None:
    three.goto("/?sort=-last_post")
    three.locator(NAMES).first.click()
    expect(three.get_by_role("heading", level=1)).to_have_text("Mara Lindqvist")
    three.keyboard.press("j")
    expect(three.get_by_role("heading", level=1)).to_have_text("Tomás Arrieta")
    three.goto("/?q=arri")
    three.goto("/users/1")
    expect(three.get_by_role("heading", level=1)).to_have_text("Mara Lindqvist")
    expect(three.get_by_role("link", name="Next person")).to_have_count(0)  # she is not in it
