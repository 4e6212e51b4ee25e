"""Data in a folder that a cloud program copies, or on another computer's disk: known, and told."""

import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from webui.safety import clouds

MOUNTS = (
    "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
    "40 22 0:44 / {folder}/my\\040share rw - cifs //nas/share rw\n"
    "41 40 8:2 / {folder}/my\\040share/stick rw - vfat /dev/sdb1 rw\n"
    "42 22 0:45 / {folder}/old rw - ext4 /dev/sdc1 rw\n"
    "43 22 0:46 / {folder}/old rw - nfs4 nas:/old rw\n"
)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows names them by their paths")
def test_another_computers_disk_is_known(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS.format(folder=tmp_path.resolve()))
    for place, is_one in (
        ("here", False),
        ("my share/Roster", True),
        ("my share/stick/x", False),
        ("old", True),
    ):
        assert clouds.on_network(tmp_path / place, mounts) == is_one, place
    assert not clouds.on_network(tmp_path, tmp_path / "no such file")


@pytest.fixture
def database(tmp_path: Path, empty_database: Path) -> Path:
    path = tmp_path / "Dropbox" / "Roster" / "roster.db"
    path.parent.mkdir(parents=True)
    path.write_bytes(empty_database.read_bytes())
    return path


def test_data_in_a_cloud_folder_is_told_with_what_to_do(
    client: FlaskClient, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client.get("/safety").text
    assert "The data should lie elsewhere" in page
    assert "Dropbox may put an older file" in page
    assert "start with --data" in page
    monkeypatch.setattr(clouds, "cloud", lambda _path: None)
    assert "The data should lie elsewhere" not in client.get("/safety").text
    monkeypatch.setattr(clouds, "on_network", lambda _path: True)
    assert "Another computer has this disk" in client.get("/safety").text
