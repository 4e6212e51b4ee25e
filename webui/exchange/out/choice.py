"""Which columns an export can have, and a choice of them by name."""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from webui.exchange import exporting, own_fields
from webui.exchange.formats import Format
from webui.exchange.headers import EXTRA
from webui.exchange.out.wanted import BESIDE, GOES_WITH, OWN, Wanted
from webui.exchange.vcard.outgoing import NEW
from webui.store.errors import Message, Refused
from webui.store.values.text import key


def every(connection: sqlite3.Connection) -> dict[str, str]:
    """Return all there are: each with what it is called, which of an own field is its name."""
    own = {f"{OWN}{each.uid}": each.name for each in own_fields.every(connection)}
    columns = (each for each in exporting.USER_COLUMNS if each not in GOES_WITH)
    return {**{each: each for each in columns}, **own, **{each: each for each in BESIDE}}


def only(wanted: Wanted, chosen: Iterable[str], connection: sqlite3.Connection) -> Wanted:
    """Return what is wanted with these columns alone, which are keys of `every`; all of them is no choice."""
    there, asked = every(connection), frozenset(chosen)
    columns = asked - frozenset(BESIDE)
    return replace(
        wanted,
        columns=None if columns >= there.keys() - frozenset(BESIDE) else columns,
        beside=asked & frozenset(BESIDE),
    )


def by_names(format_: Format, wanted: Wanted, names: Iterable[str], connection: sqlite3.Connection) -> Wanted:
    """Return the same by the names of columns and own fields, in any case. Raises Refused, also for what
    that kind of file has no place for."""
    there = {key(name): column for column, name in reversed(every(connection).items())}
    there[key(EXTRA)] = "kept"  # as the column of the file is called
    found = []
    for name in names:
        if key(name) not in there:
            known = ", ".join(every(connection).values())
            raise Refused(Message("export.no_column", {"column": name, "known": known}))
        if _kind(there[key(name)]) in _lacks(format_, wanted):
            raise Refused(Message("export.no_place", {"column": name, "suffix": format_.suffix}))
        found.append(there[key(name)])
    return only(wanted, found, connection)


def _kind(column: str) -> str:
    return OWN if column.startswith(OWN) else column


def _lacks(format_: Format, wanted: Wanted) -> frozenset[str]:
    lacks = format_.lacks
    if wanted.merge or wanted.comes_back:
        lacks |= frozenset(BESIDE)
    return lacks if wanted.version == NEW else lacks | {"posts", "created_at"}


def check(format_: Format, wanted: Wanted) -> None:
    """See that a kind of file can have what is wanted. Raises Refused."""
    if format_.is_whole and (wanted.columns is not None or wanted.beside != frozenset(BESIDE)):
        raise Refused(Message("export.whole", {"suffix": format_.suffix}))
    if wanted.comes_back and not format_.is_table:
        raise Refused(Message("export.no_way_back", {"suffix": format_.suffix}))
    if wanted.merge and wanted.comes_back:
        raise Refused(Message("export.merge_to_edit"))
    if wanted.merge and not format_.is_table:
        raise Refused(Message("export.no_table", {"suffix": format_.suffix}))
