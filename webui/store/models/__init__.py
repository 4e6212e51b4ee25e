"""The tables, and nothing but the tables."""

from webui.store.models.base import Base, new_uid, recorded
from webui.store.models.details import Detail, UserAddress, UserDate, UserHandle, UserLink, UserPhone
from webui.store.models.ledger import Ledger, Operation, State
from webui.store.models.posts import Post
from webui.store.models.settings import Setting
from webui.store.models.text import PersonText
from webui.store.models.users import Source, SourceFile, Tag, UidAlias, User, UserEmail, UserTag

__all__ = [
    "Base",
    "Detail",
    "Ledger",
    "Operation",
    "PersonText",
    "Post",
    "Setting",
    "Source",
    "SourceFile",
    "State",
    "Tag",
    "UidAlias",
    "User",
    "UserAddress",
    "UserDate",
    "UserEmail",
    "UserHandle",
    "UserLink",
    "UserPhone",
    "UserTag",
    "new_uid",
    "recorded",
]
