"""Own fields in a browser: made, filled in and put in order by keyboard, with script and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Roster, Watch

pytestmark = pytest.mark.browser


def made(page: Page, name: str, kind: str, options: str = "") -> None:
    page.goto("/settings/fields/add")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Kind").select_option(label=kind)
    if options:
        page.get_by_label("What can be chosen").fill(options)
    page.get_by_role("button", name="Save Ctrl S").click()
    expect(page.get_by_role("row", name=name)).to_be_visible()


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page_(request: pytest.FixtureRequest, look: Callable[..., Page], watch: Watch) -> Page:
    watch.allow(422)
    return look(script=request.param)


def test_a_field_is_made_filled_in_and_shown(page_: Page, roster: Roster) -> None:
    roster.add()
    made(page_, "Voice", "One of a list", "Alto\nSoprano")
    made(page_, "Since", "Date, also in part")
    page_.goto("/users/1/edit")
    page_.get_by_label("Voice").select_option("Alto")
    page_.get_by_label("Since").fill("3/4/1987")
    page_.get_by_label("Since").press("Enter")
    expect(page_.get_by_label("Since")).to_have_attribute("aria-invalid", "true")
    expect(page_.get_by_label("Voice")).to_have_value("Alto")
    page_.get_by_label("Since").fill("2023")
    page_.get_by_label("Since").press("Enter")
    known = page_.get_by_role("region", name="Fields")
    expect(known.get_by_text("Alto", exact=True)).to_be_visible()
    expect(known.get_by_text("2023", exact=True)).to_be_visible()


def test_what_can_be_chosen_is_asked_only_where_something_can(page_: Page) -> None:
    page_.goto("/settings/fields/add")
    expect(page_.get_by_label("What can be chosen")).to_be_hidden()
    page_.get_by_label("Kind").select_option(label="Several of a list")
    expect(page_.get_by_label("What can be chosen")).to_be_visible()


def test_the_order_is_changed_by_keyboard_alone(page_: Page) -> None:
    for name in ("A1", "B2", "C3"):
        made(page_, name, "Text")
    names = page_.locator("#fields tbody td:first-child")
    page_.get_by_role("button", name="Move C3 up").focus()
    page_.keyboard.press("Enter")
    expect(names).to_have_text(["A1", "C3", "B2"])  # the button had the focus before it too
    expect(page_.get_by_role("button", name="Move C3 up")).to_be_focused()
    page_.keyboard.press("Enter")
    expect(names).to_have_text(["C3", "A1", "B2"])
    expect(page_.get_by_role("button", name="Move C3 down")).to_be_focused()


def test_a_date_is_read_back_while_it_is_typed(page: Page, roster: Roster) -> None:
    roster.add()
    made(page, "Since", "Date, also in part")
    page.goto("/users/1/edit")
    page.get_by_label("Since").press_sequentially("4 mar 1987")
    expect(page.locator("#own-1-hint")).to_have_text("Read as Wednesday, 4 March 1987.")


def test_another_kind_is_seen_before_it_is_done(page: Page, roster: Roster) -> None:
    made(page, "Member no", "Text")
    roster.add(fields={"Member no": "abc"})
    page.goto("/settings/fields/1")
    page.get_by_role("link", name="Another kind").click()
    page.get_by_label("Kind").select_option(label="Number")
    page.get_by_role("button", name="See what fits").click()
    expect(page.get_by_text("One does not, and goes to the note")).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.locator(".toast")).to_contain_text("what one person had is in their note")
    page.goto("/users/1")
    expect(page.get_by_role("region", name="Fields").get_by_text("Member no: abc")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Member no: abc")).to_be_hidden()
    expect(page.get_by_text("abc", exact=True)).to_be_visible()


def test_a_field_that_has_come_is_seen_below_the_head_of_the_table(
    look: Callable[..., Page], roster: Roster
) -> None:
    page = look(1280, 500)
    for name in ("A1", "B2", "C3"):
        roster.field(name, "text")
    made(page, "D4", "Text")
    row = page.locator("tr:target")
    expect(row).to_be_focused()
    head, came = page.locator("#fields thead th").first.bounding_box(), row.bounding_box()
    assert head and came
    assert came["y"] >= head["y"] + head["height"] - 1
    page.get_by_role("link", name="A1", exact=True).focus()  # what is above, as with Shift Tab
    head, came = (
        page.locator("#fields thead th").first.bounding_box(),
        page.locator("#fields tbody tr").first.bounding_box(),
    )
    assert head and came
    assert came["y"] >= head["y"] + head["height"] - 1
