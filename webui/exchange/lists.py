"""What a person has any number of, as the plan keeps it: which columns, and when two rows are the same.

Not for e-mails, by which people are matched: those have a table of their own.
"""

import re

from webui.store.records import ROWS
from webui.store.values import patterns, phones, text

# The columns of each list, as its table in the database has them, without the keys; the label is the first.
COLUMNS = {
    name: tuple(column.name for column in model.__table__.c if column.name not in ("id", "user_id"))
    for name, model in ROWS.items()
    if name != "emails"
}
TABLES = {name: ROWS[name].__tablename__ for name in COLUMNS}
_EXTENSION = re.compile(r"(?:ext|x|#|dw|durchwahl)[^\da-z]*(\d+)\s*$")


AGAIN = "\0"  # ends the key of a row that is the same as one before it


def key(name: str, *values: object) -> str:
    """Return by what two rows of a list are the same; `values` in the order of COLUMNS.

    A label counts where it says what the row is: of a handle and of a date. As a function of SQL it may be
    given whatever another program left in a column, see `keyed`.
    """
    return same(name, *map(text.shown, values))


def keyed(name: str, row: str, *, foreign: bool = False) -> str:
    """Return the SQL of that key, for the `row` of its table; a phone is read as one of the plan's region
    where it is of none yet, if `foreign`."""
    values = {column: patterns.as_bytes(f"{row}.{column}") for column in COLUMNS[name]}
    if foreign and name == "phones":
        values["phone_key"] = f"coalesce({values['phone_key']}, e164({values['phone']}))"
    return f"detail_key('{name}', {', '.join(values.values())})"


def same(name: str, label: str, *said: str) -> str:
    """Return the same of texts, '' for what is empty."""
    if name == "phones":
        extension = _EXTENSION.search(said[0].lower())  # the form beside it leaves that out
        number = said[0][: extension.start()] if extension else said[0]
        known = said[1] or phones.dialled(number).lstrip("+") or text.key(said[0])
        return f"{known} {extension[1]}" if extension else known
    if name == "addresses":
        return "\n".join([each and text.key(text.one_line(each)) for each in said])
    if name == "links":
        start, mark, path = said[0].rstrip("/").partition("://")
        host, slash, rest = path.partition("/")  # what stands behind it is of two pages where it differs
        return f"{start.casefold()}{mark}{host.casefold()}{slash}{rest}"
    if name == "dates":
        return f"{text.key(label)}\n{said[0] or text.key(said[1])}"
    return f"{text.key(label)}\n{text.key(said[0])}"


def shown(name: str, values: dict[str, str | None]) -> str:
    """Return a row as a preview shows it, without its label."""
    said = [values[column] for column in COLUMNS[name][1:] if column != "phone_key"]
    return said[1] or "" if name == "dates" else ", ".join(filter(None, said))
