"""Search as one types, by filters and in any order, and a person’s page: over HTTP on one connection to the
real server."""

import http.client
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from tests.bench import pace
from tests.bench.measure import Row, milliseconds, p95
from tests.bench.pace import Paced, Run
from tests.bench.people import RARE
from webui.store import search, standing
from webui.store.ledger import sqlite
from webui.store.ledger.operations import named, operation
from webui.store.models import Field

TIMES = 120
ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Asked:
    """A request: what is looked for, in which order, the whole page or rows alone, far down or not; or
    another page than the list, by its path, with a query from the list that this gives."""

    what: str
    q: str = ""
    sort: str = ""
    whole: bool = False
    far: bool = False
    path: str = ""


THREE = "tag:choir city:alberg email:@post.example"

ASKED = (
    Asked("The first page, whole", whole=True),
    Asked("Search as one types: “a”", "a"),
    Asked("The same: “z”", "z"),
    Asked("The same: “zo”", "zo"),
    Asked("The same: “zoe”", "zoe"),
    Asked("The same: a part of an e-mail", "son42"),
    Asked("The same: a part of a phone", "0012 34"),
    Asked("The same: a word of few posts", RARE),
    Asked("The same: a word of many posts", "garden"),
    Asked("The same: a word that everyone has", "example"),
    Asked("The same, by e-mail", "example", "email"),
    Asked("Three filters", THREE),
    Asked("The same, whole, by last post", THREE, "-last_post", whole=True),
    Asked("A word and two filters", "zoe tag:choir has:phone"),
    Asked("A page far down, by last post", sort="-last_post", far=True),
    Asked("A page far down of a tag, by e-mail", "tag:choir", "email", far=True),
    Asked("The first page by organisation, whole", sort="organisation", whole=True),
    Asked("A page far down, by organisation", sort="organisation", far=True),
    Asked("A page far down, by city, downwards", sort="-city", far=True),
    Asked("A page far down, by tag", sort="tags", far=True),
    Asked("The same: a word and a tag", "garden choir"),
    Asked("The same: two words that tags say", "choir board"),
    Asked("A number of an own field, compared", "seats:>3"),
    Asked("The same, a tag and a city", "seats:>3 tag:choir city:alberg"),
    Asked("A person’s page", whole=True, path="/users/4711"),
    Asked("The same in a list of three filters", THREE, "-last_post", whole=True, path="/users/4711"),
    Asked("The same beside the list", path="/users/4711/pane"),
)


def measure(database: Path, goal: float = 0.025, times: int = TIMES) -> list[Row]:
    """Return the rows of the table, of `times` rounds each. `database` lies in its data folder, as roster.db;
    `goal` is in seconds."""
    _add_seats(database)
    places = {each: _place(database, each) for each in ASKED}
    bare = {each: _bare(database, each, places[each], times) for each in ASKED}
    taken: dict[Asked | None, list[Run]] = {each: [] for each in (None, *ASKED)}
    with _served(database.parent, calm=3600) as ask:
        for each in ASKED:  # the first of each fills caches
            ask(each, places[each])
        for _ in range(times):
            for one in taken:
                ask.prepare(one)
                taken[one].append(pace.run(lambda one=one: ask(one, places.get(one))))
    found, alone = _paced(taken), _paced({each: runs for each, runs in bare.items() if runs})
    rows = [_row(each, found[each], alone.get(each), found[None].best, goal) for each in ASKED]
    return [*rows, _beside_a_backup(database.parent, found[ASKED[0]].clock, times)]


def _paced(taken: Mapping[Asked | None, Sequence[Run]]) -> dict[Asked | None, Paced]:
    best = pace.best(run for runs in taken.values() for run in runs)
    return {one: pace.paced(runs, best) for one, runs in taken.items()}


def _add_seats(database: Path) -> None:
    """Give everyone a number in an own field."""
    engine = sqlite.engine(database)
    with Session(engine) as session, operation(session):
        field = Field(name="Seats", kind="number", options="[]")
        session.add(field)
        session.flush()
        values = "SELECT id, :field, (id * 40503 >> 4) % 10, (id * 40503 >> 4) % 10 FROM users"
        added = text(f"INSERT INTO field_values (user_id, field_id, value, number) {values}")
        session.execute(added, {"field": field.id})
        named(session, "users.add", name="")
    engine.dispose()


def _beside_a_backup(data: Path, at_rest: float, times: int) -> Row:
    with _served(data, calm=0) as ask:
        while not list((data / "backups").glob(".roster-*")):
            ask(None)  # a connection that asks nothing is let go
            time.sleep(0.1)
        took = p95([ask(ASKED[0]) for _ in range(times)])
    what = "The first page while a backup is being made (95 in 100, by the clock)"
    return Row(what, milliseconds(took), f"{milliseconds(at_rest)} (the same at rest)", took / at_rest)


def _row(asked: Asked, took: Paced, alone: Paced | None, idle: float, goal: float) -> Row:
    limit = f"{milliseconds(idle)} (an empty page)"
    if alone:
        limit = f"{milliseconds(alone.best)} (its SQL alone), {limit}"
    what = f"{asked.what} (95 in 100)"
    ratio = took.best / ((alone.best if alone else 0) + idle)
    return Row(what, str(took), limit, ratio, milliseconds(goal), took.best <= goal)


def _place(database: Path, asked: Asked) -> str | None:
    """Return the cursor of a page somewhere down the list, None for its beginning."""
    if not asked.far:
        return None
    engine = sqlite.engine(database)
    with Session(engine) as session:
        ids = sorted(search.everyone(session, asked.q))
        after = standing.place(session, random.Random(1).choice(ids), asked.q, asked.sort)
    engine.dispose()
    return after


def _bare(database: Path, asked: Asked, after: str | None, times: int) -> list[Run]:
    """Return the runs of the search's own statements, run by sqlite3 alone; nothing for another page."""
    if asked.path:
        return []
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
        search.find(session, asked.q, asked.sort, after)
    engine.dispose()
    with closing(sqlite.connect(database)) as connection:

        def read() -> float:
            started = time.perf_counter()
            for statement, parameters in statements:
                if statement.lstrip().startswith(("SELECT", "WITH")):
                    connection.execute(statement, parameters).fetchall()
            return time.perf_counter() - started

        return [pace.run(read) for _ in range(times)][1:]


@contextmanager
def _served(data: Path, calm: float) -> Iterator["Ask"]:
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DISPLAY", "ROSTER_DATA")
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.served", str(data), str(calm)],
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
        self._cookies: dict[str, str] = {}
        self._lists = 0
        self._read()

    def __call__(self, asked: Asked | None, after: str | None = None) -> float:
        """Return the seconds of one request; of one that does nothing for None."""
        headers = {}
        if asked and not asked.whole:
            headers["HX-Request"] = "true"
        given = {"q": asked.q, "sort": asked.sort, "after": after} if asked else {}
        query = urlencode({name: value for name, value in given.items() if value})
        path = (asked.path or f"/?{query}") if asked else "/bench/nothing"
        return self._get(path, headers)

    def prepare(self, asked: Asked | None) -> None:
        """Show the list that a page is to be in, where it is: written otherwise than ever before, so that
        nothing is known of it yet."""
        if asked and asked.path and asked.q:
            self._lists += 1
            first, *others = asked.q.split(" ")
            q = " " * (1 + self._lists % 60) + (" " * (1 + self._lists // 60)).join(others)
            self._get("/?" + urlencode({"q": first + q, "sort": asked.sort}), {})

    def _get(self, path: str, headers: dict[str, str]) -> float:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        started = time.perf_counter()
        self._connection.request("GET", path, headers=headers | {"Cookie": cookies})
        status = self._read()
        took = time.perf_counter() - started
        assert status == 200, status
        return took

    def _read(self) -> int:
        answer = self._connection.getresponse()
        answer.read()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _equals, value = cookie.split(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status
