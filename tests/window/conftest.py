"""A screen of its own (Xvfb and a window manager) and Roster in a real window on it, driven line by line."""

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.offline import Trap

ROOT = Path(__file__).parent.parent.parent
NEEDED = ("Xvfb", "openbox", "xdotool", "import")
PATIENCE = 40  # seconds; a busy machine is slow, a hanging window is for ever


@pytest.fixture(scope="session")
def screen(tmp_path_factory):
    """The name of a display with a window manager; its own for the session."""
    with own_screen(tmp_path_factory.mktemp("openbox")) as display:
        yield display


@contextlib.contextmanager
def own_screen(home, size="1600x1000"):
    """A display of `size` with a window manager, whose home is `home`; both end with the block."""
    if missing := [name for name in NEEDED if shutil.which(name) is None]:
        pytest.fail(f"window tests need {', '.join(missing)}; build/make.py test installs them")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as pipe:
        display = f":{pipe.readline().strip()}"
    started = [server, _window_manager(display, home)]

    def is_managed():
        if started[-1].poll() is not None:  # it found no screen yet: a busy machine has been seen to do so
            started.append(_window_manager(display, home))
        return _root_property(display, "_NET_SUPPORTING_WM_CHECK")

    try:
        _until(is_managed, "a window manager")
        yield display
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(10)


def _window_manager(display, home):
    return subprocess.Popen(
        ["openbox", "--sm-disable"],
        env={"DISPLAY": display, "HOME": str(home), "PATH": os.environ["PATH"]},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture(scope="session")
def trap(attempts):
    """Where the window's own browser is sent with all that is not this machine."""
    trap = Trap(attempts)
    yield trap
    trap.close()


@pytest.fixture
def desktop(screen, trap, tmp_path):
    """Starts Roster on the screen, as often as a test likes; whatever is left is ended."""
    desktop = Desktop(screen, tmp_path)
    # Qt parts them at each space, and a proxy resolves names itself.
    flags = " ".join(flag for flag in trap.flags if " " not in flag)
    desktop.environment["QTWEBENGINE_CHROMIUM_FLAGS"] = f"--log-level=3 {flags}"
    yield desktop
    desktop.end()


def _until(true, what, patience=PATIENCE):
    """The first true value of `true()`; a failure naming `what` after `patience` seconds."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if value := true():
            return value
        time.sleep(0.05)
    pytest.fail(f"no {what} within {patience} s")


def _root_property(display, name):
    found = subprocess.run(
        ["xprop", "-display", display, "-root", name], capture_output=True, text=True, check=False
    )
    return "window id" in found.stdout


class Desktop:
    """One screen, one data folder, and a browser that only writes down what it was asked to open."""

    def __init__(self, display, folder):
        self.display = display
        self.data = folder / "data"
        self._asked = folder / "asked"
        browser = folder / "browser"
        browser.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> {self._asked}\n')
        browser.chmod(0o755)
        home = folder / "home"
        home.mkdir()
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("WAYLAND_DISPLAY", "ROSTER_DATA")
        } | {
            "DISPLAY": display,
            "HOME": str(home),
            "BROWSER": f"{browser} %s",
            "PYTHONWARNINGS": "default",
            "PYTHONFAULTHANDLER": "1",
        }
        self._started = []

    def start(self):
        """Roster in its window, the first page loaded."""
        roster = Roster(self, [sys.executable, "-m", "tests.window.driven", str(self.data)])
        self._started.append(roster)
        assert roster.answer() == "loaded"
        return roster

    def run(self, *arguments, **environment):
        """main.py with `arguments`, awaited."""
        return subprocess.run(
            [sys.executable, str(ROOT / "main.py"), "--data", str(self.data), *arguments],
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def preferences(self):
        return json.loads((self.data / "preferences.json").read_text())

    def opened(self):
        """The addresses that the system's browser was asked for."""
        return self._asked.read_text().split() if self._asked.exists() else []

    def xdotool(self, *arguments):
        found = subprocess.run(
            ["xdotool", *arguments], env=self.environment, capture_output=True, text=True, check=False
        )
        return found.stdout.strip()

    def wait_for_window(self, title):
        """Wait for a window whose whole title matches, on top and ready for keys; gives its id."""
        found = _until(
            lambda: self.xdotool("search", "--onlyvisible", "--name", f"^{title}$"), f"window {title!r}"
        )
        number = found.splitlines()[-1]
        self.xdotool("windowactivate", "--sync", number)
        time.sleep(0.3)
        return number

    def until(self, true, what, patience=PATIENCE):
        return _until(true, what, patience)

    def picture(self, path):
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, check=True)

    def end(self):
        for roster in self._started:
            roster.end()


class Roster:
    """One started Roster."""

    def __init__(self, desktop, command):
        self._desktop = desktop
        self._complaints = (desktop.data.parent / "stderr").open("a+")
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=desktop.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
        )
        self._answers = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in self.process.stdout:
            self._answers.put(json.loads(line))

    def answer(self):
        try:
            return self._answers.get(timeout=PATIENCE)
        except queue.Empty:
            pytest.fail(f"no answer from the window\n{self.complaints()}")

    def ask(self, command, value=None):
        self.process.stdin.write(json.dumps([command, value]) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def js(self, expression):
        """The value of a JavaScript expression in the page."""
        return self.ask("js", expression)

    def goto(self, path):
        self.ask("goto", path)
        self._desktop.until(lambda: self.js("location.pathname") == path, f"page {path}")

    def fetch(self, path):
        """Begin a request whose JSON answer `fetched` gives later."""
        self.js(f"(fetched = undefined, fetch('{path}').then(r => r.json()).then(j => {{ fetched = j }}), 1)")

    def fetched(self):
        return self._desktop.until(lambda: self.js("window.fetched"), "answer to the request")

    def close(self):
        """Close by the window's own way and give the exit code."""
        self.process.stdin.write(json.dumps(["close", None]) + "\n")
        self.process.stdin.flush()
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)  # faulthandler then writes where every thread stands
            self.process.wait(10)
            pytest.fail(f"the window did not close\n{self.complaints()}")

    def complaints(self):
        self._complaints.flush()
        self._complaints.seek(0)
        return self._complaints.read()

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
        for pipe in (self.process.stdin, self.process.stdout, self._complaints):
            with contextlib.suppress(OSError):
                pipe.close()
