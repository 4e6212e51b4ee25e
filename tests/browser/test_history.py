"""History in the browser, by keyboard alone: looked through, found, one change taken back, the way around."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Roster, Watch

pytestmark = pytest.mark.browser


@pytest.fixture
def past(roster: Roster, page: Page) -> Page:
    """History after Mara and Tomás were added and Mara was written about."""
    roster.add(organisation="Choir")
    roster.add(given="Tomás")
    roster.post(1, "Coffee")
    page.goto("/history")
    return page


def test_the_pane_follows_through_the_list_and_the_page_opens(past: Page) -> None:
    expect(past.locator("#pane h2")).to_contain_text("Coffee")
    past.keyboard.press("ArrowDown")
    expect(past.locator(".op.here")).to_contain_text("Add Tomás")
    expect(past.locator("#pane h2")).to_contain_text("Add Tomás")
    expect(past.locator("#pane")).to_contain_text("Go back to before it 2 steps")
    past.keyboard.press("Enter")
    expect(past.get_by_role("heading", level=1)).to_contain_text("Add Tomás")
    past.keyboard.press("Escape")
    expect(past.locator(".op.here")).to_contain_text("Add Tomás")


def test_only_one_change_is_taken_back(past: Page) -> None:
    past.keyboard.press("ArrowDown")
    expect(past.locator("#pane h2")).to_contain_text("Add Tomás")
    past.keyboard.press("F6")
    past.keyboard.press("Tab")
    while past.evaluate("document.activeElement.textContent.trim()") != "Undo only this":
        past.keyboard.press("Tab")
    past.keyboard.press("Enter")
    expect(past.locator(".toast")).to_contain_text("Undone alone: Add Tomás")
    expect(past.locator(".op").first).to_contain_text("Take back “Add Tomás” alone")
    past.goto("/")
    expect(past.locator(".people .who a")).to_have_text(["Mara"])
    past.keyboard.press("Control+z")
    expect(past.locator(".people .who a")).to_have_count(2)


def test_what_stands_in_the_way_leads_around_it(past: Page, watch: Watch) -> None:
    watch.allow(409)
    for _step in range(2):
        past.keyboard.press("ArrowDown")
    expect(past.locator("#pane h2")).to_contain_text("Add Mara")
    past.get_by_role("button", name="Undo only this").click()
    expect(past.get_by_role("alert")).to_contain_text("Post about Mara: Coffee. Nothing was changed.")
    past.get_by_role("button", name="Go back to before it 3 steps").click()
    expect(past.locator(".toast")).to_contain_text("3 steps undone.")


def test_history_is_searched_as_one_types(past: Page) -> None:
    past.keyboard.press("/")
    past.keyboard.type("tomas")
    expect(past.locator(".op")).to_have_count(1)
    expect(past.locator("#pane h2")).to_contain_text("Add Tomás")
    past.get_by_role("searchbox").fill("")
    past.get_by_label("Kind").select_option("Posts")
    expect(past.locator(".op .what")).to_have_text(["Post about Mara: Coffee"])
