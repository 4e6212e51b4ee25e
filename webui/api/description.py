"""/api/openapi.json: what there is here, as OpenAPI 3.1, for programs that make themselves a client of it.

Addresses, methods and what they do come from the views; only what those can't say stands here. Shapes are in
`schemas`.
"""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, current_app, jsonify
from werkzeug.routing import Rule

from webui.api import schemas, shapes
from webui.api.schemas import ID, TEXT, listed, ref
from webui.store import posts, search
from webui.store.values import pictures
from webui.version import VERSION

api = Blueprint("api_description", __name__)

BYTES = "application/octet-stream"
# What each answers when all is well (status, schema or media type), and takes: a schema, or bytes.
ANSWERS: dict[str, dict[int, Any]] = {
    "api_users.index": {200: listed(ref("Person"))},
    "api_users.show": {200: ref("Person")},
    "api_users.create": {201: ref("PersonMade")},
    "api_users.change": {200: ref("Person")},
    "api_users.remove": {204: None},
    "api_photos.show": {200: "image/*"},
    "api_photos.put": {200: ref("Person"), 201: ref("Person")},
    "api_photos.remove": {204: None},
    "api_attachments.show": {200: BYTES},
    "api_attachments.create": {201: ref("Attachment")},
    "api_attachments.change": {200: ref("Attachment")},
    "api_attachments.remove": {204: None},
    "api_relations.create": {201: ref("Person")},
    "api_relations.remove": {204: None},
    "api_posts.index": {200: listed(ref("Post"))},
    "api_posts.show": {200: ref("Post")},
    "api_posts.create": {201: ref("PostMade")},
    "api_posts.change": {200: ref("Post")},
    "api_posts.remove": {204: None},
    "api_description.show": {200: {"type": "object"}},
    "api_tutorial.index": {200: listed(ref("PersonInList"))},
    "api_tutorial.create": {201: ref("PersonMade")},
}
TAKES: dict[str, Any] = {
    "api_users.create": ref("PersonGiven"),
    "api_users.change": ref("PersonGiven"),
    "api_photos.put": "image/*",
    "api_attachments.create": BYTES,
    "api_attachments.change": ref("AttachmentGiven"),
    "api_relations.create": ref("RelationGiven"),
    "api_posts.create": ref("PostAbout"),
    "api_posts.change": ref("PostChanged"),
    "api_tutorial.create": ref("PersonGiven"),
}
PAGED: dict[str, Any] = {
    "page": {"type": "integer", "minimum": 1, "maximum": 1_000_000, "default": 1},
    "per_page": {
        "type": "integer", "minimum": 1, "maximum": shapes.MOST_PER_PAGE, "default": shapes.PER_PAGE,
    },
}  # fmt: skip
ASKED: dict[str, dict[str, Any]] = {
    "api_users.index": {**PAGED, "q": TEXT, "sort": TEXT},
    "api_posts.index": {**PAGED, "q": TEXT, "sort": TEXT, "user_id": ID},
    "api_tutorial.index": PAGED,
    "api_attachments.create": {"name": TEXT},
}
SORTS: dict[str, Iterable[str]] = {"api_users.index": search.LISTED, "api_posts.index": posts.SORTS}
PROBLEMS = {
    "GET": (403, 404, 422, 503),
    "POST": (400, 403, 404, 409, 411, 413, 415, 422, 503, 507),
}
SAID = {
    200: "Done.",
    201: "Made; Location says where it is.",
    204: "Done; there is nothing to show.",
    400: "The request can't be read, or names another host.",
    401: "The token is not one of this Roster.",
    403: "Whoever asks may not do that.",
    404: "Not there.",
    405: "This address can't be used that way.",
    409: "A value belongs to someone else.",
    411: "The request does not say how long it is.",
    413: "Too large.",
    415: "Not JSON.",
    422: "Values that can't be kept; `errors` names each.",
    503: "Busy: another program writes. Retry-After says when to try again.",
    507: "The disk is full.",
}


@api.get("/api/openapi.json")
def show() -> Response:
    """Return this description."""
    return jsonify(description())


def description() -> dict[str, Any]:
    """Return the whole description. Needs an app."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint.startswith("api_"):
            there = paths.setdefault(rule.rule.replace("<int:", "{").replace(">", "}"), {})
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                there[method.lower()] = _operation(rule, method)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Roster", "version": VERSION, "description": "People and posts, as JSON."},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(rule: Rule, method: str) -> dict[str, Any]:
    name = rule.endpoint
    said = (current_app.view_functions[name].__doc__ or "").strip()
    found: dict[str, Any] = {
        "operationId": name.removeprefix("api_").replace(".", "_"),
        "summary": " ".join(said.split()),
        "parameters": [
            *(
                {"name": each, "in": "path", "required": True, "schema": ID}
                for each in sorted(rule.arguments)
            ),
            *({"name": each, "in": "query", "schema": asked} for each, asked in _asked(name).items()),
        ],
        "responses": {str(status): _answer(status, body) for status, body in ANSWERS[name].items()},
    }
    problems = (401, *PROBLEMS["GET" if method == "GET" else "POST"])
    found["responses"] |= {str(status): _problem(status) for status in problems}
    if name in TAKES:
        found["requestBody"] = {"required": True, "content": _content(TAKES[name])}
    return found


def _asked(name: str) -> dict[str, Any]:
    asked = dict(ASKED.get(name, {}))
    if name in SORTS:
        known = list(SORTS[name])
        asked["sort"] = {"enum": [*known, *(f"-{each}" for each in known)]}
    return asked


def _answer(status: int, body: Any) -> dict[str, Any]:
    return {"description": SAID[status]} | ({} if body is None else {"content": _content(body)})


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": SAID[status],
        "content": {"application/problem+json": {"schema": ref("Problem")}},
    }


def _content(body: Any) -> dict[str, Any]:
    if body == "image/*":
        return {kind: {} for kind in pictures.SUFFIXES}
    return {body: {}} if isinstance(body, str) else {"application/json": {"schema": body}}
