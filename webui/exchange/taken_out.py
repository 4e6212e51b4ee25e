"""What a person took out by hand, of lists or fields: where a file still says it as it did, it stays out.

Not for what files replace or take out: see `replaced`.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from sqlite3 import Connection

from webui.exchange import lists, rules
from webui.exchange.columns import HERE
from webui.exchange.earlier import Earlier, Item
from webui.exchange.replacing import Told
from webui.exchange.schema import TEXTS
from webui.store.values import names, text

# By these a person writes what no file brought.
BY_HAND = json.dumps(
    ("users.add", "users.change", "users.put_back", "bulk.set", "bulk.tag", "sheet.fill", "outside")
)
_MAY_BE_EMPTY = set(TEXTS) - {"display_name", *names.PARTS}
_KEYED = {name: ", ".join(f"h.{each}" for each in columns) for name, columns in lists.COLUMNS.items()}
_KEYED["phones"] = _KEYED["phones"].replace("h.phone_key", "coalesce(h.phone_key, e164(h.phone))")
_WAS = """SELECT {key} FROM live.history_{table} h JOIN live.operations o ON o.id = h.operation {more}
WHERE {whose} AND h.existed AND o.undone_by IS NULL
  AND o.message IN (SELECT value FROM json_each(:by_hand))"""
_QUERIES = {
    "emails": _WAS.format(key="h.email_key", table="user_emails", more="", whose="h.user_id = :user")
    + " UNION ALL "
    + _WAS.format(key="h.email_key", table="users", more="", whose="h.id = :user")
    + """ AND h.email_key IS NOT (SELECT n.email_key FROM live.history_users n
      WHERE n.id = h.id AND n.operation > h.operation ORDER BY n.operation LIMIT 1)""",
    "tags": _WAS.format(
        key="t.name_key",
        table="user_tags",
        more="JOIN live.tags t ON t.id = h.tag_id",
        whose="h.user_id = :user",
    ),
    **{
        name: _WAS.format(
            key=f"detail_key('{name}', {keyed})", table=lists.TABLES[name], more="", whose="h.user_id = :user"
        )
        for name, keyed in _KEYED.items()
    },
}
_IMAGES = """SELECT o.undone_by IS NULL AND o.message IN (SELECT value FROM json_each(:by_hand)), {values}
FROM live.history_users h JOIN live.operations o ON o.id = h.operation
WHERE h.id = :user AND h.existed ORDER BY h.operation"""
_OWN = _WAS.format(
    key="h.value_key",
    table="field_values",
    more="JOIN live.fields f ON f.id = h.field_id",
    whose="h.user_id = :user AND f.uid = :field",
)


def leave(
    connection: Connection,
    earlier: Earlier,
    name: str,
    user: int,
    told: Sequence[Told],
    said: Sequence[Item],
    rows: Sequence[tuple[int, int]],
) -> Sequence[Told]:
    """Mark in the plan what stays as it is here, and return what rows say of a list with that as had: of what
    the person has not, what the newest file said (`rows` are those of all, the newest first; `said` is what
    all said) and was taken out by hand."""
    known = {each.key for each in said}
    maybe = {each.item.key for each in told if not each.had and each.item.key in known}
    if not maybe:
        return told
    gone = _taken_out(connection, name, user)
    maybe = {key for key in maybe if key.rstrip(lists.AGAIN) in gone}
    if maybe:
        newest = earlier.said(earlier.newest(rows))
        maybe &= {each.key for each in newest.get(name, ())}
        _mark(connection, name, [(each.position, each.item.key) for each in told if each.item.key in maybe])
    return [each._replace(had=True) if each.item.key in maybe else each for each in told]


def fields(
    connection: Connection,
    earlier: Earlier,
    user: int,
    uid: str | None,
    changes: Mapping[str, Sequence[str | None]],
) -> set[str]:
    """Return those of the fields, of `changes` (field -> [old, new]), that were emptied by hand, while the
    newest file said what this one says. Names are none: nobody is without."""
    empty = [name for name, (was, _now) in changes.items() if not was and name in _MAY_BE_EMPTY]
    if not empty:
        return set()
    query = _IMAGES.format(values=", ".join(f"h.{name}" for name in empty))
    images = connection.execute(query, {"user": user, "by_hand": BY_HAND}).fetchall()
    left = [*images[1:], (0, *(None for _name in empty))]  # by each of them: they are empty now
    had = {
        name
        for (by_hand, *before), (_by, *after) in zip(images, left, strict=False)
        for name, was, became in zip(empty, before, after, strict=True)
        if by_hand and was and not became
    }
    if not had or not (rows := earlier.rows({user: {uid}}).get(user)):
        return set()
    newest = [earlier.fields(row) for row in earlier.newest(rows)]
    return {name for name in had if any(each.get(name) == changes[name][1] for each in newest)}


def _taken_out(connection: Connection, name: str, user: int) -> Collection[str]:
    query = _OWN if name.startswith(HERE) else _QUERIES[name]
    values = {"user": user, "field": name.removeprefix(HERE), "by_hand": BY_HAND}
    return {text.shown(key) for (key,) in connection.execute(query, values)}


def _mark(connection: Connection, name: str, found: Sequence[tuple[int, str]]) -> None:
    table, key = f"staged_{name}", "\"key\" || replace(hex(zeroblob(again)), '00', char(0))"
    key = {"emails": "email_key", "tags": "name_key"}.get(name, key)
    if name.startswith(HERE):
        table, key = "staged_own", "value_key"
    connection.executemany(f"UPDATE {table} SET had = {rules.STAYS} WHERE position = ? AND {key} = ?", found)
