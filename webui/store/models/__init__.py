"""The tables, and nothing but the tables."""

from webui.store.models.base import Base, kept, new_uid, recorded
from webui.store.models.contents import Attachment, File, Photo
from webui.store.models.details import Detail, UserAddress, UserDate, UserHandle, UserLink, UserPhone
from webui.store.models.fields import Field, FieldValue
from webui.store.models.ledger import Ledger, Operation, State
from webui.store.models.posts import Post
from webui.store.models.relations import PostUser, Relation
from webui.store.models.saved_views import SavedView
from webui.store.models.settings import Setting
from webui.store.models.text import PersonSort, PersonText
from webui.store.models.users import Source, SourceFile, Tag, UidAlias, User, UserEmail, UserTag

__all__ = [
    "Attachment",
    "Base",
    "Detail",
    "Field",
    "FieldValue",
    "File",
    "Ledger",
    "Operation",
    "PersonSort",
    "PersonText",
    "Photo",
    "Post",
    "PostUser",
    "Relation",
    "SavedView",
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
    "kept",
    "new_uid",
    "recorded",
]
