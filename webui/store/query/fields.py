"""The fields that everyone has, as a query names them, and what each is asked by.

Own fields come beside them (`own`). `docs/search.md` and the page of help name each; a test holds them to it.
"""

from dataclasses import dataclass, replace

from webui.store.ledger.texts import NO_EMAIL
from webui.store.query.days import Put
from webui.store.query.plan import TRASH, Leaf


@dataclass(frozen=True)
class Text:
    """A text of a table's rows, whose words begin so; `column` of the full text holds it too."""

    table: str
    said: str
    column: str


@dataclass(frozen=True)
class Part:
    """Values of which a part is asked for, compared by keys: a table and its key's column. `column` of the
    full text holds them too, where one does."""

    tables: tuple[tuple[str, str], ...]
    column: str = ""


@dataclass(frozen=True)
class Date:
    """A day: `column` of `users` with unknown parts, or a moment, or full days."""

    column: str
    kind: str


_ADDRESS = "street || ' ' || extra || ' ' || po_box || ' ' || postal_code || ' ' || city || ' ' || region"
TEXTS = {
    "city": Text("user_addresses", "city", "reach"),
    "country": Text("user_addresses", "country", "reach"),
    "address": Text("user_addresses", f"{_ADDRESS} || ' ' || country", "reach"),
    "organisation": Text("users", "organisation", "reach"),
    "department": Text("users", "department", "reach"),
    "job": Text("users", "job_title", "reach"),
    "note": Text("users", "note", "body"),
}
PARTS = {
    "email": Part((("person_text", "email_sort"), ("user_emails", "email_key")), "reach"),
    "username": Part((("users", "username_key"),)),
    "link": Part((("user_links", "lower(url)"),)),
    "messenger": Part((("user_handles", "lower(handle)"),)),
}
DATES = {
    "birthday": Date("birthday", "partial"),
    "age": Date("birthday", "age"),
    "added": Date("created_at", "moment"),
    "changed": Date("updated_at", "moment"),
    "last-post": Date("last_post", "day"),
}
# What follows each in an example; the order is that of the menu of filters.
EXAMPLES = {
    "tag": "tag:choir",
    "city": "city:lund",
    "country": "country:sweden",
    "address": "address:kastanjegatan",
    "birthday": "birthday:march",
    "age": "age:>40",
    "organisation": "organisation:library",
    "department": "department:history",
    "job": "job:teacher",
    "name": "name:mara",
    "username": "username:mara.l",
    "email": "email:@gmail.com",
    "phone": "phone:465004",
    "link": "link:lindqvist",
    "messenger": "messenger:mara",
    "relation": "relation:spouse",
    "note": "note:alto",
    "post": "post:concert",
    "last-post": "last-post:>90d",
    "added": "added:<30d",
    "changed": "changed:<7d",
    "has": "has:photo",
    "no": "no:email",
}
# What the other is to someone, and what it is called from the other's side.
RELATIONS = {
    "spouse": "spouse", "parent": "child", "child": "parent", "sibling": "sibling", "friend": "friend",
    "colleague": "colleague",
}  # fmt: skip

_ROWS = {
    "phone": "user_phones",
    "address": "user_addresses",
    "link": "user_links",
    "messenger": "user_handles",
    "date": "user_dates",
    "tag": "user_tags",
    "file": "attachments",
}
_COLUMNS = {
    "photo": "photo_hash",
    "birthday": "coalesce(birthday, birthday_typed)",
    "note": "note",
    "organisation": "organisation",
    "department": "department",
    "job": "job_title",
    "nickname": "nickname",
}
THINGS: tuple[str, ...] = (
    "photo",
    "email",
    "phone",
    "birthday",
    "address",
    "tag",
    "post",
    "note",
    "organisation",
    "department",
    "job",
)
THINGS = (*THINGS, "nickname", "link", "messenger", "relation", "date", "file", "follow-up")


def has(thing: str, wanted: bool, put: Put) -> Leaf:
    """Return the condition of those who have one of THINGS, or have none."""
    if thing in ("email", "post"):
        column, none = ("email_sort", NO_EMAIL) if thing == "email" else ("last_post", "")
        compared = {("email", True): "<", ("post", True): ">"}.get((thing, wanted), "=")
        return of_text(f"{column} {compared} {put(none)}")
    if thing in _COLUMNS:
        is_it = "<>" if wanted else "="
        return of_user(f"coalesce({_COLUMNS[thing]}, '') {is_it} ''")
    if thing == "relation":
        return _wanted(_of_either(*related()), wanted)
    if thing == "follow-up":
        is_open = f"follow_up > '' AND done_at IS NULL AND deleted_at IS NULL AND p.user_id NOT IN ({TRASH})"
        others = f"post_users a JOIN posts p ON p.id = a.post_id WHERE {is_open}"
        either = _of_either(("p.user_id", f"posts p WHERE {is_open}"), ("a.user_id", others))
        # In one go, for which SQLite takes the index of those to come back to; and as one SELECT, or what is
        # merged with it would be merged with half of it.
        source = f"SELECT * FROM ({' UNION '.join(either.sources)})"
        return _wanted(replace(either, sources=(source,)), wanted)
    return _wanted(of_rows(_ROWS[thing], "1"), wanted)


def related() -> tuple[tuple[str, str], ...]:
    """Return for each side of a relation its column, and the relations `t` to those not in the trash."""
    sides = (("user_id", "other_id"), ("other_id", "user_id"))
    return tuple((side, f"relations t WHERE {other} NOT IN ({TRASH})") for side, other in sides)


def _of_either(*sides: tuple[str, str]) -> Leaf:
    """Return the condition that someone is in a column of one of some relations."""
    tests = (f"EXISTS (SELECT 1 FROM {rows} AND {column} = {{id}})" for column, rows in sides)
    sources = (f"SELECT DISTINCT {column} FROM {rows}" for column, rows in sides)
    return Leaf(f"({' OR '.join(tests)})", tuple(sources))


def of_text(where: str, countable: bool = True) -> Leaf:
    """Return a condition on `person_text` that an index answers."""
    test = f"EXISTS (SELECT 1 FROM person_text t WHERE t.user_id = {{id}} AND {where})"
    return Leaf(test, (f"SELECT user_id FROM person_text t WHERE {where}",), living=True, countable=countable)


def of_user(where: str, by_index: bool = False) -> Leaf:
    """Return a condition on a row of `users`, for which everyone has to be read, or an index that has it."""
    # Not by the index of those who live, which would look up each row.
    source = (
        f"SELECT id FROM users t {'' if by_index else 'NOT INDEXED'} WHERE deleted_at IS NULL AND {where}"
    )
    test = f"EXISTS (SELECT 1 FROM users t WHERE t.id = {{id}} AND {where})"
    return Leaf(test, (source,), living=True, countable=False, cost=1)


def of_birthday(where: str) -> Leaf:
    """Return a condition on `users.birthday`, which its index answers."""
    known = f"t.birthday IS NOT NULL AND {where}"
    return replace(of_user(known, by_index=True), countable=True)


def of_rows(table: str, where: str, countable: bool = True) -> Leaf:
    """Return the condition that one of a person's rows in a table meets another."""
    test = f"EXISTS (SELECT 1 FROM {table} t WHERE t.user_id = {{id}} AND +({where}))"  # no index but theirs
    return Leaf(test, (f"SELECT DISTINCT user_id FROM {table} t WHERE {where}",), countable=countable)


def _wanted(leaf: Leaf, wanted: bool) -> Leaf:
    return leaf if wanted else Leaf(f"NOT {leaf.test}")
