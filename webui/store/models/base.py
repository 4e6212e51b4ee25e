"""The base of all tables: naming of constraints, and the list of what is kept in history."""

import uuid

from sqlalchemy import MetaData, Table
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Each table of Roster."""

    metadata = MetaData(naming_convention=NAMING)


def new_uid() -> str:
    """Return a new name for a record, the same in each copy of the database: a lower-case UUID."""
    return str(uuid.uuid4())


def recorded() -> list[Table]:
    """Return the tables whose every change is undoable, parents before children."""
    return [table for table in Base.metadata.sorted_tables if table.info.get("recorded")]


RECORDED = {"sqlite_autoincrement": True, "info": {"recorded": True}}
