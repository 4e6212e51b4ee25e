"""The form of a person: as it begins or was left, saved, and what it met meanwhile."""

import json
from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from webui import database
from webui.pages import meanwhile, own_fields, shared, unsaved, uploads
from webui.store import errors, settings, users
from webui.store.ledger.operations import beside, operation
from webui.store.models import User
from webui.store.values import names, person


def begin(form: dict[str, Any], user: User | None) -> str:
    """Show the form with what it begins with, or with what was typed into it when it was left."""
    left = unsaved.kept().of(request.path)
    return _shown(form if left is None else _typed(left), {}, user, is_draft=left is not None)


def save(user: User | None) -> str | BaseResponse | tuple[str, int]:
    """Save the form that was sent, or keep it as a draft; of someone new for None."""
    if answer := unsaved.answered():
        return answer
    session, typed = database.session(), _typed(request.form)
    user_id, form = user.id if user else None, dict(typed)
    if take := form.pop("take", None):
        return _shown({**typed, "username": take}, uploads.again(), user)
    more = form.pop("more", None)
    if more in person.LISTS:
        return _shown({**typed, more: [*typed.get(more, []), {}]}, uploads.again(), user)
    without, seen, base = (form.pop(name, None) for name in ("email_optional", "seen", "base"))
    form = own_fields.for_store(session, form)
    try:
        photo = uploads.photo()
        with operation(session):
            if without and not form.get("email"):
                with beside(session):  # history names the person
                    settings.set_email_required(session, False)
            if user_id is None:
                # Whoever types faster than the suggestion comes gets it all the same.
                form["username"] = form.get("username") or users.suggest_username(session, form)
                saved = users.add(session, form)
            else:
                saved = users.change(session, user_id, form, seen=seen)
            photo.keep(session, saved.id)
            name, saved_id = saved.name, saved.id
    except errors.Invalid as error:
        return _shown(typed, uploads.again() | error.fields, user and users.find(session, user.id)), 422
    except errors.Busy as error:
        found = None if user_id is None else users.find(session, user_id)
        return _shown(typed, {"": error.message} | uploads.again(), found), 503
    except errors.Refused as error:
        return _beside_another(typed, base, error.message, users.find(session, user_id or 0), photo)
    unsaved.kept().drop(request.path)
    sentence = _("%(name)s added.", name=name) if user_id is None else _("%(name)s saved.", name=name)
    return shared.done(sentence, "users.show", user_id=saved_id)


def _typed(form: MultiDict[str, str]) -> dict[str, Any]:
    """Return a form that was sent, or left, as the template takes it."""
    return shared.person_form(form) | own_fields.typed(database.session(), form)


def _beside_another(
    typed: dict[str, Any],
    base: str | None,
    message: errors.Message,
    user: User,
    photo: uploads.PhotoChange,
) -> BaseResponse | tuple[str, int]:
    """Save a form that met a change made meanwhile beside it, but over it only when asked to again."""
    now, held = values(user), meanwhile.held(base)
    mine, both = meanwhile.compared(typed, held, now)
    together, session = meanwhile.together(now, mine), database.session()
    if held and not both:
        try:
            with operation(session):
                name = users.change(session, user.id, own_fields.for_store(session, mine)).name
                photo.keep(session, user.id)
            unsaved.kept().drop(request.path)
            return shared.done(_("%(name)s saved.", name=name), "users.show", user_id=user.id)
        except errors.Invalid as error:
            return _shown(together, uploads.again() | error.fields, user), 422
    return _shown(together, {"": message} | uploads.again(), user, both), 409


def _shown(
    typed: dict[str, Any],
    fields: dict[str, errors.Message],
    user: User | None,
    both: Sequence[tuple[str, str, str]] = (),
    is_draft: bool = False,
) -> str:
    session = database.session()
    faults = shared.faults(own_fields.by_id(session, fields))
    missing = "username" in fields and fields["username"].id == "username.required"
    if missing and (free := users.suggest_username(session, typed, user.id if user else None)):
        faults["username"] = Markup(_("Everyone needs a username. Free: %(free)s", free=shared.free([free])))
    return render_template(
        "users/form.html",
        form=typed,
        faults=faults,
        user=user,
        face=shared.face(user) if user else {"initials": "", "hue": 6},
        meanwhile=both,
        is_draft=is_draft,
        own=own_fields.drawn(session),
        may_go_without="email" in fields and fields["email"].id == "email.required",
        email_required=settings.email_required(session),
    )


def values(user: User) -> dict[str, Any]:
    """Return what the form of a person begins with."""
    values = own_fields.person_form(user)
    if user.display_name == names.display(values):
        values["display_name"] = ""  # it follows the parts
    values["tags"] = person.joined(values["tags"])
    return values | {"seen": users.state(user), "base": json.dumps(values)}
