"""The list as a sheet: a cell is written where it stands, a block of a spreadsheet is pasted after a look."""

import zlib
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webui import addresses, database, words
from webui.pages import listed, own_fields, shared
from webui.store import columns, errors, fields, search, sheet, users
from webui.store.columns import Column
from webui.store.ledger.operations import operation
from webui.store.sheet import Filled
from webui.store.values import numbers

pages = Blueprint("sheet", __name__)

Answer = str | BaseResponse | tuple[str, int]


class _Seen(Exception):
    """Ends a preview: what was done to be looked at is taken back."""


@pages.get("/users/<int:user_id>/cell")
def edit(user_id: int) -> str:
    """Return the field in which a cell of someone is written."""
    user, column = users.find(database.session(), user_id), _column(request.args.get("column", ""))
    return _editor(user_id, column, _shown(column, sheet.said(user, column)), sheet.said(user, column))


@pages.post("/users/<int:user_id>/cell")
def put(user_id: int) -> Answer:
    """Write a cell; answer with the row as it is now, or with the field and what is wrong in it."""
    session, form = database.session(), request.form
    column, value, was = _column(form.get("column", "")), form.get("value", ""), form.get("was")
    was = was and was.replace("\r\n", "\n")  # as a browser sends the ends of lines
    try:
        with operation(session):
            sheet.put(session, user_id, column, _typed(column, value), was)
    except errors.Invalid as error:
        fault = next(iter(error.fields.values()))
        return _editor(user_id, column, value, was or "", shared.fault(fault)), 422
    except errors.Refused as error:
        now = _shown(column, str(error.message.values["value"]))
        return _editor(user_id, column, value, str(error.message.values["value"]), _meanwhile(now)), 409
    except (errors.Busy, errors.Full, errors.ReadOnly) as error:
        return _editor(user_id, column, value, was or "", words.short(error)), 503
    return _row(session, user_id)


@pages.post("/people/paste")
def paste() -> Answer:
    """Show what a block would change from a cell on; once that was seen (`sure`), write it."""
    session, form = database.session(), request.form
    q, sort, pasted = form.get("q", "")[:1000], form.get("sort", ""), form.get("pasted", "")
    first, start = addresses.number(form, "first") or 0, form.get("column", "")
    try:
        rows = sheet.block(pasted)
    except errors.Invalid as error:
        return shared.said(words.sentence(error.fields["pasted"]), shared.list_address(first))
    there = _from(session, start, max(map(len, rows)))
    ids = sheet.people(session, first, q, sort, len(rows))
    typed = [[_typed(column, value) for column, value in zip(there, row, strict=False)] for row in rows]
    found: list[Filled] = []
    sure = form.get("sure", "")
    try:
        with operation(session):
            found = sheet.fill(session, ids, there, typed)
            if sure != _sure(found):
                raise _Seen
    except _Seen:
        return _preview(
            found, rows, len(ids), there, first=first, column=start, q=q, sort=sort, pasted=pasted
        )
    count = len({each.user_id for each in found if not each.fault})
    said = ngettext("%(num)s person changed.", "%(num)s people changed.", count)
    return shared.done_at(said, shared.list_address(first))


def _preview(
    found: Sequence[Filled], rows: Sequence[Any], count: int, there: Sequence[Column], **kept: Any
) -> str:
    labels = {
        sheet.label(each): each.field.name if each.field else listed.LABELS[each.name] for each in there
    }
    changes = [each for each in found if not each.fault]
    faults = [(each, shared.fault(each.fault)) for each in found if each.fault]
    return render_template(
        "users/paste.html", changes=changes, faults=faults, labels=labels, sure=_sure(found), kept=kept,
        people=len({each.user_id for each in changes}), lines=len(rows), beyond=len(rows) - count,
        several=len(there) > 1, left_out=max(map(len, rows)) - len(there),
    )  # fmt: skip


def _sure(found: Sequence[Filled]) -> str:
    """Return what stands for a preview: anything else that would happen has another."""
    said = "\0".join(
        f"{each.user_id}\0{each.column}\0{each.was}\0{each.now}\0{each.fault is None}" for each in found
    )
    return str(zlib.crc32(said.encode("utf-8", "replace")))


def _column(name: str) -> Column:
    """Return the column of this name that can be written in. Raises NotFound."""
    found = next((each for each in columns.shown(database.session()) if each.name == name), None)
    if found is None or not sheet.is_written(found.name):
        raise errors.NotFound("fields", name)
    return found


def _from(session: Session, name: str, count: int) -> list[Column]:
    """Return up to `count` columns of the list from one on that can be written in."""
    _column(name)
    shown = columns.shown(session)
    at = next(at for at, each in enumerate(shown) if each.name == name)
    return [each for each in shown[at:] if sheet.is_written(each.name)][:count]


def _editor(user_id: int, column: Column, value: str, was: str, fault: str = "") -> str:
    drawn = next(each for each in listed.drawn(database.session()) if each.name == column.name)
    offered = [(option, option) for option in fields.options(column.field)] if column.field else []
    if drawn.kind == "yes_no":
        offered = [("yes", _("Yes")), ("no", _("No"))]
    return render_template(
        "users/_editor.html",
        user_id=user_id,
        column=drawn,
        value=value,
        was=was,
        fault=fault,
        offered=offered,
    )


def _row(session: Session, user_id: int) -> BaseResponse:
    page = search.Page(search.rows(session, [user_id]), None, 1, False, [], "")
    table = listed.table(session, page.rows)
    return make_response(
        render_template("users/_rows.html", page=page, q="", marks=shared.marker([]), **table)
    )


def _meanwhile(now: str) -> str:
    if not now:
        return _("This was emptied meanwhile. Enter writes what you typed all the same.")
    return _(
        "This was changed to “%(value)s” meanwhile. Enter writes what you typed all the same.", value=now
    )


def _typed(column: Column, value: str) -> str:
    """Return a value as the store reads it: a number that could be two as the page's language writes it."""
    if column.field and column.field.kind == "number" and (sign := own_fields.decimal()) != ".":
        return numbers.parse(value, sign) or value
    return value


def _shown(column: Column, said: str) -> str:
    """Return the same as the language of the page writes it."""
    return own_fields.localised(column.field.kind, said) if column.field else said
