"""The private Python environment of this checkout, .venv, filled from the hash-locked requirements.

A marker in it tells which locks it was filled from, so that a second start costs nothing. Not for what the
system must bring (debian.py).
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import debian
from report import Trouble, run, say

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "build"
VENV = ROOT / ".venv"
MARKER = VENV / "roster-requirements"
BOOTSTRAP, RUNTIME, DEVELOPER = "requirements-bootstrap.txt", "requirements.txt", "requirements-dev.txt"

# proxy-tools, which pywebview needs, exists only as source; everything else must be a wheel.
PIP = (
    "-W",
    "ignore",  # an older pip has much to say about its own future
    "-m",
    "pip",
    "--disable-pip-version-check",
    "--quiet",
    "install",
    "--require-hashes",
    "--only-binary",
    ":all:",
)
FROM_SOURCE = ("--no-binary", "proxy-tools", "--no-build-isolation", "--use-pep517")


def python() -> Path:
    """The environment's interpreter; the file need not exist yet."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def qt_folder() -> Path | None:
    """Where Qt lies in the environment, None where the window does not use it."""
    return next(VENV.glob("lib/python*/site-packages/PyQt6/Qt6"), None)


def stamp(locks: Path, root: Path, version: tuple[int, ...]) -> str:
    """What an environment is made of: the locks in the folder `locks`, its place, the Python that made it."""
    digest = hashlib.sha256(f"{root}\n{version}\n".encode())
    for name in (BOOTSTRAP, RUNTIME, DEVELOPER):
        digest.update((locks / name).read_bytes())
    return digest.hexdigest()


def is_ready(marker: Path, wanted: str, *, developer: bool) -> bool:
    """Whether, by the marker, what is wanted is there; a developer's set holds all that running needs."""
    try:
        kind, _, found = marker.read_text(encoding="ascii").strip().partition(" ")
    except (OSError, UnicodeDecodeError):
        return False
    return found == wanted and (kind == "developer" or (kind == "runtime" and not developer))


def prepare(*, developer: bool) -> None:
    """Make .venv hold what running needs, and with `developer` also what testing and packaging need.

    Raises Trouble when it cannot.
    """
    wanted = stamp(LOCKS, ROOT, sys.version_info[:3])
    if is_ready(MARKER, wanted, developer=developer) and python().exists():
        return
    _create()
    MARKER.unlink(missing_ok=True)
    say("Installing the locked packages into .venv (a minute or two the first time)")
    lock = DEVELOPER if developer else RUNTIME
    failure = "The packages could not be installed: see above. Nothing outside .venv was changed."
    run([python(), *PIP, "-r", LOCKS / BOOTSTRAP], failure, cwd=ROOT)
    run([python(), *PIP, *FROM_SOURCE, "-r", LOCKS / lock], failure, cwd=ROOT)
    MARKER.write_text(f"{'developer' if developer else 'runtime'} {wanted}\n", encoding="ascii")


def lacks_ensurepip() -> bool:
    """Whether this Python cannot make environments; Debian keeps that part in a package of its own."""
    return importlib.util.find_spec("ensurepip") is None


def _create() -> None:
    """A fresh environment, unless a sound one of this very Python is there, to be filled up in place."""
    if _is_sound():
        return
    if lacks_ensurepip():
        debian.require([("python3-venv",)], "making Python environments")
    say(f"Making the Python environment in {VENV.name}")
    shutil.rmtree(VENV, ignore_errors=True)
    command = [sys.executable, "-m", "venv", str(VENV)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise Trouble(f"The Python environment could not be made:\n{(answer.stdout + answer.stderr).strip()}")


def _is_sound() -> bool:
    question = "import sys, pip; print(sys.version_info[:3], sys.prefix)"
    try:
        answer = subprocess.run([python(), "-c", question], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.stdout.strip() == f"{sys.version_info[:3]} {VENV}"
