"""`run` without a screen, as a process: serves, answers a second start, ends cleanly, tells what fails."""

import json
import os
import queue
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
from http.client import HTTPConnection
from pathlib import Path

import pytest

MAIN = Path(__file__).parent.parent.parent / "main.py"
ADDRESS = re.compile(r"http://(127\.\d+\.\d+\.\d+:\d+)(/start\?key=\S+)")
PATIENCE = 40


class Started:
    """main.py in a process of its own, without a screen."""

    def __init__(self, *arguments):
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DISPLAY", "WAYLAND_DISPLAY", "ROSTER_DATA")
        }
        self.process = subprocess.Popen(
            [sys.executable, str(MAIN), *arguments],
            env=environment | {"PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines = queue.Queue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self):
        for line in self.process.stdout:
            self._lines.put(line)

    def address(self):
        """Host with port, and path with key, as printed."""
        return ADDRESS.search(self._lines.get(timeout=PATIENCE)).groups()

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        return code, self.close()

    def close(self):
        """What it complained about, once it has ended or is made to end."""
        if self.process.poll() is None:
            self.process.kill()
        self._listener.join(PATIENCE)
        self.process.stdout.close()
        complaints = "" if self.process.stderr.closed else self.process.stderr.read()
        self.process.stderr.close()
        self.process.wait(PATIENCE)
        return complaints


@pytest.fixture
def start(tmp_path):
    started = []

    def start(*arguments):
        started.append(Started("--data", str(tmp_path / "data"), *arguments))
        return started[-1]

    yield start
    for each in started:
        each.close()


def get(host, path, **headers):
    connection = HTTPConnection(host, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers=headers)
        reply = connection.getresponse()
        return reply.status, dict(reply.getheaders()), reply.read().decode()
    finally:
        connection.close()


def enter(host, path):
    status, headers, _ = get(host, path)
    assert status == 303
    return get(host, "/", Cookie=headers["Set-Cookie"].split(";")[0])


@pytest.mark.parametrize("arguments", [(), ("run",), ("run", "--browser")])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_stopped(start, tmp_path, arguments, number):
    roster = start(*arguments)
    host, path = roster.address()
    status, _, page = enter(host, path)
    assert status == 200 and "Roster" in page
    assert get(host, path)[0] == 403, "the address works once"
    code, complaints = roster.end(number)
    assert (code, complaints) == (0, "")
    left = {found.name for found in (tmp_path / "data").iterdir()}
    assert "roster.db" in left and not {"roster.db-wal", "roster.db-shm", "run.json"} & left


def test_files_are_for_this_person_alone(start, tmp_path):
    roster = start()
    enter(*roster.address())
    data = tmp_path / "data"
    for found in [data, *data.rglob("*")]:
        allowed = 0o700 if found.is_dir() else 0o600
        assert stat.S_IMODE(found.stat().st_mode) == allowed, found
    assert roster.end()[0] == 0


def test_a_second_start_gets_a_new_address_and_ends(start):
    roster = start()
    host, first = roster.address()
    second = start()
    assert second.process.wait(PATIENCE) == 0
    again, path = second.address()
    assert again == host and path != first
    assert enter(host, path)[0] == 200
    assert enter(host, first)[0] == 200, "the first address is still unused"
    assert roster.end()[0] == 0


def test_a_crashed_copy_does_not_block_the_next(start):
    roster = start()
    roster.address()
    roster.process.kill()
    roster.process.wait(10)
    again = start()
    assert enter(*again.address())[0] == 200
    assert again.end()[0] == 0


def test_a_damaged_file_is_told_and_left_alone(start, tmp_path):
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "roster.db"
    file.write_bytes(b"not a database at all" * 100)
    roster = start()
    status, _, page = enter(*roster.address())
    assert status == 503 and "roster.db is damaged" in page
    assert roster.end()[0] == 0
    assert file.read_bytes() == b"not a database at all" * 100


def test_a_newer_file_is_told_and_left_alone(start, tmp_path):
    roster = start()
    enter(*roster.address())
    assert roster.end()[0] == 0
    file = tmp_path / "data" / "roster.db"
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = file.read_bytes()
    roster = start()
    status, _, page = enter(*roster.address())
    assert status == 503 and "made by a newer Roster" in page and "9999" in page
    assert roster.end()[0] == 0
    assert file.read_bytes() == before


def test_a_folder_that_cannot_be_used_is_told(tmp_path):
    (tmp_path / "data").write_text("")
    roster = Started("--data", str(tmp_path / "data" / "inside"))
    code, complaints = roster.process.wait(PATIENCE), roster.end()[1]
    assert code == 1
    assert "cannot use its folder" in complaints and "Nothing was changed" in complaints
    assert "Traceback" not in complaints


def test_a_port_that_another_program_has_is_said_and_another_taken(start, tmp_path):
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))  # the address is one that only the start knows
        other.listen()
        port = other.getsockname()[1]
        (tmp_path / "data").mkdir(mode=0o700)
        (tmp_path / "data" / "preferences.json").write_text(json.dumps({"port": port}))
        roster = start()
        host, path = roster.address()
        assert not host.endswith(f":{port}")
        _, headers, _ = get(host, path)
        for page in ("/settings/programs", "/history"):  # on any other too: who would look there
            shown = get(host, page, Cookie=headers["Set-Cookie"].partition(";")[0])[2]
            assert f"Another program has port {port}" in shown
    assert roster.end()[0] == 0
    again = start()
    assert again.address()[0].endswith(f":{port}")
    assert again.end()[0] == 0
