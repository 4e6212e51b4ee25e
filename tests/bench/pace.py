"""How fast the machine is just now: on one that is shared with others it wavers, by half and more, for
seconds at a time. What the clock says is kept beside what it would have said at the machine's best."""

import time
import timeit
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.bench.measure import milliseconds, p95

_ROUNDS = 30_000  # of arithmetic: a millisecond or two
_TRIES = 3
_SETTLED = 0.002  # seconds; until a server has put away what it answered with


@dataclass(frozen=True)
class Run:
    """What a piece of work took, and a fixed one `beside` it, on average before and behind; in seconds."""

    took: float
    beside: float


def run(work: Callable[[], float]) -> Run:
    """Time a piece of work, which says itself how long it took."""
    before, took = _fixed(), work()
    time.sleep(_SETTLED)
    return Run(took, (before + _fixed()) / 2)


def best(runs: Iterable[Run]) -> float:
    """Return what the fixed work takes at the machine's best: one in a hundred was as fast."""
    found = sorted(each.beside for each in runs)
    return found[len(found) // 100]


@dataclass(frozen=True)
class Paced:
    """95 in 100 of some runs, in seconds: at the machine's `best`, and by the clock."""

    best: float
    clock: float

    def __str__(self) -> str:
        return f"{milliseconds(self.best)} ({milliseconds(self.clock)} by the clock)"


def paced(runs: Iterable[Run], best: float) -> Paced:
    """Return what 95 in 100 did not exceed. `best` is what the fixed work takes then: a run beside which it
    took longer would have been sooner by as much."""
    every = list(runs)
    at_best = p95([each.took * min(1, best / each.beside) for each in every])
    return Paced(at_best, p95([each.took for each in every]))


def _fixed() -> float:
    """Return the least of some short tries: what else wakes up for a moment is in the work too, and is not
    the machine's pace."""
    return min(timeit.repeat(_work, repeat=_TRIES, number=1))


def _work() -> int:
    return sum(number * number for number in range(_ROUNDS))
