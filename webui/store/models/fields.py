"""Own fields: what a person of this database may have besides what everyone has."""

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from webui.store.models.base import RECORDED, Base, Text, new_uid
from webui.store.values import text as texts


class Field(Base):
    """An own field. In the trash while `deleted_at` is set: its values stay, and its name is free.

    `kind` is one of `webui.store.values.own.KINDS`; `options` (JSON, a list of texts) what can be chosen
    from; `required`, `no_two_alike` and `listed` (shown in the list of people) are 0 or 1.
    """

    __tablename__ = "fields"
    __table_args__ = (
        Index("ix_fields_name_key", "name_key", unique=True, sqlite_where=text("deleted_at IS NULL")),
        RECORDED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Text(36), unique=True, default=new_uid)
    name: Mapped[str] = mapped_column(Text(80))
    name_key: Mapped[str | None] = mapped_column(Text(160))
    kind: Mapped[str] = mapped_column(Text(20))
    hint: Mapped[str] = mapped_column(Text(200), default="")
    options: Mapped[str] = mapped_column(default="[]")
    default_value: Mapped[str] = mapped_column(default="")
    required: Mapped[int] = mapped_column(default=0)
    no_two_alike: Mapped[int] = mapped_column(default=0)
    listed: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    deleted_at: Mapped[str | None]

    @validates("name")
    def _follow(self, _field: str, value: str) -> str:
        self.name_key = texts.key(value)
        return value


class FieldValue(Base):
    """What an own field says of a person; of a field with several choices there is a row for each.

    `value` is the form that is compared: a plain decimal number, a date as in `values.dates`, 1 or 0;
    `typed` what was typed, where that says it otherwise; `number` is set for what can be added up.
    """

    __tablename__ = "field_values"
    __table_args__ = (
        Index("ix_field_values_user_id", "user_id"),
        Index("ix_field_values_field_id_value_key", "field_id", "value_key", "user_id"),
        Index("ix_field_values_field_id_number", "field_id", "number", "user_id"),
        RECORDED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    field_id: Mapped[int] = mapped_column(ForeignKey("fields.id", ondelete="CASCADE"))
    value: Mapped[str]
    value_key: Mapped[str | None]
    typed: Mapped[str | None]
    number: Mapped[float | None]

    field: Mapped[Field] = relationship(lazy="joined", innerjoin=True)

    @validates("value")
    def _follow(self, _field: str, value: str) -> str:
        self.value_key = texts.key(value)
        return value
