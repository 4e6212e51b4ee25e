"""Where the columns of a header went when a file with the same one came in last, and what was said then."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webui.exchange import known_by, leftovers
from webui.exchange.columns import HERE, Column, chosen
from webui.exchange.days import DAY, MONTH
from webui.exchange.plan import Plan
from webui.exchange.rules import Rules
from webui.exchange.tables import Table
from webui.store.errors import Refused
from webui.store.models import SourceFile

BEFORE, ONLY = "before", "only"
_ORDERS = (DAY, MONTH)
_LOOKED_AT = 50  # files, the newest first


def apply(session: Session, found: list[Column], own: set[str]) -> list[Column]:
    """Return the columns with the targets of then, `by` before where that is another; `own` are the targets
    of the fields there are. Nothing is remembered of a file without a header."""
    for _hash, kept in _kept(session, found):
        targets = [str(target) for _name, target in kept["columns"]]
        if kept["format"] == "ldif" and kept.get("reads") != leftovers.READS:  # that was nobody's choice
            targets = [
                column.target if target == "kept" else target
                for column, target in zip(found, targets, strict=True)
            ]
        targets = [
            target if not target.startswith(HERE) or target in own else column.target
            for column, target in zip(found, targets, strict=True)
        ]
        try:
            made = chosen(found, targets)
        except Refused:
            return found
        return [
            Column(**{**vars(column), "by": "before"}) if column.by == "person" else column for column in made
        ]
    return found


def dates(session: Session, found: Sequence[Column], file_hash: Callable[[], str]) -> str | None:
    """Return day or month, as was said to come first in dates of such a file; None where nobody said it.

    What was said of this very file, by its hash, goes before what was said of one that came in since.
    """
    said = [(hash_, each) for hash_, kept in _kept(session, found) if (each := kept.get("dates")) in _ORDERS]
    if len({each for _hash, each in said}) > 1:
        this = file_hash()
        said.sort(key=lambda each: each[0] != this)
    return str(said[0][1]) if said else None


def dates_used(plan: Plan) -> str | None:
    """Return which of them a plan took from there, where it needed it."""
    order = plan.about("dates_before") if _needs_order(plan) else None
    return order if order in _ORDERS else None


def dates_said(plan: Plan) -> str | None:
    """Return which of them was said of the file of a plan, where it needed it."""
    is_new = _needs_order(plan) and not plan.about("dates_before")
    return plan.about("options")["dates"] if is_new else None


def _needs_order(plan: Plan) -> bool:
    return bool(plan.about("answered")) or any(each["kind"] == "date" for each in plan.about("own") or ())


def key(session: Session, sheet: Table, found: Sequence[Column]) -> tuple[str | None, str]:
    """Return by which target people are known while nobody says it, and why: as was said when such a file
    came in last, BEFORE; or it is the only one, ONLY; else None and ''. Cards say themselves who they are."""
    if sheet.fixed:
        return None, ""
    if before := next((kept for _hash, kept in _kept(session, found) if "key" in kept), None):
        is_there = before["key"] in {column.target for column in found}
        return (str(before["key"]), BEFORE) if is_there else (None, "")
    only = known_by.only(session, found)
    return only, ONLY if only else ""


def rules(session: Session, sheet: Table, found: Sequence[Column], how: Rules | None) -> Rules | None:
    """Return rules with that key, where they ask for it."""
    return replace(how, key=key(session, sheet, found)[0]) if how and how.as_before else how


def _kept(session: Session, found: Sequence[Column]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (hash, what is kept) of files with these columns, the newest first: each has its `columns`, and
    its `format`."""
    names = [column.name for column in found]
    if not any(names):
        return
    files = select(SourceFile.file_hash, SourceFile.format, SourceFile.options)
    for file_hash, format_, kept in session.execute(files.order_by(SourceFile.id.desc()).limit(_LOOKED_AT)):
        try:
            read = json.loads(kept)
            if [name for name, _target in read["columns"]] == names:
                yield file_hash, {**read, "format": format_}
        except (ValueError, TypeError, KeyError):  # another program wrote it
            continue
