"""From a backup to the restored people, in a browser: with script by the key B, and without any."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Roster

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_backup_is_made_looked_at_restored_and_undone(
    look: Callable[..., Page], roster: Roster, script: bool
) -> None:
    roster.add(given="Mara", family="Lindqvist")
    page = look(script=script)
    page.goto("/safety")
    expect(page.locator(".strip .backup")).to_have_text("No backup yet")
    if script:
        page.keyboard.press("b")
    else:
        page.get_by_role("button", name="Back up now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One verified copy, on this disk.")
    expect(page.locator(".strip .backup")).to_contain_text("Backup verified")

    roster.add(given="Noor", family="Haddad")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Go back to")
    page.get_by_role("link", name="Would disappear").click()
    expect(page.locator(".would-change")).to_contain_text("Noor Haddad noor.haddad")
    page.get_by_text("Is not in the backup").click()
    expect(page.locator(".would-change del").first).to_have_text("noor.haddad")

    page.get_by_role("button", name="Look around first").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("People 1")
    if script:
        page.wait_for_load_state()  # before that its scripts hear no key
        page.keyboard.press("Escape")
    else:
        page.get_by_role("button", name="Back to what would change").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Go back to")

    page.get_by_role("link", name="Would disappear").click()
    page.get_by_role("checkbox", name="Tick Noor Haddad, noor.haddad").check()
    if script:
        expect(page.locator("#ticked")).to_contain_text("Only the one ticked")
    page.get_by_role("button", name=re.compile("Only (the one|those) ticked")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("People 1")
    page.locator(".strip").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("People 2")

    page.goto("/safety")
    page.get_by_role("button", name="Look").last.click()
    page.get_by_role("button", name="Restore all of it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("People 1")
    page.locator(".strip").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("People 2")


def test_a_backup_is_downloaded_and_restored_from_the_file(page: Page, roster: Roster) -> None:
    roster.add(given="Mara", family="Lindqvist")
    page.goto("/safety")
    page.get_by_role("button", name="Export everything").click()
    expect(page.locator(".backups")).to_contain_text("Pinned")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download").click()
    downloaded = downloading.value
    page.goto("/safety/restore")
    expect(page.get_by_label("Backup file")).to_be_focused()
    page.get_by_label("Backup file").set_input_files(downloaded.path())
    page.keyboard.press("Control+Enter")
    expect(page.locator(".lede")).to_contain_text("1 person is in the backup.")


def test_a_restore_is_done_or_left_by_keyboard_alone(page: Page, roster: Roster) -> None:
    roster.add(given="Mara")
    page.goto("/safety")
    page.keyboard.press("b")
    expect(page.get_by_role("heading", level=1)).to_have_text("One verified copy, on this disk.")
    for given in ("Noor", "Jonas"):
        roster.add(given=given)
    title = page.get_by_role("heading", level=1)

    def look() -> None:
        page.goto("/safety")
        page.get_by_role("button", name="Look").last.click()
        expect(title).to_contain_text("Go back to")

    look()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("/safety$"))
    look()
    page.get_by_role("link", name="Would disappear").click()
    page.get_by_role("checkbox", name="Tick Noor").check()
    main = page.locator("#ticked .main")
    expect(main).to_have_text(re.compile("Only the one ticked"))  # who ticked someone means those
    page.keyboard.press("Control+Enter")
    expect(title).to_have_text("People 2")
    look()
    expect(main).to_have_text(re.compile("Restore all of it"))
    page.keyboard.press("Control+Enter")
    expect(title).to_have_text("People 1")
