"""A file that is to be imported, as it was found, and where its columns go. Nothing of it is staged yet."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from webui.exchange import columns, own_columns, remembered
from webui.exchange.columns import HERE, Column
from webui.exchange.reading import kinds
from webui.exchange.tables import Options, Table


def look(
    session: Session, source: Path | bytes, options: Options | None = None
) -> tuple[Table, list[Column]]:
    """Return a file as it was found, and where its columns go: as when such a file came in last, or by name.

    Raises Refused.
    """
    sheet = kinds.look(source, options)
    there = own_columns.known(session)
    if sheet.fixed:
        return sheet, own_columns.within(own_columns.by_name(sheet, sheet.fixed, there), there)
    if not sheet.header:
        return sheet, columns.by_content(sheet.first)
    found = own_columns.by_name(sheet, columns.by_name(sheet.header, sheet.first), there)
    return sheet, remembered.apply(session, found, {f"{HERE}{each.uid}" for each in there})


def chosen(session: Session, found: Sequence[Column], choices: Sequence[str]) -> list[Column]:
    """Return the columns with the targets a person chose, one a column. Raises Refused."""
    made = columns.chosen(found, choices)
    own_columns.check(made, own_columns.known(session))
    return made
