"""The real window: what it shows, where it may go, where it stands, how it ends."""

import html
import shutil

import pytest
from sqlalchemy.orm import Session

from tests.window.conftest import Desktop, own_screen
from webui.safety import backup
from webui.store import users
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation

pytestmark = pytest.mark.window


def test_the_window_shows_the_served_page(desktop):
    roster = desktop.start()
    assert (
        roster.js("location.protocol + '//' + location.hostname + location.pathname") == "http://127.0.0.1/"
    )
    assert "Roster" in roster.js("document.title")
    assert roster.js("document.querySelectorAll('main h1, main h2').length") > 0
    assert roster.js("document.cookie") == "", "the cookie is out of reach of scripts"
    assert roster.close() == 0


def test_closing_leaves_a_whole_file_and_nothing_else(desktop):
    roster = desktop.start()
    assert (desktop.data / "run.json").exists()
    assert roster.close() == 0
    names = {found.name for found in desktop.data.iterdir()}
    assert names >= {"roster.db", "preferences.json", "logs"}
    assert not {name for name in names if name.endswith(("-wal", "-shm", ".new"))}
    assert "run.json" not in names
    assert roster.complaints() == "", "nothing is said that nobody can act on"


def test_the_log_holds_no_key_and_no_address(desktop):
    roster = desktop.start()
    roster.goto("/test/own")
    assert roster.close() == 0
    text = (desktop.data / "logs" / "roster.log").read_text()
    assert "Roster" in text
    assert "key=" not in text and "/test/own" not in text


@pytest.mark.parametrize("link", ["plain", "blank", "mail"])
def test_a_foreign_link_opens_in_the_systems_program(desktop, link):
    roster = desktop.start()
    roster.goto("/test/links")
    address = roster.js(f"document.getElementById('{link}').href")
    desktop.wait_for_window("My roster · Roster")
    roster.js(f"document.getElementById('{link}').focus()")
    desktop.xdotool("key", "Return")  # a person's own key: programs other than browsers open only for that
    desktop.until(lambda: desktop.opened() == [address], f"{address} in the browser", 10)
    assert roster.js("document.title") == "Links"
    assert roster.close() == 0


def test_the_window_never_navigates_away(desktop):
    roster = desktop.start()
    roster.goto("/test/links")
    for away in (
        "location.href = 'https://elsewhere.example/script'",
        "document.getElementById('away').click()",
        "document.getElementById('file').click()",
        "document.getElementById('download').click()",
        "location.href = 'data:text/html,<title>Data</title>'",
        "window.open('file:///etc/hostname')",
    ):
        roster.js(f"({away}, 1)")
        roster.js("new Date().getTime()")
    assert roster.js("document.title") == "Links"
    assert roster.js("fetch('/test/own') instanceof Promise")
    assert all(address.startswith("https://elsewhere.example/") for address in desktop.opened())
    assert roster.close() == 0


def test_our_own_page_in_a_new_window_stays_in_ours(desktop):
    roster = desktop.start()
    roster.goto("/test/links")
    roster.js("document.getElementById('own').click()")
    desktop.until(lambda: roster.js("document.title") == "Own", "our page")
    assert desktop.opened() == []
    assert roster.close() == 0


def test_the_title_is_the_databases(desktop):
    roster = desktop.start()
    desktop.wait_for_window("My roster · Roster")
    roster.goto("/test/links")
    roster.fetch("/test/title")
    assert desktop.wait_for_window("Choir · Roster")
    assert roster.close() == 0


def test_size_and_place_are_remembered_without_drift(desktop):
    roster = desktop.start()
    roster.ask("place", [140, 90, 1000, 700])
    desktop.until(lambda: roster.js("innerWidth") == 1000, "new size")
    assert roster.close() == 0
    first = desktop.preferences()["window"]
    assert (first["width"], first["height"]) == (1000, 700)
    for _ in range(3):
        assert desktop.start().close() == 0
        assert desktop.preferences()["window"] == first


def test_a_maximized_window_comes_back_maximized_and_keeps_its_place(desktop):
    roster = desktop.start()
    assert roster.close() == 0
    before = desktop.preferences()["window"]
    roster = desktop.start()
    roster.ask("maximize")
    desktop.until(lambda: roster.js("innerWidth") > 1500, "a window as wide as the screen")
    assert roster.close() == 0
    assert desktop.preferences()["window"] == before | {"maximized": True}
    roster = desktop.start()
    desktop.until(lambda: roster.js("innerWidth") > 1500, "a window as wide as the screen")
    assert roster.close() == 0


def test_a_place_that_no_screen_shows_is_not_used(desktop):
    desktop.data.mkdir()
    place = '{"window": {"x": 9000, "y": 50, "width": 900, "height": 600, "maximized": false}}'
    (desktop.data / "preferences.json").write_text(place)
    roster = desktop.start()
    assert roster.close() == 0
    after = desktop.preferences()["window"]
    assert 0 <= after["x"] < 1600 and after["width"] == 900


def test_a_new_window_fits_a_small_screen(tmp_path):
    with own_screen(tmp_path, "1280x820") as display:
        small = Desktop(display, tmp_path)
        roster = small.start()
        assert roster.close() == 0
        place = small.preferences()["window"]
        small.end()
    assert place["y"] >= 0 and place["y"] + 28 + place["height"] <= 820, place
    assert place["x"] >= 0 and place["x"] + place["width"] <= 1280, place


def test_a_second_start_brings_the_window_forward(desktop):
    roster = desktop.start()
    roster.ask("minimize")
    desktop.until(
        lambda: not desktop.xdotool("search", "--onlyvisible", "--name", "Roster$"), "hidden window"
    )
    second = desktop.run()
    assert (second.returncode, second.stderr) == (0, "")
    assert second.stdout == "Roster is open already; its window came forward.\n"
    desktop.until(
        lambda: desktop.xdotool("getactivewindow", "getwindowname").endswith("Roster"), "active window"
    )
    assert roster.close() == 0


def test_a_browser_beside_the_window_gets_an_address(desktop):
    roster = desktop.start()
    second = desktop.run("run", "--browser")
    assert (second.returncode, second.stderr) == (0, "")
    said, once = second.stdout.splitlines()
    assert said.startswith("Roster is open at http://127.0.0.1:") and once == "This address works once."
    page = desktop.data / "roster-start-page.html"  # not the address itself: others could read that
    desktop.until(lambda: desktop.opened() == [page.as_uri()], "the page opened")
    assert said.removeprefix("Roster is open at ") in html.unescape(page.read_text())
    assert roster.close() == 0
    assert not page.exists()


def test_a_damaged_file_is_left_for_a_restored_one_without_a_restart(desktop, empty_database):
    database = desktop.data / "roster.db"
    desktop.data.mkdir()
    shutil.copy(empty_database, database)
    engine = sqlite.engine(database)
    for name in ("mara", "noor"):
        with Session(engine) as session, operation(session):
            users.add(session, {"username": name, "email": f"{name}@post.example"})
        if name == "mara":
            backup.back_up(engine, desktop.data / "backups")
    engine.dispose()
    with database.open("r+b") as file:
        file.write(bytes(100))
    roster = desktop.start()
    button = "document.querySelector('main .btn.main')?.textContent"
    desktop.until(lambda: roster.js(button) == "Restore and add the 1", "the newest backup, looked at")
    roster.js("document.querySelector('main .btn.main').click()")
    listed = "[...document.querySelectorAll('.people tbody .who a')].map(a => a.textContent).join()"
    desktop.until(lambda: roster.js(listed) == "mara,noor", "everyone in the list")
    assert "Restore noor" in roster.js("document.querySelector('footer').textContent")
    assert roster.close() == 0
    assert len(list(desktop.data.glob("roster damaged *.db"))) == 1
    assert "Traceback" not in roster.complaints()


def test_a_terminated_window_closes_cleanly(desktop):
    roster = desktop.start()
    roster.process.terminate()
    assert roster.process.wait(20) == 0
    assert not (desktop.data / "roster.db-wal").exists()
