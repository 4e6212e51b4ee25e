"""What a person's form has any number of: rows added, read, told what is wrong with them, removed."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Roster, Watch
from tests.browser.test_forms import save

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _refusals(watch: Watch) -> None:
    watch.allow(422)


def test_further_emails_are_added_and_removed(page: Page, roster: Roster) -> None:
    roster.add()
    page.goto("/users/1/edit")
    for label, address in (("Work", "mara@work.example"), ("Choir", "mara@choir.example")):
        page.get_by_role("button", name="Further e-mail").click()
        page.keyboard.type(address)
        page.keyboard.press("Shift+Tab")
        page.keyboard.type(label)
    save(page)
    facts = page.get_by_role("region", name="Reach")
    expect(facts).to_contain_text("mara@work.example")
    expect(facts).to_contain_text("mara@choir.example")
    page.goto("/users/1/edit")
    for _ in range(2):
        page.get_by_role("button", name="Remove this e-mail").first.click()
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Mara")
    expect(facts).not_to_contain_text("mara@choir.example")
    expect(facts).not_to_contain_text("mara@work.example")


def test_a_wrong_further_email_is_named_in_its_place(page: Page, roster: Roster) -> None:
    roster.add()
    page.goto("/users/1/edit")
    page.get_by_role("button", name="Further e-mail").click()
    page.get_by_label("Further e-mail", exact=True).fill("nonsense")
    save(page)
    page.get_by_role("alert").get_by_role("link", name="Further e-mail").click()
    row = page.get_by_label("Further e-mail", exact=True)
    expect(row).to_be_focused()
    expect(row).to_have_value("nonsense")


def test_any_date_is_read_while_it_is_typed(page: Page, roster: Roster) -> None:
    roster.add(dates=[{"label": "Name day", "date": "4 March"}])
    page.goto("/users/1/edit")
    dates = page.get_by_label("Date", exact=True)
    expect(dates).to_have_accessible_description("Read as 4 March.")
    for number, typed in ((1, "March 2014"), (2, "2015")):
        page.get_by_role("button", name="Other date").click()
        page.keyboard.type(typed)
        expect(dates.nth(number)).to_have_accessible_description(f"Read as {typed}.")
    expect(dates.nth(1)).to_have_accessible_description("Read as March 2014.")


def test_a_date_that_cannot_be_read_is_told_when_it_is_left(page: Page, roster: Roster) -> None:
    roster.add()
    page.goto("/users/1/edit")
    birthday = page.get_by_label("Birthday")
    usual = page.locator("#birthday-hint").text_content()
    birthday.press_sequentially("born long ago")
    expect(page.locator("#birthday-hint")).to_have_text(usual or "")
    expect(birthday).not_to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Tab")
    expect(birthday).to_have_accessible_description(re.compile("^“born long ago” can't be read as a date"))
    expect(birthday).to_have_attribute("aria-invalid", "true")
    birthday.fill("4 March 2999")
    page.keyboard.press("Tab")
    expect(birthday).to_have_accessible_description(re.compile("^“4 March 2999” "))
    birthday.fill("4 March 1987")
    expect(birthday).to_have_accessible_description("Read as Wednesday, 4 March 1987.")
    expect(birthday).not_to_have_attribute("aria-invalid", "true")
    birthday.fill("")
    expect(birthday).to_have_accessible_description(usual or "")


def test_rows_stand_under_their_title_and_take_what_is_wrong_with_them(page: Page, roster: Roster) -> None:
    roster.add()
    page.goto("/users/1/edit")
    group = page.get_by_role("group", name="Further e-mails")
    title = group.get_by_text("Further e-mails", exact=True)
    expect(title).to_be_hidden()
    page.get_by_role("button", name="Further e-mail").click()
    expect(title).to_be_visible()
    page.keyboard.type("nonsense")
    save(page)
    expect(group.locator(".error")).to_be_visible()
    page.get_by_role("button", name="Remove this e-mail").click()
    expect(group.locator(".error")).to_have_count(0)
    expect(title).to_be_hidden()


def test_an_address_is_taken_away_again(page: Page, roster: Roster) -> None:
    roster.add(given="Mara", addresses=[{"label": "Home", "city": "Lund"}, {"city": "Malmö"}])
    page.goto("/users/1/edit")
    page.get_by_role("button", name="Remove this address").first.click()
    save(page)
    fields = page.get_by_role("region", name="Reach")
    expect(fields.get_by_text("Malmö")).to_be_visible()
    expect(fields.get_by_text("Lund")).to_have_count(0)
