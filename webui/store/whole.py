"""A person with all that belongs to them, for a page that shows it. Not for rows of a list: see `search`."""

from typing import Any

from sqlalchemy import Integer, Select, bindparam, inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from webui.store import records, users
from webui.store.ledger import fetching
from webui.store.models import FieldValue, Tag, User, UserTag

_TABLES = {name: model.__tablename__ for name, model in records.ROWS.items()} | {
    "tags": "user_tags",
    "field_values": "field_values",
}
_IS_THERE = ", ".join(f"EXISTS (SELECT 1 FROM {table} WHERE user_id = :user)" for table in _TABLES.values())
_USER = bindparam("user", type_=Integer)
_ROWS: dict[str, Select[Any]] = {  # made once: to build one takes longer than to ask it
    **{
        name: select(model).where(model.user_id == _USER).order_by(model.id)
        for name, model in records.ROWS.items()
    },
    "tags": select(Tag)
    .join(UserTag, UserTag.tag_id == Tag.id)
    .where(UserTag.user_id == _USER)
    .order_by(Tag.name),
    "field_values": select(FieldValue).where(FieldValue.user_id == _USER).order_by(FieldValue.id),
}
_ALONE = {"include_trash": True}  # nothing of these is there on its own


def find(session: Session, user_id: int) -> User:
    """Return the living person with this id. Raises NotFound.

    Which of their lists are empty is asked at once: most are, and each would be a question of its own.
    """
    user = users.find(session, user_id)
    is_there = fetching.rows(session, f"SELECT {_IS_THERE}", {"user": user_id}).one()
    unloaded = inspect(user).unloaded
    for name, there in zip(_TABLES, is_there, strict=True):
        if name in unloaded:
            asked = {"user": user_id}
            rows = session.scalars(_ROWS[name], asked, execution_options=_ALONE).all() if there else []
            set_committed_value(user, name, rows)
    return user
