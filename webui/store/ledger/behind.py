"""Two cores for one connection: a slice is written behind one's back while the next is being made.

SQLite lets go of the interpreter while a statement runs. It must be a long one: after each, the writing
thread waits for its turn, up to 5 ms. So many rows go in by one statement. Not for two threads on one
connection at a time: whoever makes the next slice keeps off it.
"""

import functools
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from types import TracebackType

_VALUES = 32_000  # of one statement; SQLite takes 32,766


class Behind:
    """Does one piece of work at a time in a thread of its own; leaving waits for the last.

    An error of the work is raised by the next call, or by leaving.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "behind")
        self._last: Future[None] | None = None

    def __enter__(self) -> "Behind":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()
        if kind is None:
            self.wait()

    def do(self, work: Callable[[], None]) -> None:
        """Begin `work` when what was begun before has ended."""
        self.wait()
        self._last = self._thread.submit(work)

    def wait(self) -> None:
        """Return when nothing is under way; from then on the connection is free."""
        last, self._last = self._last, None
        if last:
            last.result()


def insert(connection: sqlite3.Connection, into: str, rows: Sequence[Sequence[object]]) -> None:
    """Insert `rows` by as few statements as can be; `into` is a table with its columns in brackets."""
    if not rows:
        return
    width = len(rows[0])
    most = _VALUES // width
    for start in range(0, len(rows), most):
        some = rows[start : start + most]
        connection.execute(_statement(into, width, len(some)), list(chain.from_iterable(some)))


@functools.lru_cache(maxsize=64)
def _statement(into: str, width: int, count: int) -> str:
    row = f"({', '.join('?' * width)})"
    return f"INSERT INTO {into} VALUES {', '.join([row] * count)}"
