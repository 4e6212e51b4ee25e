"""The orders that the list of people can be in, by the names that addresses and saved views have for them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from webui.store.ledger import sorts, texts
from webui.store.ledger.operations import raw


@dataclass(frozen=True)
class Order:
    """An order of people, and whether downwards; the id decides between equals.

    `scan` is what is read in that order (all after FROM, of whoever has a value there), `key` and `id` its
    columns; `value` is SQL that yields the key of the person `{id}`, NULL for someone without; `kind` of what
    kind a key is; `index` a column between key and id by which an index is walked, one for each key; `keys`
    a relation of `user_id` and `key`, where one can be joined; `dear` says that
    downwards many are passed over on the way.
    """

    scan: str = "person_text WHERE 1"
    key: str = "name_key"
    id: str = "user_id"
    value: str = "(SELECT name_key FROM person_text p WHERE p.user_id = {id})"
    down: bool = False
    kind: type = bytes
    index: str = ""
    keys: str = "(SELECT user_id, name_key AS key FROM person_text)"
    dear: bool = False

    def ahead(self, place: Sequence[Any]) -> str:
        """Return what is read from a place (:key, :id) on, from the beginning without one."""
        behind = f"AND ({self.key}, {self.id}) {self._beyond} (:key, :id)" if place else ""
        way = " DESC" if self.down else ""
        inner = f"{self.index}{way}, " if self.index else ""
        # Whoever is beyond a place is beyond the bound of those who have a value: SQLite would begin there.
        bound = f"{self.key} {self._beyond} "
        scan = self.scan.replace(bound, f"+{bound}") if place else self.scan
        return f"FROM {scan} {behind} ORDER BY {self.key}{way}, {inner}{self.id}{way}"

    def joined(self) -> tuple[str, str]:
        """Return what brings its key to a relation `some`, behind FROM some, and the key."""
        return (
            (f"CROSS JOIN {self.keys} o USING (user_id)", "o.key")
            if self.keys
            else ("", self.of("some.user_id"))
        )

    def of(self, user_id: str) -> str:
        """Return SQL of the key of a person."""
        return self.value.replace("{id}", user_id)

    @property
    def is_by_name(self) -> bool:
        """Whether everyone has a value."""
        return self.key == "name_key"

    @property
    def by(self) -> str:
        """The ORDER BY where the columns are called `key` and `user_id`."""
        way = " DESC" if self.down else ""
        return f"ORDER BY key{way}, user_id{way}"

    def behind(self, place: Sequence[Any]) -> str:
        """Return the condition of whoever comes behind a place there; '' at the beginning."""
        return f"AND (key, user_id) {self._beyond} (:key, :id)" if place else ""

    def is_behind(self, found: tuple[int, Any, int], place: tuple[Any, ...]) -> bool:
        """Tell whether (group, key, id) comes behind a place of the same kind."""
        if len(place) == 1 or found[0] != place[0]:  # a group alone is its beginning
            return bool(found[0] >= place[0])
        return found[1:] < place[1:] if self.down else found[1:] > place[1:]

    @property
    def _beyond(self) -> str:
        return "<" if self.down else ">"


BY_NAME = Order()


def _of_table(table: str, key: str, within: str, kind: type = bytes) -> Order:
    """Return the order of a table with a row for each person who has a value: those that are `within`."""
    value = f"(SELECT {key} FROM {table} o WHERE o.user_id = {{id}} AND {within})"
    keys = f"(SELECT user_id, {key} AS key FROM {table} WHERE {within})"
    return Order(f"{table} WHERE {within}", key, value=value, kind=kind, keys=keys)


_NO_EMAIL = f"'{texts.NO_EMAIL}'"
# A person's first tag; whoever is in the trash has tags as well.
_FIRST_TAG = (
    "tags t CROSS JOIN user_tags ut ON ut.tag_id = t.id WHERE ut.user_id IN (SELECT user_id FROM person_text"
    " WHERE user_id = ut.user_id) AND NOT EXISTS (SELECT 1 FROM user_tags o JOIN tags s ON s.id = o.tag_id"
    " WHERE o.user_id = ut.user_id AND s.name_key < t.name_key) AND t.name_key IS NOT NULL"
)
_ORDERS = {
    "name": BY_NAME,
    "email": _of_table("person_text", "email_sort", f"email_sort < {_NO_EMAIL}", str),
    "last_post": _of_table("person_text", "last_post", "last_post > ''", str),
    "tags": Order(
        _FIRST_TAG,
        "t.name_key",
        "ut.user_id",
        "(SELECT min(s.name_key) FROM user_tags o JOIN tags s ON s.id = o.tag_id WHERE o.user_id = {id})",
        kind=str,
        index="t.id",
        keys="",
        dear=True,  # each tag that is not someone's first
    ),
}


def read(session: Session, sort: str) -> Order | None:
    """Return the order that `sort` names (a column of the list, with `-` before it downwards), None where it
    names none or one that the list has not now."""
    name = sort.removeprefix("-")
    order = _ORDERS.get(name) or _of_column(session, name)
    return replace(order, down=sort.startswith("-")) if order else None


def is_one(sort: str) -> bool:
    """Tell whether `sort` can name an order, with this or other columns shown."""
    name = sort.removeprefix("-")
    return name in _ORDERS or name in sorts.STANDARD or (name.startswith(sorts.OWN) and len(name) <= 40)


def _of_column(session: Session, name: str) -> Order | None:
    if name not in sorts.STANDARD and not name.startswith(sorts.OWN):
        return None
    number = sorts.number(raw(session.connection()), name)
    if number is None:
        return None
    return _of_table("person_sorts", "key", f'"column" = {number}')
