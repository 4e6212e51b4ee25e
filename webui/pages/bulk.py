"""Many people at once: what would change is shown first, then it is done, as one operation with one undo."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from webui import database, words
from webui.pages import chosen, own_fields, shared
from webui.plurals import ngettext
from webui.sentences import FIELDS
from webui.store import bulk, bulk_back, bulk_fields, bulk_remove, errors, fields
from webui.store.chosen import Chosen, Preview
from webui.store.ledger.operations import operation

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

pages = Blueprint("bulk", __name__)


@dataclass(frozen=True)
class Asked:
    """What of the form a verb takes: the names of tags; a field and its value."""

    names: str
    field: str | int
    value: str


@dataclass(frozen=True)
class Verb:
    """One thing to do with many: how it is shown before, done, and what is said of it."""

    preview: Callable[[Session, Chosen, Asked], Preview]
    do: Callable[[Session, Chosen, Asked], int]
    ask: Callable[[int], str]
    said: Callable[[int, Asked], str]


@pages.post("/bulk")
def look() -> Response | str | tuple[str, int]:
    """Show what would change; once that was seen (`sure` says what was), do it and go back to the list."""
    session, who = database.session(), chosen.of_form(request.form)
    count = chosen.count(session, who)
    if not count:
        nobody = words.sentence(errors.Message("bulk.nobody"))
        return shared.said(nobody, chosen.back(who))
    do = request.form.get("do", "")
    if do not in VERBS or who.trashed != (do in IN_TRASH):
        raise errors.NotFound("fields", do)
    verb, asked, faults = VERBS[do], _read(request.form), {}
    preview = None
    if do in AT_ONCE or "look" in request.form or "sure" in request.form:
        try:
            preview = verb.preview(session, who, asked)
        except errors.Invalid as error:
            faults = shared.faults(error.fields)
    sure = _seen(do, preview, asked) if preview else ""
    if preview and preview.changing and request.form.get("sure") == sure:
        with operation(session):
            changed = verb.do(session, who, asked)
        return shared.done_at(verb.said(changed, asked), chosen.back(who))
    page = render_template(
        "bulk/look.html", do=do, title=verb.ask(count), count=count, preview=preview, sure=sure, asked=asked,
        posts=bulk_remove.posts_with(session, who) if do == "remove" else 0,
        faults=faults, fields=_fields(session), worded=own_fields.worded, at_once=do in AT_ONCE,
        back=chosen.back(who), **_input(session, asked.field), **chosen.kept(who),
    )  # fmt: skip
    return (page, 422) if faults else page


@pages.get("/bulk/value")
def value() -> str:
    """Return the input of the kind that a field is of."""
    asked = _read(request.args)
    shown = _input(database.session(), asked.field)
    return render_template("bulk/_value.html", asked=Asked("", asked.field, ""), faults={}, **shown)


def _read(form: "MultiDict[str, str]") -> Asked:
    field, said = form.get("field", "organisation"), "\n".join(form.getlist("value"))
    number = int(field) if field.isdecimal() and len(field) < 10 else field
    return Asked(form.get("names", ""), number, said)


def _input(session: Session, field: str | int) -> dict[str, Any]:
    """Return what the input of a field is drawn from. Raises NotFound."""
    if isinstance(field, str):
        return {"kind": "date" if field == "birthday" else field, "offered": []}
    own = fields.find(session, field)
    return {"kind": own.kind, "offered": own_fields.offered(own)}


def _seen(do: str, preview: Preview, asked: Asked) -> str:
    """Return what stands for a preview: anything else that would happen has another."""
    said = f"{do}\0{preview.chosen}\0{preview.changing}\0{asked.names}\0{asked.field}\0{asked.value}"
    return str(zlib.crc32(said.encode("utf-8", "replace")))


def _fields(session: Session) -> list[tuple[str, Any]]:
    """Return what can be set: the value of the option and its label."""
    return [*FIELDS.items(), *((str(each.id), each.name) for each in fields.every(session))]


def _label(field: str | int) -> str:
    if isinstance(field, int):
        return fields.find(database.session(), field).name
    return str(FIELDS[field])


def _trashed(count: int, _asked: Asked) -> str:
    return ngettext("%(num)s person moved to the trash.", "%(num)s people moved to the trash.", count)


def _tagged(count: int, asked: Asked) -> str:
    return ngettext(
        "%(num)s person tagged with %(tags)s.",
        "%(num)s people tagged with %(tags)s.",
        count,
        tags=asked.names,
    )


def _untagged(count: int, asked: Asked) -> str:
    return ngettext(
        "%(tags)s taken off %(num)s person.", "%(tags)s taken off %(num)s people.", count, tags=asked.names
    )


def _set(count: int, asked: Asked) -> str:
    field = _label(asked.field)
    if asked.value.strip():
        return ngettext(
            "%(field)s of %(num)s person set.", "%(field)s of %(num)s people set.", count, field=field
        )
    return ngettext(
        "%(field)s of %(num)s person cleared.", "%(field)s of %(num)s people cleared.", count, field=field
    )


def _put_back(count: int, _asked: Asked) -> str:
    return ngettext("%(num)s person is back.", "%(num)s people are back.", count)


def _removed(count: int, _asked: Asked) -> str:
    return ngettext("%(num)s person deleted for good.", "%(num)s people deleted for good.", count)


IN_TRASH = ("put_back", "remove")  # for those who are there; all others for those who are not
AT_ONCE = ("trash", *IN_TRASH)  # nothing has to be typed for these
VERBS = {
    "put_back": Verb(
        lambda session, who, _asked: bulk_back.preview(session, who),
        lambda session, who, _asked: bulk_back.put_back(session, who),
        lambda count: ngettext("Put %(num)s person back", "Put %(num)s people back", count),
        _put_back,
    ),
    "remove": Verb(
        lambda session, who, _asked: bulk_remove.preview(session, who),
        lambda session, who, _asked: bulk_remove.remove(session, who),
        lambda count: ngettext("Delete %(num)s person for good", "Delete %(num)s people for good", count),
        _removed,
    ),
    "trash": Verb(
        lambda session, who, _asked: bulk.preview_trash(session, who),
        lambda session, who, _asked: bulk.trash(session, who),
        lambda count: ngettext("Move %(num)s person to the trash", "Move %(num)s people to the trash", count),
        _trashed,
    ),
    "tag": Verb(
        lambda session, who, asked: bulk.preview_tag(session, who, asked.names),
        lambda session, who, asked: bulk.tag(session, who, asked.names),
        lambda count: ngettext("Tag %(num)s person", "Tag %(num)s people", count),
        _tagged,
    ),
    "untag": Verb(
        lambda session, who, asked: bulk.preview_untag(session, who, asked.names),
        lambda session, who, asked: bulk.untag(session, who, asked.names),
        lambda count: ngettext("Take a tag off %(num)s person", "Take a tag off %(num)s people", count),
        _untagged,
    ),
    "set": Verb(
        lambda session, who, asked: bulk_fields.preview(session, who, asked.field, asked.value),
        lambda session, who, asked: bulk_fields.put(session, who, asked.field, asked.value),
        lambda count: ngettext("Set a field of %(num)s person", "Set a field of %(num)s people", count),
        _set,
    ),
}
