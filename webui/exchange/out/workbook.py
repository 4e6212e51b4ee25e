"""People as a workbook (xlsx): texts stay texts, dates and numbers are such, nothing is a formula.

What a cell can't hold stands on sheets of its own (docs/formats.md): texts that are too long, and what was
typed where the cell says the same otherwise. Not for photos and attached files.
"""

import datetime
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from webui.exchange import exporting
from webui.exchange.out import beside, definitions
from webui.exchange.out.sheets import Sheet, Sheets
from webui.exchange.out.wanted import EVERYTHING, Wanted
from webui.exchange.own_fields import Field, Said
from webui.store.values import numbers, times
from webui.version import VERSION

FORMAT = 1
ABOUT, ABOUT_SOME = "About", "About them"  # the sheets that are on one of everyone, and of some people

POSTS = (
    "uid", "user_uid", "username", *beside.POST[1:6], "also_about", "also_about_uids", *beside.POST[6:]
)  # fmt: skip
RELATIONS = ("uid", "user_uid", "username", "kind", "label", "back_label", "other_uid", "other", "back")
_DAYS = ("date", "follow_up")
# Before it a spreadsheet's calendar has a day that never was.
_FIRST = "1900-03-01"


def write(connection: sqlite3.Connection, stream: IO[bytes], wanted: Wanted = EVERYTHING) -> None:
    """Write the workbook: people, and unless they are for mail merge their posts and relations; where
    nothing is left out also what belongs to nobody."""
    with Sheets(stream, keep_typed=not (wanted.merge or wanted.mark)) as sheets:
        table = exporting.Table(connection, wanted)
        people = sheets.add("People", table.header)
        posts = sheets.add("Posts", POSTS) if wanted.has("posts") and not wanted.merge else None
        relations = (
            sheets.add("Relations", RELATIONS) if wanted.has("relations") and not wanted.merge else None
        )
        former: list[dict[str, Any]] = []
        for person in exporting.people(connection, wanted, whole=True):
            people.append(person["uid"], _cells(people, table, person))
            if posts:
                _put_posts(posts, person)
            if relations:
                _put_relations(relations, person, everyone=wanted.ids is None)
            former += ({"uid": each, "user_uid": person["uid"]} for each in person["aliases"])
        if wanted.is_whole and not (wanted.merge or wanted.mark):
            _put_definitions(sheets, connection, table.fields, wanted)
            _put(sheets, "Former uids", ("uid", "user_uid"), former)
            sheets.untouched = True


def _cells(sheet: Sheet, table: exporting.Table, person: dict[str, Any]) -> list[Any]:
    """Return the cells of a person, typed; what was typed otherwise goes to the sheet for that."""
    cells = table.row(person)
    for at, column in enumerate(table.header):
        if column == "birthday" and cells[at]:
            cells[at] = _day(sheet, person["uid"], column, person["birthday"], cells[at])
    for at, field in enumerate(table.fields, table.own_at):
        if cells[at] != "":
            cells[at] = _own(sheet, person["uid"], field, person["fields"][field.name], cells[at])
    return cells


def _own(sheet: Sheet, uid: str, field: Field, said: Said, cell: Any) -> Any:
    kind, rows = said
    if kind == "date" and rows:
        return _day(sheet, uid, field.header, rows[0].value, cell)
    if kind == "yes_no" and cell in ("yes", "no"):
        return cell == "yes"
    if (
        kind == "number"
        and isinstance(cell, str)
        and not isinstance(number := numbers.as_json(rows[0].value), str)
    ):
        sheet.typed(uid, field.header, cell)
        return number
    return cell


def _day(sheet: Sheet, uid: str, column: str, date: str | None, cell: str) -> Any:
    """Return a whole date as one, any other as the text that says it."""
    day = whole(date)
    if day is None:
        return cell
    if cell != date:
        sheet.typed(uid, column, cell)
    return day


def whole(date: str | None) -> datetime.date | None:
    """Return a date of which all is known, where a spreadsheet's calendar has it."""
    if not date or len(date) != 10 or date < _FIRST:
        return None
    try:
        return datetime.date.fromisoformat(date)
    except ValueError:  # another program wrote it
        return None


def _put_posts(sheet: Sheet, person: dict[str, Any]) -> None:
    for post in person["posts"]:
        also = post["also_about"]
        told = {
            **post,
            **{day: whole(post[day]) or post[day] for day in _DAYS},
            "user_uid": person["uid"],
            "username": person["username"],
            "also_about": ", ".join(each["name"] for each in also),
            "also_about_uids": ", ".join(each["uid"] for each in also),
        }
        sheet.append(post["uid"], [told[column] for column in POSTS])


def _put_relations(sheet: Sheet, person: dict[str, Any], *, everyone: bool) -> None:
    """Put each relation as it was said, and of some people also as the other one of the two has it."""
    for row in person.get("relations", ()):
        if everyone and row["back"]:
            continue
        who = (row["relation"], person["uid"], person["username"])
        what = (row["kind"], row["label"], row["back_label"], row["uid"], row["name"], row["back"])
        sheet.append(row["relation"], [*who, *what])


def _put_definitions(
    sheets: Sheets, connection: sqlite3.Connection, fields: Sequence[Field], wanted: Wanted
) -> None:
    own = [
        {**row, "choices": json.dumps(row["choices"], ensure_ascii=False)}
        for row in definitions.fields(connection, fields)
    ]
    everyone = wanted.is_everything
    told = {"roster": FORMAT, "app": VERSION, "exported_at": times.now()}
    _put(sheets, ABOUT if everyone else ABOUT_SOME, definitions.SETTING, _named(told))
    _put(sheets, "Fields", definitions.FIELD, own)
    _put(sheets, "Tags", definitions.TAG, definitions.tags(connection, wanted.ids))
    _put(sheets, "Views", definitions.VIEW, definitions.views(connection) if everyone else ())
    _put(sheets, "Settings", definitions.SETTING, _named(definitions.settings(connection, wanted.ids)))


def _named(values: Mapping[str, object]) -> list[dict[str, Any]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def _put(sheets: Sheets, name: str, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    """Write a sheet of rows, none where there are none."""
    listed = list(rows)
    if listed:
        sheet = sheets.add(name, columns)
        for row in listed:
            sheet.append(str(row[columns[0]]), [row[column] for column in columns])
