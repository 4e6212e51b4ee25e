"""The base of all tables: naming of constraints, and the list of what is kept in history."""

import uuid

from sqlalchemy import Dialect, Integer, MetaData, String, Table
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from webui.store.values import text

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Text(TypeDecorator[str]):
    """A text of at most `length` letters; whatever another program left in its place is read as one."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: object, _dialect: Dialect) -> str | None:
        return text.stored(value)


class Whole(TypeDecorator[int]):
    """A whole number; 0 for whatever else another program left in its place."""

    impl = Integer
    cache_ok = True

    def process_result_value(self, value: object, _dialect: Dialect) -> int:
        return value if isinstance(value, int) else 0


class Base(DeclarativeBase):
    """Each table of Roster."""

    type_annotation_map = {str: Text}
    metadata = MetaData(naming_convention=NAMING)


def new_uid() -> str:
    """Return a new name for a record, the same in each copy of the database: a lower-case UUID."""
    return str(uuid.uuid4())


def recorded() -> list[Table]:
    """Return the tables whose every change is undoable, parents before children."""
    return [table for table in Base.metadata.sorted_tables if table.info.get("recorded")]


def kept() -> list[Table]:
    """Return the tables whose rows are named by what they hold, and only ever added."""
    return [table for table in Base.metadata.sorted_tables if table.info.get("kept")]


RECORDED = {"sqlite_autoincrement": True, "info": {"recorded": True}}
KEPT = {"info": {"kept": True}}
