"""The workbook that Roster wrote, sheet by sheet, with what its cells say otherwise than it was.

It has no photos, no attached files and no raw rows: those that people have here stay. One of some people that
another program has written since is any table.
"""

import datetime
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from webui.exchange import cells, exporting
from webui.exchange.ours.export import Export, Row, Shape, broken, check_format, said
from webui.exchange.out import definitions
from webui.exchange.out.sheets import UNTOUCHED
from webui.exchange.out.workbook import ABOUT, ABOUT_SOME
from webui.exchange.own_columns import headers_of
from webui.exchange.reading import unzipped, workbook
from webui.store.errors import Refused
from webui.store.values import dates, numbers, own, person, text

_PART = "xl/workbook.xml"
_SMALL = 1_000_000  # bytes of the list of sheets
_SHEET = re.compile(rb'<(?:\w+:)?sheet\s[^>]*?\bname="([^"]*)"')
_NUMBERS = ("required", "no_two_alike", "listed", "position")

Sheets = Mapping[str, list[dict[str, Any]]]


def is_one(path: Path) -> bool:
    """Whether a file is such a workbook. Raises OSError."""
    with path.open("rb") as file:
        if file.read(4) != b"PK\x03\x04":
            return False
        try:
            parts = {each.filename: each for each in unzipped.members(file)}
            if _PART not in parts:
                return False
            names = set(_SHEET.findall(unzipped.whole(file, parts[_PART], _SMALL)))
            with zipfile.ZipFile(file) as archive:
                of_some = archive.comment == UNTOUCHED and ABOUT_SOME.encode() in names
            return b"People" in names and (of_some or ABOUT.encode() in names)
        except (Refused, zipfile.BadZipFile):
            return False


def read(path: Path) -> Export:
    """Read a workbook as a whole. Raises Damaged, TooNew, Refused for one that is too large."""
    try:
        sheets = _sheets(path)
        about = _about(sheets, path)
        return Export(path, about, lambda: _people(sheets, about), lacks=("photo", "attachments", "sources"))
    except (Shape, KeyError, ValueError, TypeError, RecursionError) as error:
        raise broken(path) from error


def _sheets(path: Path) -> Sheets:
    """Return the rows of each sheet, by its header; one that goes on in another is one."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, rows in workbook.every_sheet(path):
        header = list(map(_text, next(rows, [])))
        named = found.setdefault(re.sub(r" \d+$", "", name), [])
        named += [
            {name: _cell(cell) for name, cell in zip(header, row, strict=False) if cell != ""} for row in rows
        ]
    by = {name: {row["uid"]: row for row in found.get(name, ()) if "uid" in row} for name in found}
    longs: dict[tuple[str, str, str], list[tuple[float, str]]] = {}
    for row in found.get("Long texts", ()):
        longs.setdefault((row["sheet"], row["uid"], row["column"]), []).append((row["part"], row["text"]))
    for (sheet, uid, column), parts in longs.items():
        by[sheet][uid][column] = "".join(each for _number, each in sorted(parts))
    for row in found.get("As typed", ()):
        by[row["sheet"]][row["uid"]].setdefault("", {})[row["column"]] = row["typed"]
    return found


def _cell(cell: Any) -> Any:
    """Return a whole day as its date, anything else as it is."""
    return cell.date() if isinstance(cell, datetime.datetime) else cell


def _about(sheets: Sheets, path: Path) -> dict[str, Any]:
    everyone = ABOUT in sheets
    told = {row["name"]: row["value"] for row in sheets[ABOUT if everyone else ABOUT_SOME]}
    check_format(int(told["roster"]), path)
    fields = [
        {**_texts(row, definitions.FIELD), **{name: int(row.get(name) or 0) for name in _NUMBERS}}
        for row in sheets.get("Fields", ())
    ]
    views = [
        {**_texts(row, definitions.VIEW), "position": int(row.get("position") or 0)}
        for row in sheets.get("Views", ())
    ]
    for view in views:
        view["name"], view["preset"] = view["name"] or None, view["preset"] or None
    return {
        "everyone": everyone,
        "exported_at": told["exported_at"],
        "fields": fields,
        "tags": [_texts(row, definitions.TAG) for row in sheets.get("Tags", ())],
        "views": views,
        "settings": {str(row["name"]): _text(row.get("value")) for row in sheets.get("Settings", ())},
    }


def _people(sheets: Sheets, about: Row) -> Iterator[dict[str, Any]]:
    posts = _by(sheets, "Posts", "user_uid")
    relations = _by(sheets, "Relations", "user_uid")
    aliases = _by(sheets, "Former uids", "user_uid")
    region = said(about["settings"], "phone_region")
    headers = list(zip(headers_of(each["name"] for each in about["fields"]), about["fields"], strict=True))
    tags = {each["name"] for each in about["tags"]}
    for row in sheets["People"]:
        typed = row.get("", {})
        found: dict[str, Any] = {
            name: _text(row.get(name)) or None for name in exporting.USER_COLUMNS if name not in _MADE
        }
        uid = found["uid"]
        born = typed.get("birthday") or _text(row.get("birthday"))
        found["birthday"], found["birthday_typed"] = dates.parse(born) if born else None, born or None
        for name in person.LISTS:
            found[name] = cells.read(name, _text(row.get(name)))
        for each in found["dates"]:
            each["typed"], each["date"] = each["date"], dates.parse(each["date"])
        found["tags"] = _tags(_text(row.get("tags")), tags)
        found["own"] = [
            (field["name"], kept.value, kept.typed)
            for header, field in headers
            for kept in _own(field, typed.get(header, row.get(header)), region)
        ]
        found["posts"] = [_post(each) for each in posts.get(uid, ())]
        found["relations"] = [_relation(each) for each in relations.get(uid, ())]
        found["aliases"] = [_text(each["uid"]) for each in aliases.get(uid, ())]
        yield found


_MADE = {*person.LISTS, "tags", "birthday"}


def _by(sheets: Sheets, name: str, column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in sheets.get(name, ()):
        found.setdefault(_text(row.get(column)), []).append(row)
    return found


def _tags(cell: str, known: set[str]) -> list[str]:
    """Return the tags in a cell; a mark in the name of one is no mark between two."""
    found, name = list[str](), ""
    for part in cell.removesuffix(" :::").split(" ::: ") if cell not in known else [cell]:
        name = f"{name} ::: {part}" if name else part
        if name in known:
            found.append(name)
            name = ""
    if name:
        raise Shape("tags")
    return found


def _own(field: Row, cell: Any, region: str) -> tuple[own.Kept, ...]:
    """Return what a cell of an own field keeps, as if it was typed."""
    if cell is None or cell == "":
        return ()
    kind = field["kind"] if field["kind"] in own.KINDS else "text"
    rule = own.Rule(kind, tuple(own.options_of(json.loads(field["choices"] or "[]"))), region)
    return own.read(rule, cell if isinstance(cell, bool) else _text(cell)).rows


def _post(row: Row) -> Row:
    also = [each.strip() for each in _text(row.get("also_about_uids")).split(",")]
    texts = ("uid", "date", "title", "body", "created_at", "updated_at")
    return {
        **_texts(row, texts),
        "follow_up": _text(row.get("follow_up")) or None,
        "done_at": _text(row.get("done_at")) or None,
        "also_about": [{"uid": each} for each in also if each],
    }


def _relation(row: Row) -> Row:
    texts = _texts(row, ("kind", "label", "back_label"))
    told = {"uid": _text(row.get("other_uid")), "relation": _text(row.get("uid"))}
    return {**texts, **told, "back": row.get("back") is True}


def _texts(row: Row, columns: tuple[str, ...]) -> dict[str, Any]:
    return {name: _text(row.get(name)) for name in columns}


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return ("no", "yes")[cell]
    if isinstance(cell, float):
        return numbers.of_json(int(cell) if cell.is_integer() else cell)
    return cell.isoformat() if isinstance(cell, datetime.date) else text.shown(cell)
