"""What every reader of Roster's own files gives: what docs/formats.md calls JSON, with bytes as such.

A person's own fields are in `own`, a list of (name of the field, value, typed) as a row of them has it;
`photo` and each of `attachments` have `content`, bytes or None; `raw` of `sources` are bytes.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webui.store.errors import Damaged, Message, TooNew
from webui.store.values import text

FORMAT = 1
LONGEST_UID = 36

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Export:
    """A file of Roster's own: `about` is all of it but its people, who are read anew by each `people()`."""

    path: Path
    about: Row
    people: Callable[[], Iterator[dict[str, Any]]]
    names_others: bool = True
    """Whether it also says with whom they belong who is not in it."""

    lacks: tuple[str, ...] = ()
    """What of people it has no place for: `photo`, `attachments`, `sources`. That stays as it is here."""

    @property
    def everyone(self) -> bool:
        """Whether nobody was left out, and nothing of anyone."""
        return self.about.get("everyone") is True


def check_format(found: object, path: Path) -> None:
    """See that a file can be read by this Roster. Raises TooNew, Damaged."""
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise broken(path)
    if found > FORMAT:
        raise TooNew(Message("backup.newer", {"name": path.name}))


def broken(path: Path) -> Damaged:
    """Return the refusal of a file that does not hold what one of its kind holds."""
    return Damaged(Message("ours.broken", {"name": path.name}))


class Shape(Exception):  # what is wrong with a value; its reader says it of the file
    """A value is none of its kind."""


def uid(row: Row, name: str = "uid") -> str:
    """Return what names a record. Raises Shape."""
    found = said(row, name)
    if not found or len(found) > LONGEST_UID:
        raise Shape(name)
    return found


def maybe(row: Row, name: str) -> str | None:
    """Return a text, or None where there is none. Raises Shape."""
    found = row.get(name)
    if found is not None and not isinstance(found, str):
        raise Shape(name)
    return text.stored(found)


def said(row: Row, name: str) -> str:
    """Return a text, '' where there is none. Raises Shape."""
    return maybe(row, name) or ""


def whole(row: Row, name: str) -> int:
    """Return a whole number, 0 where there is none. Raises Shape."""
    found = row.get(name) or 0
    if not isinstance(found, int) or abs(found) >= 2**63:
        raise Shape(name)
    return int(found)


def rows(row: Row, name: str) -> Sequence[Row]:
    """Return a list of objects. Raises Shape."""
    found = [] if row.get(name) is None else row[name]
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        raise Shape(name)
    return found


def named(row: Row, name: str) -> Row:
    """Return an object. Raises Shape."""
    found = {} if row.get(name) is None else row[name]
    if not isinstance(found, Mapping):
        raise Shape(name)
    return found


def texts(row: Row, name: str) -> list[str]:
    """Return a list of texts. Raises Shape."""
    found = [] if row.get(name) is None else row[name]
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise Shape(name)
    return [text.shown(each) for each in found]


def content(row: Row) -> bytes | None:
    """Return bytes that are what their hash says, None where they are not there. Raises Shape."""
    found = row.get("content")
    if found is None:
        return None
    if not isinstance(found, bytes) or hashlib.sha256(found).hexdigest() != row.get("sha256"):
        raise Shape("content")
    return found
