"""From the lines of a card to a person outside the database, by the same rules as from a table."""

from webui.exchange import limits, nameless, people, whole_names
from webui.exchange.columns import Column
from webui.exchange.details import Found
from webui.exchange.people import Person
from webui.exchange.vcard import lines
from webui.exchange.vcard.lines import Line
from webui.exchange.vcard.properties import BIRTHDAY, COLUMNS, Card
from webui.store.errors import Message

__all__ = ["COLUMNS", "Reader"]


class Reader(people.Reader):
    """Reads cards as `people.Reader` reads rows: the cells of a card are its unfolded lines."""

    def __init__(self, region: str = "") -> None:
        super().__init__(COLUMNS, "vcard", region)
        self.left: list[Line] = []

    def read(self, cells: list[str]) -> Person:
        """Return the person of a card; with a `reason` where it can't come in.

        `left` has then the lines that have no field; their names are gathered too.
        """
        card = Card(self, [line for each in cells if (line := lines.parsed(each))])
        found = card.read()
        self.left = card.left
        if len(self.left_names) < limits.COLUMNS:
            self.left_names.update(line.name for line in self.left)
        found.keeps = bool(self.left) or len(card.lines) < len(cells)
        if (broken := len(cells) - len(card.lines)) > 0:
            found.warnings.append(Message("row.broken_lines", {"count": broken}))
        return self.finish(found, card.form)

    def finish(self, found: Person, form: dict[str, str]) -> Person:
        """Find the name, and take all values as the store would."""
        self._name_of(found, form)
        if nameless.is_one(form):
            found.reason = nameless.reason(found)
        dates = dict(found.values)  # only the birthday is known by now
        people.clean(found, form)
        found.values |= dates
        found.keeps = found.keeps or found.details.lost
        found.warnings += found.details.warnings
        return found

    def _name_of(self, found: Person, form: dict[str, str]) -> None:
        shown = form.get("display_name", "")
        if form.get("given") or form.get("family"):
            found.named = "whole" if shown else "parts"
        elif shown:
            given, family, whole = whole_names.split(shown)
            company = form.get("organisation") == shown
            form |= {} if company else {"given": given, "family": family, "display_name": whole}
            found.named = "whole" if company else "guessed"
        else:
            form["display_name"], found.named = self._stand_in(found, form), "other"

    def take_email(self, found: Person, seen: set[str], address: str, label: str) -> None:
        """Add an e-mail that is not there yet."""
        self._take_email(found, seen, address, label)

    def take(self, found: Found, column: Column, label: str, said: str) -> None:
        """Add a row of a list."""
        self._details.take(found, column, label, said)

    def born(self, found: Person, said: str) -> None:
        """Take the birthday."""
        typed, date = self._details.birthday(found.details, said, BIRTHDAY)
        found.values |= {
            name: value for name, value in (("birthday_typed", typed), ("birthday", date)) if value
        }
