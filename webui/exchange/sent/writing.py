"""Edits of people, written one person after another.

Where someone wants what another still has, and no two may have, they wait for the other to give it up; those
who wait for each other in a round all change at once.

Not for which edits come in: see `taking`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from webui.exchange.out.wanted import OWN
from webui.exchange.staging import Step
from webui.store import aside, fields, users
from webui.store.errors import Invalid, Message, Taken
from webui.store.values.text import shown

_OFTEN = 100  # changes

Cell = tuple[str, Any]  # a field, and what a form says of it
Form = tuple[int, int, Sequence[Cell]]  # position, user_id, cells
Stick = Callable[[int, str, Message, bool], None]  # position, field, reason, whether someone else has it


@dataclass
class _Waiting:
    """An edit that someone is in the way of, as its reason says."""

    position: int
    user_id: int
    cells: Sequence[Cell]
    error: Invalid

    @property
    def reason(self) -> Message:
        return next(iter(self.error.fields.values()))

    @property
    def field(self) -> str:
        return self.cells[0][0]

    @property
    def who(self) -> tuple[int, str]:
        return self.user_id, self.field

    @property
    def whom(self) -> tuple[int, str]:
        return self.reason.values["owner_id"], self.field


class _Writer:
    """Writes the edits of one sheet; `waiting` has those that wait, by whom and for which field."""

    def __init__(self, session: Session, step: Callable[[int], None], stick: Stick) -> None:
        self._session, self._step, self._stick, self._done = session, step, stick, 0
        self._names = {f"{OWN}{each.uid}": shown(each.name) for each in fields.every(session)}
        self.waiting: dict[tuple[int, str], list[_Waiting]] = {}

    def form(self, position: int, user_id: int, cells: Sequence[Cell]) -> None:
        """Write the edits of a person: all, or where something is in the way of one, each that can be."""
        if len(cells) > 1 and not self._change(user_id, cells):
            for field, _said in cells:
                self._gave_up(user_id, field)
            return
        for some in _together(cells):
            self._cells(position, user_id, some)

    def turn(self) -> None:
        """Let those who wait for each other change at once; whoever waits then is stuck."""
        for round_ in self._rounds():
            self._all_at_once(round_)
        left = [each for some in self.waiting.values() for each in some]
        self.waiting = {}
        for each in sorted(left, key=lambda one: one.position):
            self._cells(each.position, each.user_id, each.cells)
        for some in self.waiting.values():
            for each in some:
                self._stuck(each, True)

    def _cells(self, position: int, user_id: int, cells: Sequence[Cell]) -> None:
        error = self._change(user_id, cells)
        if error is None:
            self._gave_up(user_id, cells[0][0])
            return
        self._failed(_Waiting(position, user_id, cells, error))

    def _failed(self, one: _Waiting) -> None:
        """Let an edit wait for who is in its way, or stick where nobody is."""
        if isinstance(one.error, Taken):
            self.waiting.setdefault(one.whom, []).append(one)
        else:
            self._stuck(one, False)

    def _stuck(self, one: _Waiting, is_taken: bool) -> None:
        for field, _said in one.cells:
            self._stick(one.position, field, one.reason, is_taken)

    def _gave_up(self, user_id: int, field: str) -> None:
        """Go on with those who waited for what someone had in a field; they are no few in a long row."""
        free = [(user_id, field)]
        while free:
            for each in self.waiting.pop(free.pop(), ()):
                error = self._change(each.user_id, each.cells)
                if error is None:
                    free.append(each.who)
                else:
                    each.error = error
                    self._failed(each)

    def _rounds(self) -> list[list[_Waiting]]:
        """Return those who wait for each other: each for the next one, and the last for the first."""
        by_who = {each.who: each for some in self.waiting.values() for each in some}
        found, seen = [], set[tuple[int, str]]()
        for first in by_who:
            way: dict[tuple[int, str], None] = {}
            at = first
            while at in by_who and at not in seen:
                seen.add(at)
                way[at] = None
                at = by_who[at].whom
            if at in way:
                line = list(way)
                found.append([by_who[each] for each in line[line.index(at) :]])
        return found

    def _all_at_once(self, round_: Sequence[_Waiting]) -> None:
        with self._session.begin_nested() as saved:
            _set_aside(self._session, *round_[0].who)
            for each in reversed(round_):  # whoever wants what is aside comes first
                if self._change(each.user_id, each.cells):
                    saved.rollback()
                    return
        for each in round_:
            self.waiting[each.whom].remove(each)

    def _change(self, user_id: int, cells: Sequence[Cell]) -> Invalid | None:
        if self._done % _OFTEN == 0:
            self._session.expire_all()
            self._step(self._done)
        self._done += 1
        form: dict[str, Any] = {}
        for field, said in cells:
            if field.startswith(OWN):
                form.setdefault("fields", {})[self._names[field]] = said
            else:
                form[field] = said
        try:
            users.change(self._session, user_id, form)
        except Invalid as error:
            return error
        return None


def write(session: Session, forms: Iterable[Form], count: int, step: Step, stick: Stick) -> None:
    """Write edits; `count` says of how many people, 0 where nobody knows.

    `stick` is told of each that can't be.
    """
    writer = _Writer(session, lambda done: step("sent.write", min(done, count), count), stick)
    for form in forms:
        writer.form(*form)
    writer.turn()


def _together(cells: Sequence[Cell]) -> Iterator[Sequence[Cell]]:
    """Yield each cell alone, but what kind of e-mail it is with the e-mail."""
    label = [each for each in cells if each[0] == "email_label"]
    has_email = any(field == "email" for field, _said in cells)
    for each in cells:
        if each[0] == "email":
            yield [each, *label]
        elif each[0] != "email_label" or not has_email:
            yield [each]


def _set_aside(session: Session, user_id: int, field: str) -> None:
    if field.startswith(OWN):
        aside.own(session, user_id, field.removeprefix(OWN))
    else:
        {"username": aside.username, "email": aside.email}[field](session, user_id)
