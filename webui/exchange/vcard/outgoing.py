"""The lines of one card, in the form of its version. Not for what is said on them, nor for folding."""

from webui.exchange.vcard.values import bare, date, escape, exact, old_date, old_type_of, type_of

OLD, NEW = "3.0", "4.0"
# As Apple's address book names what it has words for; any other label is as it is.
_APPLE = {"anniversary": "_$!<Anniversary>!$_"}


class Card:
    """Lines that are put one after the other; what has a label of its own is a group in 3.0: item1."""

    def __init__(self, version: str) -> None:
        self.lines: list[str] = []
        self.is_old = version == OLD
        self._groups = 0

    def put(self, name: str, said: str, parameters: str = "") -> None:
        """Put a text."""
        self.lines.append(f"{name}{parameters}:{escape(said)}")

    def put_parts(self, name: str, parts: list[str], parameters: str = "") -> None:
        """Put a value of several parts."""
        self.lines.append(f"{name}{parameters}:{';'.join([part and escape(part) for part in parts])}")

    def put_uri(self, name: str, uri: str, parameters: str = "") -> None:
        """Put an address, in which nothing is escaped."""
        self.lines.append(f"{name}{parameters}:{bare(uri)}")

    def put_labelled(
        self, name: str, label: str | None, value: str, more: str = "", *, phone: bool = False
    ) -> None:
        """Put a value that is ready, with its label; `more` are further parameters."""
        if not self.is_old:
            self.lines.append(f"{name}{more}{type_of(label, phone=phone)}:{value}")
        elif (kind := old_type_of(label or "", phone=phone)) is not None:
            self.lines.append(f"{name}{more}{kind}:{value}")
        else:
            self.put_grouped(f"{name}{more}:{value}", label or "")

    def put_date(self, name: str, kept: str | None, typed: str | None) -> None:
        """Put a date that has a property of its own, where it says anything."""
        if said := (old_date if self.is_old else date)(kept, typed):
            self.lines.append(f"{name}{said}")

    def put_day(self, label: str, kept: str | None, typed: str | None) -> None:
        """Put a date that is known by its label."""
        if said := (old_date if self.is_old else date)(kept, typed):
            self.put_grouped(f"X-ABDATE{said}", label)

    def put_own(self, name: str, said: list[str], **parameters: str | None) -> None:
        """Put a property of Roster's own, its parameters where they say anything: X-ROSTER-POST;X-DATE=..."""
        told = "".join(
            exact(f"X-{key.upper().replace('_', '-')}", value) for key, value in parameters.items() if value
        )
        self.put_parts(f"X-ROSTER-{name}", said, told)

    def put_grouped(self, line: str, label: str) -> None:
        """Put a line of its own group, with its label beside it."""
        self._groups += 1
        self.lines.append(f"item{self._groups}.{line}")
        if label:
            label = _APPLE.get(label.casefold(), label) if self.is_old else label
            self.lines.append(f"item{self._groups}.X-ABLabel:{escape(label)}")
