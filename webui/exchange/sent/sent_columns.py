"""Which columns of a sheet that is back went out with it, by their names. Not for what stands in them."""

import sqlite3
from dataclasses import dataclass

from sqlalchemy.orm import Session

from webui.exchange import headers, own_fields, rejects, spreadsheet
from webui.exchange.out.wanted import OWN
from webui.exchange.sent import mark
from webui.exchange.tables import Table
from webui.store import fields, settings
from webui.store.values import own


@dataclass(frozen=True)
class Column:
    """A column of the sheet that was sent: where it stands in the file, its `field`, what that is called, and
    the rule of an own field, None also where that is not here any more (`gone`)."""

    index: int
    field: str
    label: str
    rule: own.Rule | None
    gone: bool = False


def find(
    session: Session, connection: sqlite3.Connection, sheet: Table, said: mark.Mark
) -> tuple[list[Column], list[str]]:
    """Return the columns of a sheet that went out with it, and the names of those that did not."""
    then_fields = own_fields.every(connection)
    called = {f"{OWN}{each.uid}": each for each in then_fields}
    there = {
        headers.key(called[each].header if each in called else each): each for each in said.held(then_fields)
    }
    now = {f"{OWN}{each.uid}": each for each in fields.every(session)}
    region, decimal = settings.get(session, "phone_region"), "," if sheet.delimiter == ";" else "."
    found, unknown = [], []
    for index, name in enumerate(sheet.header):
        field = there.pop(headers.key(name), None)
        if field is None:
            if headers.key(name) not in _OURS and not mark.read(("uid", name)) and name.strip():
                unknown.append(name)
            continue
        rule = None
        if field in called:
            kept = now.get(field)
            kind, options = (kept.kind, fields.options(kept)) if kept else (called[field].kind, ())
            rule = own.Rule(kind, options, region, decimal)
        label = called[field].name if field in called else field
        found.append(Column(index, field, label, rule, field in called and field not in now))
    return found, unknown


_OURS = {headers.key(name) for name in (*mark.UNEDITED, spreadsheet.GUARDED, rejects.REASON)}
