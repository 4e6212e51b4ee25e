"""Where things lie, and what is said when they cannot lie there."""

import errno
import os
import stat
from pathlib import Path

import platformdirs
import pytest

from desktop import folders
from desktop.folders import FolderProblem, locate
from webui.preferences import Preferences


@pytest.fixture(autouse=True)
def no_environment(monkeypatch):
    monkeypatch.delenv("ROSTER_DATA", raising=False)


def test_everything_lies_under_the_folder_that_was_named(tmp_path):
    found = locate(tmp_path)
    places = [found.data, found.backups, found.logs, found.preferences_file, found.scratch, found.database]
    assert all(place.is_relative_to(tmp_path) for place in places)
    assert found.database == tmp_path / "roster.db"


def test_the_environment_names_a_folder_too(tmp_path, monkeypatch):
    monkeypatch.setenv("ROSTER_DATA", str(tmp_path))
    assert locate() == locate(tmp_path)


def test_an_option_wins_over_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("ROSTER_DATA", str(tmp_path / "other"))
    assert locate(tmp_path).data == tmp_path


def test_a_relative_folder_is_made_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert locate(Path("here")).data == tmp_path / "here"


def test_without_a_name_it_is_the_persons_own_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    found = locate()
    assert "Roster" in found.data.parts
    assert found.backups.name == "Roster backups"
    assert found.scratch.parent == found.data


def test_a_chosen_backups_folder_is_kept(tmp_path):
    Preferences(tmp_path / "preferences.json").set("backups", str(tmp_path / "disk"))
    assert locate(tmp_path).backups == tmp_path / "disk"


def test_folders_are_made_for_this_person_alone(tmp_path):
    found = locate(tmp_path / "new" / "data")
    found.prepare()
    for folder in (found.data, found.logs, found.scratch):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not found.backups.exists(), "made with the first backup"
    assert sorted(entry.name for entry in found.data.iterdir()) == ["logs", "scratch"]


def test_the_page_for_a_browser_lies_where_every_browser_may_look(tmp_path, monkeypatch):
    monkeypatch.setattr(platformdirs, "user_documents_path", lambda: tmp_path)
    assert locate(tmp_path / "data").start_page == tmp_path / "data" / "roster-start-page.html"
    assert locate(tmp_path / ".local" / "data").start_page == tmp_path / "roster-start-page.html"


def test_a_file_in_the_place_of_a_folder_is_told(tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(FolderProblem) as told:
        locate(tmp_path / "data").prepare()
    assert (told.value.reason, told.value.path) == ("unusable", tmp_path / "data")


@pytest.mark.parametrize(
    "number, reason",
    [
        (errno.ENOSPC, "full"),
        (errno.EACCES, "read_only"),
        (errno.EROFS, "read_only"),
        (errno.EIO, "unusable"),
    ],
)
def test_a_folder_that_takes_no_bytes_is_told(tmp_path, monkeypatch, number, reason):
    def refuse(_descriptor):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(folders.os, "fsync", refuse)
    with pytest.raises(FolderProblem) as told:
        locate(tmp_path).prepare()
    assert (told.value.reason, told.value.detail) == (reason, os.strerror(number))
