"""Errors become answers: a page for people, RFC 9457 problem details for programs."""

import logging
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

from webui import typed, words
from webui.store import errors

log = logging.getLogger(__name__)

STATUS: dict[type[errors.StoreError], int] = {
    errors.Taken: 409,
    errors.Invalid: 422,
    errors.Unreadable: 422,
    errors.NotFound: 404,
    errors.Busy: 503,
    errors.Full: 507,
    errors.ReadOnly: 503,
    errors.Refused: 409,
    errors.TooNew: 409,
    errors.Damaged: 500,
}
# What a program tells problems apart by, and the title that is the same for all of a type.
TITLES: dict[type[errors.StoreError], Any] = {
    errors.Taken: _l("A value belongs to someone else"),
    errors.Invalid: _l("Values that can't be kept"),
    errors.Unreadable: _l("A search that can't be read"),
    errors.NotFound: _l("Not there"),
    errors.Busy: _l("The database is in use"),
    errors.Full: _l("The disk is full"),
    errors.ReadOnly: _l("The database can't be written"),
    errors.Refused: _l("Not possible now"),
    errors.TooNew: _l("The database is of a newer Roster"),
    errors.Damaged: _l("The database is damaged"),
}
RETRY_AFTER = 2  # seconds; a writer that held the database for 5 s seldom holds it for 7


def install(app: Flask) -> None:
    """Answer every error of the store and of HTTP, and whatever else goes wrong, in words."""
    app.register_error_handler(errors.StoreError, _store_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def problem(status: int, title: str, detail: str, type_: str = "about:blank", **more: Any) -> Response:
    """Return problem details (RFC 9457) as application/problem+json.

    `title` is the same for all of a type, and for `about:blank` the name of the status; `detail` says what
    was the matter this time.
    """
    response = jsonify({"type": type_, "title": title, "status": status, "detail": detail, **more})
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def wants_json() -> bool:
    """Tell whether the client is a program: it asked an API address, sent JSON, or prefers no HTML.

    `/users` is the tutorial's address of the API, where only a browser wants HTML.
    """
    accepted = request.accept_mimetypes
    if request.path == "/users":
        return accepted.quality("text/html") <= accepted.quality("application/json")
    if request.path.startswith("/api/") or request.is_json:
        return True
    return bool(accepted) and not accepted.accept_html and accepted.accept_json


def _store_error(error: errors.StoreError) -> Response:
    kind = next(kind for kind in STATUS if isinstance(error, kind))
    status, sentence = STATUS[kind], words.sentence(error.message)
    headers = {"Retry-After": str(RETRY_AFTER)} if status == 503 else {}
    if not wants_json():
        return _page(status, sentence, headers, damaged=error.message.id == "damaged")
    more: dict[str, Any] = {}
    if isinstance(error, errors.Invalid):
        more["errors"] = {name: words.sentence(message) for name, message in error.fields.items()}
        # A form says how many things there are to fix; a program is told which.
        sentence = "; ".join(f"{name}: {said}" if name else said for name, said in more["errors"].items())
    if isinstance(error, errors.Unreadable):
        more |= {"start": error.start, "end": error.end}
    type_ = f"urn:roster:{kind.__name__.lower()}"
    response = problem(status, str(TITLES[kind]), sentence, type_, **more)
    response.headers.update(headers)
    return response


def _http_error(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:
        return make_response(error.get_response())
    status = error.code or 500
    # Allow, Retry-After, WWW-Authenticate: what the answer has to say beside its words.
    headers = {
        name: value
        for name, value in error.get_response().headers
        if name not in ("Content-Type", "Content-Length")
    }
    sentences = {
        400: _("This request can't be read."),
        404: _("There is no such page."),
        405: _("This address can't be used that way."),
        413: _("This is too large to be sent."),
        415: _("Send JSON, with the Content-Type application/json."),
    }
    return _http_answer(status, error.name, sentences.get(status, error.name), headers)


def _unexpected(error: Exception) -> Response:
    log.error("unexpected error at %s", request.endpoint, exc_info=error)
    return _http_answer(500, "Internal Server Error", words.short(error), {})


def _form() -> typed.Form:
    """Return the form that was sent; an empty one where it can't be read, which may be the error."""
    try:
        return request.form
    except HTTPException:
        return typed.Form()


def _http_answer(status: int, name: str, sentence: str, headers: Mapping[str, str]) -> Response:
    if not wants_json():
        return _page(status, sentence, headers)
    response = problem(status, name, sentence)
    response.headers.update(headers)
    return response


def _page(status: int, sentence: str, headers: Mapping[str, str], *, damaged: bool = False) -> Response:
    form = _form()
    kept = {"sent": form.to_dict(flat=False), "typed": typed.typed(form, request.blueprint or "")}
    page = render_template("problems/error.html", status=status, sentence=sentence, damaged=damaged, **kept)
    return Response(page, status, headers)
