"""Search as one types and the first page, over HTTP on one connection to the real server."""

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.bench.measure import Row, milliseconds, p95
from tests.bench.people import RARE
from webui.store import search
from webui.store.ledger import sqlite

TIMES = 60
GOAL = 0.025
ROOT = Path(__file__).parent.parent.parent
# What is looked for, and how the table names it.
SOUGHT = {
    "": "The first page, whole",
    "a": "Search as one types: “a”",
    "z": "The same: “z”",
    "zo": "The same: “zo”",
    "zoe": "The same: “zoe”",
    "son42": "The same: a part of an e-mail",
    RARE: "The same: a word of few posts",
    "garden": "The same: a word of many posts",
}


def measure(database: Path) -> list[Row]:
    """Return the rows of the table. `database` lies in its data folder, as roster.db."""
    bare = {sought: _bare(database, sought) for sought in SOUGHT}
    taken: dict[str, list[float]] = {sought: [] for sought in SOUGHT}
    nothing: list[float] = []
    with _served(database.parent) as ask:
        for sought in SOUGHT:  # the first of each fills caches
            ask(sought)
        for _ in range(TIMES):
            nothing.append(ask(None))
            for sought in SOUGHT:
                taken[sought].append(ask(sought))
    idle = p95(nothing)
    return [
        Row(
            f"{name} (95 in 100)",
            milliseconds(p95(taken[sought])),
            f"{milliseconds(p95(bare[sought]))} (its SQL alone), {milliseconds(idle)} (an empty page)",
            p95(taken[sought]) / (p95(bare[sought]) + idle),
            milliseconds(GOAL),
            p95(taken[sought]) <= GOAL,
        )
        for sought, name in SOUGHT.items()
    ]


def _bare(database: Path, sought: str) -> list[float]:
    """Return the seconds of the search's own statements, run by sqlite3 alone."""
    statements: list[tuple[str, object]] = []
    engine = sqlite.engine(database)
    event.listen(
        engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, parameters, *_rest: statements.append(
            (statement, parameters)
        ),
    )
    with Session(engine) as session:
        search.find(session, sought)
    engine.dispose()
    taken = []
    with closing(sqlite.connect(database)) as connection:
        for _ in range(TIMES):
            started = time.perf_counter()
            for statement, parameters in statements:
                if statement.lstrip().startswith("SELECT"):
                    connection.execute(statement, parameters).fetchall()
            taken.append(time.perf_counter() - started)
    return taken[1:]


@contextmanager
def _served(data: Path) -> Iterator["Ask"]:
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DISPLAY", "ROSTER_DATA")
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.served", str(data)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout
        address = re.search(r"http://(\S+?)(/start\S+)", server.stdout.readline())
        assert address, "no address from the server"
        with closing(http.client.HTTPConnection(address[1])) as connection:
            yield Ask(connection, address[2])
    finally:
        server.terminate()
        server.wait(20)
        if server.stdout:
            server.stdout.close()


class Ask:
    """One connection that is kept, with the cookie of the launch key."""

    def __init__(self, connection: http.client.HTTPConnection, start: str) -> None:
        self._connection = connection
        connection.request("GET", start)
        answer = connection.getresponse()
        answer.read()
        self._cookie = answer.headers["Set-Cookie"].split(";")[0]

    def __call__(self, sought: str | None) -> float:
        """Return the seconds of one request: a search, the whole first page (''), or nothing (None)."""
        headers = {"Cookie": self._cookie}
        if sought:
            headers["HX-Request"] = "true"
        path = "/bench/nothing" if sought is None else f"/?q={quote(sought)}" if sought else "/"
        started = time.perf_counter()
        self._connection.request("GET", path, headers=headers)
        answer = self._connection.getresponse()
        answer.read()
        took = time.perf_counter() - started
        assert answer.status == 200, answer.status
        return took
