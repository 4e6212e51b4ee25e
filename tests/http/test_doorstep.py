"""The doorstep: says what happened, that nothing was changed, what to do; offers only what works."""

import shutil

import pytest

from tests.http.at_the_door import HOST, Window, enter, post
from webui.doorstep import State, create_doorstep
from webui.guard import Guard
from webui.host import NoHost
from webui.preferences import Preferences
from webui.safety import kept
from webui.store import migrations
from webui.store.errors import Message


@pytest.fixture
def state(tmp_path):
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "one.zip").write_bytes(b"x")
    return State("newer", tmp_path / "roster.db", tmp_path / "backups", "schema 0999")


@pytest.fixture
def window():
    return Window()


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


def test_the_way_back_is_said_where_an_upgrade_kept_the_file(state, window, tmp_path, empty_database):
    assert "Go back to before the upgrade" not in look(state, window, tmp_path).text
    old = kept.name_for(state.database, migrations.head())
    shutil.copy(empty_database, old)
    kept.note(old, old)
    text = look(state, window, tmp_path).text
    assert "Go back to before the upgrade" in text and old.name in text
    state.kind = "not_upgraded"
    assert "Go back to before the upgrade" not in look(state, window, tmp_path).text


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
