"""Names: how the parts make the whole, the initials of a face, a username for a name."""

import functools
import re
from collections.abc import Mapping

from webui.store.values import text

PARTS = ("prefix", "given", "additional", "family", "suffix")
_NOT_IN_USERNAME = re.compile(r"[^a-z0-9]+")


def display(parts: Mapping[str, str | None]) -> str:
    """Return the name in the order it is spoken, from whatever parts there are, else ''."""
    return text.one_line(" ".join(filter(None, map(parts.get, PARTS))))


def sorted_by(name: str, prefix: str | None) -> str:
    """Return what a name stands in a list by: Dr. Ada Berg under A."""
    return name.removeprefix(f"{prefix} ") if prefix else name


def initials(name: str, prefix: str | None = None, suffix: str | None = None) -> str:
    """Return one or two letters for a face: of the first and last word that has letters, but for a title
    before or behind the name."""
    called = name.removesuffix(f" {suffix}") if suffix else name
    firsts = [word[0] for word in sorted_by(called, prefix).split() if word[0].isalnum()]
    return "".join(firsts[:1] + firsts[1:][-1:]).upper() or "·"


def hue(record_id: int) -> int:
    """Return 1 to 8: which colour a face has. From the id, so that it never follows from the name."""
    return (record_id * 5) % 8 + 1


def username(given: str = "", family: str = "", email: str = "", organisation: str = "") -> str:
    """Return a username for a person, at most 72 letters so that a number fits behind it, else ''."""
    named = ".".join(filter(None, (_slug(given), _slug(family))))
    wanted = named or _slug(email.rpartition("@")[0], ".") or _slug(organisation, ".")
    if not wanted:  # a script without Latin letters
        wanted = text.fold(text.one_line(f"{given} {family}")).replace(" ", ".")
    return wanted[:72].strip(".")


@functools.lru_cache(maxsize=16_384)  # an import asks for the same first names again and again
def _slug(part: str, joint: str = "") -> str:
    return _NOT_IN_USERNAME.sub(joint, text.fold(part)).strip(".")
