"""A person's record and the mapping that a form is: each from the other, touching only what differs."""

from collections.abc import Mapping, Sequence
from typing import Any

from webui.store.models import (
    Detail,
    User,
    UserAddress,
    UserDate,
    UserEmail,
    UserHandle,
    UserLink,
    UserPhone,
)
from webui.store.values import dates, person, phones, text

Row = Detail | UserEmail
ROWS: dict[str, type[Any]] = {
    "emails": UserEmail,
    "phones": UserPhone,
    "addresses": UserAddress,
    "links": UserLink,
    "handles": UserHandle,
    "dates": UserDate,
}


def values(user: User) -> dict[str, Any]:
    """Return a person as the mapping that a form is: every field, '' for an empty one, every list, `tags`."""
    found: dict[str, Any] = {name: _said(user, name) or "" for name in person.FIELDS}
    for name in person.LISTS:
        found[name] = [row_values(name, row) for row in getattr(user, name)]
    return found | {"tags": [tag.name for tag in user.tags]}


def row_values(name: str, row: Row) -> dict[str, str]:
    """Return a row of the list `name` as a mapping: its label and its fields."""
    return {each: _said(row, each) or "" for each in ("label", *person.LISTS[name])}


def take(user: User, wanted: Mapping[str, Any], region: str) -> list[str]:
    """Set what differs from cleaned values, and return the names of the fields and lists that did.

    `region` is where phones without a country's code belong to, '' for nowhere.
    """
    changed = []
    for name in person.FIELDS:
        if name in wanted and not _says(user, name, wanted[name]):
            _set(user, name, wanted[name] if name != "display_name" else wanted[name] or "", region)
            changed.append(name)
    return changed + [
        name for name in person.LISTS if name in wanted and _take_rows(user, name, wanted[name], region)
    ]


def _take_rows(user: User, name: str, wanted: Sequence[Mapping[str, str]], region: str) -> bool:
    """Make the rows of a list those of `wanted`, in order, and tell whether any differed.

    A row that stays is not written: what another program left in it may be more than can be shown.
    """
    kept: list[Row] = getattr(user, name)
    rows, changed = list(kept), False
    while len(rows) > len(wanted):
        kept.remove(rows.pop(_left_out(rows, wanted)))
        changed = True
    for row, given in zip(rows, wanted, strict=False):
        for each in [each for each in given if not _says(row, each, given[each])]:
            _set(row, each, given[each], region)
            changed = True
    for given in wanted[len(rows) :]:
        row = ROWS[name]()
        for each, value in given.items():
            _set(row, each, value, region)
        kept.append(row)
        changed = True
    return changed


def _left_out(rows: Sequence[Row], wanted: Sequence[Mapping[str, str]]) -> int:
    """Return which row goes where there are too many: one unwanted, best of a label unwanted too."""
    labels = {given.get("label") for given in wanted}
    unwanted = [
        at
        for at, row in enumerate(rows)
        if not any(all(_says(row, *each) for each in given.items()) for given in wanted)
    ]
    return next((at for at in unwanted if rows[at].label not in labels), *unwanted[:1] or [len(wanted)])


def _said(record: User | Row, name: str) -> str | None:
    """Return what a field says: of a date what was typed."""
    if name == "birthday":
        return record.birthday_typed or record.birthday  # type: ignore[union-attr]  # people alone have one
    if isinstance(record, UserDate) and name == "date":
        return record.typed
    found: str | None = getattr(record, name)
    return found


def _says(record: User | Row, name: str, value: str | None) -> bool:
    """Tell whether a field says `value` already, in whatever way it is written."""
    if value and name in ("birthday", "date") and value == getattr(record, name):
        return True  # the same day, without the words it was typed in
    return person.plain(name, _said(record, name)) == (value or "")


def _set(record: User | Row, name: str, value: str | None, region: str) -> None:
    """Set a field, and what is kept beside it."""
    if name == "birthday" and isinstance(record, User):
        record.birthday_typed, record.birthday = value, dates.parse(value) if value else None
    elif isinstance(record, UserDate) and name == "date":
        record.typed, record.date = value or "", dates.parse(value or "")
    else:
        setattr(record, name, value)
    if isinstance(record, UserPhone) and name == "phone":
        record.phone_key = phones.key(value or "", region)


def texts(name: str, image: Mapping[str, Any]) -> dict[str, str]:
    """Return the label and the parts of a row of a list as texts; of a date what was typed."""
    found = {each: text.shown(image.get(each)) for each in ("label", *person.LISTS[name])}
    if name == "dates":
        found["date"] = text.shown(image.get("typed") or image.get("date"))
    return found
