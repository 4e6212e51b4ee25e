"""Posts: what someone wrote about a person, on a day."""

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webui.store.models.base import RECORDED, Base, Text, new_uid
from webui.store.values import times

if TYPE_CHECKING:
    from webui.store.models.users import User


class Post(Base):
    """A title, a text and a day (`YYYY-MM-DD`); `follow_up` is the day to come back to it, `done_at` when
    that was done. In the trash while `deleted_at` is set."""

    __tablename__ = "posts"
    __table_args__ = (
        CheckConstraint("length(title) BETWEEN 1 AND 100", name="title_length"),
        Index("ix_posts_user_id_date", "user_id", "deleted_at", "date", "id"),
        Index("ix_posts_deleted_at", "deleted_at", sqlite_where=text("deleted_at IS NOT NULL")),
        Index("ix_posts_follow_up", "follow_up", sqlite_where=text("follow_up IS NOT NULL")),
        Index("ix_posts_date", "date", "id"),
        RECORDED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Text(36), unique=True, default=new_uid)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(Text(100))
    body: Mapped[str] = mapped_column(default="")
    date: Mapped[str] = mapped_column(Text(10), default=times.today)
    created_at: Mapped[str] = mapped_column(default=times.now)
    updated_at: Mapped[str] = mapped_column(default=times.now)
    follow_up: Mapped[str | None] = mapped_column(Text(10))
    done_at: Mapped[str | None]
    deleted_at: Mapped[str | None]

    user: Mapped["User"] = relationship(back_populates="posts")
    people: Mapped[list["User"]] = relationship(
        secondary="post_users", order_by="User.display_name", viewonly=True
    )

    def __repr__(self) -> str:
        return f"<Post {self.title}>"
