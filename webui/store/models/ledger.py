"""The ledger's own tables: operations, where the ledger stands, and what is not undoable."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webui.store.models.base import Base, Text


class Operation(Base):
    """One named change: `message` and `payload` (JSON) make its sentence, `counts` (JSON) rows by table.

    `undoes` is the operation that this one takes back; `undone_by` the one that took this back.
    `door` is window, api, command or outside; `revision` is the schema the file had then.
    """

    __tablename__ = "operations"
    __table_args__ = (
        Index("ix_operations_undoes", "undoes", "undone_by"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message: Mapped[str] = mapped_column(Text(60))
    payload: Mapped[str] = mapped_column(default="{}")
    counts: Mapped[str] = mapped_column(default="{}")
    door: Mapped[str] = mapped_column(Text(10))
    revision: Mapped[str | None] = mapped_column(Text(40))
    at: Mapped[str] = mapped_column(Text(24))
    undoes: Mapped[int | None] = mapped_column(ForeignKey("operations.id"))
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("operations.id"))


class Ledger(Base):
    """One row: the open operation, and whether images are being put back (then the e-mail rule is silent:
    what comes back was allowed when it was made)."""

    __tablename__ = "ledger"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    current: Mapped[int | None]
    replacing: Mapped[int] = mapped_column(default=0)


class State(Base):
    """What the database knows about itself and no undo touches: its uid, when it was last checked."""

    __tablename__ = "state"

    name: Mapped[str] = mapped_column(Text(40), primary_key=True)
    value: Mapped[str]
