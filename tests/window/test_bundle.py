"""The packaged program, as it is double-clicked: outside the checkout, with an empty home, in a real window.

One build a run. The page is driven through Qt WebEngine's own remote debugging, which only this test's
environment turns on.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import websocket

pytestmark = pytest.mark.window

ROOT = Path(__file__).parents[2]
PATIENCE = 90


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle, built by the command that people use and moved away from the checkout."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "build" / "make.py"), "package", "--no-archive"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    place = tmp_path_factory.mktemp("elsewhere") / "roster"
    shutil.move(ROOT / "dist" / "roster", place)
    return place / "roster"


@pytest.fixture
def environment(screen: str, tmp_path: Path) -> dict[str, str]:
    home = tmp_path / "home"
    home.mkdir()
    return {
        "HOME": str(home),
        "DISPLAY": screen,
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "QTWEBENGINE_REMOTE_DEBUGGING": f"127.0.0.1:{_free_port()}",
    }


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Window:
    """The running program, and a line to the page in its window (Chrome DevTools Protocol)."""

    def __init__(self, program: subprocess.Popen[bytes], address: str) -> None:
        self.program = program
        self._address = address
        self._socket = self._connect()

    def _connect(self) -> websocket.WebSocket:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.program.poll() is None:
            try:
                with urllib.request.urlopen(f"http://{self._address}/json/list", timeout=5) as answer:
                    pages = json.load(answer)
                if pages and pages[0]["title"].endswith("Roster"):
                    return websocket.create_connection(
                        pages[0]["webSocketDebuggerUrl"], timeout=PATIENCE, suppress_origin=True
                    )
            except OSError:
                pass
            time.sleep(0.2)
        raise AssertionError(f"no page; the program ended with {self.program.poll()}")

    def run_js(self, script: str) -> Any:
        """What `script` gives in the page that is there now."""
        self._socket.send(
            json.dumps(
                {
                    "id": 1,
                    "method": "Runtime.evaluate",
                    "params": {"expression": script, "returnByValue": True},
                }
            )
        )
        while (answer := json.loads(self._socket.recv())).get("id") != 1:
            pass
        return answer["result"]["result"].get("value")

    def wait_for(self, text: str) -> None:
        """Wait until the page's heading says `text`."""
        until = time.monotonic() + PATIENCE
        while text not in str(self.run_js("document.querySelector('h1')?.innerText")):
            assert time.monotonic() < until, self.run_js("document.body.innerText")
            time.sleep(0.2)

    def close(self) -> None:
        self._socket.close()

    def click(self, text: str) -> None:
        """Click the link or button that says `text`."""
        found = f"[...document.querySelectorAll('a, button')].find(each => each.innerText.includes({text!r}))"
        self.run_js(f"{found}.click()")


@pytest.fixture
def window(bundle: Path, environment: dict[str, str], tmp_path: Path) -> Iterator[Window]:
    with (tmp_path / "said").open("wb") as said:
        program = subprocess.Popen([bundle], cwd=tmp_path, env=environment, stdout=said, stderr=said)
    try:
        window = Window(program, environment["QTWEBENGINE_REMOTE_DEBUGGING"])
        yield window
    finally:
        if program.poll() is None:
            program.kill()
            program.wait(20)


def test_a_double_click_adds_someone_and_keeps_them_safe(
    bundle: Path, environment: dict[str, str], window: Window
) -> None:
    window.wait_for("Everyone you know")
    window.click("Add someone")
    window.wait_for("New person")
    for name, value in {
        "given": "Mara",
        "family": "Lindqvist",
        "username": "mara",
        "email": "mara@l.example",
    }.items():
        window.run_js(f"document.querySelector('[name={name}]').value = {value!r}")
    window.click("Save")
    window.wait_for("Mara Lindqvist")
    window.click("Safety")
    window.wait_for("No copy yet")
    window.click("Back up now")
    window.wait_for("One verified copy")
    window.run_js("setTimeout(print)")
    for act in (
        ["search", "--sync", "--onlyvisible", "--name", "^Print$", "windowactivate"],
        ["key", "Escape"],
    ):
        subprocess.run(["xdotool", *act], env=environment, check=True, timeout=PATIENCE)
    window.close()
    window.program.send_signal(signal.SIGTERM)
    assert window.program.wait(30) == 0
    home = Path(environment["HOME"])
    (made,) = (home / "Documents" / "Roster backups").glob("*.zip")
    assert not list((home / ".local/share/Roster").glob("roster.db-*"))

    def command(*arguments: str) -> str:
        done = subprocess.run(
            [bundle, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert json.loads(command("verify", str(made), "--json"))["counts"]["users"] == 1
    assert command("users") == "mara\tMara Lindqvist\tmara@l.example\n"
    there = str(home / "new")
    assert "1 added" in command("--data", there, "restore", str(made))
    assert command("--data", there, "digest") == command("digest")
