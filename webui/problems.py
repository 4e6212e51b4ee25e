"""Errors become answers: a page for people, RFC 9457 problem details for programs."""

import logging
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from webui import words
from webui.store import errors

log = logging.getLogger(__name__)

STATUS: dict[type[errors.StoreError], int] = {
    errors.Taken: 409,
    errors.Invalid: 422,
    errors.NotFound: 404,
    errors.Busy: 503,
    errors.Full: 507,
    errors.ReadOnly: 503,
    errors.Refused: 409,
    errors.TooNew: 409,
    errors.Damaged: 500,
}
RETRY_AFTER = 2  # seconds; a writer that held the database for 5 s seldom holds it for 7


def install(app: Flask) -> None:
    """Answer every error of the store and of HTTP, and whatever else goes wrong, in words."""
    app.register_error_handler(errors.StoreError, _store_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def problem(status: int, title: str, **more: Any) -> Response:
    """Return problem details (RFC 9457) as application/problem+json."""
    response = jsonify({"type": "about:blank", "title": title, "status": status, **more})
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def wants_json() -> bool:
    """Tell whether the client is a program: it asked an API address, sent JSON, or prefers no HTML."""
    if request.path.startswith("/api/") or request.is_json:
        return True
    accepted = request.accept_mimetypes
    return bool(accepted) and not accepted.accept_html and accepted.accept_json


def _store_error(error: errors.StoreError) -> Response:
    status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
    more: dict[str, Any] = {}
    if isinstance(error, errors.Invalid):
        more["errors"] = {name: words.sentence(message) for name, message in error.fields.items()}
    return _answer(status, words.sentence(error.message), **more)


def _http_error(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:
        return make_response(error.get_response())
    sentences = {
        400: _("This request can't be read."),
        404: _("There is no such page."),
        405: _("This address can't be used that way."),
        413: _("This is too large to be sent."),
        415: _("Send JSON, with the Content-Type application/json."),
    }
    return _answer(error.code or 500, sentences.get(error.code or 500, error.name))


def _unexpected(error: Exception) -> Response:
    log.error("unexpected error at %s", request.endpoint, exc_info=error)
    return _answer(500, words.short(error))


def _typed() -> dict[str, list[str]]:
    """Return what was typed, to be kept; nothing where the form can't be read, which may be the error."""
    try:
        return request.form.to_dict(flat=False)
    except HTTPException:
        return {}


def _answer(status: int, sentence: str, **more: Any) -> Response:
    if wants_json():
        response = problem(status, sentence, **more)
    else:
        page = render_template("problems/error.html", status=status, sentence=sentence, typed=_typed())
        response = Response(page, status)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
