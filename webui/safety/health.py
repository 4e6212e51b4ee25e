"""Is a database sound: its pages, its references, what is derived from it."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from webui.safety import contents, files
from webui.store import errors
from webui.store.ledger import derived, references, schema, sqlite
from webui.store.values import times

_NAMED = 20  # of what is wrong, before a sentence gets too long
_MENDABLE = ("check.references", "check.derived", "check.index")


def check(
    connection: sqlite3.Connection, *, deep: bool = False, copy: sqlite3.Connection | None = None
) -> list[errors.Message]:
    """Return what is wrong with an open Roster database; empty when all is right.

    `deep` also compares photos and files with their hashes, and each index with its table: on a copy by
    VACUUM INTO, which has made those anew, there is no need. Search is checked on such a `copy` where there
    is one: SQLite wants to write for that, and raises Busy while another program does.
    """
    found = _pages(connection, deep)
    if wrong := derived.reusable_ids(connection):
        found.append(errors.Message("check.ids", {"names": ", ".join(wrong)}))
    if deep and (wrong := contents.wrong(connection)):
        found.append(errors.Message("check.contents", {"names": _some(wrong)}))
    if wrong := derived.check(connection):
        found.append(errors.Message("check.derived", {"names": ", ".join(wrong)}))
    else:
        found += _full_text(copy or connection)
    return found


def _pages(connection: sqlite3.Connection, deep: bool) -> list[errors.Message]:
    found = []
    pragma = "integrity_check(20)" if deep else "quick_check(20)"
    pages = [row[0] for row in connection.execute(f"PRAGMA {pragma}").fetchall() if row[0] != "ok"]
    # Two rows with one key are no fault of the index: to make it anew would fail.
    indexes = [line for line in pages if "index" in line and not line.startswith("non-unique")]
    if other := [line for line in pages if line not in indexes]:
        found.append(errors.Message("check.pages", {"found": "; ".join(other)}))
    if lost := _know_more(indexes):
        found.append(errors.Message("check.rows", {"found": ", ".join(lost)}))
    if indexes:
        found.append(errors.Message("check.index", {"found": "; ".join(indexes)}))
    hanging = {row[0] for row in connection.execute("PRAGMA foreign_key_check").fetchall()}
    if hanging:
        found.append(errors.Message("check.references", {"names": ", ".join(sorted(hanging))}))
    return found


def quick(path: Path, *, deep: bool = False) -> list[errors.Message]:
    """Return what is wrong with the pages and references of a database, which may be in use meanwhile.

    `deep` compares indexes with their tables too: ten times as long. Raises Busy, ReadOnly when it can't be
    looked at.
    """
    try:
        with sqlite.told(), closing(sqlite.connect(path)) as connection:
            return _pages(connection, deep)
    except errors.Damaged as error:
        return [errors.Message("check.pages", {"found": str(error.__cause__ or error)})]


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")


def _know_more(lines: Sequence[str]) -> list[str]:
    """Return the indexes that know rows which their table has lost, from what integrity_check said.

    It names each row that an index lacks; where the numbers differ and none is named, the table lacks them.
    """
    counted = [line.rpartition(" ")[2] for line in lines if line.startswith("wrong # of entries")]
    lacking = {line.rpartition(" ")[2] for line in lines if "missing from index" in line}
    return [name for name in counted if name not in lacking]


def mendable(found: Sequence[errors.Message]) -> bool:
    """Tell whether `mend` can put right all that `check` found."""
    return all(message.id in _MENDABLE for message in found)


def is_index(found: Sequence[errors.Message]) -> bool:
    """Tell whether only indexes differ from their tables, which still hold all there is."""
    return all(message.id == "check.index" for message in found)


def is_derived(found: Sequence[errors.Message]) -> bool:
    """Tell whether no record has a part in what `check` found: then nobody needs to be asked."""
    return all(message.id == "check.derived" for message in found)


def mend_derived(path: Path) -> None:
    """Make what is derived anew. Raises Busy, Full, ReadOnly; nothing is changed then."""
    with files.told(path), closing(sqlite.connect(path)) as connection, sqlite.writing(connection):
        derived.install(connection)
        derived.catch_up(connection)
        derived.rebuild(connection)
        derived.catch_up(connection)


@dataclass(frozen=True)
class Mended:
    """What `mend` did: where the file as it was is kept, and how many rows it took out, by table."""

    kept: Path
    removed: dict[str, int]


def mend(path: Path) -> Mended:
    """Make indexes and search anew, and take out rows that belong to nothing: they stay in the history.

    The file as it was is kept beside it, page by page: a broken index may know what its table does not.
    Raises Busy, Full, ReadOnly; nothing is changed then.
    """
    name = f"{path.stem} before repair {times.stamp(times.now())}{path.suffix}"
    kept = files.free_name(path.with_name(name))
    with files.told(path), closing(sqlite.connect(path)) as connection:
        files.make_whole(kept, lambda half: _copy(connection, half))
        with sqlite.writing(connection):
            connection.execute("REINDEX")
            derived.install(connection)
            derived.catch_up(connection)
            hanging = [row[0] for row in connection.execute("PRAGMA foreign_key_check").fetchall()]
            references.drop_hanging(connection)
            derived.catch_up(connection)
            derived.rebuild(connection)
            derived.catch_up(connection)
    return Mended(kept, dict(Counter(hanging)))


def _copy(connection: sqlite3.Connection, path: Path) -> None:
    with closing(sqlite3.connect(path)) as copy:
        connection.backup(copy)


def _full_text(connection: sqlite3.Connection) -> list[errors.Message]:
    found = []
    for name in schema.full_text():
        try:
            with sqlite.told():
                connection.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)")
        except errors.Damaged:
            found.append(errors.Message("check.derived", {"names": name}))
    return found
