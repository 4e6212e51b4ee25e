"""The registry of what people can be written as: a new format is one module in `out`, one line here."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from webui.exchange import exporting, targets
from webui.exchange.out import cards, json_file, ldif, page, sqlite_file, workbook
from webui.exchange.out.wanted import BESIDE, EVERYTHING, OWN, Wanted
from webui.exchange.sent import mark
from webui.store.errors import Message, Refused

Write = Callable[[sqlite3.Connection, IO[bytes], Wanted], None]


@dataclass(frozen=True)
class Format:
    """A kind of file: its suffixes, the usual one first, and who writes it. `is_table` are rows and columns
    that can be for mail merge; of `is_whole` nothing can be left out. `lacks` are the columns, and some of
    BESIDE, that it has no place for; OWN are own fields."""

    suffixes: tuple[str, ...]
    write: Write
    is_table: bool = False
    is_whole: bool = False
    lacks: frozenset[str] = frozenset()

    @property
    def suffix(self) -> str:
        """The usual suffix."""
        return self.suffixes[0]


def _tsv(connection: sqlite3.Connection, stream: IO[bytes], wanted: Wanted) -> None:
    exporting.users_csv(connection, stream, replace(wanted, delimiter="\t"))


_NOT_IN_CSV = frozenset(BESIDE) - {"kept"}
_KEPT = frozenset({"kept"})
FORMATS = (
    Format((".csv",), exporting.users_csv, is_table=True, lacks=_NOT_IN_CSV),
    Format((".tsv",), _tsv, is_table=True, lacks=_NOT_IN_CSV),
    Format((".xlsx",), workbook.write, is_table=True, lacks=frozenset({"photo"})),
    Format((".vcf",), cards.write, lacks=_KEPT),
    Format((".zip",), cards.write_each, lacks=_KEPT),
    Format((".ldif",), ldif.write, lacks=ldif.LACKS | {OWN}),
    Format((".json",), json_file.write, is_whole=True),
    Format((".sqlite", ".db"), sqlite_file.write, is_whole=True),
    Format((".html",), page.write, lacks=_KEPT),
)


def by_suffix(path: Path) -> Format:
    """Return the format of a file by its suffix. Raises Refused with the suffixes there are."""
    found = next((each for each in FORMATS if path.suffix.casefold() in each.suffixes), None)
    if found is None:
        known = ", ".join(suffix for each in FORMATS for suffix in each.suffixes)
        raise Refused(Message("export.no_format", {"suffix": path.suffix or path.name, "known": known}))
    return found


def export(connection: sqlite3.Connection, target: Path, wanted: Wanted = EVERYTHING) -> int:
    """Write people to `target`, whole or not at all; return how many.

    All is read in one moment: that of a transaction which is open already, where there is one. Raises
    Refused for a suffix there is no format for, Full, ReadOnly, and what `wanted.step` raises.
    """
    format_ = by_suffix(target)
    with targets.of_one_moment(connection, target) as stream:
        return write(connection, stream, format_, wanted)


def write(connection: sqlite3.Connection, stream: IO[bytes], format_: Format, wanted: Wanted) -> int:
    """Write people to a stream; return how many."""
    if wanted.comes_back:
        wanted = mark.put(wanted, connection)
    format_.write(connection, stream, wanted)
    return exporting.count(connection, wanted)
