"""Which columns of a file go to own fields: there already, or made by the import.

A column goes to `own:` and the uid of a field, or to `new:` and a kind until `settle` has made a uid of that.
Not for what stands in their cells: see `own_cells`.
"""

from collections.abc import Iterable, Mapping, Sequence
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
        Known(each.uid, text.shown(each.name), fields.rule(each).kind, fields.options(each))
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
    seen = _read_through(sheet, found, {target: each.kind for target, each in there.items()})
    settled, used, names = [], [], set[str]()
    for column in found:
        if column.target.startswith(NEW):
            each = _made(session, column, seen.get(column.index), frozenset(names))
            names.add(text.key(each.name))
            column = replace(column, target=f"{HERE}{each.uid}")
            there[column.target] = each
        settled.append(column)
        if column.target in there:
            each = replace(there[column.target], region=region)
            used.append(_written(each, sheet, seen.get(column.index), dated))
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


class _Seen:
    """What the cells of a column of one kind tell together: the sign before fractions, whether day or month
    comes first, the words of a list."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._rule = own.Rule("choices" if kind == "choices" else "text")
        self.decimal: str | None = None
        self.orders: set[str | None] = set()
        self.options: dict[str, str] = {}

    def take(self, cell: str) -> bool:
        """Take a cell that says something, and tell whether no further one can tell more."""
        if self._kind == "number":
            self.decimal = numbers.decimal_of((cell,))
            return self.decimal is not None
        if self._kind == "date":
            self.orders |= {days.read(cell).order} - {None}
            return len(self.orders) > 1
        for row in own.read(self._rule, text.kept(cell)).rows:
            if len(row.value) <= own.LONGEST["choice"] and len(self.options) < own.MOST_CHOICES:
                self.options.setdefault(text.key(row.value), row.value)
        return len(self.options) >= own.MOST_CHOICES


def _read_through(sheet: Table, found: Sequence[Column], kinds: Mapping[str, str]) -> dict[int, _Seen]:
    """Read a file once for all columns of which the whole has to be known; return index -> what it tells.
    `kinds` are those of the fields there are, by target."""
    whole = {"date"} if columns.program(sheet.header) == "roster" else {"number", "date"}
    made: dict[int, _Seen] = {}
    for column in found:
        new = column.target.removeprefix(NEW) if column.target.startswith(NEW) else ""
        if new in own.CHOSEN or (new or kinds.get(column.target)) in whole:
            made[column.index] = _Seen(new or kinds[column.target])
    open_ = dict(made)
    for row in sheet.rows() if open_ else ():
        cells = sheet.of_columns(row.cells)
        done = [
            index
            for index, seen in open_.items()
            if index < len(cells) and (cell := cells[index].strip()) and seen.take(cell)
        ]
        for index in done:
            del open_[index]
        if not open_:
            break
    return made


def _made(session: Session, column: Column, seen: _Seen | None, but: frozenset[str]) -> Known:
    wanted = column.name.removesuffix(_BESIDE) or f"Column {column.index + 1}"
    name, options = fields.free_name(session, wanted, but), tuple(seen.options.values()) if seen else ()
    return Known(new_uid(), name, column.target.removeprefix(NEW), options or ("?",), made=True)


def _written(each: Known, sheet: Table, seen: _Seen | None, dated: str | None) -> Known:
    """Return a field with how its column writes numbers, or days."""
    if each.kind == "number" and seen:
        return replace(each, decimal=seen.decimal or ("," if sheet.delimiter == ";" else "."))
    if each.kind == "date" and seen:
        [order] = seen.orders if len(seen.orders) == 1 else [dated]
        return replace(each, order=order)
    return each
