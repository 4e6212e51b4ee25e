"""What else can be done with a person: the menu behind the three dots of their page."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Roster

pytestmark = pytest.mark.browser


@pytest.fixture
def mara(roster: Roster, page: Page) -> Page:
    """The page of Mara, beside whom there is Noor."""
    roster.add(phones=[{"phone": "+46 8 465 004 17"}], note="Owes me a book")
    roster.add(given="Noor")
    page.goto("/users/1")
    return page


def test_it_opens_below_its_button_and_closes_again_by_keyboard(mara: Page) -> None:
    button, menu = mara.get_by_role("button", name="More", exact=True), mara.locator("#more")
    expect(menu).to_be_hidden()
    button.focus()
    mara.keyboard.press("Enter")
    expect(mara.get_by_role("button", name="Copy as vCard")).to_be_focused()
    at, opened = button.bounding_box(), menu.bounding_box()
    assert at and opened
    assert 0 <= opened["y"] - (at["y"] + at["height"]) < 10
    assert abs(opened["x"] + opened["width"] - (at["x"] + at["width"])) < 2
    mara.keyboard.press("ArrowUp")
    expect(mara.get_by_role("button", name="Look")).to_be_focused()
    mara.keyboard.press("ArrowDown")
    expect(mara.get_by_role("button", name="Copy as vCard")).to_be_focused()
    mara.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()
    mara.keyboard.press("Enter")
    mara.keyboard.press("ArrowUp")
    mara.keyboard.press("Tab")
    expect(menu).to_be_hidden()
    expect(mara.get_by_role("heading", level=1)).to_have_text("Mara")


def test_a_vcard_to_be_given_away_is_copied_without_what_is_written_about_them(mara: Page) -> None:
    mara.context.grant_permissions(["clipboard-read", "clipboard-write"])
    mara.get_by_role("button", name="More", exact=True).click()
    mara.get_by_role("button", name="Copy as vCard").click()
    expect(mara.get_by_role("status").filter(has_text="Copied as a vCard")).to_be_visible()
    expect(mara.locator("#more")).to_be_hidden()
    card = mara.evaluate("navigator.clipboard.readText()")
    assert card.startswith("BEGIN:VCARD") and "+46 8 465 004 17" in card
    assert "Owes me" not in card


def test_what_the_system_does_not_let_us_copy_is_said(mara: Page) -> None:
    mara.evaluate(
        "(document.execCommand = () => false, navigator.clipboard.writeText = () => Promise.reject(), 1)"
    )
    mara.get_by_text("+46 8 465 004 17").first.hover()
    mara.get_by_role("button", name="Copy Phone").click()
    expect(mara.locator(".toast")).to_contain_text("Nothing was copied")
    mara.get_by_role("button", name="More", exact=True).click()
    mara.get_by_role("button", name="Copy as vCard").click()
    expect(mara.locator(".toast").filter(has_text="Nothing was copied")).to_have_count(2)


def test_they_alone_go_to_the_export(mara: Page) -> None:
    mara.get_by_role("button", name="More", exact=True).click()
    mara.get_by_role("button", name="Export…").click()
    expect(mara.get_by_role("radio", name="Those selected: 1 person")).to_be_checked()


def test_they_are_looked_at_as_of_a_day(mara: Page) -> None:
    mara.get_by_role("button", name="More", exact=True).click()
    mara.get_by_label("See as of").fill("1 March 2020")
    mara.keyboard.press("Enter")
    expect(mara.locator(".strip")).to_contain_text("Nothing can be changed here.")
    expect(mara.locator(".toast")).to_have_text("Whom you looked at was not here then.")


def test_a_day_that_can_not_be_read_is_said_where_one_is(mara: Page) -> None:
    mara.get_by_role("button", name="More", exact=True).click()
    mara.get_by_label("See as of").fill("blurb")
    mara.keyboard.press("Enter")
    expect(mara.locator(".toast")).to_contain_text("be read as a day")
    expect(mara.get_by_role("heading", level=1)).to_have_text("Mara")


def test_del_does_what_the_open_menu_says(mara: Page) -> None:
    mara.get_by_role("button", name="More", exact=True).click()
    mara.keyboard.press("Delete")
    expect(mara.locator(".people .who a")).to_have_text(["Noor"])


def test_the_key_for_the_trash_needs_no_open_menu_and_the_help_names_it(mara: Page) -> None:
    mara.keyboard.press("?")
    expect(mara.locator("#keys")).to_contain_text("Move to the trash")
    mara.keyboard.press("Escape")
    mara.keyboard.press("Delete")
    expect(mara.locator(".toast")).to_contain_text("Mara")
    expect(mara.locator(".people .who a")).to_have_text(["Noor"])
