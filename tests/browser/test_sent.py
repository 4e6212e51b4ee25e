"""A sheet that went to someone and is back, in a browser: a conflict is seen, answered and taken."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Roster
from tests.browser.test_looks import LONG, RULES
from webui import database
from webui.exchange import formats
from webui.exchange.out.wanted import Wanted
from webui.store import users
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation

pytestmark = pytest.mark.browser


def edited_here_and_there(roster: Roster, tmp_path: Path) -> Path:
    """Return a sheet in which two people were edited, one of them here as well."""
    for given in ("Mara", "Noor"):
        roster.add(given=given, family="Ek")
    path = tmp_path / "people.csv"
    with closing(sqlite.connect(roster.data / "roster.db")) as connection, path.open("wb") as stream:
        formats.write(connection, stream, formats.FORMATS[0], Wanted(comes_back=True))
    with roster.app.app_context(), operation(database.session()):
        users.change(database.session(), 1, {"family": "Lund"})
    written = path.read_text(encoding="utf-8-sig")
    edited = written.replace("Mara,,Ek", f"Mara,,{LONG * 3}").replace("Noor,,Ek", "Noor,,")
    assert edited.count("Ek") == written.count("Ek") - 2
    again = edited.splitlines()[-1]  # is left out, and says why
    path.write_text(f"{edited}{again}\n", encoding="utf-8")
    return path


def test_a_conflict_is_answered_and_one_undo_takes_all_back(
    look: Callable[..., Page], roster: Roster, tmp_path: Path
) -> None:
    sheet = edited_here_and_there(roster, tmp_path)
    for width, dark in ((1280, False), (720, True)):
        page = look(width, dark=dark)
        page.goto("/import")
        page.get_by_label("File", exact=True).set_input_files(sheet)
        page.get_by_role("button", name="Look at it").click()
        expect(page.get_by_role("button", name="Take 1 edit")).to_be_visible()
        found = Axe().run(page, options={"runOnly": RULES})
        assert not found.response["violations"], found.generate_report()
        for part in page.locator("html, main, .wizard > .middle").all():
            assert part.evaluate("box => box.scrollWidth - box.clientWidth") <= 0
        why = page.get_by_text("The same person as line 3")
        assert why.evaluate(
            "it => it.getBoundingClientRect().right <= it.closest('td').getBoundingClientRect().right"
        )
    expect(page.get_by_role("button", name="Keep yours: Lund")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("t")
    expect(page.get_by_role("button", name="Take theirs:")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("y")
    expect(page.get_by_role("button", name="Keep yours: Lund")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Take theirs:").click()
    page.get_by_role("button", name="Take 2 edits").click()
    expect(page.locator("main")).to_contain_text("Done. Their edits are in.")
    found = Axe().run(page, options={"runOnly": RULES})
    assert not found.response["violations"], found.generate_report()
    page.get_by_role("link", name="See the people").click()
    expect(page.get_by_role("link", name=LONG)).to_be_visible()
    page.locator(".strip").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Mara Lund")).to_be_visible()
