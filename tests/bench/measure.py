"""How it is measured: alternated runs, their median, and a row of the table."""

import gc
import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A line of the table. `ratio` is figure to limit; `met` is None where no goal was set."""

    what: str
    figure: str
    limit: str = ""
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None


def against(what: str, took: float, limit: float, of: str, goal: float | None = None) -> Row:
    """Return the row of a time in seconds against its limit, named by `of`; `goal` is times the limit."""
    ratio = took / limit
    met = None if goal is None else ratio <= goal
    return Row(what, seconds(took), f"{seconds(limit)} ({of})", ratio, f"{goal:g} ×" if goal else "", met)


def seconds(took: float) -> str:
    """Return a time as a person reads it."""
    if took >= 10:
        return f"{took:.0f} s"
    return f"{took:.1f} s" if took >= 1 else milliseconds(took)


def milliseconds(took: float) -> str:
    """Return a short time in milliseconds."""
    took *= 1000
    return f"{took:.0f} ms" if took >= 10 else f"{took:.1f} ms" if took >= 1 else f"{took:.2f} ms"


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds `work` took."""
    gc.collect()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def alternated(times: int, *works: Callable[[], float]) -> list[float]:
    """Run the works in turn, `times` each, so that a busy moment meets all alike; return their medians."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(times):
        for kept, work in zip(taken, works, strict=True):
            kept.append(work())
    return [statistics.median(kept) for kept in taken]


def p95(values: list[float]) -> float:
    """Return what 95 in 100 of the values do not exceed."""
    return sorted(values)[math.ceil(len(values) * 0.95) - 1]
