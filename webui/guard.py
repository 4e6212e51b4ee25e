"""Who may talk to the server: the person who started it, through the window or browser it opened.

Any program and any web page on this computer can reach 127.0.0.1, so each request must show the cookie
that only a single-use launch key gives, name the exact host, and, to change something, come from one of
our own pages. Another program may show a token instead, where the person has made one for it; that opens the
API alone. It does not know what the pages do, and it is not a login: there is one person.
"""

import hmac
import json
import logging
import secrets
import threading
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, redirect, render_template_string, request
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

log = logging.getLogger(__name__)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
BODY_LIMIT = 64 * 1024 * 1024
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: under that a plain form sends "Origin: null" and our own writes would be refused.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# No style sheet here: it would need the very cookie that is missing.
_REFUSAL = """<!doctype html>
<html lang="{{ language }}"><head><meta charset="utf-8"><title>Roster</title></head>
<body><h1>Roster</h1><p>{{ sentence }}</p></body></html>"""


class Guard:
    """One a run, shared by the doorstep and the app, so that the cookie outlives the change between them."""

    def __init__(self, host_port: str, refused_port: int | None = None) -> None:
        """`host_port` is the only Host accepted, exactly, such as "127.0.0.1:40123".

        `refused_port`: the one that the person wanted and another program has, for the page that says so.
        """
        self.host_port, self.refused_port = host_port, refused_port
        self.origin = f"http://{host_port}"
        # Cookies ignore the port: a name of its own keeps two running copies apart.
        self.cookie_name = f"roster_{secrets.token_hex(4)}"
        self._cookie = secrets.token_urlsafe(32)
        self._beside = f"{self.cookie_name}_beside"
        self._keys: dict[str, bool] = {}  # and whether each is for a browser beside the window
        self._lock = threading.Lock()

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "Guard":
        """A guard for an app that no shell made (a test, `flask run`); nobody holds a key to it."""
        return cls(config.get("GUARD_HOST") or "127.0.0.1:5000")

    def new_key(self, *, beside: bool = False) -> str:
        """A launch key that opens the door once. Several may be outstanding. Never log it."""
        key = secrets.token_urlsafe(32)
        with self._lock:
            self._keys[key] = beside
        return key

    def address(self, *, beside: bool = False) -> str:
        """A one-time address of the first page; `beside` is for a browser while a window is open."""
        return f"{self.origin}/start?key={self.new_key(beside=beside)}"

    def is_beside(self) -> bool:
        """Whether the request is of a browser beside the window: the window's dialogs are not for it."""
        return self._beside in request.cookies

    def install(self, app: Flask) -> None:
        """Put the checks before every other hook of `app`, and the headers and cookies as they must be."""
        if app.config.get("MAX_CONTENT_LENGTH") is None:
            app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
        app.config.update(
            # What a page says next names people: that cookie is this run's own too, and as strict.
            SESSION_COOKIE_NAME=f"{self.cookie_name}_said",
            SESSION_COOKIE_SAMESITE="Strict",
            SESSION_COOKIE_HTTPONLY=True,
        )
        app.extensions["roster.guard"] = self
        app.before_request_funcs.setdefault(None, []).insert(0, self._check)
        app.after_request(self._seal)
        app.add_url_rule("/start", "start", self._start, methods=["GET"])

    def _check(self) -> BaseResponse | None:
        if current_app.config.get("GUARD_TRUSTS_CLIENT"):
            return None
        if request.environ.get("HTTP_HOST") != self.host_port:
            return _refuse(400, _("This address is not the one Roster listens on."))
        if not self._from_our_pages():
            return _refuse(403, _("This request came from another page, so nothing was done."))
        if request.path == "/start" and request.method == "GET":
            return None
        if (token := _token()) is not None:
            return _refuse_program(token) or _too_large()
        if not self._has_cookie():
            if request.path.startswith("/api/"):
                return _refuse(403, _("A program needs a token; Settings makes one."))
            return _refuse(403, _("This address belongs to another start of Roster. Open Roster again."))
        return _too_large()

    def _from_our_pages(self) -> bool:
        """Reads may be followed from anywhere but not embedded; writes need our own Origin, or come from no
        browser: with a token, no Origin and no cookie at all."""
        site = request.headers.get("Sec-Fetch-Site", "none")
        foreign = site not in ("same-origin", "none")
        if request.method in SAFE_METHODS:
            return not foreign or request.headers.get("Sec-Fetch-Mode") == "navigate"
        if _token() is not None and not {"Origin", "Cookie"} & set(request.headers.keys()):
            return not foreign
        return not foreign and _equal(request.headers.get("Origin", ""), self.origin)

    def _has_cookie(self) -> bool:
        return _equal(request.cookies.get(self.cookie_name, ""), self._cookie)

    def _start(self) -> BaseResponse:
        beside = self._use_key(request.args.get("key", "")) if not self._has_cookie() else False
        if beside is None:
            return _refuse(403, _("This address was used before. Open Roster again for a new one."))
        response: BaseResponse = redirect("/", 303)
        if request.headers.get("Sec-Fetch-Site", "none") == "cross-site":
            # From the file a browser was given: a redirect would count as from there, and lack the cookie.
            response = Response("", headers={"Refresh": "0; url=/"})
        for name, value in ((self.cookie_name, self._cookie), *([(self._beside, "1")] if beside else [])):
            response.set_cookie(name, value, path="/", httponly=True, samesite="Strict")
        return response

    def _use_key(self, offered: str) -> bool | None:
        """Return whether the key is for a browser beside the window; None where it opens nothing."""
        with self._lock:
            found = next((key for key in self._keys if _equal(key, offered)), None)
            return None if found is None else self._keys.pop(found)

    def _seal(self, response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers[name] = value
        if not response.cache_control.immutable:
            # A view that serves bytes under their own hash has said "immutable" itself.
            response.headers["Cache-Control"] = "no-store"
        return response


def _equal(offered: str, expected: str) -> bool:
    # Bytes: compare_digest refuses text beyond ASCII, which a stranger is free to send.
    return hmac.compare_digest(offered.encode("utf-8", "surrogatepass"), expected.encode())


def _token() -> str | None:
    """Return the token that a program shows, None where it shows none."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.casefold() == "bearer" else None


def _refuse_program(offered: str) -> BaseResponse | None:
    """Answer for a token that does not open this; a use of one that does goes into the log."""
    tokens = current_app.extensions.get("roster.tokens")
    token = tokens.use(offered) if tokens else None
    in_api = request.path.startswith("/api/")
    # An address that is there, in the API, holds numbers alone; any other may name someone.
    there = "what is not there" if in_api else "no part of the API"
    asked = f"{request.method} {request.path if in_api and request.url_rule else there}"
    if token is None:
        log.warning("%s with an unknown token: refused", asked)
        refusal = _refuse(
            401, _("This token is not one of this Roster. Make one in Settings, Other programs.")
        )
        refusal.headers["WWW-Authenticate"] = "Bearer"
        return refusal
    if not in_api:
        log.warning("%s with the token %s: refused", asked, token.name)
        return _refuse(403, _("A token opens the API alone: what begins with /api/."))
    if request.method not in SAFE_METHODS and not token.writes:
        log.warning("%s with the token %s: refused, it may only read", asked, token.name)
        return _refuse(403, _("The token %(name)s may only read, so nothing was done.", name=token.name))
    log.info("%s with the token %s", asked, token.name)
    return None


def _too_large() -> BaseResponse | None:
    """Answer for a body beyond the limit before any view reads it."""
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        return _refuse(411, _("This request does not say how long it is."))
    limit = current_app.config["MAX_CONTENT_LENGTH"]
    if request.content_length is not None and request.content_length > limit:
        return _refuse(413, _("This is too large to be sent."))
    return None


def _refuse(status: int, sentence: str) -> BaseResponse:
    if request.path.startswith("/api/") or request.is_json:  # a program reads problem details, RFC 9457
        told = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": sentence,
        }
        return Response(json.dumps(told), status, mimetype="application/problem+json")
    language = str(get_locale() or "en").replace("_", "-")
    body = render_template_string(_REFUSAL, sentence=sentence, language=language)
    return Response(body, status=status)
