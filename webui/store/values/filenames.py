"""Names of files: safe in any folder, of whatever system. Not for where a file lies."""

import re
from pathlib import PurePosixPath

from webui.store.values import text

LONGEST = 200  # bytes; no file system in use takes fewer than 255
_SUFFIX = 20  # bytes of what is kept of a name's end when it is cut
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')  # what Windows refuses; slashes part folders
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.I)


def plain(offered: str, longest: int = LONGEST) -> str:
    """Return a name that was offered as one for a file in any folder, at most `longest` bytes of UTF-8.

    No folder stays in it, nothing that is not seen (as what turns the direction of a name round), and
    nothing that a system refuses; '' where nothing is left. Its suffix stays.

    >>> plain("../../etc/passwd"), plain("a" * 300 + ".pdf")[-6:], plain("CON.txt")
    ('passwd', 'aa.pdf', '_CON.txt')
    """
    last = text.kept(offered).replace("\\", "/").rpartition("/")[2]
    seen = "".join(letter for letter in last if letter.isprintable())
    name = _NOT_IN_NAMES.sub("_", seen).strip(" .")
    if _DEVICES.fullmatch(name):
        name = f"_{name}"
    if len(name.encode()) > longest:
        suffix = _cut(PurePosixPath(name).suffix, _SUFFIX)
        name = _cut(name, longest - len(suffix.encode())).rstrip(" .") + suffix
    return name


def free(name: str, taken: set[str]) -> str:
    """Return `name`, or with (2), (3), ... before its suffix: the first that is not in `taken`, whatever its
    case. It is taken afterwards."""
    path, wanted, number = PurePosixPath(name), name, 2
    while text.key(wanted) in taken:
        wanted, number = f"{path.stem} ({number}){path.suffix}", number + 1
    taken.add(text.key(wanted))
    return wanted


def _cut(said: str, longest: int) -> str:
    return said.encode()[:longest].decode(errors="ignore")
