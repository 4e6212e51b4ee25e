"""What can go wrong in the store, each with a message id and values, never a sentence.

`webui.words` turns a Message into the person's language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Message:
    """What there is to say: an id that `words` knows, and the values of its sentence."""

    id: str
    values: Mapping[str, Any] = field(default_factory=dict)


class StoreError(Exception):
    """Any refusal of the store. Nothing was changed when one is raised."""

    def __init__(self, message: Message):
        super().__init__(message.id)
        self.message = message


class Invalid(StoreError):
    """Values that can't be kept: `fields` maps each field's name to its Message."""

    def __init__(self, fields: Mapping[str, Message]):
        super().__init__(Message("invalid", {"count": len(fields)}))
        self.fields = dict(fields)


class Taken(Invalid):
    """Invalid for one reason alone: what must be unique belongs to someone else."""


class NotFound(StoreError):
    """There is no such record (any more)."""

    def __init__(self, noun: str, key: object):
        super().__init__(Message(f"{noun}.not_found", {"key": key}))


class Busy(StoreError):
    """Another writer held the database for longer than we wait."""

    def __init__(self) -> None:
        super().__init__(Message("busy"))


class ReadOnly(StoreError):
    """The database can't be written: the folder, the disk or the moment shown is read-only."""

    def __init__(self, message: Message | None = None):
        super().__init__(message or Message("read_only"))


class Full(StoreError):
    """The disk is full; the transaction was taken back."""

    def __init__(self) -> None:
        super().__init__(Message("disk_full"))


class TooNew(StoreError):
    """The file was written by a newer Roster."""


class Damaged(StoreError):
    """The file is not a sound database, or not a Roster database or backup."""


class Refused(StoreError):
    """What was asked for is not possible now; the message says why and what to do."""


class Unreadable(StoreError):
    """A search that can't be read from `start` to `end`; `instead` is what can be, where that is clear."""

    def __init__(self, message: Message, query: str, start: int, end: int, instead: str = ""):
        super().__init__(message)
        self.query, self.start, self.end, self.instead = query, start, end, instead
