"""Which columns of a file go to own fields: there already, or made by the import.

A column goes to `own:` and the uid of a field, or to `new:` and a kind until `settle` has made a uid of that.
Not for what stands in their cells: see `own_cells`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from webui.exchange import columns, days, guesses, headers
from webui.exchange.columns import HERE, NEW, Column
from webui.exchange.plan import Plan
from webui.exchange.tables import Table
from webui.store import fields
from webui.store.errors import Message, Refused
from webui.store.models import new_uid
from webui.store.values import numbers, own, text

_BESIDE = " (own field)"  # behind a name that is also that of another column


@dataclass(frozen=True)
class Known:
    """A field as an import knows it; `made` tells that the import makes it. `decimal` and `order` (day or
    month) say how its column writes what could be two; `region` is where phones belong to."""

    uid: str
    name: str
    kind: str
    options: tuple[str, ...] = ()
    made: bool = False
    decimal: str = "."
    order: str | None = None
    region: str = ""

    @property
    def rule(self) -> own.Rule:
        """By what a cell is judged."""
        return own.Rule(self.kind, self.options, self.region, self.decimal)


def known(session: Session) -> list[Known]:
    """Return the fields there are, in order."""
    return [
        Known(each.uid, text.shown(each.name), each.kind, fields.options(each))
        for each in fields.every(session)
    ]


def headers_of(names: Iterable[str]) -> list[str]:
    """Return what the columns of fields are called in our CSV: by their names, where nothing else is."""
    used: set[str] = set()
    found = []
    for name in names:
        header, number = name, 1
        while (key := headers.key(header)) in used or not key or columns.known(header):
            header = f"{name}{_BESIDE}" if number == 1 else f"{name}{_BESIDE[:-1]} {number})"
            number += 1
        used.add(key)
        found.append(header)
    return found


def by_name(sheet: Table, found: Sequence[Column], there: Sequence[Known]) -> list[Column]:
    """Let each column without a field go to the own field of its name; in a file of ours to a new one."""
    free = {headers.key(each.name): each.uid for each in reversed(there)}
    free |= {
        headers.key(header): each.uid
        for header, each in zip(headers_of(each.name for each in there), there, strict=True)
    }
    ours = columns.program(sheet.header) == "roster"
    result = []
    for column in found:
        is_free = column.target == "kept" or column.target.startswith(NEW)
        uid = free.get(headers.key(column.name)) if is_free else None
        if uid:
            free = {key: other for key, other in free.items() if other != uid}
            column = replace(column, target=f"{HERE}{uid}", by="name")
        elif ours and column.by == "none" and column.name:
            column = replace(column, target=f"{NEW}{guess(sheet, column)}", by="content")
        result.append(column)
    return result


def within(found: Sequence[Column], there: Sequence[Known]) -> list[Column]:
    """Let columns go to no more new fields than there may be; the rest is kept as it came."""
    room, result = fields.MOST - len(there), []
    for column in found:
        if column.target.startswith(NEW):
            room -= 1
            column = replace(column, target="kept") if room < 0 else column
        result.append(column)
    return result


def guess(sheet: Table, column: Column) -> str:
    """Return the kind of field that the first cells of a column look like."""
    return guesses.guess([row[column.index] for row in sheet.first if column.index < len(row)]).kind


def check(found: Sequence[Column], there: Sequence[Known]) -> None:
    """See that each own field that was chosen can be, and is one column's. Raises Refused."""
    names = {f"{HERE}{each.uid}": each.name for each in there}
    kinds = {f"{NEW}{kind}" for kind in own.KINDS}
    seen: set[str] = set()
    for column in found:
        if not column.target.startswith((HERE, NEW)) or column.target in kinds:
            continue
        if column.target not in names:
            raise Refused(Message("import.no_such_field", {"field": column.target.partition(":")[2]}))
        if column.target in seen:
            raise Refused(Message("import.field_twice", {"field": names[column.target]}))
        seen.add(column.target)


def settle(
    session: Session, sheet: Table, found: Sequence[Column], dated: str | None, region: str
) -> tuple[list[Column], list[Known]]:
    """Return the columns with a uid for each field to be made, and the fields that columns go to.

    How numbers and days are written is decided over the whole column; `dated` is day or month, for those
    that do not say it.
    """
    there = {f"{HERE}{each.uid}": each for each in known(session)}
    settled, used, names = [], [], set[str]()
    for column in found:
        if column.target.startswith(NEW):
            each = _made(session, sheet, column, frozenset(names))
            names.add(text.key(each.name))
            column = replace(column, target=f"{HERE}{each.uid}")
            there[column.target] = each
        settled.append(column)
        if column.target in there:
            used.append(_written(replace(there[column.target], region=region), sheet, column, dated))
    return settled, used


def note(plan: Plan, used: Sequence[Known]) -> None:
    """Keep with a plan which fields its columns go to."""
    plan.note(own=[asdict(each) for each in used])


def of_plan(plan: Plan) -> list[Known]:
    """Return them."""
    kept: list[dict[str, Any]] = plan.about("own") or []
    return [Known(**{**each, "options": tuple(each["options"])}) for each in kept]


def make(session: Session, plan: Plan) -> None:
    """Make the new fields of a plan, within its operation.

    Raises Refused when a field that is there has become another since, Invalid when there are too many.
    """
    there = {each.uid: (each.kind, each.options) for each in known(session)}
    for each in of_plan(plan):
        if not each.made and there.get(each.uid) != (each.kind, each.options):
            raise Refused(Message("import.field_moved", {"field": each.name}))
        if each.made:
            form = {"name": fields.free_name(session, each.name), "kind": each.kind}
            fields.add(session, {**form, "options": list(each.options)}, uid=each.uid)


def _made(session: Session, sheet: Table, column: Column, but: frozenset[str]) -> Known:
    wanted = column.name.removesuffix(_BESIDE) or f"Column {column.index + 1}"
    kind, options = column.target.removeprefix(NEW), dict[str, str]()
    rule = own.Rule("choices" if kind == "choices" else "text")
    for cell in _cells(sheet, column) if kind in own.CHOSEN else ():
        for row in own.read(rule, text.kept(cell)).rows:
            if len(row.value) <= own.LONGEST["choice"] and len(options) < own.MOST_CHOICES:
                options.setdefault(text.key(row.value), row.value)
    name = fields.free_name(session, wanted, but)
    return Known(new_uid(), name, kind, tuple(options.values()) or ("?",), made=True)


def _written(each: Known, sheet: Table, column: Column, dated: str | None) -> Known:
    """Return a field with how its column writes numbers, or days."""
    if each.kind == "number" and columns.program(sheet.header) != "roster":
        usual = "," if sheet.delimiter == ";" else "."
        return replace(each, decimal=numbers.decimal_of(_cells(sheet, column)) or usual)
    if each.kind == "date":
        orders = {days.read(cell).order for cell in _cells(sheet, column) if cell} - {None}
        return replace(each, order=orders.pop() if len(orders) == 1 else dated)
    return each


def _cells(sheet: Table, column: Column) -> Iterable[str]:
    rows = (sheet.of_columns(row.cells) for row in sheet.rows())
    return (row[column.index].strip() for row in rows if column.index < len(row))
