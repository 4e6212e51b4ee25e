"""What Roster needs from the system on Debian and its relatives: shared libraries and programs.

Finds what is missing, installs it by apt when that is allowed, and otherwise says the exact line to type.
Not for Python packages (environment.py), nor for other systems, which bring their own web view.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

from report import Trouble, say

# Shared object name -> Debian package. Where a newer release renamed it, the newer name comes second.
LIBRARIES: dict[str, tuple[str, ...]] = {
    "libEGL.so.1": ("libegl1",),
    "libGL.so.1": ("libgl1",),
    "libGLX.so.0": ("libglx0",),
    "libGLdispatch.so.0": ("libglvnd0",),
    "libOpenGL.so.0": ("libopengl0",),
    "libX11-xcb.so.1": ("libx11-xcb1",),
    "libX11.so.6": ("libx11-6",),
    "libXcomposite.so.1": ("libxcomposite1",),
    "libXcursor.so.1": ("libxcursor1",),
    "libXdamage.so.1": ("libxdamage1",),
    "libXext.so.6": ("libxext6",),
    "libXfixes.so.3": ("libxfixes3",),
    "libXi.so.6": ("libxi6",),
    "libXrandr.so.2": ("libxrandr2",),
    "libXrender.so.1": ("libxrender1",),
    "libXtst.so.6": ("libxtst6",),
    "libasound.so.2": ("libasound2", "libasound2t64"),
    "libbrotlicommon.so.1": ("libbrotli1",),
    "libbrotlidec.so.1": ("libbrotli1",),
    "libdbus-1.so.3": ("libdbus-1-3",),
    "libdrm.so.2": ("libdrm2",),
    "libexpat.so.1": ("libexpat1",),
    "libfontconfig.so.1": ("libfontconfig1",),
    "libfreetype.so.6": ("libfreetype6",),
    "libgbm.so.1": ("libgbm1",),
    "libglib-2.0.so.0": ("libglib2.0-0", "libglib2.0-0t64"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "libglib2.0-0t64"),
    "libgssapi_krb5.so.2": ("libgssapi-krb5-2",),
    "libnspr4.so": ("libnspr4",),
    "libnss3.so": ("libnss3",),
    "libnssutil3.so": ("libnss3",),
    "libplc4.so": ("libnspr4",),
    "libplds4.so": ("libnspr4",),
    "libsmime3.so": ("libnss3",),
    "libudev.so.1": ("libudev1",),
    "libwayland-client.so.0": ("libwayland-client0",),
    "libwayland-server.so.0": ("libwayland-server0",),
    "libxcb-cursor.so.0": ("libxcb-cursor0",),
    "libxcb-dri3.so.0": ("libxcb-dri3-0",),
    "libxcb-icccm.so.4": ("libxcb-icccm4",),
    "libxcb-image.so.0": ("libxcb-image0",),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1",),
    "libxcb-randr.so.0": ("libxcb-randr0",),
    "libxcb-render-util.so.0": ("libxcb-render-util0",),
    "libxcb-render.so.0": ("libxcb-render0",),
    "libxcb-shape.so.0": ("libxcb-shape0",),
    "libxcb-shm.so.0": ("libxcb-shm0",),
    "libxcb-sync.so.1": ("libxcb-sync1",),
    "libxcb-util.so.1": ("libxcb-util1",),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0",),
    "libxcb-xkb.so.1": ("libxcb-xkb1",),
    "libxcb.so.1": ("libxcb1",),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0",),
    "libxkbcommon.so.0": ("libxkbcommon0",),
    "libxkbfile.so.1": ("libxkbfile1",),
}

# What a test needs -> (commands any of which will do, packages any of which brings one).
PROGRAMS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "a Chromium browser": (("chromium", "chromium-browser"), ("chromium", "chromium-browser")),
    "a virtual screen": (("Xvfb",), ("xvfb",)),
    "a window manager": (("openbox",), ("openbox",)),
    "a typist for windows": (("xdotool",), ("xdotool",)),
    "a reader of object files": (("objdump",), ("binutils",)),
    "a taker of screenshots": (("import",), ("imagemagick",)),
    "a watcher of programs": (("strace",), ("strace",)),
}

# What Qt loads to show a window and a page in it.
QT_FILES = ("plugins/platforms/libqxcb.so", "lib/libQt6WebEngineCore.so.6")


def missing_sonames(ldd_output: str) -> set[str]:
    """The shared objects that ldd says it does not find; `ldd_output` is its text for one or more files."""
    return set(re.findall(r"^\s*(\S+) => not found", ldd_output, re.MULTILINE))


def missing_libraries(qt_folder: Path) -> set[str]:
    """Sonames that Qt's window plugin and web engine, in the folder PyQt6/Qt6, need and the system lacks.

    Qt itself names one library whichever is missing, so the loader is asked.
    """
    files = [str(qt_folder / name) for name in QT_FILES if (qt_folder / name).exists()]
    if not files or not shutil.which("ldd"):
        return set()
    answer = subprocess.run(["ldd", *files], capture_output=True, text=True, check=False)
    return missing_sonames(answer.stdout)


def missing_programs(
    purposes: Iterable[str] = PROGRAMS, which: Callable[[str], str | None] = shutil.which
) -> dict[str, tuple[str, ...]]:
    """Which of these, all unless told, are not there: purpose -> packages any of which brings it."""
    missing = {}
    for purpose in purposes:
        commands, packages = PROGRAMS[purpose]
        if not any(which(command) for command in commands):
            missing[purpose] = packages
    return missing


def packages_for(sonames: Iterable[str]) -> list[tuple[str, ...]]:
    """The packages that bring these shared objects, each as its alternatives, unknown ones left out."""
    return sorted({LIBRARIES[soname] for soname in sonames if soname in LIBRARIES})


def bring_for_window(qt_folder: Path | None) -> None:
    """See that what Qt loads is there, if there is Qt; raises Trouble when it cannot be brought."""
    if qt_folder is None:
        return
    missing = missing_libraries(qt_folder)
    if not missing:
        return
    require(packages_for(missing), "the window")
    # What is left came with none of the packages, nor with what they depend on.
    missing = missing_libraries(qt_folder)
    if missing:
        names = " ".join(sorted(missing))
        raise Trouble(f"The window needs shared libraries that are missing, please install them: {names}")


def known_to_apt(policy_output: str) -> set[str]:
    """The packages that can be installed, according to the English text of `apt-cache policy`."""
    return set(
        re.findall(r"^(\S+):\n  Installed: .*\n  Candidate: (?!\(none\))", policy_output, re.MULTILINE)
    )


def choose(alternatives: Iterable[tuple[str, ...]], known: set[str]) -> tuple[list[str], bool]:
    """One name of each tuple, the first that apt knows, and whether apt knew them all."""
    names = []
    complete = True
    for group in alternatives:
        found = next((name for name in group if name in known), None)
        complete = complete and found is not None
        names.append(found or group[0])
    return names, complete


def install_line(names: Iterable[str], *, update: bool) -> str:
    """The line that a person without root's rights types."""
    first = "sudo apt-get update && " if update else ""
    return f"{first}sudo apt-get install -y --no-install-recommends {' '.join(names)}"


def require(alternatives: Iterable[tuple[str, ...]], purpose: str) -> None:
    """Bring packages in by apt, one of each tuple of alternatives; no packages, nothing done.

    Raises Trouble, with what to type, when this is not root, apt is not there, or apt fails.
    """
    groups = list(alternatives)
    if not groups:
        return
    if not shutil.which("apt-get"):
        wanted = " ".join(group[0] for group in groups)
        raise Trouble(
            f"Missing for {purpose}, by Debian's names: {wanted}\nPlease install what your system calls so."
        )
    names, complete = choose(groups, _known(groups))
    if os.geteuid() != 0:
        line = install_line(names, update=not complete)
        raise Trouble(f"Missing for {purpose}. Please run this line, then try again:\n  {line}")
    if not complete:
        _apt("update")
        names, _ = choose(groups, _known(groups))
    say(f"Installing for {purpose}: {' '.join(names)}")
    if not _install(names):
        _apt("update")  # the package lists may be older than what the mirror still keeps
        if not _install(names):
            raise Trouble(f"apt-get could not install: {' '.join(names)}")


def _known(groups: Iterable[tuple[str, ...]]) -> set[str]:
    names = [name for group in groups for name in group]
    environment = {**os.environ, "LC_ALL": "C"}
    answer = subprocess.run(
        ["apt-cache", "policy", *names], capture_output=True, text=True, check=False, env=environment
    )
    return known_to_apt(answer.stdout)


def _install(names: list[str]) -> bool:
    return _apt("install", "-y", "--no-install-recommends", *names)


def _apt(*arguments: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", *arguments]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if answer.returncode:
        say(answer.stderr.strip() or answer.stdout.strip())
    return answer.returncode == 0
