"""What is printed of a person and of a list: what is known, and nothing that one can only press."""

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


def test_a_printed_list_says_what_was_sought_and_cuts_nothing(page: Page, roster: Roster) -> None:
    roster.add(given="Mara", family="van der Steen-Holmberg", tags="choir, board, tenor, helper")
    page.set_viewport_size({"width": 720, "height": 820})
    page.goto("/?q=mara tag:choir")
    page.emulate_media(media="print")
    expect(page.get_by_text("Found by “mara tag:choir”: 1")).to_be_visible()
    expect(page.locator(".filters")).to_contain_text("choir")
    expect(page.get_by_role("link", name="Remove the filter")).to_have_count(0)
    row = page.locator("[data-row]")
    for part in (row.locator(".who .exact"), row.locator(".who a"), row.locator("td").last):
        assert part.evaluate("part => part.scrollWidth <= part.clientWidth || !part.clientWidth")
    said = "cell => getComputedStyle(cell, '::after').content"
    assert row.locator("[data-whole]").first.evaluate(said) == '"board, choir, helper, tenor"'


@pytest.mark.parametrize(
    ("where", "way"),
    [("/", "button"), ("/users/1", "button"), ("/users/1", "key"), ("/users/1", "key while typing")],
)
def test_printing_is_asked_for(page: Page, roster: Roster, where: str, way: str) -> None:
    roster.add()
    page.add_init_script("window.asked = 0; window.print = () => { window.asked += 1; }")
    page.goto(where)
    if way == "button":
        page.get_by_role("button", name="Print").click()
    else:
        if way == "key while typing":
            page.get_by_label("New post about Mara").fill("half")
        page.keyboard.press("Control+P")
    assert page.evaluate("asked") == 1
