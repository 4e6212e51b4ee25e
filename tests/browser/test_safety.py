"""From a backup to the restored people, in a browser: with script by the key B, and without any."""

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
    expect(page.locator(".sums")).to_contain_text("Would disappear 1", use_inner_text=True)
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
    page.get_by_label("Backup file").set_input_files(downloaded.path())
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator(".sums")).to_contain_text("People in the backup 1", use_inner_text=True)
