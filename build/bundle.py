"""The executable and its archive: PyInstaller by app.spec, what it weighs, and which systems it runs on.

Not for what goes into the bundle (app.spec), nor for installing it (install.sh in the archive).
"""

from __future__ import annotations

import platform
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import debian
import environment
from report import Trouble, run, say

ROOT = environment.ROOT
DIST = ROOT / "dist"
BUNDLE = DIST / "roster"


def package(arguments: list[str]) -> None:
    """Build dist/roster and, on Linux and unless `--no-archive` is given, the archive beside it."""
    if set(arguments) - {"--no-archive"}:
        raise Trouble("package takes no argument but --no-archive.", code=2)
    environment.prepare(developer=True)
    if sys.platform == "linux":
        debian.bring_for_window(environment.qt_folder())
        debian.require(debian.missing_programs(("a reader of object files",)).values(), "packaging")
        debian.require(_missing_python(), "packaging")
    say("Building the executable (a minute or two)")
    command: list[str | Path] = [
        environment.python(),
        "-m",
        "PyInstaller",
        "--noconfirm",
        "--log-level",
        "WARN",
    ]
    command += ["--distpath", DIST, "--workpath", ROOT / ".pyi-work", ROOT / "build" / "app.spec"]
    run(command, "The executable was not built: see above.", cwd=ROOT)
    say(f"dist/roster: {megabytes(sum(path.lstat().st_size for path in _files()))} MB")
    if sys.platform == "linux":
        _describe()
        if "--no-archive" not in arguments:
            _archive()


def _missing_python() -> list[tuple[str, ...]]:
    """The package of Python's own shared library, which Debian leaves out and the bundle carries."""
    name = f"libpython{sys.version_info.major}.{sys.version_info.minor}"
    folder = Path(sysconfig.get_config_var("LIBDIR"))
    places = (folder, folder / str(sysconfig.get_config_var("MULTIARCH")))
    return [] if any((place / f"{name}.so.1.0").exists() for place in places) else [(name,)]


def program_version() -> str:
    """The version that pyproject.toml gives."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["project"]["version"])


def runtime_packages() -> list[str]:
    """The packages that pyproject.toml says Roster needs on this system, by name."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    here = f"sys_platform == '{sys.platform}'"
    needed = [line.partition(";") for line in tomllib.loads(text)["project"]["dependencies"]]
    return [re.split(r"[<>=~!\[ ]", name)[0] for name, _semicolon, only in needed if not only or here in only]


def megabytes(size: int) -> int:
    """Bytes in whole megabytes of 1,000,000 bytes."""
    return round(size / 1_000_000)


def glibc_floor(headers: str) -> str:
    """The newest glibc version that `objdump -p`, its text for any number of files, says is needed."""
    versions = [
        tuple(map(int, found.split("."))) for found in re.findall(r"\bGLIBC_(\d+(?:\.\d+)+)", headers)
    ]
    return ".".join(map(str, max(versions))) if versions else "unknown"


def _files() -> Iterator[Path]:
    return (path for path in BUNDLE.rglob("*") if path.is_file())


def _describe() -> None:
    """Say the glibc floor; raises Trouble when a library that Qt loads was trimmed away."""
    programs = [path for path in _files() if path.open("rb").read(4) == b"\x7fELF"]
    headers = subprocess.run(["objdump", "-p", *programs], capture_output=True, text=True, check=False).stdout
    say(f"Runs with glibc {glibc_floor(headers)} or newer on {platform.machine()}")
    qt_folder = next(BUNDLE.glob("**/PyQt6/Qt6"), None)
    lost = debian.missing_libraries(qt_folder) if qt_folder else set()
    if lost:
        raise Trouble(f"The bundle lacks libraries that Qt loads: {' '.join(sorted(lost))}")


def _archive() -> None:
    name = f"roster-{program_version()}-linux-{platform.machine()}"
    path = DIST / f"{name}.tar.gz"
    say(f"Packing dist/{path.name}")
    with tarfile.open(path, "w:gz", compresslevel=6) as archive:
        archive.add(BUNDLE, f"{name}/roster", filter=_anonymous)
        archive.add(ROOT / "build" / "install.sh", f"{name}/install.sh", filter=_anonymous)
        archive.add(ROOT / "LICENSE", f"{name}/LICENSE", filter=_anonymous)
        for icon in ("roster.svg", "roster-512.png"):
            archive.add(ROOT / "build" / "icons" / icon, f"{name}/icons/{icon}", filter=_anonymous)
    say(f"dist/{path.name}: {megabytes(path.stat().st_size)} MB")


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """A member that belongs to nobody of this machine and that everybody may read."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode |= 0o644
    return member
