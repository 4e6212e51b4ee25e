"""Making the file small: VACUUM, with its sizes before and after."""

from pathlib import Path

from sqlalchemy import Engine

from webui.store.ledger import sqlite


def vacuum(engine: Engine) -> tuple[int, int]:
    """Rewrite the database without free pages; return its size in bytes before and after.

    Changes no record. Raises Busy while another program writes, Full without room for a second copy.
    """
    return rewrite(Path(str(engine.url.database)))


def rewrite(path: Path) -> tuple[int, int]:
    """Do the same by the path of a database."""
    connection = sqlite.connect(path)
    try:
        with sqlite.told():
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            before = path.stat().st_size
            connection.execute("PRAGMA temp_store=FILE")  # the copy it makes is as large as the database
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return before, path.stat().st_size
    finally:
        connection.close()
