"""The doorstep: says what happened, that nothing was changed, what to do; offers only what works."""

import io
from contextlib import closing

import pytest
from sqlalchemy.orm import Session

from webui.damage import Damage
from webui.doorstep import State, create_doorstep
from webui.guard import Guard
from webui.host import NoHost
from webui.preferences import Preferences
from webui.safety import backup, health, opening
from webui.safety.rescue import Rescue
from webui.store import errors, posts, users
from webui.store.errors import Message
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation

HOST = "127.0.0.1:40123"


class Window(NoHost):
    """A host that notes what it was asked for."""

    native = True

    def __init__(self):
        self.asked = []

    def show_folder(self, path):
        self.asked.append(path)

    def close(self):
        self.asked.append("close")


@pytest.fixture
def state(tmp_path):
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "one.zip").write_bytes(b"x")
    return State("newer", tmp_path / "roster.db", tmp_path / "backups", "schema 0999")


@pytest.fixture
def window():
    return Window()


def enter(state, host, tmp_path):
    guard = Guard(HOST)
    app = create_doorstep(state, host, guard, Preferences(tmp_path / "preferences.json"))
    app.config["PROPAGATE_EXCEPTIONS"] = True
    client = app.test_client()
    client.environ_base["HTTP_HOST"] = HOST
    client.get(f"/start?key={guard.new_key()}", base_url=f"http://{HOST}")
    return client


def look(state, host, tmp_path):
    return enter(state, host, tmp_path).get("/", base_url=f"http://{HOST}")


@pytest.mark.parametrize(
    "kind, sentences",
    [
        ("newer", ["made by a newer Roster", "Nothing was changed", "Install the newer Roster"]),
        ("damaged", ["roster.db is damaged", "nothing is deleted", "will not write to the damaged file"]),
        ("not_upgraded", ["could not be brought up to date", "Your file is as it was"]),
        ("failed", ["could not be opened", "before changing anything"]),
    ],
)
def test_each_trouble_says_what_happened_and_what_to_do(state, window, tmp_path, kind, sentences):
    state.kind = kind
    answer = look(state, window, tmp_path)
    assert answer.status_code == 503
    for sentence in [*sentences, str(state.backups), "For whoever helps you", "schema 0999"]:
        assert sentence in answer.text
    assert "Refresh" not in answer.headers


def test_what_the_store_says_is_said(state, window, tmp_path):
    state.kind, state.message = "failed", Message("disk_full")
    assert "The disk is full" in look(state, window, tmp_path).text


def test_backups_that_are_not_there_are_not_promised(state, window, tmp_path):
    (state.backups / "one.zip").unlink()
    text = look(state, window, tmp_path).text
    assert "None were found" in text
    assert 'value="backups"' not in text


def test_the_upgrade_shows_its_step_and_goes_on_by_itself(state, window, tmp_path):
    state.kind, state.message, state.done = "upgrading", Message("upgrade.check"), 0.8
    answer = look(state, window, tmp_path)
    assert answer.status_code == 200
    assert answer.headers["Refresh"] == "1; url=/"
    assert 'value="80"' in answer.text and "Checking the copy" in answer.text


def test_the_look_is_the_machines_own(state, window, tmp_path):
    Preferences(tmp_path / "preferences.json").set("appearance", "dark")
    assert 'media="screen"' in look(state, window, tmp_path).text


def test_details_cannot_become_markup(state, window, tmp_path):
    state.detail = "<script>alert(1)</script>"
    assert "<script>alert" not in look(state, window, tmp_path).text


def test_any_other_page_leads_to_the_door(state, window, tmp_path):
    answer = enter(state, window, tmp_path).get("/users/5", base_url=f"http://{HOST}")
    assert (answer.status_code, answer.location) == (303, "/")


@pytest.mark.parametrize("which", ["database", "backups"])
def test_folders_are_shown(state, window, tmp_path, which):
    answer = post(enter(state, window, tmp_path), "/show-folder", which=which)
    assert answer.status_code == 303
    assert window.asked == [state.database.parent if which == "database" else state.backups]


@pytest.mark.parametrize("which", ["", "/etc"])
def test_no_other_folder_is_shown(state, window, tmp_path, which):
    assert post(enter(state, window, tmp_path), "/show-folder", which=which).status_code == 400
    assert window.asked == []


def test_a_browser_is_not_offered_what_only_a_window_can(state, tmp_path):
    for kind in ("newer", "damaged", "failed", "not_upgraded"):
        state.kind = kind
        assert "Show folder" not in look(state, NoHost(), tmp_path).text


def test_it_can_be_closed(state, window, tmp_path):
    answer = post(enter(state, window, tmp_path), "/close")
    assert "Roster is closed" in answer.text
    assert window.asked == ["close"]


def test_a_stranger_sees_nothing(state, window, tmp_path):
    app = create_doorstep(state, window, Guard(HOST), Preferences(tmp_path / "preferences.json"))
    answer = app.test_client().get("/", base_url=f"http://{HOST}")
    assert answer.status_code == 403
    assert str(state.database.parent) not in answer.text


def post(client, path, **form):
    return client.post(path, data=form, base_url=f"http://{HOST}", headers={"Origin": f"http://{HOST}"})


def get(client, path):
    return client.get(path, base_url=f"http://{HOST}", follow_redirects=True).text


@pytest.fixture
def three(state, tmp_path, database, engine):
    """Three people of whom a backup holds two; the file's header is gone."""

    (state.backups / "one.zip").unlink()

    def add(name):
        with Session(engine) as session, operation(session):
            person = users.add(session, {"username": name, "email": f"{name}@post.example"})
            posts.add(session, person.id, {"title": f"About {name}", "date": "2026-03-01"})

    add("mara")
    add("noor")
    made = backup.back_up(engine, tmp_path / "backups")
    add("ines")
    engine.dispose()
    with database.open("r+b") as file:
        file.write(bytes(100))
    return database, made


@pytest.fixture
def damaged(three, tmp_path, state, window):
    """(the damage, a client at its doorstep, how often the app was to be opened)."""
    entered = []
    damage = Damage(Rescue(three[0], state.backups), lambda: entered.append(1))
    at = State("damaged", three[0], state.backups, "no SQLite header", damage=damage)
    yield damage, enter(at, window, tmp_path), entered
    damage.jobs.stop(10)
    damage.rescue.close()


def done(damage):
    for job in damage.jobs.active():
        assert job.ended.wait(30)


@pytest.mark.outside
def test_the_ways_out_of_damage_say_what_each_is_worth(damaged, three):
    damage, client, _entered = damaged
    answer = client.get("/", base_url=f"http://{HOST}")
    assert answer.headers["Refresh"] and "Reading what can be read" in answer.text
    before = three[0].read_bytes()
    assert damage.look().ended.wait(30)
    answer = client.get("/", base_url=f"http://{HOST}")
    assert "Refresh" not in answer.headers
    for said in [
        "Your backup is not.",
        "2 people, 2 posts",
        "you added or changed 1 person",
        "3 people, 3 posts",
        "1 file in",
        "no SQLite header",
    ]:
        assert said in " ".join(answer.text.split()), said
    read = get(client, "/rescue")
    assert "3 people can be read" in read and "Nothing is known to be missing" in read
    assert three[0].read_bytes() == before
    assert three[1].name in get(client, "/backups")


@pytest.mark.outside
def test_the_newest_backup_takes_the_place_of_the_damaged_file(damaged, three):
    damage, client, entered = damaged
    before = three[0].read_bytes()
    post(client, "/restore", name=three[1].name)
    done(damage)
    assert entered == [1]
    assert people(three[0]) == ["mara", "noor"]
    [kept] = three[0].parent.glob("roster damaged *.db")
    assert kept.read_bytes() == before


@pytest.mark.outside
def test_a_second_press_does_nothing_to_the_file_that_is_whole_again(damaged, three):
    damage, client, entered = damaged
    for _press in range(2):
        post(client, "/restore", name=three[1].name)
        done(damage)
    assert entered == [1]
    assert len(list(three[0].parent.glob("roster damaged *.db"))) == 1


@pytest.mark.outside
def test_what_was_read_takes_the_place_of_the_damaged_file(damaged, three):
    damage, client, entered = damaged
    damage.look().ended.wait(30)
    before = three[0].read_bytes()
    post(client, "/rescue")
    done(damage)
    assert entered == [1]
    assert people(three[0]) == ["ines", "mara", "noor"]
    [kept] = three[0].parent.glob("roster damaged *.db")
    assert kept.read_bytes() == before
    [report] = three[0].parent.glob("roster rescued * report.txt")
    assert "3 people" in report.read_text()
    assert not list((three[0].parent / "scratch").glob("work-*"))


@pytest.mark.outside
def test_a_backup_from_elsewhere_is_shown_before_it_is_restored(damaged, three, tmp_path):
    damage, client, entered = damaged
    moved = three[1].rename(tmp_path / "elsewhere.zip")
    assert "There is no backup" in get(client, "/backups")
    bad = bytearray(moved.read_bytes())
    bad[len(bad) // 2] ^= 1
    post(client, "/backups", file=(io.BytesIO(bad), "elsewhere.zip"))
    assert "damaged after it was written" in get(client, "/backups")
    assert post(client, "/restore").status_code == 404
    post(client, "/backups", file=(moved.open("rb"), "elsewhere.zip"))
    assert "2 people, 2 posts" in get(client, "/backups") and not entered
    post(client, "/restore")
    done(damage)
    assert people(three[0]) == ["mara", "noor"] and entered == [1]


@pytest.mark.outside
def test_what_fails_leaves_the_damaged_file_and_says_so(damaged, three, monkeypatch):
    damage, client, entered = damaged
    before = three[0].read_bytes()

    def full(*_given):
        raise errors.Full

    monkeypatch.setattr(opening, "put_in_place", full)
    post(client, "/restore", name=three[1].name)
    done(damage)
    done(damage)
    assert "The disk is full" in get(client, "/")
    assert three[0].read_bytes() == before and entered == []
    assert "3 people, 3 posts" in " ".join(get(client, "/").split()), "it looks on after that"
    assert post(client, "/restore", name="../roster.db").status_code == 404
    three[0].write_bytes(b"no database at all")
    assert damage.look().ended.wait(30)
    assert "Nothing of a Roster database could be read" in get(client, "/")
    assert get(client, "/rescue") == get(client, "/")


def people(path):
    with closing(sqlite.connect(path)) as connection:
        assert health.check(connection) == []
        return [row[0] for row in connection.execute("SELECT username FROM users ORDER BY username")]
