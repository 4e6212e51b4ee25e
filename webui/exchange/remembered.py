"""Where the columns of a header went when a file with the same one was imported last."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from webui.exchange.columns import HERE, Column, chosen
from webui.store.errors import Refused
from webui.store.models import SourceFile

_LOOKED_AT = 50  # files, the newest first


def apply(session: Session, found: list[Column], own: set[str]) -> list[Column]:
    """Return the columns with the targets of then, `by` before where that is another; `own` are the targets
    of the fields there are. Nothing is remembered of a file without a header."""
    names = [column.name for column in found]
    if not any(names):
        return found
    files = select(SourceFile.options).order_by(SourceFile.id.desc()).limit(_LOOKED_AT)
    for kept in session.scalars(files):
        try:
            columns = json.loads(kept)["columns"]
            targets = [str(target) for _name, target in columns]
            if [name for name, _target in columns] != names:
                continue
        except (ValueError, TypeError, KeyError):  # another program wrote it
            continue
        targets = [
            target if not target.startswith(HERE) or target in own else column.target
            for column, target in zip(found, targets, strict=True)
        ]
        try:
            made = chosen(found, targets)
        except Refused:
            return found
        return [
            Column(**{**vars(column), "by": "before"}) if column.by == "person" else column for column in made
        ]
    return found
