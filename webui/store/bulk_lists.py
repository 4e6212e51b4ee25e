"""A part of what people have lists of, as their city or phone, for many at once.

It is set in the row that a cell shows, or in a new one; cleared it is in all rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from webui.store import errors, settings
from webui.store.values import person, phones, times
from webui.store.values import text as texts

# The table, the list in a form, and the column: as the cell of a sheet is written.
PARTS = {
    "phone": ("user_phones", "phones", "phone"),
    "link": ("user_links", "links", "url"),
    **{
        part: ("user_addresses", "addresses", part)
        for part in ("street", "postal_code", "city", "region", "country")
    },
}


@dataclass(frozen=True)
class Value:
    """What something that is one text is to hold; `value` is '' where it is cleared."""

    name: str
    value: str

    @property
    def values(self) -> dict[str, Any]:
        return {"value": self.value}

    @property
    def now(self) -> str:
        return self.value

    def read(self, was: Any) -> str:
        return texts.shown(was)


@dataclass(frozen=True)
class Listed(Value):
    """A part of a list, and what its row is to hold besides."""

    more: Mapping[str, str | None]

    @property
    def said(self) -> str:
        """SQL of what `u` has there: in the row that a cell shows, in all where they are cleared."""
        if self.value:
            return f"coalesce((SELECT {self._part} FROM {self._shown('u.id')}), '')"
        rows = f"{self._table} a WHERE a.user_id = u.id AND a.{self._part} <> ''"
        return f"coalesce((SELECT group_concat(CAST({self._part} AS TEXT), ', ') FROM {rows}), '')"

    @property
    def differs(self) -> str:
        return f"{self.said} IS NOT :value"

    def write(self, session: Session) -> None:
        for statement in self._set() if self.value else self._cleared():
            session.execute(text(statement), {"value": self.value, **self.more})
        touch(session)

    def _set(self) -> list[str]:
        shown = f"SELECT (SELECT a.id FROM {self._shown('d.id')}) FROM temp.differing d"
        sets = ", ".join([f"{self._part} = :value", *(f"{name} = :{name}" for name in self.more)])
        # A new row says nothing else: no label, and of an address no other part.
        others = [
            each for each in ("label", *person.LISTS[self._list]) if each not in (self._part, *self.more)
        ]
        columns = ", ".join(("user_id", self._part, *self.more, *others))
        said = ", ".join(("id", ":value", *(f":{name}" for name in self.more), *("''" for _each in others)))
        without = f"id NOT IN (SELECT user_id FROM {self._table})"
        return [
            f"UPDATE {self._table} SET {sets} WHERE id IN ({shown})",
            f"INSERT INTO {self._table} ({columns}) SELECT {said} FROM temp.differing WHERE {without}",
        ]

    def _cleared(self) -> list[str]:
        """Clear it in each row; a row of which nothing is left goes."""
        of = f"{self._table} WHERE user_id IN (SELECT id FROM temp.differing)"
        others = [each for each in person.LISTS[self._list] if each != self._part]
        if not others:
            return [f"DELETE FROM {of}"]
        nothing = " AND ".join(f"{each} = ''" for each in others)
        return [
            f"DELETE FROM {of} AND {self._part} <> '' AND {nothing}",
            f"UPDATE {of.replace(' WHERE', f' SET {self._part} = :value WHERE')} AND {self._part} <> ''",
        ]

    def _shown(self, user_id: str) -> str:
        """The row that a cell shows: the first that says anything there."""
        of = f"{self._table} WHERE user_id = {user_id}"
        return f"(SELECT * FROM {of} ORDER BY {self._part} = '', id LIMIT 1) a"

    @property
    def _table(self) -> str:
        return PARTS[self.name][0]

    @property
    def _list(self) -> str:
        return PARTS[self.name][1]

    @property
    def _part(self) -> str:
        return PARTS[self.name][2]


def touch(session: Session) -> None:
    """Note that those whose rows were written have changed."""
    users = "UPDATE users SET updated_at = :now WHERE id IN (SELECT id FROM temp.differing)"
    session.execute(text(users), {"now": times.now()})


def judged(session: Session, name: str, value: Any) -> Listed:
    """Return what one of PARTS is to hold, cleaned as in a form. Raises Invalid (value)."""
    _table, listed, part = PARTS[name]
    cleaned = person.clean({listed: [{part: value}]})
    for fault in cleaned.faults.values():
        raise errors.Invalid({"value": fault})
    rows = cleaned.values[listed]
    said = rows[0][part] if rows else ""
    key = phones.key(said, settings.get(session, "phone_region")) if name == "phone" else None
    return Listed(name, said, {"phone_key": key} if name == "phone" else {})
