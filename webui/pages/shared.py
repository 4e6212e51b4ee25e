"""What several pages do alike: read a form, show faults beside fields, mark matches, go on."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from flask import current_app, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from webui import database, words
from webui.host import Beside, Host
from webui.jobs import Cancelled, Job, Jobs
from webui.store.errors import Invalid, Message
from webui.store.ledger import forget, history
from webui.store.models import User
from webui.store.values import names, person, text


def host() -> Host:
    """Return what shows the page that is asked for."""
    window: Host = current_app.extensions["roster.host"]
    return Beside(window) if window.native and current_app.extensions["roster.guard"].is_beside() else window


def jobs() -> Jobs:
    """Return the app's background jobs."""
    found: Jobs = current_app.extensions["roster.jobs"]
    return found


def told_to(job: Job) -> Callable[..., None]:
    """Return a step for work that is stopped no more: how far it is, is told to a job."""

    def step(phase: str, done: int = 0, total: int = 0) -> None:
        with suppress(Cancelled):
            job.step(phase, done, total)

    return step


def wants_fragment() -> bool:
    """Tell whether htmx asks for a part of the page (and not for the page anew, out of its history)."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def came_from() -> str:
    """Return the path and query of the page of ours that this request came from, or ''."""
    try:
        there = urlsplit(request.referrer or "")
    except ValueError:  # no address at all
        return ""
    if there.netloc != request.host or there.path.startswith("//"):
        return ""
    return urlunsplit(("", "", there.path, there.query, ""))


def last_done(connection: sqlite3.Connection, *steps: int | None) -> str:
    """Return what a page knows to have been done last: the steps of undo and redo, and how many times someone
    was forgotten completely, which is no step."""
    return ".".join(str(each or "") for each in (*steps, forget.times(connection)))


def remember_list(q: str, sort: str) -> None:
    """Keep what list is shown, for the way back to it from whomever it leads to."""
    listed = {name: value[:200] for name, value in (("q", q.strip()), ("sort", sort)) if value.strip()}
    if session.get("list", {}) != listed:
        session["list"] = listed


def last_list() -> tuple[str, str]:
    """Return the search and the order of the list that was shown last."""
    listed = session.get("list", {})
    return listed.get("q", ""), listed.get("sort", "")


def list_address(here: int | None) -> str:
    """Return the address of the list that was shown last, at the person `here`."""
    return url_for("users.index", here=here, **session.get("list", {}))


def file_name(offered: str) -> str:
    """Return a name for a file that a browser sent: no folder, nothing that a file system refuses."""
    last = text.kept(offered).replace("\\", "/").rpartition("/")[2]
    plain = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    return f"{stem[:60]}{dot}{suffix[:20]}" if stem else plain[:60] or _("Unnamed")


def face(user: User) -> dict[str, Any]:
    """Return what a face is drawn from: `initials`, `hue` (1 to 8), `photo` (a hash or None)."""
    initials = names.initials(user.name, user.prefix, user.suffix)
    return {"initials": initials, "hue": names.hue(user.id), "photo": user.photo_hash}


def done(sentence: str, endpoint: str, **values: Any) -> Response:
    """Say what was changed, with its undo, on the next page and go there (303: reload repeats nothing)."""
    return done_at(sentence, url_for(endpoint, **values))


def done_at(sentence: str, address: str) -> Response:
    """Do the same with the address of the next page. Where nothing was changed there is nothing to undo."""
    flash(sentence, "undo" if database.session().info.get("changed", True) else "message")
    return redirect(address, 303)


def said(sentence: str, address: str) -> Response:
    """Say something that has no undo on the next page and go to its address (303)."""
    flash(sentence)
    return redirect(address, 303)


def way_back(made: int | None) -> dict[str, Any]:
    """Return for the page of what the operation `made` did: `undo`, what undo would take back if that is it,
    and `undone`, whether it was taken back."""
    session = database.session()
    undo = history.next_undo(session)
    past = history.find(history.connection_of(session), made) if made else None
    undoable = undo is not None and undo.id == made
    return {"undo": undo if undoable else None, "undone": past is not None and past.undone}


def person_form(form: "MultiDict[str, str]") -> dict[str, Any]:
    """Return a submitted person form as the store's mapping, each list that was shown as a list of rows.

    A row in which nothing is written is not one.
    """
    rows = {*person.LISTS, "own"}
    found: dict[str, Any] = {name: form[name] for name in form if name.partition("-")[0] not in rows}
    for name, parts in person.LISTS.items():
        columns = {part: form.getlist(f"{name}-{part}") for part in ("label", *parts)}
        count = max(len(columns[part]) for part in parts)
        lines = [
            {part: "".join(given[at : at + 1]) for part, given in columns.items()} for at in range(count)
        ]
        if count:
            found[name] = [row for row in lines if any(said.strip() for said in row.values())]
    return found


def faults(fields: Mapping[str, Message]) -> dict[str, Markup]:
    """Return a sentence a field, with the way out where there is one (who has it, what is free)."""
    return {name: fault(message) for name, message in fields.items()}


def fault(message: Message) -> Markup:
    """Return the sentence of a message, with links to whoever has the value and to what is free."""
    values = message.values
    if "owner_id" not in values:
        return Markup(escape(words.sentence(message)))
    owner = Markup('<a class="link" href="{}">{}</a>').format(
        url_for("users.show", user_id=values["owner_id"]), values["owner"]
    )
    if message.id.startswith("email."):
        said = _("Taken by %(owner)s. As a further e-mail it can belong to both.", owner=owner)
    elif values["free"]:
        said = _("Taken by %(owner)s. Free: %(free)s", owner=owner, free=free(values["free"]))
    else:
        said = _("Taken by %(owner)s.", owner=owner)
    return Markup(said.replace(".</a>.", ".</a>"))  # one stop is enough behind Ann Berg jun.


def unchanged(error: Invalid) -> str:
    """Return the sentence of values that could not be kept, where there is no form to show them beside."""
    reasons = " ".join(str(fault(message).striptags()) for message in error.fields.values())
    return _("Nothing was changed. %(why)s", why=reasons)


def free(usernames: Iterable[str]) -> Markup:
    """Return buttons that take a username that is free: in place with script, by a new page without."""
    button = (
        '<button class="link exact" type="submit" name="take" value="{0}" data-fill="username">{0}</button>'
    )
    return Markup(", ").join(Markup(button).format(name) for name in usernames)


def marker(sought: list[str]) -> Callable[[str | None], Markup]:
    """Return a function that marks the folded words `sought` in a text."""

    def marks(shown: str | None) -> Markup:
        shown, parts, at = shown or "", "", 0
        spans = text.spans(shown, sought) if sought else []
        if not spans:  # a list has a hundred of these
            return escape(shown)
        for start, end in spans:
            parts += f"{escape(shown[at:start])}<mark>{escape(shown[start:end])}</mark>"
            at = end
        return Markup(f"{parts}{escape(shown[at:])}")

    return marks
