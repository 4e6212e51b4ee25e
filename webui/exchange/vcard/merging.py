"""A card that a person came from, going out again: what of it is as it was stands as it stood.

Where a person still has what a line says, the line stays, with its group, its case and all of its parameters;
where they have another value, that is written in the line's place; where they have none, the line goes with
the label of its group. Lines of no field stay.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from webui.exchange import lists
from webui.exchange.vcard import related, rewriting
from webui.exchange.vcard.kept import Kept, Row, plain
from webui.exchange.vcard.lines import Line, parsed

# A row that a person has: by what it is written, what it says, and its values.
Has = tuple[str, Row, Mapping[str, Any]]


def merged(kept: Kept, person: Mapping[str, Any], made: Sequence[str], known: related.Known) -> list[str]:
    """Return a card with what a person has now; `made` is a new card of them, of the same version."""
    return Merging(kept, person, made).lines(known)


class Merging:
    """Puts what a person has now into such a card: `slots` are what stands in the place of each line."""

    def __init__(self, kept: Kept, person: Mapping[str, Any], made: Sequence[str]) -> None:
        self._kept, self._person, self._made = kept, person, made
        self._slots = [[said] for said, _line in kept.lines]
        self._more: list[str] = []
        self._said = {
            at: row for at, (_said, line) in enumerate(kept.lines) if line and (row := kept.row(line))
        }
        self._groups = rewriting.Groups([*(said for said, _line in kept.lines), *made])

    def lines(self, known: related.Known) -> list[str]:
        """Return the lines."""
        for those, same in self._kept.fields(self._person):
            if not same:
                for name in those:
                    self._put_field(name)
        for name in ("emails", *lists.COLUMNS):
            self._put_rows(name)
        self._more += related.put(self._kept, self._person, known, self._slots, self._groups)
        self._put_rest()
        return [each for slot in self._slots for each in slot] + self._more

    def _new(self, *those: str) -> list[str]:
        return [each for each in self._made if (line := parsed(each)) and line.name in those]

    def _places(self, match: Callable[[Line], bool]) -> list[int]:
        return [
            at
            for at, (_said, line) in enumerate(self._kept.lines)
            if line and not self._kept.is_left(line) and match(line)
        ]

    def _put_field(self, name: str) -> None:
        places, new = self._places(lambda line: line.name == name), self._new(name)
        for at in places:
            if new:
                made = [new.pop(0)]
                self._slots[at] = rewriting.in_place(self._slots[at][0], made, self._groups, same_label=True)
            else:
                self._remove(at)
        self._more += new

    def _put_rows(self, name: str) -> None:
        """Put the rows of a list: each first where it stands, then where one with its label, or its value,
        stood, else behind all."""
        said = {at: row for at, (which, row) in self._said.items() if which == name}
        there = self._rows(name)
        left = list(there)
        for at, row in list(said.items()):
            # A value that stands there twice came in once.
            if here := [each for each in left if _is(each, row)] or [
                each for each in there if _is(each, row)
            ]:
                left = [each for each in left if each is not here[0]]
                del said[at]
        for at, row in said.items():
            near = next((each for each in left if self._is_near(each, row)), None)
            if near is None:
                self._remove(at)
                continue
            left.remove(near)
            which, has, values = near
            old, same = self._slots[at][0], has[0] == row[0] or _is(near, row)
            if not same:
                self._remove(at)
            made = rewriting.of_row(which, values, self._kept.version)
            self._slots[at] = rewriting.in_place(old, made, self._groups, same_label=same) if made else []
        for which, _row, values in left:
            self._more += self._groups.renamed(rewriting.of_row(which, values, self._kept.version))

    def _is_near(self, there: Has, said: Row) -> bool:
        """Whether a row may stand where a line said another: by its label, its value, or as the e-mail."""
        which, has, _values = there
        if which == "email":
            return said[1] in (self._kept.main_email, has[1])
        return has[0] == said[0] or has[1:] == said[1:]

    def _rows(self, name: str) -> list[Has]:
        """Return the rows of a list that a person has."""
        found: list[Has] = []
        if name == "emails":
            rows = [
                {"label": row["label"] or "", "email": row["email"]} for row in self._person.get(name) or ()
            ]
            found = [("emails", (row["label"], row["email"]), row) for row in rows]
            if main := self._person.get("email"):
                label = self._person.get("email_label") or ""
                found.insert(0, ("email", (label, main), {"email_label": label, "email": main}))
            return found
        return [(name, plain(name, row), row) for row in self._person.get(name) or ()]

    def _remove(self, at: int) -> None:
        """Remove a line, and the label of its group."""
        self._slots[at] = []
        line = self._kept.lines[at][1]
        if line and line.group:
            for other, (_said, each) in enumerate(self._kept.lines):
                if each and each.group == line.group and each.name == "X-ABLABEL":
                    self._slots[other] = []

    def _put_rest(self) -> None:
        """Put what Roster alone has, anew."""
        uid = f"urn:uuid:{self._person['uid']}"
        for at, (_said, line) in enumerate(self._kept.lines):
            if line and line.name.startswith("X-ROSTER"):
                self._slots[at] = []
        self._more += [each for each in self._made if each.startswith("X-ROSTER")]
        told = {
            at: line.value.strip()
            for at, (_said, line) in enumerate(self._kept.lines)
            if line and line.name == "UID"
        }
        if self._kept.version == "4.0" and next(filter(None, told.values()), None) != uid:
            named = "X-ROSTER-UID"
            if not any(told.values()) and self._person.get("relations"):  # who has no UID is named by ours
                named = "UID:urn:uuid"
                for at in told:
                    self._slots[at] = []
            self._more.append(f"{named}:{self._person['uid']}")
        now = [line.said for line in map(parsed, self._new("REV")) if line]
        changed = any(
            slot != [said] for slot, (said, _line) in zip(self._slots, self._kept.lines, strict=True)
        )
        for at, (_said, line) in enumerate(self._kept.lines):
            if line and line.name == "REV" and changed and now:
                self._slots[at] = now[:1]


def _is(row: Has, said: Row) -> bool:
    """Whether a row is what a line says: the main e-mail may have no label, a date several texts."""
    which, has, _values = row
    if which == "dates" and has[0] == said[0]:
        return bool((has[1] and has[1] == said[1]) or (has[2] and has[2] == said[2]))
    return has == said or (which == "email" and not has[0] and has[1:] == said[1:])
