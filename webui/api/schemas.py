"""What the API takes and gives, as JSON Schema: made from the same names and limits that the store keeps.

Its counterpart is `shapes`, which makes the JSON itself. Not for addresses: those are in `description`.
"""

from collections.abc import Collection, Mapping
from typing import Any

from webui.store import posts, relations
from webui.store.values import person

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
ID: Schema = {"type": "integer", "minimum": 1, "maximum": 10**18 - 1}
COUNT: Schema = {"type": "integer", "minimum": 0}
MOMENT: Schema = {"type": "string", "format": "date-time"}


def ref(name: str) -> Schema:
    """Return a reference to one of `schemas`."""
    return {"$ref": f"#/components/schemas/{name}"}


def listed(item: Schema) -> Schema:
    """Return a list of `item`."""
    return {"type": "array", "items": item}


def schemas() -> dict[str, Schema]:
    """Return every schema there is, by its name."""
    return {
        "Person": _person(),
        "PersonGiven": _person_given(),
        "PersonInList": _whole({"id": ID, "username": TEXT, "email": _or_null(TEXT)}),
        "PersonMade": _whole({"message": TEXT, "user": ref("Person")}),
        "Post": _post(),
        "PostAbout": _given(_post_texts() | {"people": _people(), "user_id": ID}, ["user_id", "title"]),
        "PostChanged": _given(
            _post_texts() | {"people": _people(), "done": {"type": ["boolean", "null"]}},
        ),
        "PostMade": _whole({"message": TEXT, "post": ref("Post")}),
        "Attachment": _attachment(),
        "AttachmentGiven": _given({"name": TEXT}),
        "RelationGiven": _relation_given(),
        "Problem": _problem(),
    }


def _whole(properties: Mapping[str, Schema]) -> Schema:
    """Return an object that has all of these and nothing else."""
    return _given(properties, properties)


def _given(properties: Mapping[str, Schema], required: Collection[str] = ()) -> Schema:
    found = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    return found | ({"required": list(required)} if required else {})


def _or_null(schema: Schema, longest: int | None = None) -> Schema:
    return schema | {"type": [schema["type"], "null"]} | ({"maxLength": longest} if longest else {})


def _rows(*, limits: bool) -> dict[str, Schema]:
    found = {}
    for name, parts in person.LISTS.items():
        longest = {"label": person.LONGEST_LABEL, **parts}
        fields = {part: TEXT | ({"maxLength": most} if limits else {}) for part, most in longest.items()}
        found[name] = listed(_given(fields) if limits else _whole(fields))
    if limits:
        return {name: rows | {"maxItems": person.MOST_ROWS} for name, rows in found.items()}
    return found


def _person() -> Schema:
    related = {"id": ID, "kind": {"enum": list(relations.BACK)}, "label": TEXT, "user_id": ID}
    return _whole(
        {"id": ID, "uid": TEXT}
        | {name: _or_null(TEXT) for name in person.FIELDS}
        | _rows(limits=False)
        | {
            "tags": listed(TEXT),
            "fields": {"type": "object", "description": "Own fields by name, null where empty."},
            "photo": {"type": ["string", "null"], "description": "SHA-256 of the picture."},
            "attachments": listed(ref("Attachment")),
            "relations": listed(_whole(related)),
            "created_at": MOMENT,
            "updated_at": MOMENT,
        }
    )


def _person_given() -> Schema:
    texts = {name: _or_null(TEXT, most) for name, most in person.LONGEST.items()}
    tags = listed(TEXT | {"maxLength": person.LONGEST_TAG}) | {"maxItems": person.MOST_ROWS}
    own = {"type": "object", "description": "Own fields by name: a text, a number, true or false, or a list."}
    return _given(texts | _rows(limits=True) | {"tags": tags, "fields": own})


def _post_texts() -> dict[str, Schema]:
    return {name: _or_null(TEXT, most) for name, most in posts.LONGEST.items()}


def _people() -> Schema:
    return listed(ID) | {"description": "Whom else it is about, by id."}


def _post() -> Schema:
    dates = {"date": TEXT, "follow_up": _or_null(TEXT), "done_at": _or_null(MOMENT)}
    return _whole(
        {"id": ID, "uid": TEXT, "user_id": ID, "title": TEXT, "body": _or_null(TEXT)}
        | dates
        | {"people": listed(ID), "created_at": MOMENT, "updated_at": MOMENT}
    )


def _attachment() -> Schema:
    texts = dict.fromkeys(("uid", "name", "media_type", "file_hash"), TEXT)
    return _whole({"id": ID, "user_id": ID, **texts, "size": COUNT, "added_at": MOMENT})


def _relation_given() -> Schema:
    label = _or_null(TEXT, relations.LONGEST_LABEL)
    kinds = {"enum": list(relations.BACK), "description": "What they are to the person."}
    given = {"people": listed(ID) | {"minItems": 1}, "kind": kinds, "label": label, "back_label": label}
    return _given(given, ["people", "kind"])


def _problem() -> Schema:
    """RFC 9457, with what Roster adds."""
    more = {"errors": {"type": "object", "additionalProperties": TEXT}, "start": COUNT, "end": COUNT}
    told = {"type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT}
    return _given(told | more, list(told))
