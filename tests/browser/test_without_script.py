"""All that needs no live answer works in a browser without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Roster, Watch

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(look: Callable[..., Page], watch: Watch) -> Page:
    watch.allow(422)
    return look(script=False)


def title(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def test_add_find_edit_trash_put_back_and_undo(plain: Page) -> None:
    plain.get_by_role("link", name="Add someone").click()
    plain.get_by_label("First name").fill("Mara")
    plain.get_by_label("Last name").fill("Lindqvist")
    plain.get_by_label("E-mail", exact=True).fill("mara@lindqvist.example")
    plain.get_by_label("E-mail", exact=True).press("Enter")
    # Nothing suggests a username without script: saving gives the one that would have been.
    title(plain, "Mara Lindqvist")

    plain.get_by_role("link", name="People").last.click()
    plain.get_by_role("searchbox").fill("lind")
    plain.get_by_role("searchbox").press("Enter")
    expect(plain.locator("tbody mark").first).to_have_text("Lind")
    plain.locator("tbody .who a").click()

    plain.get_by_role("link", name="Edit").click()
    plain.get_by_role("button", name="Further e-mail").click()
    plain.get_by_label("Further e-mail", exact=True).fill("mara@work.example")
    plain.get_by_label("What kind of e-mail").fill("Work")
    plain.get_by_label("First name").fill("Maria")
    plain.get_by_label("First name").press("Enter")
    title(plain, "Maria Lindqvist")
    expect(plain.get_by_role("region", name="Reach")).to_contain_text("mara@work.example")

    plain.get_by_label("New post about Maria Lindqvist").fill("Coffee")
    plain.get_by_label("New post about Maria Lindqvist").press("Enter")
    expect(plain.locator(".post h3")).to_have_text("Coffee")

    plain.get_by_role("button", name="More", exact=True).click()
    plain.get_by_role("button", name="Move to the trash").click()
    expect(plain.locator(".toast")).to_contain_text("Maria Lindqvist moved to the trash.")
    plain.get_by_role("link", name="Trash", exact=False).first.click()
    plain.get_by_role("button", name="Put Maria Lindqvist back").click()
    title(plain, "Trash 0")
    plain.locator(".strip").get_by_role("button", name="Undo").click()
    expect(plain.locator(".toast")).to_contain_text("Undone: Put Maria Lindqvist back.")
    plain.locator(".strip").get_by_role("button", name="Redo").click()
    expect(plain.locator(".toast")).to_contain_text("Done again")


def test_a_long_list_is_walked_page_by_page(plain: Page, roster: Roster) -> None:
    roster.crowd(50)
    plain.goto("/")
    plain.get_by_role("link", name="Further people").click()
    expect(plain.locator("tbody .who a").first).to_have_text("Person 031")
    plain.get_by_role("link", name="Back to the beginning of the list").click()
    expect(plain.locator("tbody .who a").first).to_have_text("Person 001")


def test_the_places_open_in_a_narrow_window(look: Callable[..., Page], roster: Roster) -> None:
    roster.add()
    page = look(720, script=False)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="History").click()
    title(page, "History")


def test_appearance_is_chosen(plain: Page, roster: Roster) -> None:
    roster.add()
    plain.goto("/settings")
    plain.get_by_text("Dark", exact=True).click()
    plain.get_by_role("button", name="Save for this computer").click()
    expect(plain.locator("link[href$='dark.css']")).to_have_attribute("media", "screen")
