"""Sources: the raw rows people came from, found again. Not for what is in one: see `exchange.leftovers`."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webui.store.models import Source, SourceFile

_OF_THE_FILE = (SourceFile.name, SourceFile.format, SourceFile.options, SourceFile.imported_at)
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
    rows = session.execute(
        select(Source.id, *_OF_THE_FILE, Source.raw)
        .join(SourceFile, SourceFile.id == Source.file_id)
        .where(Source.user_id == user_id)
        .order_by(Source.id.desc())
        .limit(MOST)
    )
    return [Kept(*row) for row in rows]


def any_file(session: Session) -> bool:
    """Whether anyone came from a file."""
    return session.scalar(select(SourceFile.id).limit(1)) is not None
