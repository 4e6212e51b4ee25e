"""A machine of every kind of operation, with undo, redo and looks at the past between them.

Hypothesis chooses the steps and shrinks a sequence that fails. Beside what forms write it writes values that
break naive designs of a history, within an operation or as another program. A new kind of operation is a
rule here as soon as it is one of `test_random.Player`.
"""

import random
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from tests.store import machine_values
from tests.store.machine_values import DEEDS, EVERY, INSIDE, VALUES, Wild
from tests.store.test_random import Player, _as_of
from webui.store import errors
from webui.store.ledger import dump, history, sqlite
from webui.store.ledger.kinds import KINDS
from webui.store.ledger.operations import named, operation, raw

# So that each rule has somebody to act upon.
PREAMBLE = [
    *["users.add", "users.add", "users.add", "fields.add", "fields.add", "users.change", "users.change"],
    *["posts.add", "relations.add", "attachments.add", "photos.put", "saved_views.add", "bulk.tag"],
    *["users.trash", "users.add", "settings.history_limit"],  # without a limit none can be lifted
]
REFUSALS = (errors.Invalid, errors.Refused, errors.NotFound)
_chances = st.randoms(use_true_random=False)
_which = st.integers(0, 9)


class Steady(Player):
    """A player whose choices depend on nothing but chance: ids come in order, whatever index gave them."""

    def ids(self, table: str, where: str) -> list[int]:
        return sorted(super().ids(table, where))


class Machine(RuleBasedStateMachine):
    """A database of its own, and beside it what it should be: the digest after each operation.

    `line` holds (operation, digest) of what stands, from the start on; `waiting` what can be redone, the next
    last; `known` each operation that was ever done; `moments` the digest after any, undo and redo too.
    """

    template: Path  # a new database, set by the test
    figures: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.whole, self.stack = True, ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.database = folder / "roster.db"
        shutil.copy(self.template, self.database)
        self.engine = sqlite.engine(self.database)
        self.stack.callback(self.engine.dispose)
        self.session = self.stack.enter_context(Session(self.engine))
        self.reader = self.stack.enter_context(closing(sqlite.connect(self.database)))
        self.player = Steady(self.session, self.database, random.Random(0))
        start = (0, dump.digest(self.reader))
        self.line, self.waiting, self.known, self.moments = [start], [], [], dict([start])
        self.waiting: list[tuple[int, str]]
        self.known: list[int]
        self.figures["examples"] += 1

    @contextmanager
    def step(self, *, wild: bool = False) -> Iterator[None]:
        """Do something that may be one new operation, then see that history tells just that."""
        self.whole, before = False, self.newest()
        self.figures["steps"] += 1
        try:
            yield
        except (*REFUSALS, sqlite3.IntegrityError) as error:
            if not wild and not isinstance(error, REFUSALS):
                raise
            assert self.newest() == before, "what was refused left something"
            self.figures["refused"] += 1
        with operation(self.session):  # catches up with a change from outside, and leaves no trace itself
            pass
        newest, now = self.newest(), dump.digest(self.reader)
        if newest in self.moments:
            assert now == self.line[-1][1], "something changed without an operation"
        else:
            self.line.append((newest, now))
            self.known.append(newest)
            self.waiting.clear()
            self.moments[newest] = now
            self.figures["operations"] += 1
            if wild:
                self.figures["wild"] += 1
        self.compare()
        self.whole = True

    def newest(self) -> int:
        return int(self.reader.execute("SELECT coalesce(max(id), 0) FROM operations").fetchone()[0])

    def compare(self) -> None:
        """See that the list of operations says what stands, what is undone and what can be redone."""
        told = [
            (each.id, each.undone, each.redoable) for each in history.page(self.session, limit=10**6)[::-1]
        ]
        following = history.next_redo(self.session)
        self.session.rollback()
        stands, waits = {number for number, _ in self.line}, {number for number, _ in self.waiting}
        assert told == [(number, number not in stands, number in waits) for number in self.known]
        assert (following.id if following else None) == (self.waiting[-1][0] if self.waiting else None)
        assert self.reader.execute("PRAGMA foreign_key_check").fetchall() == []

    def play(self, kind: str, chance: random.Random) -> None:
        before = self.newest()
        self.player.chance = chance
        with self.step():
            Player.rules[kind](self.player)
        if (after := self.newest()) != before:
            query = "SELECT message FROM operations WHERE id = ?"
            self.figures[self.reader.execute(query, (after,)).fetchone()[0]] += 1

    @initialize()
    def people(self) -> None:
        chance = random.Random(1)
        for kind in PREAMBLE:
            self.play(kind, chance)

    @rule(count=st.integers(1, 8))
    def undo(self, count: int) -> None:
        self.revert(history.undo, self.line, self.waiting, count, "undo")

    @rule(count=st.integers(1, 8))
    def redo(self, count: int) -> None:
        self.revert(history.redo, self.waiting, self.line, count, "redo")

    def revert(self, verb: Callable[..., Any], source: list, target: list, count: int, name: str) -> None:
        """Undo or redo up to `count` operations: each leads to the digest that was noted then."""
        self.whole = False
        self.figures["steps"] += 1
        least = 1 if name == "undo" else 0  # the start can't be undone
        for _each in range(min(count, len(source) - least)):
            assert verb(self.engine).id == source[-1][0]
            target.append(source.pop())
            assert dump.digest(self.reader) == self.line[-1][1]
            self.moments[self.newest()] = self.line[-1][1]
            self.figures[name] += 1
        if len(source) == least:
            with pytest.raises(errors.Refused, match=f"nothing_to_{name}"):
                verb(self.engine)
        self.compare()
        self.whole = True

    @rule(which=st.integers(0, 10**4))
    def look_back(self, which: int) -> None:
        self.whole = False
        self.figures["steps"] += 1
        self.figures["as of"] += 1
        number = sorted(self.moments)[which % len(self.moments)]
        assert _as_of(self.engine, number) == self.moments[number]
        self.whole = True

    @rule(place=st.sampled_from(INSIDE), value=VALUES, which=st.none() | _which)
    def write_inside(self, place: tuple[str, str], value: Wild, which: int | None) -> None:
        with self.step(wild=True), self.inside("users.change") as connection:
            machine_values.write(connection, place, value, which)

    @rule(which=_which, other=_which)
    def swap_inside(self, which: int, other: int) -> None:
        with self.step(wild=True), self.inside("users.change") as connection:
            machine_values.swap(connection, which, other)

    @rule(which=_which)
    def tear_out_inside(self, which: int) -> None:
        with self.step(wild=True), self.inside("users.remove") as connection:
            machine_values.tear_out(connection, which)

    @contextmanager
    def inside(self, kind: str) -> Iterator[sqlite3.Connection]:
        with operation(self.session):
            named(self.session, kind, count=1)
            yield raw(self.session.connection())

    @rule(
        place=st.sampled_from(EVERY),
        value=VALUES,
        which=st.none() | _which,
        careful=st.booleans(),
    )
    def write_outside(self, place: tuple[str, str], value: Wild, which: int | None, careful: bool) -> None:
        with self.step(wild=True), machine_values.outside(self.database, careful=careful) as connection:
            machine_values.write(connection, place, value, which)

    @rule(which=_which, other=_which, careful=st.booleans())
    def swap_outside(self, which: int, other: int, careful: bool) -> None:
        with self.step(wild=True), machine_values.outside(self.database, careful=careful) as connection:
            machine_values.swap(connection, which, other)

    @rule(
        deed=st.sampled_from(sorted(DEEDS)),
        which=_which,
        value=VALUES,
        careful=st.booleans(),
    )
    def tear_outside(self, deed: str, which: int, value: Wild, careful: bool) -> None:
        with self.step(wild=True), machine_values.outside(self.database, careful=careful) as connection:
            DEEDS[deed](connection, which, value)

    def teardown(self) -> None:
        try:
            if self.whole:  # a step that failed has said what is wrong
                self.there_and_back()
        finally:
            self.stack.close()

    def there_and_back(self) -> None:
        """Undo all, and redo it: each step was compared. Then the file is sound, its search too."""
        count = len(self.line) - 1
        self.undo(count + 1)
        self.redo(count or 1)
        assert self.reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for index in ("names_fts", "words_fts", "parts_fts"):
            self.reader.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")


def _rule(kind: str) -> Any:
    def play(self: Machine, chance: random.Random) -> None:
        self.play(kind, chance)

    play.__name__ = kind.replace(".", "_")
    play.__dict__["kind"] = kind
    return rule(chance=_chances)(play)


for _kind in Player.rules:
    setattr(Machine, f"kind_{_kind.replace('.', '_')}", _rule(_kind))
# There are so many kinds that what is no kind would be rare: it is on the list of rules several times.
for _name in ("undo", "redo", "look_back", "write_inside", "swap_inside", "write_outside", "tear_outside"):
    for _copy in range(3):
        setattr(Machine, f"{_name}_{_copy}", getattr(Machine, _name))


def _run(template: Path, **how: Any) -> set[str]:
    """Run the machine, print what it did and return the kinds that left a trace."""

    class Here(Machine):
        figures: Counter[str] = Counter()

    Here.template = template
    run_state_machine_as_test(
        Here, settings=settings(deadline=None, suppress_health_check=list(HealthCheck), **how)
    )
    kinds = {kind: count for kind, count in Here.figures.items() if kind in KINDS}
    others = {name: count for name, count in Here.figures.items() if name not in KINDS}
    print(f"\n{others}\n{len(kinds)} of {len(KINDS)} kinds: {dict(sorted(kinds.items()))}")
    print(f"never: {sorted(KINDS - set(kinds))}")
    return set(kinds)


def test_each_kind_is_a_rule_of_the_machine() -> None:
    ruled = {getattr(each.function, "kind", None) for each in Machine.setup_state().rules}
    assert ruled - {None} == KINDS


def test_what_any_sequence_did_is_undone_and_redone_exactly(empty_database: Path) -> None:
    _run(empty_database, max_examples=3, stateful_step_count=25, derandomize=True, database=None)


@pytest.mark.long
def test_what_very_many_sequences_did_is_undone_and_redone_exactly(empty_database: Path) -> None:
    assert _run(empty_database, max_examples=300, stateful_step_count=60) == KINDS
