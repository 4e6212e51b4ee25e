"""Bring an older file to this app's schema: on a copy, checked, and only then in its place."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from webui.safety import opening
from webui.safety.swap import swap
from webui.store import errors, migrations
from webui.store.ledger import derived, sqlite
from webui.store.values import times

Progress = Callable[[str, float], None]
_COUNTED = ("users", "user_emails", "posts", "tags", "user_tags", "sources", "settings", "operations")


def upgrade(path: Path, progress: Progress = lambda _phase, _share: None) -> Path:
    """Upgrade the file at `path` and return where the old one is kept, beside it.

    `progress` gets a message id and the share done, 0 to 1. Until the last step the live file is the
    old one. Raises Full without room for twice the file, Busy when it is in use, Damaged when the
    copy does not pass its checks; nothing is changed then.
    """
    progress("upgrade.copy", 0.0)
    if shutil.disk_usage(path.parent).free < 2 * path.stat().st_size:
        raise errors.Full
    rehearsed = path.with_name(path.name + ".migrating")
    opening.remove(rehearsed)
    try:
        with sqlite.told():
            revision, before = _copy(path, rehearsed)
            progress("upgrade.migrate", 0.2)
            migrations.migrate(rehearsed)
            progress("upgrade.check", 0.8)
            _verify(rehearsed, before)
        progress("upgrade.swap", 0.95)
        # Named anew each time: an upgrade that was cut off may have kept the old file already.
        stem = f"{path.stem} before upgrade from {revision} {times.stamp(times.now())}"
        kept = opening.free_name(path.with_name(f"{stem}{path.suffix}"))
        swap(rehearsed, path, kept)
    finally:
        opening.remove(rehearsed)
    progress("upgrade.done", 1.0)
    return kept


def _copy(path: Path, target: Path) -> tuple[str, dict[str, int]]:
    connection = sqlite.connect(path)
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
        target.chmod(0o600)
        return derived.revision(connection) or "none", _counts(connection)
    finally:
        connection.close()


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return {
        name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
        for name in _COUNTED
        if name in there
    }


def _verify(path: Path, before: dict[str, int]) -> None:
    connection = sqlite.connect(path)
    try:
        found = connection.execute("PRAGMA quick_check").fetchone()[0]
        if found != "ok":
            raise errors.Damaged(errors.Message("upgrade.unsound", {"found": found}))
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise errors.Damaged(errors.Message("migration.references"))
        if wrong := derived.check(connection):
            raise errors.Damaged(errors.Message("upgrade.derived", {"names": ", ".join(wrong)}))
        after = _counts(connection)
        lost = [name for name, count in before.items() if after.get(name, 0) < count]
        if lost:
            raise errors.Damaged(errors.Message("upgrade.lost", {"names": ", ".join(lost)}))
    finally:
        connection.close()
