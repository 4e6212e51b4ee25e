"""The file of all that is held about someone, opened by whoever is given it: offline, from a disk."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Roster
from tests.browser.test_looks import RULES, fill
from webui import database
from webui.store import attachments
from webui.store.ledger.operations import operation

pytestmark = pytest.mark.browser

SCAN = bytes(range(256)) * 78_000  # nearly 20 MB


@pytest.fixture
def read(chromium: Browser, page: Page, roster: Roster, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Return a function that opens the file of someone at a width, in light or dark, and watches it."""
    fill(roster)
    contexts, faults = [], list[str]()

    def opened(user_id: int, width: int = 1000, *, dark: bool = False) -> Page:
        page.goto(f"/users/{user_id}")
        with page.expect_download() as given:
            page.get_by_role("link", name="All that is held").click()
        file = tmp_path / given.value.suggested_filename
        given.value.save_as(file)
        scheme = "dark" if dark else "light"
        context = chromium.new_context(viewport={"width": width, "height": 820}, color_scheme=scheme)
        contexts.append(context)
        context.set_offline(True)
        shown = context.new_page()
        shown.on("console", lambda message: faults.append(message.text))
        shown.on("pageerror", lambda error: faults.append(str(error)))
        shown.on("request", lambda each: faults.append(each.url) if each.url.startswith("http") else None)
        shown.goto(file.as_uri())
        return shown

    yield opened
    for context in contexts:
        context.close()
    assert not faults


@pytest.mark.parametrize(("width", "dark"), [(400, False), (1000, True)])
def test_it_opens_offline_and_axe_finds_nothing(read: Callable[..., Page], width: int, dark: bool) -> None:
    for user_id in (1, 2, 3):
        shown = read(user_id, width, dark=dark)
        found = Axe().run(shown, options={"runOnly": RULES, "resultTypes": ["violations"]})
        assert [each["id"] for each in found.response["violations"]] == []
        wide = shown.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{wide} px too wide"
        assert shown.locator("img.photo").evaluate("each => each.naturalWidth") > 0


def test_a_large_file_comes_out_of_it_as_it_went_in(
    read: Callable[..., Page], roster: Roster, tmp_path: Path
) -> None:
    with roster.app.app_context():
        session = database.session()
        with operation(session):
            attachments.add(session, 1, [attachments.Offered("large.bin", SCAN)])
    shown = read(1)
    with shown.expect_download() as given:
        shown.get_by_role("link", name="large.bin").click()
    assert given.value.suggested_filename == "large.bin"
    given.value.save_as(tmp_path / "large.bin")
    there = (tmp_path / "large.bin").read_bytes()
    assert hashlib.sha256(there).hexdigest() == hashlib.sha256(SCAN).hexdigest()


def test_it_prints_in_black_on_white(read: Callable[..., Page], tmp_path: Path) -> None:
    shown = read(1, dark=True)
    assert shown.pdf().startswith(b"%PDF")
    shown.emulate_media(media="print")
    ground = shown.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
