"""The registry of what people can be written as: a new format is one file beside this one, one line here."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from webui.exchange import exporting, json_file, targets
from webui.store.errors import Message, Refused

_LIVING = "SELECT count(*) FROM users WHERE deleted_at IS NULL"
Write = Callable[[sqlite3.Connection, IO[bytes], list[int] | None], None]


@dataclass(frozen=True)
class Format:
    """A kind of file: its suffix and who writes it."""

    suffix: str
    write: Write


FORMATS = (
    Format(".csv", exporting.users_csv),
    Format(".json", json_file.write),
    Format(".vcf", exporting.contacts_vcf),
)


def by_suffix(path: Path) -> Format:
    """Return the format of a file by its suffix. Raises Refused with the suffixes there are."""
    found = next((each for each in FORMATS if each.suffix == path.suffix.casefold()), None)
    if found is None:
        raise Refused(
            Message(
                "export.no_format",
                {"suffix": path.suffix or path.name, "known": ", ".join(each.suffix for each in FORMATS)},
            )
        )
    return found


def export(connection: sqlite3.Connection, target: Path, ids: list[int] | None = None) -> int:
    """Write living people (all, or those of `ids`) to `target`, whole or not at all; return how many.

    All is read in one moment: that of a transaction which is open already, where there is one. Raises
    Refused for a suffix there is no format for, Full, ReadOnly.
    """
    format_, count = by_suffix(target), len(ids) if ids is not None else None
    with targets.of_one_moment(connection, target) as stream:
        format_.write(connection, stream, ids)
        if count is None:
            count = connection.execute(_LIVING).fetchone()[0]
    return int(count)
