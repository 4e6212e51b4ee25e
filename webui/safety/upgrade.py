"""Bring an older file to this app's schema: on a copy, checked, and only then in its place."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from webui.safety import files, kept
from webui.safety.swap import swap
from webui.store import errors, migrations
from webui.store.ledger import derived, sqlite

Progress = Callable[[str, float], None]
ATTEMPTS = 3


def upgrade(path: Path, progress: Progress = lambda _phase, _share: None) -> Path:
    """Upgrade the file at `path` and return where the old one is kept, beside it: checked, as `kept` tells.

    `progress` gets a message id and the share done, 0 to 1. Until the last step the live file is the
    old one; when another program has written to it meanwhile, all is begun again. Raises Full without
    room for twice the file, Busy when it is in use, Damaged when the copy does not pass its checks;
    nothing is changed then.
    """
    path = path.resolve()  # a link to the file stays one
    with files.exclusive(path), files.told(path):
        for _attempt in range(ATTEMPTS):
            if old := _attempted(path, progress):
                progress("upgrade.done", 1.0)
                return old
    raise errors.Busy


def _attempted(path: Path, progress: Progress) -> Path | None:
    progress("upgrade.copy", 0.0)
    if shutil.disk_usage(path.parent).free < 2 * files.size(path):
        raise errors.Full
    rehearsed = path.with_name(path.name + ".migrating")
    files.remove(rehearsed)
    try:
        with closing(sqlite.connect(path)) as live:
            version = live.execute("PRAGMA data_version").fetchone()[0]
            files.make_private(rehearsed)
            live.execute("VACUUM INTO ?", (str(rehearsed),))
            revision = derived.revision(live) or "none"
            progress("upgrade.migrate", 0.2)
            before = _counts_of(rehearsed)
            migrations.migrate(rehearsed)
            progress("upgrade.check", 0.8)
            _verify(rehearsed, before)
            progress("upgrade.swap", 0.95)
            # Named anew each time: an upgrade that was cut off may have kept the old file already.
            old = kept.name_for(path, revision)
            return old if swap(rehearsed, path, old, live, version, _checking(old, before)) else None
    finally:
        files.remove(rehearsed)


def _checking(old: Path, before: dict[str, int]) -> Callable[[Path], None]:
    return lambda half: kept.note(half, old, before)


def _counts_of(path: Path) -> dict[str, int]:
    with closing(sqlite.connect(path)) as connection:
        return kept.counts(connection)


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
        after = kept.counts(connection)
        lost = [name for name, count in before.items() if after.get(name, 0) < count]
        if lost:
            raise errors.Damaged(errors.Message("upgrade.lost", {"names": ", ".join(lost)}))
    finally:
        connection.close()
