"""The list as a sheet: a cell is written where it stands, a block of a spreadsheet is pasted after a look."""

import zlib
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, make_response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webui import database, words
from webui.pages import listed, own_fields, shared
from webui.plurals import ngettext
from webui.store import columns, errors, search, sheet, users
from webui.store.columns import Column
from webui.store.ledger import history
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
    was = sheet.said(users.values(user), column)
    return _editor(user_id, column, _shown(column, was), was)


@pages.post("/users/<int:user_id>/cell")
def put(user_id: int) -> Answer:
    """Write a cell; answer with the row as it is now, or with the field and what is wrong in it."""
    session, form = database.session(), request.form
    if "value" not in form:
        abort(400)
    name, value, was = form.get("column", ""), form["value"].replace("\r\n", "\n"), form.get("was")
    was = was and was.replace("\r\n", "\n")  # as a browser sends the ends of lines
    column = columns.find(session, name)
    if column is None or not sheet.is_written(name):
        abort(404)
    meanwhile = form.get("done", _done(session)) != _done(session)
    try:
        with operation(session):
            sheet.put(session, user_id, column, _typed(column, value), was)
    except errors.Invalid as error:
        fault = shared.fault(next(iter(error.fields.values())))
        return _editor(user_id, column, value, was or "", fault), 422
    except errors.Refused as error:
        now = str(error.message.values["value"])
        return _editor(user_id, column, value, now, words.sentence(error.message)), 409
    except errors.NotFound:
        gone = words.sentence(errors.Message("users.not_found"))
        return _editor(user_id, column, value, was or "", gone), 404
    except (errors.Busy, errors.Full, errors.ReadOnly) as error:
        return _editor(user_id, column, value, was or "", words.short(error)), 503
    return _row(session, user_id, meanwhile)


@pages.post("/people/paste")
def paste() -> Answer:
    """Show what a block would change from a cell on; once that was seen (`sure`), write it.

    `ids` are the people from there on that the list shows, `column` the columns.
    """
    session, form = database.session(), request.form
    q, sort, pasted = form.get("q", "")[:1000], form.get("sort", ""), form.get("pasted", "")
    shown = [int(each) for each in form.get("ids", "").split(",") if each.isdecimal() and len(each) < 19]
    there = [_column(each) for each in form.getlist("column")]
    back = shared.list_address(shown[0] if shown else None)
    try:
        rows = sheet.block(pasted)
    except errors.Invalid as error:
        return shared.said(words.sentence(error.fields["pasted"]), back)
    width = max(map(len, rows))
    ids, there = sheet.people(session, shown, q, sort, len(rows)), there[:width]
    typed = [[_typed(column, value) for column, value in zip(there, row, strict=False)] for row in rows]
    found: list[Filled] = []
    try:
        with operation(session):
            found = sheet.fill(session, ids, there, typed)
            if form.get("sure", "") != _sure(found):
                raise _Seen
    except _Seen:
        kept = {"ids": form.get("ids", ""), "columns": form.getlist("column"), "q": q, "sort": sort}
        counts = {"lines": len(rows), "beyond": len(rows) - len(ids), "left_out": width - len(there)}
        return _preview(found, there, back=back, pasted=pasted, kept=kept, **counts)
    count = len({each.user_id for each in found if not each.fault})
    return shared.done_at(ngettext("%(num)s person changed.", "%(num)s people changed.", count), back)


def _preview(found: Sequence[Filled], there: Sequence[Column], **shown: Any) -> str:
    labels = {sheet.label(each): listed.label(each) for each in there}
    changes = [each for each in found if not each.fault]
    faults = [(each, shared.fault(each.fault)) for each in found if each.fault]
    return render_template(
        "users/paste.html", changes=changes, faults=faults, labels=labels, sure=_sure(found),
        kinds={sheet.label(each): listed.drawn_one(each).kind for each in there}, worded=own_fields.worded,
        people=len({each.user_id for each in changes}), several=len(there) > 1, **shown,
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


def _editor(user_id: int, column: Column, value: str, was: str, fault: str = "") -> str:
    drawn = listed.drawn_one(column)
    offered = own_fields.offered(column.field) if column.field else []
    return render_template(
        "users/_editor.html",
        user_id=user_id,
        column=drawn,
        value=value,
        was=was,
        fault=fault,
        offered=offered,
    )


def _done(session: Session) -> str:
    """Return what was done last, as the strip of a page tells it."""
    steps = (each.id if each else None for each in (history.next_undo(session), history.next_redo(session)))
    return shared.last_done(history.connection_of(session), *steps)


def _row(session: Session, user_id: int, meanwhile: bool) -> BaseResponse:
    """Return the row of a person, what was done last, and if another door changed what the page shows."""
    page = search.Page(search.rows(session, [user_id]), None, 1, False, [], "")
    table = listed.table(session, page.rows)
    html = render_template("users/_rows.html", page=page, q="", marks=shared.marker([]), **table)
    row = make_response(html)
    row.headers["Roster-Done"] = _done(session)
    if meanwhile:
        row.headers["Roster-Meanwhile"] = "1"
    return row


def _typed(column: Column, value: str) -> str:
    """Return a value as the store reads it: a number that could be two as the page's language writes it."""
    if column.field and column.field.kind == "number" and (sign := own_fields.decimal()) != ".":
        return numbers.parse(value, sign) or value
    return value


def _shown(column: Column, said: str) -> str:
    """Return the same as the language of the page writes it."""
    return own_fields.localised(column.field.kind, said) if column.field else said
