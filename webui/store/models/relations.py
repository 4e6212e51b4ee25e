"""How people belong together, and which further people a post is about."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webui.store.models.base import RECORDED, Base, Text, new_uid


class Relation(Base):
    """What `other_id` is to `user_id`: their spouse, parent, child, sibling, friend, colleague, or `own`.

    One row says it for both sides. Of an own kind `label` is what the other is called, `back_label` what
    the person is to the other ("" where that is the same).
    """

    __tablename__ = "relations"
    __table_args__ = (RECORDED,)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Text(36), unique=True, default=new_uid)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(Text(20))
    label: Mapped[str] = mapped_column(Text(60), default="")
    back_label: Mapped[str] = mapped_column(Text(60), default="")


class PostUser(Base):
    """A further person whom a post is about, beside its main one."""

    __tablename__ = "post_users"
    __table_args__ = (Index("ix_post_users_post_id_user_id", "post_id", "user_id", unique=True), RECORDED)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
