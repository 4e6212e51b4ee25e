"""A cell that is reached by keyboard is in sight as a whole, and so is what is written in it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Roster
from tests.browser.test_sheet import cell, field, reach
from webui import database
from webui.store import columns
from webui.store.ledger.operations import operation

pytestmark = pytest.mark.browser


def test_a_cell_is_in_sight_as_a_whole_once_it_is_reached(roster: Roster, page: Page) -> None:
    roster.add(given="Åsa", organisation="Mill")
    shown = ["email", "phone", "organisation", "department", "job_title", "city"]
    with roster.app.app_context(), operation(database.session()):
        columns.arrange(database.session(), shown)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/")
    rows = page.locator(".listpane .rows").bounding_box()
    assert rows
    reach(page, 0)
    for name in shown:
        page.keyboard.press("ArrowRight")
        there = cell(page, 0, name)
        expect(there).to_be_focused()
        box = there.bounding_box()
        assert box and box["x"] + box["width"] <= rows["x"] + rows["width"] + 1, name
    page.keyboard.press("Enter")
    box = field(page, "City").bounding_box()
    assert box and box["x"] + box["width"] <= rows["x"] + rows["width"] + 1
