"""A person outside the database: a mapping of typed values, and what may be kept of it.

The same mapping comes from a form, a JSON body and an imported row. Keys: `username`, `email`, the
name parts, `display_name`, `nickname`, `note`, and `emails`, a list of {"label", "email"}.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from webui.store.errors import Message
from webui.store.values import emails, names, text

LONGEST = {
    "username": 80,
    "email": emails.LONGEST,
    "display_name": 200,
    "prefix": 60,
    "given": 120,
    "additional": 120,
    "family": 120,
    "suffix": 60,
    "nickname": 120,
    "note": 1_000_000,
}
FIELDS = tuple(LONGEST)
_NAMES = {"display_name", *names.PARTS}
LONGEST_LABEL, LONGEST_FURTHER_EMAIL, _MOST_EMAILS = 60, 320, 300


@dataclass
class Cleaned:
    """What `clean` made of a mapping: only the keys that were given, None for what is empty.

    `hard` faults can't be stored at all; `soft` ones are doubtful values that a form asks about and
    an import keeps with a warning.
    """

    values: dict[str, Any] = field(default_factory=dict)
    hard: dict[str, Message] = field(default_factory=dict)
    soft: dict[str, Message] = field(default_factory=dict)

    @property
    def faults(self) -> dict[str, Message]:
        """All faults by field."""
        return {**self.soft, **self.hard}


def clean(form: Mapping[str, Any], have: Mapping[str, Any] | None = None) -> Cleaned:
    """Return the values of `form` as they would be kept, and their faults.

    `have` are the values that the person has: what says the same is not judged again, since an import
    or another program may have put it there, and the rest has to stay within reach.
    """
    found, have = Cleaned(), have or {}
    for name in FIELDS:
        if name in form:
            _take(found, name, form[name], have.get(name))
    if "emails" in form:
        _take_emails(found, form["emails"], have.get("emails", []))
    if "username" in form and not found.values.get("username") and "username" not in found.hard:
        found.hard["username"] = Message("username.required")
    if not _NAMES.isdisjoint(found.values) and not found.values.get("display_name"):  # not chosen by hand
        found.values["display_name"] = names.display(found.values)
    return found


def plain(name: str, value: str | None) -> str:
    """Return a field's text as it is kept: on one line, but for a note."""
    return text.lines(value or "").strip() if name == "note" else text.one_line(value or "")


def _take(found: Cleaned, name: str, value: object, has: str | None) -> None:
    if value is not None and not isinstance(value, str):
        found.hard[name] = Message("not_text")
        return
    kept = plain(name, value)
    if not text.keepable(kept):
        found.hard[name], kept = Message("text.unkeepable"), text.kept(kept)
    elif has and kept == plain(name, has):
        pass
    elif len(kept) > LONGEST[name]:
        found.hard[name] = Message("too_long", {"limit": LONGEST[name], "length": len(kept)})
    elif name == "email" and kept and (fault := emails.fault(kept)):
        found.soft[name] = fault
    found.values[name] = kept or None


def _take_emails(found: Cleaned, rows: object, have: Iterable[Mapping[str, str]]) -> None:
    if not isinstance(rows, Iterable) or isinstance(rows, str | bytes | Mapping):
        found.hard["emails"] = Message("not_a_list")
        return
    known = {(text.one_line(row["label"]), text.one_line(row["email"])) for row in have}
    kept: list[dict[str, str]] = []
    for position, row in enumerate(rows):
        if not isinstance(row, Mapping):
            found.hard["emails"] = Message("not_a_list")
            return
        address, label = (
            text.one_line(str(row.get("email") or "")),
            text.one_line(str(row.get("label") or "")),
        )
        if not address:
            continue
        if not text.keepable(address + label):
            found.hard[f"emails-{position}"] = Message("text.unkeepable")
        elif (label, address) in known:
            pass
        elif len(label) > LONGEST_LABEL or len(address) > LONGEST_FURTHER_EMAIL or len(kept) >= _MOST_EMAILS:
            found.hard[f"emails-{position}"] = Message(
                "too_long", {"limit": LONGEST_FURTHER_EMAIL, "length": len(address)}
            )
        elif fault := emails.fault(address):
            found.soft[f"emails-{position}"] = fault
        kept.append({"label": label, "email": address})
    found.values["emails"] = kept
