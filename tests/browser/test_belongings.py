"""Photos, files and whom one knows, in a browser: chosen, dropped, pasted, by keyboard, without script."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import pictures
from tests.browser.conftest import Roster, Watch

pytestmark = pytest.mark.browser


def test_how_to_reach_someone_comes_first_where_there_is_one_column(
    look: Callable[..., Page], roster: Roster
) -> None:
    roster.add(given="Mara", phones=[{"label": "", "phone": "+46 8 465 004 17"}])
    page = look(720)
    page.goto("/users/1")
    tops = {
        name: page.get_by_role("region", name=name).evaluate("each => each.getBoundingClientRect().top")
        for name in ("Reach", "Posts and changes", "Fields")
    }
    assert sorted(tops, key=tops.__getitem__) == list(tops)
    page.set_viewport_size({"width": 1280, "height": 820})
    left, right = (
        page.get_by_role("region", name=name).evaluate("each => each.getBoundingClientRect().left")
        for name in ("Posts and changes", "Reach")
    )
    assert left < right


# Gives a file to whatever is at `place`, by a drop on it or out of the clipboard, as the browser would.
GIVE = """([place, kind, name, type, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, { type }));
  const target = document.querySelector(place);
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data })
    : new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data });
  if (kind === "drop") {
    target.dispatchEvent(new DragEvent("dragover", { bubbles: true, cancelable: true, dataTransfer: data }));
  }
  target.dispatchEvent(event);
}"""


def give(page: Page, place: str, kind: str, name: str, type_: str, content: bytes) -> None:
    page.evaluate(GIVE, [place, kind, name, type_, list(content)])


def face(page: Page) -> str | None:
    """Return the hash of the photo at the head of a person's page."""
    found = page.locator(".person-head img.face")
    return (found.get_attribute("src") or "").rpartition("/")[2] if found.count() else None


def test_a_photo_is_chosen_seen_removed_and_brought_back(page: Page, roster: Roster) -> None:
    roster.add(given="Mara")
    page.goto("/users/1")
    page.get_by_label("Photo of Mara").press("Enter")
    page.get_by_label("Photo", exact=True).set_input_files(pictures.FOLDER / "turned.jpg")
    expect(page.locator(".toast")).to_contain_text("Mara has a new photo.")
    assert face(page) == pictures.sha(pictures.TURNED)
    shown = page.locator(".person-head img.face")
    expect(shown).to_have_js_property("naturalWidth", 384)
    expect(shown).to_have_js_property("naturalHeight", 512)
    page.get_by_label("Photo of Mara").click()
    page.get_by_role("button", name="Remove the photo").click()
    expect(page.locator(".person-head span.face")).to_have_text("M")
    page.keyboard.press("Control+z")
    expect(page.locator(".person-head img.face")).to_be_visible()
    page.goto("/")
    expect(page.locator("[data-row='1'] img.face")).to_be_visible()
    expect(page.locator("#pane img.face")).to_be_visible()


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_a_photo_is_dropped_or_pasted_on_the_page(page: Page, roster: Roster, kind: str) -> None:
    roster.add(given="Mara")
    page.goto("/users/1")
    give(page, ".photo summary" if kind == "drop" else "body", kind, "me.png", "image/png", pictures.CLEAR)
    expect(page.locator(".person-head img.face")).to_be_visible()
    assert face(page) == pictures.sha(pictures.CLEAR)


def test_what_is_pasted_into_the_form_is_shown_and_saved_with_the_rest(page: Page, roster: Roster) -> None:
    roster.add(given="Mara")
    page.goto("/users/1/edit")
    give(page, "#given", "paste", "me.png", "image/png", pictures.CLEAR)
    expect(page.locator(".photo-field img.face")).to_have_attribute(
        "src", re.compile("^data:image/png;base64,")
    )
    page.get_by_label("Note").fill("Sings")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("region", name="Fields").get_by_text("Sings")).to_be_visible()
    assert face(page) == pictures.sha(pictures.CLEAR)


def test_escape_leaves_the_panel_of_the_photo_and_not_the_page(page: Page, roster: Roster) -> None:
    roster.add(given="Mara")
    page.goto("/users/1")
    summary = page.get_by_label("Photo of Mara")
    for leave in (
        lambda: page.keyboard.press("Escape"),
        lambda: page.get_by_role("heading", level=1).click(),
    ):
        summary.click()
        expect(page.get_by_label("Photo", exact=True)).to_be_visible()
        leave()
        expect(page.get_by_label("Photo", exact=True)).to_be_hidden()
    assert page.url.endswith("/users/1")


def test_far_too_much_is_told_before_it_is_sent(page: Page, roster: Roster) -> None:
    roster.add(given="Mara")
    page.goto("/users/1")
    page.get_by_text("Attach files").click()
    page.evaluate(
        """() => {
          const input = document.querySelector("#file");
          Object.defineProperty(input, "files", { value: [{ size: 201_000_000 }] });
          input.addEventListener("invalid", () => { input.dataset.told = input.validationMessage; });
          input.dispatchEvent(new Event("change", { bubbles: true }));
        }"""
    )
    expect(page.locator("#file")).to_have_attribute("data-told", re.compile("more than 200 MB at once"))
    assert page.url.endswith("/users/1")


def test_words_with_a_picture_beside_them_are_no_photo(page: Page, roster: Roster) -> None:
    """As a spreadsheet copies them."""
    roster.add(given="Mara")
    page.goto("/users/1")
    taken = page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["x"], "cells.png", { type: "image/png" }));
          data.setData("text/plain", "Coffee");
          const given = { bubbles: true, cancelable: true, clipboardData: data };
          return !document.querySelector("#title").dispatchEvent(new ClipboardEvent("paste", given));
        }"""
    )
    assert taken is False
    expect(page.locator("#photo-error")).to_have_count(0)


def test_a_picture_that_is_none_opens_where_it_is_told(page: Page, roster: Roster, watch: Watch) -> None:
    watch.allow(422)
    roster.add(given="Mara")
    page.goto("/users/1")
    give(page, "body", "paste", "me.png", "image/png", pictures.CLEAR[:60])
    error = page.locator("#photo-error")
    expect(error).to_contain_text("cut off or damaged. The photo was not changed")
    expect(page.get_by_label("Photo", exact=True)).to_have_attribute("aria-invalid", "true")


def test_files_are_dropped_renamed_downloaded_and_removed(page: Page, roster: Roster, tmp_path: Path) -> None:
    roster.add(given="Mara")
    large = bytes(range(256)) * 12_000
    (tmp_path / "film.bin").write_bytes(large)
    (tmp_path / "note.txt").write_text("note")
    page.goto("/users/1")
    page.get_by_text("Attach files").click()
    page.get_by_label("Files", exact=True).set_input_files([tmp_path / "film.bin", tmp_path / "note.txt"])
    expect(page.locator(".files li")).to_have_count(2)
    give(page, ".files", "drop", "scan.pdf", "application/pdf", b"%PDF")
    expect(page.locator(".files li")).to_have_count(3)
    with page.expect_download() as download:
        page.get_by_role("link", name="film.bin").click()
    kept = Path(download.value.path()).read_bytes()
    assert (download.value.suggested_filename, hashlib.sha256(kept).hexdigest()) == (
        "film.bin",
        hashlib.sha256(large).hexdigest(),
    )
    page.get_by_label("Change scan.pdf").click()
    page.get_by_label("Name of the file scan.pdf").fill("Contract")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Contract.pdf")).to_be_visible()
    page.get_by_label("Change Contract.pdf").click()
    page.get_by_role("button", name="Remove Contract.pdf").click()
    expect(page.locator(".files li")).to_have_count(2)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Contract.pdf")).to_be_visible()


def test_whom_one_knows_is_said_by_keyboard_with_completion(page: Page, roster: Roster) -> None:
    roster.add(given="Mara", family="Lindqvist")
    roster.add(given="Elof", family="Lindqvist")
    page.goto("/users/1")
    page.get_by_text("Someone they know").focus()
    page.keyboard.press("Enter")
    who = page.get_by_label("Who", exact=True)
    expect(who).to_be_focused()
    page.keyboard.type("elo")
    option = page.locator("#knows-people-known option")
    expect(option).to_have_attribute("value", "elof.lindqvist")
    who.fill("elof.lindqvist")
    kind = page.get_by_label("What they are to Mara")
    expect(page.get_by_label("In a word")).to_be_hidden()
    kind.select_option("own")
    page.get_by_label("In a word").fill("Brother")
    page.get_by_label("And the other way round").fill("Sister")
    page.keyboard.press("Enter")
    fields = page.get_by_role("region", name="Fields")
    expect(fields.locator(".knows")).to_contain_text("Brother")
    fields.get_by_role("link", name="Elof Lindqvist").click()
    expect(fields.locator(".knows")).to_contain_text("Sister")
    fields.get_by_role("button", name="Remove Mara Lindqvist from those known").click()
    expect(page.locator(".knows")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(fields.get_by_role("link", name="Mara Lindqvist")).to_be_visible()


def test_who_knows_several_is_told_by_keyboard_from_where_the_last_was_said(
    page: Page, roster: Roster, watch: Watch
) -> None:
    watch.allow(422)
    for given in ("Mara", "Bo", "Jo"):
        roster.add(given=given)
    page.goto("/users/1")
    more = page.locator(".relation").locator("..").locator("summary")
    more.focus()
    for name in ("bo", "jo"):
        page.keyboard.press("Enter")
        page.get_by_label("Who", exact=True).focus()
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        expect(page.locator(".toast").last).to_contain_text(f"knows {name.title()}")
        expect(more).to_be_focused()
    page.locator(".knows button").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#knows")).to_be_focused()
    more.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Who", exact=True).focus()
    page.keyboard.type("nobody")
    page.keyboard.press("Enter")
    expect(page.locator("#knows-people[aria-invalid]")).to_be_focused()


def test_all_of_it_works_without_script(look: Callable[..., Page], roster: Roster, tmp_path: Path) -> None:
    roster.add(given="Mara")
    roster.add(given="Elof")
    (tmp_path / "note.txt").write_text("note")
    page = look(script=False)
    page.goto("/users/1")
    page.get_by_label("Photo of Mara").click()
    page.get_by_label("Photo", exact=True).set_input_files(pictures.FOLDER / "clear.png")
    page.get_by_role("button", name="Save the photo").click()
    assert face(page) == pictures.sha(pictures.CLEAR)
    page.get_by_text("Attach files").click()
    page.get_by_label("Files", exact=True).set_input_files(tmp_path / "note.txt")
    page.get_by_role("button", name="Attach", exact=True).click()
    expect(page.get_by_role("link", name="note.txt")).to_be_visible()
    page.get_by_text("Someone they know").click()
    page.get_by_label("Who", exact=True).fill("Elof")
    page.get_by_label("What they are to Mara").select_option("Child")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".knows")).to_contain_text("Child")
    page.goto("/users/2")
    expect(page.locator(".knows")).to_contain_text("Parent")


def test_the_button_stands_below_the_two_words_of_a_relation(page: Page, roster: Roster) -> None:
    roster.add()
    page.goto("/users/1")
    page.get_by_text("Someone they know").click()
    page.get_by_label("What they are to Mara").select_option(label="Another word…")
    last, button = (
        page.get_by_label("And the other way round"),
        page.get_by_role("button", name="Add", exact=True),
    )
    above, below = last.bounding_box(), button.bounding_box()
    assert above and below
    assert below["y"] >= above["y"] + above["height"]
    assert above["x"] == below["x"]
