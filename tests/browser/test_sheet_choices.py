"""A choice written in a cell of the list, by its word, as one writes in the other cells."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Roster, Watch
from tests.browser.test_sheet import cell, field, paste, reach

pytestmark = pytest.mark.browser


@pytest.fixture
def voices(roster: Roster, page: Page) -> Page:
    """Åsa, an Alto, with the focus in the cell of her voice."""
    roster.field("Voice", "choice", options="Alt\nAlto\nSopran\nBass\nTenor\nÉtude\nNone\nSchon\nSchön\n1st")
    roster.add(given="Åsa")
    page.set_viewport_size({"width": 1900, "height": 800})
    page.goto("/")
    reach(page, 6)
    expect(cell(page, 0, "own:")).to_be_focused()
    return page


@pytest.mark.parametrize(
    ("typed", "chosen", "delay"),
    [
        ("bass", "Bass", 0),
        ("bass", "Bass", 150),
        ("bass", "Bass", 1300),  # milliseconds; a browser's own search begins anew after one second
        ("Tenor", "Tenor", 0),
        ("alt", "Alt", 150),
        ("Sop", "Sopran", 0),
        ("etu", "Étude", 150),
        ("n", "None", 0),
        ("Not said", "", 0),
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
    for _letter in "oon":  # behind what was written, as in any field
        voices.keyboard.press("Backspace")
    voices.keyboard.press("Enter")
    expect(cell(voices, 0, "own:")).to_have_text("Bass")


def test_letters_of_a_choice_are_taken_back_one_by_one(voices: Page) -> None:
    voices.keyboard.press("Enter")
    expect(field(voices, "Voice")).to_be_focused()
    voices.keyboard.type("sx")
    for value in ("Sopran", ""):
        voices.keyboard.press("Backspace")
        expect(field(voices, "Voice")).to_have_value(value)
    voices.keyboard.press("Space")  # opens the list
    voices.keyboard.press("Escape")
    expect(field(voices, "Voice")).to_have_value("")
    voices.keyboard.type("b")
    voices.keyboard.press("ArrowDown")
    expect(field(voices, "Voice")).to_have_value("Tenor")
    voices.keyboard.type("alto")
    voices.keyboard.press("Enter")
    expect(cell(voices, 0, "own:")).to_have_text("Alto")


def test_what_is_pasted_is_no_beginning_of_a_choice(voices: Page, watch: Watch) -> None:
    watch.allow(422)
    paste(voices, "1")
    voices.keyboard.press("Enter")
    expect(voices.locator(".celledit .error")).to_contain_text("“1”")


@pytest.mark.parametrize(("typed", "chosen"), [("schön", "Schön"), ("SCHON", "Schon"), ("scho", "Schon")])
def test_of_choices_that_look_alike_the_one_is_taken_that_is_written(
    voices: Page, typed: str, chosen: str
) -> None:
    voices.keyboard.press("Enter")
    for letter in typed:  # as a keyboard with an ö says it
        field(voices, "Voice").dispatch_event("keydown", {"key": letter, "bubbles": True, "cancelable": True})
    voices.keyboard.press("Enter")
    expect(cell(voices, 0, "own:")).to_have_text(chosen)
