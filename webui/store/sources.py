"""Sources: the raw rows people came from, found again. Not for what is in one: see `exchange.leftovers`."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webui.store.ledger import fetching
from webui.store.models import SourceFile
from webui.store.values import text as texts

MOST = 50  # of one person; more imports of the same one than anyone looks at


@dataclass(frozen=True)
class Kept:
    """A raw row with its file: what that was called, its format, and how it was read (`options`, JSON)."""

    id: int
    name: str
    format: str
    options: str
    imported_at: str
    raw: bytes


def of_user(session: Session, user_id: int) -> Sequence[Kept]:
    """Return the rows that a person came from or was changed by, the newest first, at most MOST."""
    rows = fetching.rows(
        session,
        "SELECT s.id, f.name, f.format, f.options, f.imported_at, s.raw"
        " FROM sources s JOIN source_files f ON f.id = s.file_id"
        " WHERE s.user_id = :user ORDER BY s.id DESC LIMIT :most",
        {"user": user_id, "most": MOST},
    )
    shown = texts.shown
    return [
        Kept(number, shown(name), shown(format_), shown(options), shown(at), raw)
        for number, name, format_, options, at, raw in rows
    ]


def any_file(session: Session) -> bool:
    """Whether anyone came from a file."""
    return session.scalar(select(SourceFile.id).limit(1)) is not None
