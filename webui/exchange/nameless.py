"""Rows that name nobody: each is whoever here has its uid, or the key that was chosen, and is refused where
nobody has. Not for rows that an e-mail, a phone or an organisation names: see `people`.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from webui.exchange.columns import HERE, Column
from webui.exchange.plan import as_json
from webui.store.errors import Message
from webui.store.values import names

if TYPE_CHECKING:
    from webui.exchange.people import Person

KEY = "key"  # how such a row is `named`, where it has what someone may be known by
_NAMED = ("username", "display_name", *names.PARTS)
_OWN = (
    "(SELECT coalesce(o.typed, o.value) FROM staged_own o WHERE o.position = staged.position"
    " AND o.field = :field ORDER BY o.rank LIMIT 1)"
)
_NAMING = {*_NAMED, "uid", "full_name", "file_as", "nickname", "organisation", "email", "phone"}


def is_file(columns: Sequence[Column]) -> bool:
    """Tell whether no column of a file can name anyone."""
    return _NAMING.isdisjoint(column.target for column in columns)


def is_one(form: Mapping[str, str]) -> bool:
    """Tell whether nothing in a row names anyone."""
    return not any(map(form.get, _NAMED))


def reason(found: "Person") -> Message:
    """Return why a row can't come in: a cell that should be an e-mail is the reason if it is all there is."""
    bad = next((each for each in found.warnings if each.id == "row.no_address"), None)
    return Message("row.only_no_address", bad.values) if bad else Message("row.nobody")


def look_again(connection: sqlite3.Connection) -> None:
    """Let all be looked for as they came: by now someone may have what they say, or another name."""
    connection.execute("UPDATE staged SET display_name = NULL WHERE named = ?", (KEY,))
    connection.execute(
        "UPDATE staged SET readable = 1 WHERE named = ?"
        " AND json_extract(reason, '$[0]') IN ('row.nobody_here', 'row.nobody')",
        (KEY,),
    )


def refuse(connection: sqlite3.Connection, columns: Sequence[Column], key: str | None) -> None:
    """Refuse those that are nobody here: by their key, or by their uid where they have none."""
    names_ = {each.target: each.name for each in columns}
    field = key.removeprefix(HERE) if key else ""
    for target, value in ((key, _OWN), ("uid", "told_uid")):
        if target in names_:
            connection.execute(
                "UPDATE staged SET readable = 0, verdict = 'refused', reason = json_array("
                f"'row.nobody_here', json_object('column', :column, 'value', {value}))"
                f" WHERE named = :named AND readable AND user_id IS NULL AND {value} IS NOT NULL",
                {"column": names_[target], "field": field, "named": KEY},
            )
    connection.execute(  # a number, say, that is none
        "UPDATE staged SET readable = 0, verdict = 'refused', reason = ?"
        " WHERE named = ? AND readable AND user_id IS NULL",
        (as_json(Message("row.nobody")), KEY),
    )


def call(connection: sqlite3.Connection) -> None:
    """Call those that are someone by their names, once it is known what the rows change: for who reads it."""
    connection.execute(
        "UPDATE staged SET display_name = u.display_name, username = u.username FROM live.users u"
        " WHERE staged.named = ? AND u.id = staged.user_id",
        (KEY,),
    )
