"""The first minutes with Roster, by keyboard alone, and the way back from each step."""

import re
import webbrowser
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from desktop import outside
from tests.browser.conftest import Roster, Watch

pytestmark = pytest.mark.browser


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def said(page: Page, sentence: str) -> None:
    expect(page.locator(".toast").first).to_contain_text(sentence)


def test_the_first_page_shows_only_doors_that_open(page: Page) -> None:
    heading(page, "Everyone you know, in one file you own.")
    doors = page.locator(".doors a")
    for address in [door.get_attribute("href") for door in doors.all()]:
        assert page.request.get(str(address)).ok


def test_the_first_page_lists_its_keys(page: Page) -> None:
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys on this page")
    expect(keys.locator("dd", has_text="Add someone")).to_have_text("Add someone")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


def test_the_list_of_keys_opens_also_in_a_narrow_window_and_from_a_strip_that_came_anew(
    look: Callable[..., Page], roster: Roster
) -> None:
    roster.add()
    page = look(720)
    keys = page.get_by_role("dialog", name="Keys on this page")
    page.get_by_role("button", name="List of keys").click()
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".strip").evaluate("strip => strip.dataset.before = ''")
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator(".strip:not([data-before]) [data-show-keys]")).to_be_visible()
    page.keyboard.press("?")
    expect(keys).to_be_visible()


def test_a_browser_comes_in_by_the_page_that_it_is_given(
    chromium: Browser, roster: Roster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: not opened.append(url))
    assert outside.open_start(roster.guard.address(), tmp_path / "roster-start-page.html")
    context = chromium.new_context()
    given = context.new_page()
    given.goto(opened[0])
    given.wait_for_url(f"{roster.origin}/")
    heading(given, "Everyone you know, in one file you own.")
    context.close()


def test_a_person_goes_the_whole_way_by_keyboard_alone(page: Page) -> None:
    keys = page.keyboard
    keys.press("1")
    heading(page, "New person")
    keys.type("Mara")
    keys.press("Tab")
    keys.type("Lindqvist")
    expect(page.get_by_label("Username")).to_have_value("mara.lindqvist")
    for _ in ("username", "organisation", "more of the name", "its kind", "e-mail"):
        keys.press("Tab")
    keys.type("mara@lindqvist.example")
    keys.press("Control+s")
    heading(page, "Mara Lindqvist")
    said(page, "Mara Lindqvist added.")

    keys.press("Escape")
    heading(page, "People 1")
    expect(page.locator("#pane h2")).to_have_text("Mara Lindqvist")
    keys.press("e")
    heading(page, "Edit Mara Lindqvist")
    keys.press("Control+a")
    keys.type("Maria")
    keys.press("Enter")
    heading(page, "Maria Lindqvist")

    keys.press("p")
    keys.type("Coffee at the station")
    keys.press("Enter")
    said(page, "Post saved.")
    expect(page.locator(".post h3")).to_have_text("Coffee at the station")

    keys.press("Delete")
    said(page, "Maria Lindqvist moved to the trash.")
    expect(page.get_by_role("heading", name="Nobody is here.")).to_be_visible()
    expect(page.locator(".strip")).to_contain_text("Undo Move Maria Lindqvist to the trash")

    keys.press("Control+z")
    said(page, "Undone: Move Maria Lindqvist to the trash.")
    expect(page.locator("tbody .who a")).to_have_text("Maria Lindqvist")
    keys.press("Control+Shift+z")
    said(page, "Done again: Move Maria Lindqvist to the trash.")
    expect(page.get_by_role("heading", name="Nobody is here.")).to_be_visible()


def test_undo_leads_to_the_list_when_it_takes_away_what_the_page_shows(page: Page, roster: Roster) -> None:
    mara = roster.add()
    page.goto(f"/users/{mara}")
    page.keyboard.press("Control+z")
    said(page, "Undone: Add Mara.")
    expect(page).to_have_url(re.compile(r"/$"))


def test_undo_refuses_when_something_else_was_done_meanwhile(page: Page, roster: Roster) -> None:
    roster.add()
    page.reload()
    roster.add(given="Tomás")
    page.keyboard.press("Control+z")
    expect(page.get_by_role("status").filter(has_text="Something else was done meanwhile")).to_be_visible()
    heading(page, "People 2")
    expect(page.get_by_role("contentinfo")).to_contain_text("Add Tomás")


def test_the_keys_of_a_page_are_listed_and_are_its_own(page: Page, roster: Roster) -> None:
    roster.add()
    page.reload()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Move through the list")
    expect(dialog).to_contain_text("Search people and posts")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_history_says_where_one_stands(page: Page, roster: Roster) -> None:
    roster.add()
    roster.add(given="Tomás")
    page.goto("/history")
    page.get_by_role("main").get_by_role("button", name="Undo").click()
    lines = page.locator(".ops > li")
    expect(lines.nth(0)).to_have_text("Undone, can be redone")
    expect(lines.nth(1)).to_contain_text("Add Tomás")
    expect(lines.nth(2)).to_have_text("You are here")
    expect(lines.nth(4)).to_contain_text("Add Mara")
    page.get_by_role("main").get_by_role("button", name="Redo").click()
    expect(lines.nth(0)).to_have_text("You are here")


def test_what_a_refused_form_offers_lies_over_nothing(page: Page, watch: Watch) -> None:
    watch.allow(422)
    page.goto("/add")
    page.get_by_label("Username").fill("mara")
    page.keyboard.press("Control+S")
    offered = page.locator("label.choice").filter(has_text="Save without an e-mail, from now on")
    expect(offered).to_be_visible()
    label = offered.locator("xpath=..").locator("label").first
    assert offered.bounding_box()["y"] >= label.bounding_box()["y"] + label.bounding_box()["height"]
