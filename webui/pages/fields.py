"""Own fields: made, changed, put in order, given another kind, moved to the trash. Settings lists them.

Not for what people have in them: see `own_fields`.
"""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from webui import database
from webui.exchange import filling
from webui.pages import own_fields, shared
from webui.plurals import ngettext
from webui.store import errors, field_kinds, fields, sources
from webui.store.ledger.operations import operation
from webui.store.models import Field
from webui.store.values import own

pages = Blueprint("fields", __name__)

_TICKS = ("required", "no_two_alike", "listed")


def listed(session: Session) -> list[dict[str, Any]]:
    """Return each field as Settings lists it: `field`, `kind` and `rule` in words, `count` of people."""
    counts = fields.counts(session)
    return [
        {"field": each, "kind": _kind(each), "rule": _rule(each), "count": counts.get(each.id, 0)}
        for each in fields.every(session)
    ]


@pages.route("/settings/fields/add", methods=["GET", "POST"])
def create() -> str | Response | tuple[str, int]:
    """Add a field."""
    if request.method == "GET":
        return _form({"kind": "text", "name": request.args.get("name", "")[:60]}, {}, None)
    session, form = database.session(), _typed()
    try:
        with operation(session):
            field_id, name = (field := fields.add(session, form)).id, field.name
    except errors.Invalid as error:
        return _form(form, error.fields, None), _status(error)
    came = filling.alike(name, filling.names(session, cards=False))
    address = url_for("fields.files", field_id=field_id) if came else _address(field_id)
    return shared.done_at(_("The field %(name)s is here now.", name=name), address)


@pages.route("/settings/fields/<int:field_id>", methods=["GET", "POST"])
def edit(field_id: int) -> str | Response | tuple[str, int]:
    """Change a field, all but its kind."""
    session = database.session()
    field = fields.find(session, field_id)
    if request.method == "GET":
        return _form(_values(field), {}, field)
    form = _typed()
    try:
        with operation(session):
            name = fields.change(session, field_id, form).name
    except errors.Invalid as error:
        return _form(form, error.fields, fields.find(session, field_id)), _status(error)
    return shared.done_at(_("The field %(name)s is saved.", name=name), _address(field_id))


@pages.post("/settings/fields/<int:field_id>/move")
def move(field_id: int) -> Response:
    """Move a field up or down by one; the same button has the focus after."""
    session, to = database.session(), request.form.get("to")
    with operation(session):
        name = fields.move(session, field_id, -1 if to == "up" else 1).name
    order = [each.id for each in fields.every(session)]
    ends = {"up": order[0], "down": order[-1]}
    if field_id == ends.get(str(to)):
        to = "down" if to == "up" else "up"
    address = url_for("settings.index", _anchor=f"{'up' if to == 'up' else 'down'}-{field_id}")
    return shared.done_at(_("The field %(name)s is moved.", name=name), address)


@pages.route("/settings/fields/<int:field_id>/kind", methods=["GET", "POST"])
def kind(field_id: int) -> str | Response | tuple[str, int]:
    """Show which values fit another kind, then give the field that kind."""
    session = database.session()
    field = fields.find(session, field_id)
    asked, options = request.values.get("kind", ""), request.values.get("options", "").strip() or None
    faults: dict[str, errors.Message] = {}
    seen = None
    try:
        if request.method == "POST":
            with operation(session):
                done, odd = field_kinds.change(session, field_id, asked, options, own_fields.decimal())
                name = done.name
            return shared.done_at(_done(name, odd), _address(field_id))
        if asked and asked != field.kind:
            seen = field_kinds.preview(session, field_id, asked, options, own_fields.decimal())
    except errors.Invalid as error:
        faults = error.fields
    shown = render_template(
        "fields/kind.html",
        field=field,
        form={"kind": asked, "options": options or "\n".join(seen.options if seen else ())},
        faults=shared.faults(faults),
        kinds={name: word for name, word in own_fields.KINDS.items() if name != field.kind},
        now=own_fields.KINDS.get(field.kind, field.kind),
        wanted=own_fields.KINDS.get(asked),
        seen=seen,
        says=lambda said: own_fields.in_words(asked, said),
    )
    return (shown, 422) if faults else shown


@pages.route("/settings/fields/<int:field_id>/files", methods=["GET", "POST"])
def files(field_id: int) -> str | Response:
    """Show what came with people in a column of their files, then fill the field with it."""
    session = database.session()
    field = fields.find(session, field_id)
    if request.method == "POST":
        with operation(session):
            column = request.form.get("column", "")
            done, count = filling.fill(session, field_id, column, own_fields.decimal())
            name = done.name
        sentence = ngettext(
            "The field %(name)s is filled for %(num)s person.",
            "The field %(name)s is filled for %(num)s people.",
            count,
            name=name,
        )
        return shared.done_at(sentence, _address(field_id))
    there = filling.names(session)
    column = request.args.get("column") or filling.alike(field.name, there)
    return render_template(
        "fields/files.html",
        field=field,
        column=column,
        there=there,
        seen=filling.preview(session, field_id, column, own_fields.decimal()) if column else None,
        kind=own_fields.KINDS.get(field.kind, field.kind),
        says=lambda said: own_fields.in_words(field.kind, said),
    )


@pages.post("/settings/fields/<int:field_id>/remove")
def remove(field_id: int) -> Response:
    """Move a field to the trash, values and all."""
    session = database.session()
    with operation(session):
        name = fields.remove(session, field_id).name
    sentence = _("The field %(name)s moved to the trash, with all that is in it.", name=name)
    return shared.done_at(sentence, url_for("settings.index", _anchor="fields"))


def _typed() -> dict[str, Any]:
    names = ("name", "kind", "hint", "options", "default_value")
    found: dict[str, Any] = {name: request.form[name] for name in names if name in request.form}
    return found | {name: name in request.form for name in _TICKS}


def _values(field: Field) -> dict[str, Any]:
    names = ("name", "kind", "hint", "default_value", *_TICKS)
    return {name: getattr(field, name) for name in names} | {"options": "\n".join(fields.options(field))}


def _form(typed: dict[str, Any], faults: dict[str, errors.Message], field: Field | None) -> str:
    return render_template(
        "fields/form.html",
        form=typed,
        faults=shared.faults(faults),
        field_=field,
        kinds=own_fields.KINDS,
        chosen=own.CHOSEN,
        alike=own.ALIKE,
        count=fields.counts(database.session()).get(field.id, 0) if field else 0,
        files=sources.any_file(database.session()),
    )


def _status(error: errors.Invalid) -> int:
    return 409 if isinstance(error, errors.Taken) else 422


def _address(field_id: int) -> str:
    return url_for("settings.index", _anchor=f"field-{field_id}")


def _done(name: str, odd: int) -> str:
    if not odd:
        return _("The field %(name)s has another kind now.", name=name)
    return ngettext(
        "The field %(name)s has another kind now; what one person had is in their note.",
        "The field %(name)s has another kind now; what %(num)s people had is in their notes.",
        odd,
        name=name,
    )


def _kind(field: Field) -> str:
    count = len(fields.options(field))
    if field.kind == "choice":
        return ngettext("One choice", "One of %(num)s", count)
    if field.kind == "choices":
        return ngettext("One choice", "Several of %(num)s", count)
    return str(own_fields.KINDS.get(field.kind, field.kind))


def _rule(field: Field) -> str:
    rules = [
        (field.required, _("Needed")),
        (field.no_two_alike, _("No two alike")),
        (field.listed, _("In the list")),
    ]
    return " · ".join(word for true, word in rules if true)
