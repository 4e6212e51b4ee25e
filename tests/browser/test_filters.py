"""Filters and views in the list: chips both ways, the menu, what can't be read, a view saved and chosen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Roster

pytestmark = pytest.mark.browser

NAMES = ".people tbody .who a"
CHIPS = "#filters .chip.filter [data-chip]"


def fill(roster: Roster) -> None:
    for given, family, city, tags in (
        ("Mara", "Lindqvist", "Lund", "Choir, Board"),
        ("Tomás", "Arrieta", "Malmö", "Choir"),
        ("Åsa", "Haddad", "New York", ""),
    ):
        roster.add(given=given, family=family, tags=tags, addresses=[{"city": city}])


@pytest.fixture
def three(roster: Roster, page: Page) -> Page:
    fill(roster)
    page.goto("/")
    return page


def test_the_text_shows_as_chips_and_a_chip_edits_the_text(three: Page) -> None:
    box = three.get_by_role("searchbox")
    box.fill("tag:choir city:lund")
    expect(three.locator(CHIPS)).to_have_text(["Tag is choir", "City is lund"])
    expect(three.locator(NAMES)).to_have_text(["Mara Lindqvist"])
    three.get_by_role("button", name="Edit the filter: City is lund").click()
    three.keyboard.type("city:malmö")
    expect(box).to_have_value("tag:choir city:malmö")
    expect(three.locator(NAMES)).to_have_text(["Tomás Arrieta"])
    three.get_by_role("link", name="Remove the filter: City is malmö").click()
    expect(box).to_have_value("tag:choir")
    expect(box).to_be_focused()
    expect(three.locator(NAMES)).to_have_text(["Mara Lindqvist", "Tomás Arrieta"])
    expect(three).to_have_url(re.compile(r"\?q=tag:choir&here="))


def test_a_view_is_saved_by_keys_alone(three: Page) -> None:
    three.keyboard.press("/")
    three.keyboard.type("tag:choir")
    expect(three.locator(NAMES)).to_have_text(["Mara Lindqvist", "Tomás Arrieta"])
    three.keyboard.press("ArrowDown")
    three.keyboard.press("v")
    expect(three.get_by_label("Name of the view")).to_be_focused()
    three.keyboard.type("Singers")
    three.keyboard.press("Enter")
    expect(three.get_by_role("navigation", name="Views").get_by_role("link", name="Singers")).to_be_visible()
    expect(three.get_by_role("heading", level=1)).to_have_text("Singers 2")


def test_views_are_ordered_and_renamed_by_keys_alone(page: Page) -> None:
    page.goto("/views")
    names = page.locator("tbody input[name=name]")
    page.get_by_role("button", name="Move No e-mail up").focus()
    for place in (1, 0):
        page.keyboard.press("Enter")
        expect(names.nth(place)).to_have_value("No e-mail")
        way = "up" if place else "down"
        expect(page.get_by_role("button", name=f"Move No e-mail {way}")).to_be_focused()
    names.first.fill("Unreachable")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Views 4")).to_be_visible()
    expect(page.get_by_label("Name of the view Unreachable")).to_be_focused()


def test_a_tag_that_was_renamed_has_the_focus(three: Page) -> None:
    three.goto("/tags")
    three.get_by_label("Name of the tag Board").fill("Directors")
    three.keyboard.press("Enter")
    expect(three.get_by_label("Name of the tag Directors")).to_be_focused()


def test_without_script_chips_and_the_menu_are_links(roster: Roster, look: Callable[..., Page]) -> None:
    fill(roster)
    page = look(script=False)
    page.goto("/")
    page.get_by_role("link", name="Filter").click()
    page.get_by_role("link", name="Tag", exact=True).click()
    page.get_by_role("link", name=re.compile("Board")).click()
    expect(page.locator(NAMES)).to_have_text(["Mara Lindqvist"])
    expect(page.locator("#filters .chip.filter")).to_contain_text("Tag is Board")
    page.get_by_role("link", name="Remove the filter: Tag is Board").click()
    expect(page.locator(NAMES)).to_have_count(3)
    page.goto("/?q=tag:choir")
    page.get_by_role("button", name="Save view").click()
    page.get_by_label("Name of the view").fill("The choir")
    page.locator("#save-view").get_by_role("button", name="Save view").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The choir 2")


def test_the_menu_of_filters_works_by_keyboard(three: Page) -> None:
    three.evaluate("htmx.config.defaultSettleDelay = 1000")  # whoever types fast is sooner than htmx
    three.get_by_role("searchbox").fill("mara")
    expect(three.locator(NAMES)).to_have_count(1)
    three.locator(NAMES).focus()
    three.keyboard.press("f")
    menu = three.locator("#filter-menu")
    expect(menu.get_by_role("link", name="Tag", exact=True)).to_be_focused()
    three.keyboard.press("ArrowDown")
    expect(menu.get_by_role("link", name="City", exact=True)).to_be_focused()
    three.keyboard.press("Enter")
    expect(menu.get_by_role("textbox")).to_be_focused()
    three.keyboard.type("new york")
    three.keyboard.press("Enter")
    expect(three.get_by_role("searchbox")).to_have_value('mara city:"new york"')
    expect(three.get_by_role("heading", name="Nobody found")).to_be_visible()
    three.get_by_role("link", name="Remove the filter “City is new york”").click()
    expect(three.locator(NAMES)).to_have_text(["Mara Lindqvist"])
    three.get_by_role("link", name="Filter F").click()
    expect(menu).to_be_visible()
    three.keyboard.press("Escape")
    expect(menu).to_be_hidden()


def test_what_is_typed_narrows_the_tags_that_the_menu_offers(roster: Roster, page: Page) -> None:
    many = ", ".join(f"Choir {number:02}" for number in range(35))
    for given, tags in (("Mara", f"{many}, Old Émigrés"), ("Tomás", many)):
        roster.add(given=given, tags=tags)
    page.goto("/")
    page.keyboard.press("f")
    menu = page.locator("#filter-menu")
    menu.get_by_role("link", name="Tag", exact=True).press("Enter")
    expect(menu.get_by_role("textbox")).to_be_focused()
    expect(menu.locator(".menulist a")).to_have_count(30)
    page.keyboard.type("emi")  # the rarest, of which the menu had no room
    expect(menu.locator(".menulist a")).to_have_text(["Old Émigrés · 1"])
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    expect(menu.locator(".menulist a")).to_have_count(30)
    page.keyboard.type("hoir")
    expect(menu.locator(".menulist a")).to_have_count(0)
    menu.get_by_role("textbox").fill("old")
    expect(menu.locator(".menulist a")).to_have_text(["Old Émigrés · 1"])
    page.keyboard.press("ArrowDown")
    expect(menu.locator(".menulist a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(NAMES)).to_have_text(["Mara"])


def test_what_cannot_be_read_leaves_the_list_and_says_what_would_work(three: Page) -> None:
    box = three.get_by_role("searchbox")
    box.fill("tag:choir")
    expect(three.locator(NAMES)).to_have_count(2)
    box.fill("tag:choir ciyt:lund")
    fault = three.locator("#search-fault")
    expect(fault).to_contain_text("There is no field ciyt. Did you mean city:")
    expect(fault.locator("mark")).to_have_text("ciyt:")
    expect(three.locator(NAMES)).to_have_count(2)
    fault.get_by_role("link").click()
    expect(box).to_have_value("tag:choir city:lund")
    expect(fault).to_have_count(0)
    expect(three.locator(NAMES)).to_have_text(["Mara Lindqvist"])


def test_a_view_is_saved_from_the_search_and_counted_in_the_sidebar(three: Page) -> None:
    views = three.get_by_role("navigation", name="Saved views")
    expect(views.get_by_role("link", name="Added lately")).to_contain_text("3")
    three.get_by_role("searchbox").fill("tag:choir")
    three.get_by_role("button", name="Save view").click()
    three.keyboard.type("The choir")
    three.keyboard.press("Enter")
    expect(three.locator(".toast")).to_contain_text("The view The choir is saved.")
    expect(three.get_by_role("heading", level=1)).to_contain_text("The choir 2")
    expect(views.get_by_role("link", name="The choir")).to_contain_text("2")
    expect(views.get_by_role("link", name="The choir")).to_have_attribute("aria-current", "page")
    three.get_by_role("searchbox").fill("tag:choir mara")
    expect(three.get_by_role("heading", level=1)).to_contain_text("People")
    views.get_by_role("link", name="No e-mail").click()
    expect(three.get_by_role("heading", level=1)).to_contain_text("No e-mail 0")
    three.keyboard.press("Control+z")
    expect(three.locator("#views li")).to_have_count(4)


def test_a_tag_in_the_list_and_in_the_pane_shows_those_who_have_it(three: Page) -> None:
    three.locator(".people").get_by_role("link", name="Board").click()
    expect(three.get_by_role("searchbox")).to_have_value('tag:"Board"')
    expect(three.locator(NAMES)).to_have_text(["Mara Lindqvist"])
    three.locator("#pane").get_by_role("link", name="Choir").click()
    expect(three.locator(NAMES)).to_have_count(2)


def test_the_help_is_reached_from_the_box_and_from_the_list_of_keys(three: Page) -> None:
    three.locator("#filters").get_by_role("link", name="How to search").click()
    three.get_by_role("link", name="tag:choir", exact=True).click()
    expect(three.locator(NAMES)).to_have_count(2)
    three.keyboard.press("?")
    three.get_by_role("link", name="How to search: fields, filters, phrases").click()
    expect(three.get_by_role("heading", level=1)).to_have_text("How to search")
