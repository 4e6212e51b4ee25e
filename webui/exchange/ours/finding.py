"""Whether a file is one that Roster itself wrote, by what stands in it and never by its name."""

from pathlib import Path

from webui.exchange import archive, sealed
from webui.exchange.ours import database, json_file, sqlite_file, vcard_file, workbook
from webui.exchange.ours.export import Export
from webui.exchange.reading import unzipped
from webui.store.errors import Refused

_ZIP = b"PK\x03\x04"


_READERS = (
    (json_file.is_one, json_file.read),
    (sqlite_file.is_one, sqlite_file.read),
    (vcard_file.is_one, vcard_file.read),
    (workbook.is_one, workbook.read),
)


def is_one(path: Path) -> bool:
    """Whether all that was written of people is in it, so that the records can be made from it again.

    Raises OSError.
    """
    return any(found(path) for found, _read in _READERS)


def read(path: Path) -> Export | None:
    """Return a file of Roster's own, None for any other. Raises Damaged, TooNew, OSError."""
    return next((read_it(path) for found, read_it in _READERS if found(path)), None)


def is_restored(path: Path) -> bool:
    """Whether a file is an export or a backup of Roster, locked or not, or a bare database: it is restored,
    and not imported.

    Raises OSError.
    """
    return is_one(path) or sealed.is_sealed(path) or database.is_one(path) or _is_backup(path)


def _is_backup(path: Path) -> bool:
    with path.open("rb") as file:
        if file.read(len(_ZIP)) != _ZIP:
            return False
        try:
            return {archive.MANIFEST, archive.DATABASE} <= {each.filename for each in unzipped.members(file)}
        except Refused:
            return False
