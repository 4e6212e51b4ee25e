"""A page, a program and a command at once for a minute: reads never fail, and no write is lost."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.desktop.test_run import MAIN, PATIENCE, Started, get
from webui.safety import health, opening
from webui.store.ledger import sqlite

pytestmark = [pytest.mark.crash, pytest.mark.long]

SECONDS = 60
Answer = tuple[int, str]


class Client:
    """Writes and reads in turn until the time is up; keeps how long each took (s), and what was accepted."""

    def __init__(self, name: str, write: Callable[[str], bool], read: Callable[[str], None]) -> None:
        self.name, self._write, self._read = name, write, read
        self.took: dict[str, list[float]] = {"write": [], "read": []}
        self.accepted: list[str] = []
        self.busy = 0
        self.failed: BaseException | None = None
        self._thread = threading.Thread(target=self._work, args=(time.monotonic() + SECONDS,))
        self._thread.start()

    def join(self) -> None:
        self._thread.join()
        if self.failed:
            raise self.failed

    def p95(self, what: str) -> int:
        """Return in how many milliseconds 95 of 100 were done."""
        return round(1000 * sorted(self.took[what])[int(0.95 * len(self.took[what]))])

    def _work(self, until: float) -> None:
        try:
            while time.monotonic() < until:
                name = f"{self.name}{len(self.accepted)}"
                begun = time.perf_counter()
                accepted = self._write(name)
                self.took["write"].append(time.perf_counter() - begun)
                if not accepted:  # another was writing for long: it said so, and is asked again
                    self.busy += 1
                    continue
                self.accepted.append(name)
                begun = time.perf_counter()
                self._read(name)
                self.took["read"].append(time.perf_counter() - begun)
        except BaseException as error:
            self.failed = error


def ask(host: str, method: str, path: str, body: str = "", **headers: str) -> Answer:
    with closing(HTTPConnection(host, timeout=PATIENCE)) as connection:
        connection.request(method, path, body, headers | {"Origin": f"http://{host}"})
        reply = connection.getresponse()
        return reply.status, reply.read().decode()


def page(host: str, cookie: str) -> Client:
    form = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}

    def write(name: str) -> bool:
        body = urlencode({"username": name, "email": f"{name}@post.example"})
        status, _text = ask(host, "POST", "/add", body, **form)
        assert status in (303, 503), status
        return status == 303

    def read(name: str) -> None:
        status, text = ask(host, "GET", f"/?q={name}", Cookie=cookie)
        assert (status, name in text) == (200, True)

    return Client("page", write, read)


def program(host: str, cookie: str) -> Client:
    as_json = {"Cookie": cookie, "Content-Type": "application/json"}

    def write(name: str) -> bool:
        body = json.dumps({"username": name, "email": f"{name}@post.example"})
        status, _text = ask(host, "POST", "/api/users", body, **as_json)
        assert status in (201, 503), status
        return status == 201

    def read(name: str) -> None:
        status, text = ask(host, "GET", f"/api/users?q={name}", Cookie=cookie)
        assert (status, name in text) == (200, True)

    return Client("program", write, read)


def command(data: Path, csv: Path) -> Client:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, str(MAIN), "--data", str(data), *arguments]
        return subprocess.run(line, capture_output=True, text=True, check=False)

    def write(name: str) -> bool:
        csv.write_text(f"Username,E-mail\n{name},{name}@post.example\n")
        done = run("import", str(csv))
        assert done.returncode == 0 or "Another program is writing" in done.stderr, done.stderr
        return done.returncode == 0

    def read(name: str) -> None:
        done = run("users", "--query", name)
        assert (done.returncode, name in done.stdout) == (0, True), done.stderr

    return Client("command", write, read)


def test_page_program_and_command_at_once_for_a_minute(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    data = tmp_path / "data"
    roster = Started("--data", str(data), "run", "--browser")
    try:
        host, path = roster.address()
        cookie = get(host, path)[1]["Set-Cookie"].split(";")[0]
        clients = [page(host, cookie), program(host, cookie), command(data, tmp_path / "one.csv")]
        for each in clients:
            each.join()
        assert roster.end() == (0, "")
    finally:
        roster.close()
    assert isinstance(opening.inspect(data / "roster.db"), opening.Ready)
    with closing(sqlite.connect(data / "roster.db")) as connection:
        assert health.check(connection) == []
        there = [row[0] for row in connection.execute("SELECT username FROM users")]
    accepted = [name for each in clients for name in each.accepted]
    assert sorted(there) == sorted(accepted)
    for each in clients:
        record_property(f"figure: load, {each.name}: writes kept", len(each.accepted))
        record_property(f"figure: load, {each.name}: told to try again", each.busy)
        for what in ("write", "read"):
            record_property(f"figure: load, {each.name}: p95 of a {what} (ms)", each.p95(what))
