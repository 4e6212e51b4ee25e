"""What is looked at after a kill."""

from pathlib import Path

from webui.exchange import archive
from webui.safety import health
from webui.store.ledger import dump, sqlite


def sound(path: Path) -> None:
    connection = sqlite.connect(path)
    try:
        assert health.check(connection) == []
        assert connection.execute("SELECT current, replacing FROM ledger").fetchone() == (None, 0)
    finally:
        connection.close()


def one(path: Path, query: str) -> int:
    connection = sqlite.connect(path)
    try:
        return int(connection.execute(query).fetchone()[0])
    finally:
        connection.close()


def digest(path: Path) -> str:
    connection = sqlite.connect(path)
    try:
        return dump.digest(connection)
    finally:
        connection.close()


def good(folder: Path) -> set[str]:
    """Return the names of the backups in a folder, each of which passes `verify`."""
    found = {path.name for path in folder.glob("*.zip")}
    for name in found:
        archive.verify(folder / name)
    return found
