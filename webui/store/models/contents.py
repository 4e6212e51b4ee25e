"""Photos and files, kept by what they hold: a row is added once, and changed only to be put right.

They are outside the history: undo moves what points to them. An attachment is a record as any other; its
content lies in `files`.
"""

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from webui.store.models.base import KEPT, RECORDED, Base, Text, Whole, new_uid
from webui.store.values import times


class Photo(Base):
    """A picture: `hash` is the SHA-256 (hex) of the bytes it came as. Those are `original`, NULL where a kept
    source of the person holds them; `shown` is a scaled copy without anything but the picture."""

    __tablename__ = "photos"
    __table_args__ = (KEPT,)

    hash: Mapped[str] = mapped_column(Text(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(Text(40))
    original: Mapped[bytes | None] = mapped_column(LargeBinary)
    shown: Mapped[bytes] = mapped_column(LargeBinary)


class File(Base):
    """The bytes of attachments; `hash` is their SHA-256 (hex)."""

    __tablename__ = "files"
    __table_args__ = (KEPT,)

    hash: Mapped[str] = mapped_column(Text(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Attachment(Base):
    """A file that belongs to a person, under the name it came with; `size` is in bytes."""

    __tablename__ = "attachments"
    __table_args__ = (RECORDED,)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Text(36), unique=True, default=new_uid)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text(200))
    media_type: Mapped[str] = mapped_column(Text(100), default="")
    size: Mapped[int] = mapped_column(Whole())
    file_hash: Mapped[str] = mapped_column(Text(64))
    added_at: Mapped[str] = mapped_column(default=times.now)
