"""Records to JSON and requests from JSON; lists with their count and links."""

from collections.abc import Collection, Sequence
from typing import Any

from flask import Response, jsonify, request, url_for
from werkzeug.exceptions import UnsupportedMediaType

from webui import addresses, database
from webui.store import attachments, fields, own_values, records, relations
from webui.store.errors import Invalid, Message
from webui.store.models import Attachment, Field, Post, User
from webui.store.values import own, person, text

PER_PAGE, MOST_PER_PAGE = 20, 200


def user_json(user: User) -> dict[str, Any]:
    """Return a person as JSON: every field, null where empty, every list, own `fields` by their names, and
    what belongs to them.

    A date is as in `values.dates`, or what was typed where that can't be read as one; `photo` is a hash.
    """
    return users_json([user])[0]


def users_json(users: Sequence[User]) -> list[dict[str, Any]]:
    """Return the same of several."""
    session, ids = database.session(), [user.id for user in users]
    files, related = attachments.of_users(session, ids), relations.of_users(session, ids)
    known = fields.every(session)
    return [_user_json(user, known, files.get(user.id, []), related.get(user.id, [])) for user in users]


def _user_json(
    user: User, known: Sequence[Field], files: Sequence[Attachment], related: Sequence[relations.Related]
) -> dict[str, Any]:
    plain = {name: getattr(user, name) or None for name in person.FIELDS}
    plain["birthday"] = user.birthday or user.birthday_typed
    lists = {name: [records.row_values(name, row) for row in getattr(user, name)] for name in person.LISTS}
    lists["dates"] = [{"label": row.label, "date": row.date or row.typed} for row in user.dates]
    return {
        "id": user.id,
        "uid": user.uid,
        **plain,
        **lists,
        "tags": [tag.name for tag in user.tags],
        "fields": _own(user, known),
        "photo": user.photo_hash,
        "attachments": [attachment_json(each) for each in files],
        "relations": [
            {"id": each.id, "kind": each.kind, "label": each.label, "user_id": each.user.id}
            for each in related
        ],
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    }


def _own(user: User, known: Sequence[Field]) -> dict[str, Any]:
    has = own_values.of(user)
    return {
        name: own.as_json(*has.get(name, (each.kind, ())))
        for each in known
        if (name := text.shown(each.name))
    }


def attachment_json(attachment: Attachment) -> dict[str, Any]:
    """Return a file as JSON: all but its bytes."""
    names = ("id", "uid", "user_id", "name", "media_type", "size", "file_hash", "added_at")
    return {name: getattr(attachment, name) for name in names}


def post_json(post: Post) -> dict[str, Any]:
    """Return a post as JSON."""
    names = (
        "id",
        "uid",
        "user_id",
        "title",
        "body",
        "date",
        "follow_up",
        "done_at",
        "created_at",
        "updated_at",
    )
    return {name: getattr(post, name) for name in names} | {"people": [user.id for user in post.people]}


def body() -> dict[str, Any]:
    """Return the request's JSON object. Raises UnsupportedMediaType (415), Invalid (422)."""
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        given = request.get_json(silent=True)
    except RecursionError:  # brackets without end
        given = None
    if not isinstance(given, dict):
        raise Invalid({"": Message("json.object")})
    return given


def known(given: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return `given`. Raises Invalid for a field there is not: a typo must not vanish silently."""
    if unknown := [name for name in given if name not in names]:
        raise Invalid({name: Message("json.unknown") for name in unknown})
    return given


def page_asked() -> tuple[int, int]:
    """Return `page` (from 1) and `per_page` (1 to 200) of the query string. Raises Invalid."""
    faults, found = {}, {}
    for name, default, most in (("page", 1, 1_000_000), ("per_page", PER_PAGE, MOST_PER_PAGE)):
        number = addresses.number(request.args, name) if name in request.args else default
        if number and number <= most:
            found[name] = number
        else:
            faults[name] = Message("page.number", {"most": most})
    if faults:
        raise Invalid(faults)
    return found["page"], found["per_page"]


def sort_asked(names: Collection[str]) -> str:
    """Return `sort` of the query string: '' or one of `names`, `-` before it or not. Raises Invalid."""
    sort = request.args.get("sort", "")
    if sort and sort.removeprefix("-") not in names:
        raise Invalid({"sort": Message("sort.unknown", {"known": ", ".join(names)})})
    return sort


def listed(rows: list[dict[str, Any]], total: int, page: int, per_page: int) -> Response:
    """Return a list with X-Total-Count and, where there are more, Link (RFC 8288)."""
    response = jsonify(rows)
    response.headers["X-Total-Count"] = str(total)
    last = max(1, -(-total // per_page))
    pages = {"first": 1, "prev": page - 1, "next": page + 1, "last": last}
    links = [
        f'<{url_for(request.endpoint or "", **_asked(number))}>; rel="{name}"'
        for name, number in pages.items()
        if 1 <= number <= last and number != page
    ]
    if links:
        response.headers["Link"] = ", ".join(links)
    return response


def _asked(page: int) -> dict[str, Any]:
    return {**request.args.to_dict(), "page": page}
