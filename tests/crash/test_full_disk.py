"""A disk that is really full, and one that is really read-only: told in a sentence, and nothing is lost.

Each run is a program of its own on a small file system in memory that only it sees (Linux; needs the right to
mount, which a user namespace gives where the system allows it).
"""

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OLDER = ROOT / "tests" / "files" / "schemas" / "0004.db.gz"
UNSHARE = ["unshare", "--mount"]
if hasattr(os, "getuid") and os.getuid() != 0:
    UNSHARE += ["--user", "--map-root-user"]


@cache
def can_mount() -> bool:
    if sys.platform != "linux" or not shutil.which("unshare"):
        return False
    tried = subprocess.run(
        [*UNSHARE, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
    )
    return tried.returncode == 0


pytestmark = [
    pytest.mark.crash,
    pytest.mark.platform,
    pytest.mark.skipif(not can_mount(), reason="no small file system can be mounted here"),
]


def ran(place: Path, script: str) -> list[str]:
    """Run a shell script on a disk of 10 MB at `place`, with `roster` in it; return the lines it says."""
    place.mkdir()
    whole = (
        f"mount -t tmpfs -o size=10m none {place}; cd {place}; mkdir d\n"
        f'roster() {{ "{sys.executable}" "{ROOT / "main.py"}" --data {place}/d "$@" 2>&1; }}\n'
        "left() { find d -name 'work-*' -o -name '.roster*' ! -name '*.lock' -o -name '*.new'; }\n"
        f"{script}"
    )
    done = subprocess.run(
        [*UNSHARE, "sh", "-c", whole], capture_output=True, text=True, timeout=300, check=False
    )
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A small and a large CSV file."""
    made = []
    for name, count in (("few", 100), ("many", 20_000)):
        path = tmp_path / f"{name}.csv"
        rows = "".join(f"Given{each},{name}{each},{name}{each}@post.example\n" for each in range(count))
        path.write_text(f"First Name,Last Name,E-mail\n{rows}")
        made.append(path)
    return made[0], made[1]


FULL = "The disk is full. Nothing was changed and nothing is lost; free some space and try again."


def test_a_disk_that_gets_full_keeps_what_is_there(tmp_path: Path, files: tuple[Path, Path]) -> None:
    few, many = files
    said = ran(
        tmp_path / "disk",
        f"""
        roster import {few} > /dev/null; roster backup > /dev/null; roster digest
        roster import {many}; echo $?; roster digest; roster check
        free=$(df --output=avail -k . | tail -1)
        dd if=/dev/zero of=filler bs=1k count=$((free - 600)) 2> /dev/null
        roster backup; echo $?; roster restore d/backups/*.zip; echo $?; roster digest
        roster export out.csv --json | grep -c people; left
        rm filler; roster undo; roster redo; roster verify d/backups/*.zip | grep -c 'as it was written'
        roster check; roster digest
        """,
    )
    digest = said[0]
    assert said[1:5] == [FULL, "1", digest, "The database is sound."]
    assert said[5:10] == [FULL, "1", FULL, "1", digest]
    assert said[10:] == [
        "1", "Undone: Import few.csv (by a command).", "Done again: Import few.csv (by a command).", "1",
        "The database is sound.", digest,
    ]  # fmt: skip


def test_a_disk_without_a_byte_left_is_told(tmp_path: Path, files: tuple[Path, Path]) -> None:
    said = ran(
        tmp_path / "disk",
        f"""
        roster import {files[0]} > /dev/null; roster digest
        dd if=/dev/zero of=filler bs=1k 2> /dev/null
        for each in undo redo "restore {files[0]}" "run --browser"; do roster $each; echo $?; done
        roster users 2> /dev/null | wc -l; rm filler; roster digest
        """,
    )
    folder = tmp_path / "disk" / "d"
    full = f"The disk that holds {folder} is full. Nothing was changed. Make room and start Roster again."
    assert said[1:8] == [full, "1", full, "1", full, "1", full]
    assert said[8:10] == ["For whoever helps you: No space left on device", "1"]
    assert said[10:] == ["101", said[0]]  # whoever reads is let in


def test_a_disk_that_is_read_only_is_told(tmp_path: Path, files: tuple[Path, Path]) -> None:
    said = ran(
        tmp_path / "disk",
        f"""
        roster import {files[0]} > /dev/null; roster digest
        mount -o remount,ro {tmp_path}/disk
        for each in undo redo "restore {files[0]}" "run --browser"; do roster $each; echo $?; done
        roster users 2> /dev/null | wc -l; roster backup; echo $?; roster export out.csv; echo $?
        mount -o remount,rw {tmp_path}/disk; roster digest
        """,
    )
    told = f"Roster may not write to its folder {tmp_path}/disk/d. Nothing was changed. "
    assert [line.startswith(told) for line in said[1:8:2]] == [True] * 4
    assert said[2:8:2] == ["1"] * 3
    assert said[8:11] == ["For whoever helps you: Read-only file system", "1", "101"]
    only = f"Nothing can be written in {tmp_path}/disk/d, so the database is only read."
    assert [said[11], said[13], said[14], said[16]] == [only, "1", only, "1"]
    assert "can't be written" in said[12] and "can't be written" in said[15]
    assert said[17:] == [said[0]]


def test_an_upgrade_without_room_leaves_the_older_file(tmp_path: Path) -> None:
    said = ran(
        tmp_path / "disk",
        f"""
        gunzip -c {OLDER} > d/roster.db; sha256sum d/roster.db
        free=$(df --output=avail -k . | tail -1)
        dd if=/dev/zero of=filler bs=1k count=$((free - 700)) 2> /dev/null
        roster users > said; echo $?; cat said; sha256sum d/roster.db; left
        rm filler; roster users > said; echo $?; find d -name '*before upgrade*' | wc -l
        """,
    )
    assert said == [said[0], "1", FULL, said[0], "0", "1"]


def test_a_stick_that_is_full_is_told_and_the_first_copy_stays(
    tmp_path: Path, files: tuple[Path, Path]
) -> None:
    place = tmp_path / "disk"
    chosen = json.dumps({"second_place": {"path": f"{place}/stick", "mark": "m"}})
    said = ran(
        place,
        f"""
        mkdir stick; mount -t tmpfs -o size=100k none stick; echo m > stick/.roster-place
        echo '{chosen}' > d/preferences.json
        roster import {files[0]} > /dev/null
        dd if=/dev/zero of=stick/filler bs=1k count=80 2> /dev/null
        roster backup > said; echo $?; tail -1 said; ls -A stick
        rm stick/filler; roster backup > said; echo $?; ls stick | wc -l
        roster verify stick/*.zip | grep -c 'as it was written'; ls d/backups | wc -l
        """,
    )
    assert said == [
        "0",
        f"No copy in the second place. {FULL}",
        ".roster-place",
        "filler",
        "0",
        "1",
        "1",
        "2",
    ]
