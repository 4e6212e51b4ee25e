"""People and what belongs to one: further e-mails, tags, and the raw rows they came from."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, event, text
from sqlalchemy.orm import (
    Mapped,
    ORMExecuteState,
    Session,
    mapped_column,
    relationship,
    validates,
    with_loader_criteria,
)

from webui.store.models.base import RECORDED, Base, Text, new_uid
from webui.store.models.details import Detail, UserAddress, UserDate, UserHandle, UserLink, UserPhone
from webui.store.models.fields import FieldValue
from webui.store.models.posts import Post
from webui.store.models.saved_views import SavedView
from webui.store.values import emails, times
from webui.store.values import text as texts


def _details(model: type[Detail]) -> Any:
    return relationship(model, cascade="all, delete-orphan", passive_deletes=True, order_by=model.id)


class User(Base):
    """A person. In the trash while `deleted_at` is set: then username and e-mail are free for others.

    `username_key` and `email_key` are the forms compared "without case"; they follow the values.
    `birthday` is a date as in `values.dates`; `birthday_typed` what was typed, where that says it otherwise.
    `photo_hash` names a row of `photos`.
    """

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("length(username) BETWEEN 1 AND 80", name="username_length"),
        CheckConstraint("email IS NULL OR length(email) BETWEEN 1 AND 120", name="email_length"),
        Index("ix_users_username_key", "username_key", unique=True, sqlite_where=text("deleted_at IS NULL")),
        Index("ix_users_email_key", "email_key", unique=True, sqlite_where=text("deleted_at IS NULL")),
        Index("ix_users_deleted_at", "deleted_at", sqlite_where=text("deleted_at IS NOT NULL")),
        # Whose birthday is near is read from the index alone: rows hold notes of any length.
        Index("ix_users_birthday", "birthday", "deleted_at", sqlite_where=text("birthday IS NOT NULL")),
        RECORDED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Text(36), unique=True, default=new_uid)
    username: Mapped[str] = mapped_column(Text(80))
    username_key: Mapped[str | None] = mapped_column(Text(160))
    email: Mapped[str | None] = mapped_column(Text(120))
    email_key: Mapped[str | None] = mapped_column(Text(240))
    email_label: Mapped[str | None] = mapped_column(Text(60))
    display_name: Mapped[str] = mapped_column(default="")
    prefix: Mapped[str | None]
    given: Mapped[str | None]
    additional: Mapped[str | None]
    family: Mapped[str | None]
    suffix: Mapped[str | None]
    nickname: Mapped[str | None]
    note: Mapped[str | None]
    phonetic: Mapped[str | None]
    organisation: Mapped[str | None]
    department: Mapped[str | None]
    job_title: Mapped[str | None]
    birthday: Mapped[str | None] = mapped_column(Text(10))
    birthday_typed: Mapped[str | None] = mapped_column(Text(60))
    photo_hash: Mapped[str | None] = mapped_column(Text(64))
    created_at: Mapped[str] = mapped_column(default=times.now)
    updated_at: Mapped[str] = mapped_column(default=times.now)
    deleted_at: Mapped[str | None]

    posts: Mapped[list[Post]] = relationship(
        back_populates="user",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by=(Post.date.desc(), Post.id.desc()),
    )
    emails: Mapped[list["UserEmail"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", passive_deletes=True, order_by="UserEmail.id"
    )
    phones: Mapped[list[UserPhone]] = _details(UserPhone)
    addresses: Mapped[list[UserAddress]] = _details(UserAddress)
    links: Mapped[list[UserLink]] = _details(UserLink)
    handles: Mapped[list[UserHandle]] = _details(UserHandle)
    dates: Mapped[list[UserDate]] = _details(UserDate)
    field_values: Mapped[list[FieldValue]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by=FieldValue.id
    )
    tags: Mapped[list["Tag"]] = relationship(secondary="user_tags", order_by="Tag.name", viewonly=True)

    @validates("username", "email")
    def _follow(self, field: str, value: str | None) -> str | None:
        if field == "username":
            self.username_key = texts.key(value) if value else None
        else:
            self.email_key = emails.key(value) if value else None
        return value

    @property
    def name(self) -> str:
        """What this person is called on screen: never empty."""
        return self.display_name or self.username

    def __repr__(self) -> str:
        return f"<User {self.username}>"


class UserEmail(Base):
    """A further e-mail of a person. Not unique: a family may share one."""

    __tablename__ = "user_emails"
    __table_args__ = (RECORDED,)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(Text(60), default="")
    email: Mapped[str] = mapped_column(Text(320))
    email_key: Mapped[str | None] = mapped_column(Text(640), index=True)

    user: Mapped[User] = relationship(back_populates="emails")

    @validates("email")
    def _follow(self, _field: str, value: str) -> str:
        self.email_key = emails.key(value)
        return value


class Tag(Base):
    """A word put on people."""

    __tablename__ = "tags"
    __table_args__ = (RECORDED,)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Text(36), unique=True, default=new_uid)
    name: Mapped[str] = mapped_column(Text(80))
    name_key: Mapped[str | None] = mapped_column(Text(160), unique=True)

    @validates("name")
    def _follow(self, _field: str, value: str) -> str:
        self.name_key = texts.key(value)
        return value


class UserTag(Base):
    """Which person has which tag."""

    __tablename__ = "user_tags"
    __table_args__ = (
        Index("ix_user_tags_user_id_tag_id", "user_id", "tag_id", unique=True),
        Index("ix_user_tags_tag_id_user_id", "tag_id", "user_id"),
        RECORDED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"))


class SourceFile(Base):
    """A file that people came from. `header` is what gives its raw rows meaning (a CSV's header line),
    `options` (JSON) how it was read: encoding, delimiter, columns. `file_hash` is SHA-256 in hex.
    """

    __tablename__ = "source_files"
    __table_args__ = (RECORDED,)

    id: Mapped[int] = mapped_column(primary_key=True)
    format: Mapped[str] = mapped_column(Text(20))
    name: Mapped[str]
    file_hash: Mapped[str] = mapped_column(Text(64))
    header: Mapped[str]
    options: Mapped[str] = mapped_column(default="{}")
    imported_at: Mapped[str] = mapped_column(default=times.now)


class Source(Base):
    """The raw row or card a person came from, byte for byte; kept as long as the person.

    `position` counts the rows of the file from 0, `raw_hash` is the SHA-256 of `raw`.
    """

    __tablename__ = "sources"
    __table_args__ = (RECORDED,)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("source_files.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    source_uid: Mapped[str | None] = mapped_column(index=True)
    raw: Mapped[bytes]
    raw_hash: Mapped[bytes] = mapped_column(index=True)


class UidAlias(Base):
    """A uid that a merged person had before."""

    __tablename__ = "uid_aliases"
    __table_args__ = (RECORDED,)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    uid: Mapped[str] = mapped_column(Text(36), unique=True)


_IN_TRASH = (User, Post, SavedView)
_LIVING = tuple(
    with_loader_criteria(model, model.deleted_at.is_(None), include_aliases=True, propagate_to_loaders=False)
    for model in _IN_TRASH
)


@event.listens_for(Session, "do_orm_execute")
def _hide_the_trash(state: ORMExecuteState) -> None:
    """Leave out the people, posts and views in the trash unless a query says `include_trash`."""
    wanted: dict[str, Any] = state.execution_options
    # What belongs to someone, as their phones, is there or not with them: most that is asked of one person.
    if state.is_relationship_load and not any(each.class_ in _IN_TRASH for each in state.all_mappers):
        return
    if state.is_select and not state.is_column_load and not wanted.get("include_trash"):
        state.statement = state.statement.options(*_LIVING)
