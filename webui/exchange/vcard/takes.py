"""What a card needs of whoever reads it."""

from typing import Protocol

from webui.exchange.columns import Column
from webui.exchange.details import Found
from webui.exchange.people import Person


class Takes(Protocol):
    """Takes what a card says by the rules of every import."""

    def take_email(self, found: Person, seen: set[str], address: str, label: str) -> None: ...

    def take(self, found: Found, column: Column, label: str, said: str) -> None: ...

    def born(self, found: Person, said: str) -> None: ...
