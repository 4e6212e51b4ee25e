"""A choice written in a cell of the list, by its word, as one writes in the other cells."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Roster, Watch
from tests.browser.test_sheet import cell, field, reach

pytestmark = pytest.mark.browser


@pytest.fixture
def voices(roster: Roster, page: Page) -> Page:
    """Åsa, an Alto, with the focus in the cell of her voice."""
    roster.field("Voice", "choice", options="Alt\nAlto\nSopran\nBass\nTenor\nÉtude\nNone")
    roster.add(given="Åsa")
    page.set_viewport_size({"width": 1900, "height": 800})
    page.goto("/")
    reach(page, 6)
    expect(cell(page, 0, "own:")).to_be_focused()
    return page


@pytest.mark.parametrize(
    "delay", [0, 150, 1300]
)  # milliseconds; a browser's own search begins anew after one second
@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        ("bass", "Bass"),
        ("Tenor", "Tenor"),
        ("alt", "Alt"),
        ("Sop", "Sopran"),
        ("etu", "Étude"),
        ("n", "None"),
    ],
)
def test_a_choice_is_written_by_its_word(voices: Page, typed: str, chosen: str, delay: int) -> None:
    voices.keyboard.type(typed, delay=delay)
    voices.keyboard.press("Enter")
    expect(cell(voices, 0, "own:")).to_have_text(chosen)


@pytest.mark.parametrize("delay", [0, 150])
def test_a_word_that_is_no_choice_is_refused_as_it_was_written(
    voices: Page, watch: Watch, delay: int
) -> None:
    watch.allow(422)
    voices.keyboard.type("bassoon", delay=delay)
    voices.keyboard.press("Enter")
    expect(voices.locator(".celledit .error")).to_contain_text("“bassoon”")
    voices.keyboard.type("ten")
    voices.keyboard.press("Enter")
    expect(cell(voices, 0, "own:")).to_have_text("Tenor")


def test_letters_of_a_choice_are_taken_back_one_by_one(voices: Page) -> None:
    voices.keyboard.press("Enter")
    expect(field(voices, "Voice")).to_be_focused()
    voices.keyboard.type("sx")
    for value in ("Sopran", ""):
        voices.keyboard.press("Backspace")
        expect(field(voices, "Voice")).to_have_value(value)
    voices.keyboard.type("b")
    voices.keyboard.press("ArrowDown")
    expect(field(voices, "Voice")).to_have_value("Tenor")
    voices.keyboard.type("alto")
    voices.keyboard.press("Enter")
    expect(cell(voices, 0, "own:")).to_have_text("Alto")
