"""What is printed of a person: what is known of them, and nothing that one can only press."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Roster

pytestmark = pytest.mark.browser


def test_paper_has_what_is_known_and_no_buttons(page: Page, roster: Roster) -> None:
    roster.add(family="Berg", email="mara@post.example")
    page.goto("/users/1")
    page.get_by_label("New post about Mara Berg").fill("Rang about the concert")
    page.keyboard.press("Control+S")
    expect(page.locator(".post")).to_contain_text("Rang about the concert")
    page.emulate_media(media="print")
    expect(page.locator("main")).to_contain_text("Mara Berg")
    for said in ("mara@post.example", "Rang about the concert", "Printed from Roster on "):
        expect(page.get_by_text(said).first).to_be_visible()
    pressed = (
        "main button, main a:not([href^='mailto:'], [href^='tel:']), main summary:not([title=Photo]),"
        " main .input, .side, .strip"
    )
    for each in page.locator(pressed).all():
        expect(each).not_to_be_visible()
    for said in ("Files", "Knows"):
        expect(page.get_by_role("heading", name=said, exact=True)).to_have_count(0)


@pytest.mark.parametrize("way", ["button", "key", "key while typing"])
def test_printing_is_asked_for(page: Page, roster: Roster, way: str) -> None:
    roster.add()
    page.add_init_script("window.asked = 0; window.print = () => { window.asked += 1; }")
    page.goto("/users/1")
    if way == "button":
        page.get_by_role("button", name="Print").click()
    else:
        if way == "key while typing":
            page.get_by_label("New post about Mara").fill("half")
        page.keyboard.press("Control+P")
    assert page.evaluate("asked") == 1
