"""The derived rows of a living person: folded texts and sort keys. Outside history and dump."""

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from webui.store.models.base import Base


class PersonText(Base):
    """`names`, `reach` (e-mails) and `body` (note, posts) hold folded text.

    `name_key` sorts by name (UTS #10); `email_sort` is the e-mail's key, or U+10FFFF without one, so
    that those come last; `last_post` is the newest day written about, or ''.
    """

    __tablename__ = "person_text"
    __table_args__ = (
        Index("ix_person_text_name_key", "name_key", "user_id"),
        Index("ix_person_text_email_sort", "email_sort", "user_id"),
        Index("ix_person_text_last_post", "last_post", "user_id"),
    )

    # No foreign key: the full text needs the old row to forget a person who is already gone.
    user_id: Mapped[int] = mapped_column(primary_key=True)
    name_key: Mapped[bytes]
    email_sort: Mapped[str]
    last_post: Mapped[str]
    names: Mapped[str]
    reach: Mapped[str]
    body: Mapped[str]


class PersonSort(Base):
    """What sorts a person in one column of the list (`webui.store.ledger.sorts`); no row without a value."""

    __tablename__ = "person_sorts"
    __table_args__ = (
        Index("ix_person_sorts_user_id", "user_id", "column"),
        {"sqlite_with_rowid": False},
    )

    column: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
