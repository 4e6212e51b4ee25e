"""Forgetting completely, in a browser: the one dialog that asks, by the keyboard; without script a tick."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Roster, Watch
from tests.browser.test_looks import audit
from webui.safety import owed, treating
from webui.safety.holders import Copy

pytestmark = pytest.mark.browser


def test_the_dialog_asks_with_the_safe_answer_first(page: Page, roster: Roster) -> None:
    roster.add(given="Mara", family="Lindqvist")
    roster.add(given="Noor", family="Haddad")
    page.goto("/users/1")
    page.get_by_role("link", name="Forget completely").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Forget Mara Lindqvist completely?")
    opens = page.get_by_role("button", name="Forget completely…")
    opens.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Forget Mara Lindqvist completely?")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Keep Mara Lindqvist")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opens).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # the safe answer
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_have_text("Forget Mara Lindqvist completely?")
    expect(opens).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Keep Mara Lindqvist")).to_be_focused()
    page.keyboard.press("Tab")
    expect(dialog.get_by_role("button", name="Forget completely")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mara Lindqvist is forgotten.")
    page.get_by_role("main").get_by_role("link", name="People").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("People 1")
    expect(page.locator(".strip")).to_contain_text("Noor Haddad")


def test_another_tab_shows_no_one_who_was_forgotten(page: Page, roster: Roster, watch: Watch) -> None:
    watch.allow(404)
    roster.add(given="Mara", family="Lindqvist")
    roster.add(given="Noor", family="Haddad")
    others = [page.context.new_page() for _each in range(2)]
    others[0].goto("/")
    others[1].goto("/users/1")
    page.goto("/users/1/forget")
    page.get_by_role("button", name="Forget completely…").click()
    page.get_by_role("dialog").get_by_role("button", name="Forget completely").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mara Lindqvist is forgotten.")
    for other in others:
        other.evaluate("window.dispatchEvent(new Event('focus'))")  # as the window manager would
        expect(other.get_by_text("Lindqvist")).to_have_count(0)
    expect(others[0].get_by_role("heading", level=1)).to_have_text("People 1")


def test_enter_in_the_form_forgets_nobody(page: Page, roster: Roster) -> None:
    roster.add(given="Mara", family="Lindqvist")
    page.goto("/safety")
    page.get_by_role("button", name="Back up now").click()
    page.get_by_role("heading", name="One verified copy").wait_for()
    page.goto("/users/1/forget")
    choice = page.get_by_label("Rewrite it without them")
    choice.wait_for()
    page.wait_for_load_state()  # it was come to by way of the looking's page
    choice.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Forget completely…").click()
    expect(page.get_by_role("dialog", name="Forget Mara Lindqvist completely?")).to_be_visible()
    page.keyboard.press("Escape")
    choice.focus()
    page.keyboard.press("Enter")
    # Enter as fast as no test can press it: the dialog is closed, and has not yet said so.
    page.evaluate("""() => {
      document.querySelector("[data-opens]").click();
      document.querySelector("#forgetting").close();
      document.querySelector("[data-when-open]").click();
    }""")
    page.wait_for_timeout(300)
    expect(page.get_by_role("heading", level=1)).to_have_text("Forget Mara Lindqvist completely?")
    page.goto("/")
    expect(page.locator(".people .who a")).to_have_text(["Mara Lindqvist"])


def test_escape_on_the_page_keeps_them(page: Page, roster: Roster) -> None:
    roster.add(given="Mara", family="Lindqvist")
    page.goto("/users/1/forget")
    expect(page.get_by_role("heading", level=1)).to_have_text("Forget Mara Lindqvist completely?")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mara Lindqvist")


def test_without_script_the_page_asks_by_a_tick(look: Callable[..., Page], roster: Roster) -> None:
    roster.add(given="Mara", family="Lindqvist")
    page = look(script=False)
    page.goto("/users/1/forget")
    expect(page.get_by_role("button", name="Forget completely…")).to_be_hidden()
    button = page.get_by_role("button", name="Forget completely")
    button.click()  # the browser itself asks for the tick
    expect(page.get_by_role("heading", level=1)).to_have_text("Forget Mara Lindqvist completely?")
    page.get_by_label("I am sure").check()
    button.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mara Lindqvist is forgotten.")


def test_one_choice_is_for_all_copies(page: Page, roster: Roster) -> None:
    roster.add(given="Mara", family="Lindqvist")
    for _each in range(2):
        page.goto("/safety")
        page.get_by_role("button", name="Back up now").click()
        page.get_by_role("heading", name="on this disk").wait_for()
    page.goto("/users/1/forget")
    every = page.get_by_role("group", name="The same for all")
    every.get_by_label("Remove it").check()
    expect(page.get_by_label("Remove it")).to_have_count(3)
    for each in page.get_by_label("Remove it").all():
        expect(each).to_be_checked()
    page.get_by_role("button", name="Forget completely…").click()
    page.get_by_role("dialog").get_by_role("button", name="Forget completely").click()
    expect(page.get_by_text("Removed")).to_have_count(2)


@pytest.mark.parametrize("dark", [False, True])
def test_what_is_owed_is_for_every_eye_and_done_by_a_button(
    look: Callable[..., Page], roster: Roster, dark: bool
) -> None:
    page, stick = look(720, dark=dark), roster.data.parent / "stick"
    roster.add(given="Mara", family="Lindqvist")
    roster.add(given="Noor", family="Haddad")
    page.goto("/safety/places")
    page.get_by_label("Second place").fill(str(stick))
    page.get_by_role("button", name="Save").last.click()
    page.get_by_role("heading", name="on this disk").wait_for()
    stick.rename(stick.with_name("drawer"))
    page.goto("/users/1/forget")
    page.get_by_role("heading", name="Forget Mara").wait_for()
    found = audit(page, "forget")
    page.get_by_role("button", name="Forget completely…").click()
    page.get_by_role("dialog").get_by_role("button", name="Forget completely").click()
    page.get_by_text("What you chose is done once it is back.").wait_for()
    found += audit(page, "forgotten")
    [made] = (roster.data / "backups").glob("*.zip")
    failed = treating.Outcome(Copy(made, is_backup=True), "failed")
    owed.remember(roster.data, ["another"], {}, [failed])
    page.goto("/safety")
    found += audit(page, "owed")
    assert not found, "\n".join(found)
    assert page.evaluate("document.documentElement.scrollWidth") <= 720
    page.get_by_role("button", name="Leave it as it is").click()
    page.get_by_text(f"{made.name} is left as it is.").wait_for()
    stick.with_name("drawer").rename(stick)
    page.get_by_role("button", name="Look again").first.click()
    page.get_by_text("Someone was forgotten there too").wait_for()
    expect(page.get_by_text("may still hold someone")).to_have_count(0)
