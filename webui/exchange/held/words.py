"""What the page of all that is held says: given in, in the language of whoever reads it."""

from typing import Protocol

from webui.store.ledger.history import Done


class Words(Protocol):
    """What the page says, in the language of whoever reads it."""

    language: str

    def word(self, name: str, /, **values: object) -> str:
        """Return a heading, a label or a sentence of the page."""

    def date(self, date: str) -> str:
        """Return a date of which a part may be unknown."""

    def size(self, count: int) -> str:
        """Return a count of bytes."""

    def relation(self, kind: str, label: str) -> str:
        """Return what someone is to another."""

    def own(self, kind: str, value: str, typed: str) -> str:
        """Return what stands in an own field of a kind."""

    def moment(self, utc: str) -> str:
        """Return a moment in full."""

    def value(self, field: str) -> str:
        """Return what a field of `changes.Line`, or one of `person`, is called."""

    def done(self, done: Done | None, how: str) -> str:
        """Return what was done; `how` is undo or redo where it was taken back or done again."""
