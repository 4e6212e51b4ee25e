"""Looking at a past moment in the browser, by keyboard alone: chosen on the ruler, read, and left again."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Roster, Watch

pytestmark = pytest.mark.browser


@pytest.fixture
def ruler(roster: Roster, page: Page) -> Page:
    """The ruler of history after Mara and Tomás were added and Mara was written about."""
    roster.add(organisation="Choir")
    roster.add(given="Tomás")
    roster.post(1, "Coffee")
    page.goto("/history")
    page.get_by_role("slider").focus()
    return page


def test_arrow_keys_step_what_was_done_and_enter_looks(ruler: Page) -> None:
    slider = ruler.get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", "Now")
    ruler.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuenow", "2")
    ruler.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuenow", "1")
    expect(ruler.locator("#moment-said")).to_have_text("After: Add Mara")
    expect(slider).to_be_focused()
    ruler.keyboard.press("Enter")
    expect(ruler.locator(".strip")).to_contain_text("Nothing can be changed here.")
    expect(ruler.locator(".people .who a")).to_have_text(["Mara"])
    ruler.keyboard.press("Escape")
    expect(ruler.locator(".people .who a")).to_have_count(2)
    expect(ruler.locator(".strip")).to_contain_text("Undo")


def test_keys_pressed_faster_than_the_answers_come_all_count(ruler: Page) -> None:
    for key in ("ArrowLeft", "ArrowLeft", "Enter"):
        ruler.keyboard.press(key)
    expect(ruler.locator(".strip.past")).to_be_visible()
    expect(ruler.locator(".people .who a")).to_have_text(["Mara"])


def test_its_ends_are_the_beginning_and_now(ruler: Page) -> None:
    ruler.keyboard.press("Home")
    expect(ruler.locator("#when")).to_have_value("The beginning")
    ruler.keyboard.press("End")
    expect(ruler.locator("#moment-said")).to_have_text("Now")


def test_a_click_chooses_the_nearest_dot_and_the_arrows_beside_it_step(ruler: Page) -> None:
    ruler.locator("[data-ruler]").click(position={"x": 2, "y": 30})
    expect(ruler.get_by_role("slider")).to_be_focused()
    ruler.get_by_role("link", name="One step earlier").click()
    expect(ruler.get_by_role("link", name="One step earlier")).to_be_focused()


def test_keys_of_the_list_do_nothing_while_a_moment_is_looked_at(ruler: Page) -> None:
    ruler.keyboard.press("ArrowLeft")
    expect(ruler.get_by_role("slider")).to_have_attribute("aria-valuenow", "2")
    ruler.keyboard.press("Enter")
    expect(ruler.locator("#pane h2")).to_have_text("Mara")
    for key in ("n", "e", "p", "Delete", "F2", "Control+z", "t"):
        ruler.keyboard.press(key)
    expect(ruler.locator(".people .who a")).to_have_count(2)
    expect(ruler.locator(".strip.past")).to_be_visible()
    ruler.keyboard.press("Space")
    expect(ruler.locator(".bulkbar")).to_contain_text("Export")
    expect(ruler.get_by_role("button", name="Trash")).to_have_count(0)
    ruler.keyboard.press("Escape")
    expect(ruler.locator(".bulkbar")).to_be_hidden()
    ruler.keyboard.press("Enter")
    expect(ruler.get_by_role("heading", name="Different now")).to_be_visible()


def test_the_list_of_keys_opens_while_a_moment_is_looked_at(ruler: Page) -> None:
    ruler.keyboard.press("ArrowLeft")
    expect(ruler.get_by_role("slider")).to_have_attribute("aria-valuenow", "2")
    ruler.keyboard.press("Enter")
    expect(ruler.locator(".strip.past")).to_be_visible()
    ruler.keyboard.press("?")
    expect(ruler.get_by_role("dialog", name="Keys on this page")).to_contain_text("Come back to now")


def test_undo_says_why_it_does_nothing(ruler: Page) -> None:
    ruler.keyboard.press("ArrowLeft")
    ruler.keyboard.press("Enter")
    expect(ruler.locator(".strip.past")).to_be_visible()
    for keys in ("Control+z", "Control+Shift+z", "Control+z"):
        ruler.keyboard.press(keys)
    expect(ruler.locator(".toast")).to_have_count(1)
    expect(ruler.locator(".toast")).to_contain_text("This is a past moment")
    ruler.keyboard.press("Escape")
    expect(ruler.locator(".strip.past")).to_have_count(0)


def test_a_moment_that_cannot_be_read_stays_in_the_field(ruler: Page) -> None:
    field = ruler.get_by_label("See everyone as of")
    field.fill("the day we met")
    field.press("Enter")
    expect(field).to_have_value("the day we met")
    expect(field).to_be_focused()
    expect(ruler.locator("#moment-error")).to_contain_text("can't be read as a day")


def test_what_was_typed_in_another_tab_is_kept(ruler: Page, roster: Roster, watch: Watch) -> None:
    watch.allow(409)
    other = ruler.context.new_page()
    other.goto(f"{roster.origin}/users/1/edit")
    other.get_by_label("Note").fill("Typed before the look")
    ruler.keyboard.press("ArrowLeft")
    ruler.keyboard.press("Enter")
    expect(ruler.locator(".strip.past")).to_be_visible()
    other.get_by_role("button", name="Save").first.click()
    expect(other.locator(".kept")).to_contain_text("What you typed is kept here")
    expect(other.get_by_role("button", name="Come back to now")).to_be_visible()
    other.close()


def test_one_value_comes_back_into_now(ruler: Page, roster: Roster) -> None:
    ruler.goto("/users/1/edit")
    ruler.get_by_label("Note").fill("Bass")
    ruler.keyboard.press("Control+s")
    expect(ruler.locator(".toast")).to_be_visible()
    ruler.goto("/history")
    ruler.get_by_role("slider").focus()
    ruler.keyboard.press("ArrowLeft")
    expect(ruler.get_by_role("slider")).to_have_attribute("aria-valuenow", "3")
    ruler.keyboard.press("Enter")
    expect(ruler.locator(".strip.past")).to_be_visible()
    ruler.goto("/users/1")
    ruler.get_by_role("button", name="Remove again: Note").click()
    expect(ruler.locator(".toast")).to_contain_text("Mara saved.")
    expect(ruler.locator(".different")).to_contain_text("Mara is the same now.")


def test_escape_in_a_field_only_leaves_the_field(ruler: Page) -> None:
    ruler.keyboard.press("ArrowLeft")
    ruler.keyboard.press("Enter")
    expect(ruler.locator(".strip.past")).to_be_visible()
    ruler.wait_for_load_state()  # before that its scripts hear no key
    ruler.keyboard.press("/")
    ruler.keyboard.type("ma")
    expect(ruler.get_by_role("searchbox")).to_have_value("ma")
    expect(ruler.locator(".people .who a")).to_have_text(["Mara"])
    ruler.keyboard.press("Escape")
    expect(ruler.locator(".strip.past")).to_be_visible()
    ruler.keyboard.press("Escape")
    expect(ruler.locator(".strip.past")).to_have_count(0)


def test_a_moment_is_compared_with_now_by_keyboard(page: Page, roster: Roster) -> None:
    roster.add()
    roster.add(given="Tomás")
    page.goto("/users/1/edit")
    page.get_by_label("Note").fill("Bass")
    page.keyboard.press("Control+s")
    expect(page.locator(".toast")).to_be_visible()
    look = page.get_by_role("button", name="See as of then: Mara before this change")
    expect(look).to_have_count(1)
    look.focus()
    expect(page.locator(".stream .look")).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    expect(page.locator(".strip.past")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="Mara")).to_be_visible()
    page.get_by_role("link", name="Compare with now").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".compared")).to_contain_text("Bass")
    expect(page.locator(".compared")).to_contain_text("writes over what is now in: Note.")
    page.get_by_role("button", name="Bring this version back: Mara").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Mara is now as they were then.")
    expect(page.get_by_text("Nobody is another now.")).to_be_visible()
    page.get_by_role("link", name="New").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nobody came since.")).to_be_visible()


def test_from_the_comparison_one_comes_to_someone_as_of_now(ruler: Page) -> None:
    for key in ("ArrowLeft", "ArrowLeft", "Enter"):
        ruler.keyboard.press(key)
    expect(ruler.locator(".strip.past")).to_be_visible()
    ruler.goto("/moments/compare?show=new")
    ruler.get_by_role("button", name="As of now: Tomás").focus()
    ruler.keyboard.press("Enter")
    expect(ruler.get_by_role("heading", level=1, name="Tomás")).to_be_visible()
    expect(ruler.locator(".strip.past")).to_have_count(0)


def test_an_error_shows_the_strip_that_leads_back(ruler: Page, watch: Watch) -> None:
    watch.allow(404)
    for key in ("ArrowLeft", "Enter"):
        ruler.keyboard.press(key)
    expect(ruler.locator(".strip.past")).to_be_visible()
    ruler.goto("/users/999")
    expect(ruler.locator(".strip.past")).to_contain_text("Nothing can be changed here.")
    ruler.keyboard.press("Escape")
    expect(ruler.locator(".strip.past")).to_have_count(0)
