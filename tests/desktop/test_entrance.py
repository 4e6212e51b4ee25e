"""From the file to the app: which of the two the server gets, and what closing means meanwhile."""

import gc
import threading
import time
from contextlib import closing

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from desktop import keeper
from desktop.entrance import GARBAGE, Entrance
from desktop.folders import locate
from webui import app as webui_app
from webui import database
from webui.guard import Guard
from webui.host import NoHost
from webui.safety import opening, past
from webui.safety import upgrade as upgrading
from webui.store import errors, posts, settings, trash, users
from webui.store.ledger import horizon, sqlite
from webui.store.ledger.operations import named, operation
from webui.store.values import times

HOST = "127.0.0.1:40123"


class Titled(NoHost):
    """A host that notes its title."""

    title = None

    def retitle(self, title):
        self.title = title


class Switchboard:
    """Stands for the server: keeps what it was told to serve."""

    def __init__(self):
        self.apps = []

    def swap(self, app):
        self.apps.append(app)


@pytest.fixture
def thresholds():
    """Let the other tests keep theirs."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.fixture
def folders(tmp_path):
    folders = locate(tmp_path)
    folders.prepare()
    return folders


@pytest.fixture
def guard():
    return Guard(HOST)


@pytest.fixture
def server():
    return Switchboard()


@pytest.fixture
def entrance(folders, server, guard):
    entrance = Entrance(folders, server, guard)
    yield entrance
    entrance.close()


@pytest.fixture
def behind(folders, monkeypatch):
    """A file that counts as behind until something else is said of it."""
    opening.create(folders.database)
    monkeypatch.setattr(opening, "inspect", lambda path: opening.Behind(path, "0000"))


def opened(entrance, host=None):
    entrance.open(host or Titled())
    entrance._thread.join(30)


def page(app, guard):
    client = app.test_client()
    client.get(f"/start?key={guard.new_key()}", base_url=f"http://{HOST}")
    return client.get("/", base_url=f"http://{HOST}")


def test_a_first_start_makes_the_file_and_serves_the_app(entrance, server, guard, folders, thresholds):
    host = Titled()
    gc.set_threshold(700)
    opened(entrance, host)
    assert [app.name for app in server.apps] == ["webui.app"]
    assert page(server.apps[0], guard).status_code == 200
    assert folders.database.exists()
    assert host.title == "My roster"
    assert not entrance.busy()
    assert (gc.isenabled(), gc.get_threshold()[0]) == (True, GARBAGE)


def test_an_older_file_is_brought_up_to_date_behind_the_doorstep(
    entrance, server, guard, folders, behind, monkeypatch
):
    begun, go_on = threading.Event(), threading.Event()

    def upgrade(path, progress):
        progress("upgrade.migrate", 0.2)
        begun.set()
        go_on.wait(30)
        return path.with_name("kept.db")

    monkeypatch.setattr(upgrading, "upgrade", upgrade)
    entrance.open(Titled())
    assert begun.wait(30)
    assert "Upgrading the copy" in page(server.apps[-1], guard).text
    assert entrance.busy(), "closing now would stop the upgrade"
    go_on.set()
    entrance._thread.join(30)
    assert not entrance.busy()
    assert [app.name for app in server.apps] == ["webui.doorstep", "webui.app"]


@pytest.mark.parametrize(
    "problem, sentence",
    [
        (errors.Full(), "The disk is full"),
        (errors.Damaged(errors.Message("upgrade.lost", {"names": "users"})), "fewer rows (users)"),
    ],
)
def test_an_upgrade_that_fails_says_why_and_leaves_the_file(
    entrance, server, guard, folders, behind, monkeypatch, problem, sentence
):
    def upgrade(_path, _progress):
        raise problem

    monkeypatch.setattr(upgrading, "upgrade", upgrade)
    before = folders.database.read_bytes()
    opened(entrance)
    text = page(server.apps[-1], guard).text
    assert "Your file is as it was" in text and sentence in text
    assert folders.database.read_bytes() == before


def test_what_the_store_refuses_is_said(entrance, server, guard, monkeypatch):
    def inspect(_path):
        raise errors.Busy

    monkeypatch.setattr(opening, "inspect", inspect)
    opened(entrance)
    assert "Another program is writing" in page(server.apps[-1], guard).text


def test_an_unexpected_fault_is_told_without_its_values(entrance, server, guard, monkeypatch):
    def create_app(_config, _host):
        raise RuntimeError("about Ada Lovelace")

    monkeypatch.setattr(webui_app, "create_app", create_app)
    opened(entrance)
    text = page(server.apps[-1], guard).text
    assert "Your file could not be opened" in text and "builtins.RuntimeError" in text
    assert "Ada" not in text


def test_work_under_way_is_taken_back_at_the_end(entrance, server):
    opened(entrance)
    jobs = server.apps[0].extensions["roster.jobs"]
    ticking = threading.Event()

    def work(job):
        while True:
            job.step("test")
            ticking.wait(0.01)

    job = jobs.start("test", work)
    assert entrance.busy()
    entrance.close()
    assert job.state == "cancelled"


def test_closing_leaves_one_file(entrance, folders, server, guard):
    opened(entrance)
    page(server.apps[0], guard)
    entrance.close()
    assert sorted(found.name for found in folders.data.glob("roster.db*")) == ["roster.db"]


def test_history_beyond_its_size_goes_in_the_background_of_a_start(entrance, folders, server, monkeypatch):
    opening.create(folders.database)
    monkeypatch.setattr(settings, "HISTORY_LIMITS", (0, 1))
    engine = sqlite.engine(folders.database)
    with Session(engine) as session:
        with operation(session):
            settings.set_history_limit(session, 1)
        for number in range(30):
            with operation(session):
                settings.put(session, "columns", f"{number}" + "x" * 60_000)
                named(session, "columns.arrange")
    engine.dispose()
    opened(entrance)
    for job in server.apps[0].extensions["roster.jobs"].active():
        assert job.ended.wait(30)
    entrance.close()
    with closing(sqlite.connect(folders.database)) as connection:
        assert horizon.size(connection) < 1_000_000 and horizon.begin(connection)[0]
    assert len(list(folders.backups.glob("*.zip"))) == 1


def test_what_is_too_old_in_the_trash_goes_at_a_start_and_on_each_day(entrance, folders, server, monkeypatch):
    opening.create(folders.database)
    engine = sqlite.engine(folders.database)

    def trashed(title, days):
        with Session(engine) as session, operation(session):
            moved = posts.add(session, mara, {"title": title})
            moved.deleted_at = trash.since(days)
            session.execute(text("UPDATE operations SET at = :at"), {"at": trash.since(100)})

    def left():
        with Session(engine) as session:
            return [post.title for post in trash.posts(session)]

    def until(titles):
        deadline = time.monotonic() + 30
        while left() != titles and time.monotonic() < deadline:
            time.sleep(0.05)
        assert left() == titles

    with Session(engine) as session, operation(session):
        settings.set_trash_days(session, 7)
        mara = users.add(session, {"username": "mara", "email": "mara@post.example"}).id
    trashed("Coffee", 8)
    trashed("Tea", 6)
    monkeypatch.setattr(keeper, "HOUR", 0.05)
    monkeypatch.setattr(keeper, "CALM", 0.0)
    opened(entrance)
    until(["Tea"])
    trashed("Milk", 8)
    time.sleep(0.3)
    assert left() == ["Tea", "Milk"], "the same day goes on"
    monkeypatch.setattr(times, "today", lambda: "2999-01-01")
    until(["Tea"])
    engine.dispose()


def test_closing_removes_the_copy_of_a_moment_that_is_looked_at(entrance, folders, server):
    opened(entrance)
    app = server.apps[0]
    with app.app_context():
        app.extensions["roster.moments"].keep(past.make(database.engine(), 0))
    assert list(folders.scratch.glob("work-*"))
    entrance.close()
    assert not list(folders.scratch.glob("work-*"))


def test_a_damaged_file_is_exchanged_for_what_can_be_read_and_the_app_opens(entrance, folders, server, guard):
    opening.create(folders.database)
    with folders.database.open("r+b") as file:
        file.write(bytes(100))
    opened(entrance)
    door = server.apps[-1].test_client()
    door.get(f"/start?key={guard.new_key()}", base_url=f"http://{HOST}")
    for job in entrance._damage.jobs.active():
        assert job.ended.wait(30)
    answer = door.post("/rescue", base_url=f"http://{HOST}", headers={"Origin": f"http://{HOST}"})
    assert answer.status_code == 303
    deadline = time.monotonic() + 30
    while server.apps[-1].name != "webui.app" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert page(server.apps[-1], guard).status_code == 200
    assert len(list(folders.data.glob("roster damaged *.db"))) == 1


@pytest.mark.parametrize("pages", [True, False], ids=["a page", "a reference"])
def test_damage_behind_a_good_header_is_said_and_leads_to_the_same_ways_out(
    entrance, folders, server, guard, monkeypatch, pages
):
    monkeypatch.setattr(keeper, "GLANCE", 0)
    opening.create(folders.database)
    spoil(folders.database, pages)
    opened(entrance)
    app, before = server.apps[-1], folders.database.read_bytes()
    assert app.name == "webui.app", "a start looks at no page it does not need"
    until(lambda: not app.extensions["roster.alarm"].checking)
    client = app.test_client()
    client.get(f"/start?key={guard.new_key()}", base_url=f"http://{HOST}")
    note = client.get("/damage", base_url=f"http://{HOST}").text
    assert "Part of the file cannot be read" in note and "What is open stays open" in note
    client.post("/damage", base_url=f"http://{HOST}", headers={"Origin": f"http://{HOST}"})
    assert server.apps[-1].name == "webui.doorstep"
    until(lambda: entrance._damage.rescue.looked)
    assert "Rescue what can be read" in page(server.apps[-1], guard).text
    assert folders.database.read_bytes() == before
    assert list(folders.data.glob("*damaged*")) == []


def spoil(path, pages):
    with closing(sqlite.connect(path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'relations'").fetchone()[0]
        connection.execute("PRAGMA foreign_keys=OFF")
        if not pages:
            for name in ("insert", "insert_replaces"):
                connection.execute(f"DROP TRIGGER history_user_tags_{name}")
            connection.execute("INSERT INTO user_tags (user_id, tag_id) VALUES (77, 78)")
    opening.settle(path)
    if pages:
        with path.open("r+b") as file:
            file.seek((root - 1) * 4096)
            file.write(bytes(4096))


def until(is_so):
    deadline = time.monotonic() + 30
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert is_so()
