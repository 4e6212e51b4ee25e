#!/usr/bin/env python3
"""The commands of this checkout: python3 build/make.py [VERB] [arguments].

setup    make .venv and install everything a developer needs
run      open Roster (the default); further arguments go to main.py run
test     check, then all tests; further arguments go to pytest
check    ruff, mypy and the house rules
package  build the executable and its archive into dist/
bench    measure, and write docs/PERFORMANCE.md
lock     write the locked requirements anew from pyproject.toml

Needs Python 3.11 or newer and nothing else. On Debian and its relatives missing system packages are
installed when this runs as root; otherwise the line to type is printed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit(f"Roster needs Python 3.11 or newer; this is {sys.version.split()[0]}.")

import bundle
import debian
import environment
from report import Trouble, complain, run, say

ROOT = environment.ROOT
LOCKING = (
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
)


def setup(arguments: list[str]) -> None:
    """Make the checkout ready for a developer; takes no arguments."""
    _no_arguments("setup", arguments)
    environment.prepare(developer=True)
    debian.bring_for_window(environment.qt_folder())
    say("Ready. Run it with: python3 build/make.py run")


def open_roster(arguments: list[str]) -> None:
    """Start Roster in place of this process; arguments go to `main.py run`."""
    environment.prepare(developer=False)
    if has_screen(os.environ) and "--browser" not in arguments:
        debian.bring_for_window(environment.qt_folder())
    command = [str(environment.python()), str(ROOT / "main.py"), "run", *arguments]
    if os.name == "nt":  # exec on Windows returns to the shell at once
        sys.exit(subprocess.run(command, check=False).returncode)
    os.execv(command[0], command)


def test(arguments: list[str]) -> None:
    """Bring what the tests need, check, and run pytest with the arguments."""
    _prepare("the tests")
    _static_checks()
    # A file a process: what it has set up for its tests is set up once. One more than there are cores, for a
    # quarter of the time a test waits: for a browser, a window, a disk.
    count = min((os.cpu_count() or 1) + 1, 4)
    _pytest([f"--numprocesses={count}", "--dist=loadfile", "--no-loadscope-reorder", *arguments])


def check(arguments: list[str]) -> None:
    """Style, types and house rules, without the other tests; takes no arguments."""
    _no_arguments("check", arguments)
    environment.prepare(developer=True)
    _static_checks()
    _pytest(["-q", "tests/test_house.py"])


def bench(arguments: list[str]) -> None:
    """Bring what the measuring needs, and measure; arguments go to tests.bench."""
    _prepare("the measuring")
    run([environment.python(), "-m", "tests.bench", *arguments], "The measuring failed.", cwd=ROOT)


def lock(arguments: list[str]) -> None:
    """Resolve pyproject.toml anew, for every system and Python at once; `--upgrade` takes newer versions."""
    if set(arguments) - {"--upgrade"}:
        raise Trouble("lock takes no argument but --upgrade.", code=2)
    environment.prepare(developer=True)
    steps: tuple[tuple[str, list[str]], ...] = (
        (environment.RUNTIME, ["pyproject.toml"]),
        (environment.DEVELOPER, ["pyproject.toml", "--group", "dev", "-c", f"build/{environment.RUNTIME}"]),
        (environment.BOOTSTRAP, ["build/bootstrap.in", "-c", f"build/{environment.DEVELOPER}"]),
    )
    for name, sources in steps:
        say(f"Locking build/{name}")
        command: list[str | Path] = [environment.python(), "-m", "uv", "pip", "compile", "--quiet"]
        command += [*LOCKING, *arguments, *sources, "-o", f"build/{name}"]
        run(command, f"build/{name} could not be written: see above.", cwd=ROOT)


def _prepare(purpose: str) -> None:
    """Bring packages and programs for what opens windows of its own."""
    environment.prepare(developer=True)
    if sys.platform == "linux":
        debian.bring_for_window(environment.qt_folder())
        debian.require(debian.missing_programs().values(), purpose)


def has_screen(variables: os._Environ[str] | dict[str, str]) -> bool:
    """Whether a window can be shown at all, told from the environment variables; always so off Linux."""
    return sys.platform != "linux" or bool(variables.get("DISPLAY") or variables.get("WAYLAND_DISPLAY"))


def _static_checks() -> None:
    python = environment.python()
    say("Checking style (ruff)")
    run([python, "-m", "ruff", "check", "--quiet", "."], "ruff found something: see above.", cwd=ROOT)
    run(
        [python, "-m", "ruff", "format", "--check", "--quiet", "."],
        "Some files are not formatted; mend with: .venv/bin/python -m ruff format .",
        cwd=ROOT,
    )
    say("Checking types (mypy)")
    run([python, "-m", "mypy", "--no-error-summary"], "mypy found something: see above.", cwd=ROOT)


def _pytest(arguments: list[str]) -> None:
    run([environment.python(), "-m", "pytest", *arguments], "", cwd=ROOT)


def _no_arguments(verb: str, arguments: list[str]) -> None:
    if arguments:
        raise Trouble(f"{verb} takes no arguments.", code=2)


VERBS = {
    "setup": setup,
    "run": open_roster,
    "test": test,
    "check": check,
    "package": bundle.package,
    "bench": bench,
    "lock": lock,
}


def main(words: list[str]) -> int:
    """Carry out one verb with its arguments; returns the exit code."""
    verb, arguments = (words[0], words[1:]) if words else ("run", [])
    if verb in ("-h", "--help", "help"):
        say(__doc__.strip())
        return 0
    if verb not in VERBS:
        complain(f"There is no verb {verb!r}; there are: {', '.join(VERBS)}.")
        return 2
    try:
        VERBS[verb](arguments)
    except Trouble as trouble:
        if str(trouble):  # pytest has said it all, and its closing line stays the last
            complain(str(trouble))
        return trouble.code
    except OSError as error:
        complain(f"{error.strerror}: {error.filename}" if error.filename else str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
