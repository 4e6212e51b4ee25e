"""Views: queries kept under a name."""

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from webui.store.models.base import RECORDED, Base, Text, new_uid
from webui.store.values import text as texts


class SavedView(Base):
    """A query with a name and a sort, in a place among the others. In the trash while `deleted_at` is set:
    then its name is free.

    One that Roster comes with has a `preset` and no name until it is given one.
    """

    __tablename__ = "saved_views"
    __table_args__ = (
        Index("ix_saved_views_name_key", "name_key", unique=True, sqlite_where=text("deleted_at IS NULL")),
        RECORDED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Text(36), unique=True, default=new_uid)
    name: Mapped[str | None] = mapped_column(Text(80))
    name_key: Mapped[str | None] = mapped_column(Text(160))
    preset: Mapped[str | None] = mapped_column(Text(20))
    query: Mapped[str]
    sort: Mapped[str] = mapped_column(Text(60), default="")
    position: Mapped[int] = mapped_column(default=0)
    deleted_at: Mapped[str | None]

    @validates("name")
    def _follow(self, _field: str, value: str | None) -> str | None:
        self.name_key = texts.key(value) if value else None
        return value
