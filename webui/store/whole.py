"""A person with all that belongs to them, for a page that shows it. Not for rows of a list: see `search`."""

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from webui.store import records, users
from webui.store.ledger import fetching
from webui.store.models import Tag, User, UserTag

_TABLES = {name: model.__tablename__ for name, model in records.ROWS.items()} | {
    "tags": "user_tags",
    "field_values": "field_values",
}
_IS_THERE = ", ".join(f"EXISTS (SELECT 1 FROM {table} WHERE user_id = :user)" for table in _TABLES.values())
_ROWS = {  # made once: to build one takes longer than to ask it
    name: select(model).where(model.user_id == bindparam("user")).order_by(model.id)
    for name, model in records.ROWS.items()
} | {
    "tags": select(Tag)
    .join(UserTag, UserTag.tag_id == Tag.id)
    .where(UserTag.user_id == bindparam("user"))
    .order_by(Tag.name)
}


def find(session: Session, user_id: int) -> User:
    """Return the living person with this id. Raises NotFound.

    Which of their lists are empty is asked at once: most are, and each would be a question of its own.
    """
    user = users.find(session, user_id)
    is_there = fetching.rows(session, f"SELECT {_IS_THERE}", {"user": user_id}).one()
    unloaded = inspect(user).unloaded
    for name, there in zip(_TABLES, is_there, strict=True):
        if name in unloaded and not there:
            set_committed_value(user, name, [])
        elif name in unloaded and name in _ROWS:
            set_committed_value(user, name, session.scalars(_ROWS[name], {"user": user_id}).all())
    return user
