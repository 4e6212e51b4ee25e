"""What the kills share: the worker, how many, and a database with people."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.crash.nursery import Nursery
from webui.safety import opening
from webui.store import users
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation

SEED = 1
KILLS = {"short": 4, "long": 300}  # in each of 17 places

Rounds = Callable[[str, Path, float, Callable[[list[str]], None]], None]


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


@pytest.fixture(params=["short", pytest.param("long", marks=pytest.mark.long)])
def count(request: pytest.FixtureRequest) -> int:
    return KILLS[request.param]


@pytest.fixture
def rounds(nursery: Nursery, count: int, record_property: Callable[[str, object], None]) -> Rounds:
    """Return a function that lets the worker do something in a folder, for a random time of at most so many
    seconds, and checks after each kill. A busy machine gets longer, until something was done once."""

    def go(what: str, folder: Path, longest: float, check: Callable[[list[str]], None]) -> None:
        chance = random.Random(f"{SEED} {what}")
        kills, anything = 0, False
        while kills < count or not anything:
            said = nursery.kill(what, folder, chance.uniform(0, longest))
            check(said)
            opening.remove_leftovers(folder / "roster.db")
            kills, anything, longest = kills + 1, anything or bool(said), longest * (1 if said else 1.5)
            assert anything or longest < 600, "nothing was ever done"
        record_property(f"figure: kills survived (seed {SEED})", kills)

    return go


@pytest.fixture
def people(database: Path) -> Path:
    engine = sqlite.engine(database)
    with Session(engine) as session:
        for number in range(40):
            with operation(session):
                users.add(session, {"username": f"user{number}", "email": f"user{number}@post.example"})
    engine.dispose()
    return database
