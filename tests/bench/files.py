"""Files of every kind: read, beside csv.reader with the same people; imported whole, in how much memory."""

import csv
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

from tests.bench.measure import Row, against, alternated, seconds, timed
from tests.bench.people import write_cards
from webui.exchange import formats
from webui.exchange.out.wanted import Wanted
from webui.exchange.reading import kinds
from webui.store.ledger import sqlite as ours

CARDS, GNOME = 10_000, 1.1  # as many took GNOME's store so many seconds, on 2 cores
ROUNDS = 3
MOST_MEMORY = 300  # MB above what is there before a file is read
# How many times csv.reader each reader may take.
GOALS = {"CSV": 3, "vCards": 15, "a workbook": 8, "LDIF": 5, "JSON": 2.5, "SQLite": None}
_PLAN = """
import re, resource, sys, tempfile, time
from pathlib import Path
from webui.exchange import importing
from webui.exchange.reading import cards, ldif, monica, opendocument, sqlite_table, workbook
from webui.safety import opening
from webui.store.ledger import sqlite
def peak():
    status = Path("/proc/self/status")  # on Linux, getrusage begins with the peak of who started this
    if status.exists():
        return int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with tempfile.TemporaryDirectory() as name:
    path = Path(name) / "roster.db"
    opening.create(path)
    engine = sqlite.engine(path)
    before = peak()
    for _round in range(2):
        began = time.perf_counter()
        with importing.plan(engine, Path(sys.argv[1]), Path(name) / "plan.sqlite") as plan:
            counts = plan.counts()
            if not _round:
                importing.apply(engine, plan, allow_missing_email=True)
                took = time.perf_counter() - began
    memory = peak() - before
    opening.close(engine)
    print(took, memory // 1024, counts["new"] + counts["changed"] + counts["question"])
"""


def measure(folder: Path, database: Path) -> list[Row]:
    """Return the rows of the table."""
    with closing(ours.connect(database)) as connection:
        made = _files(folder, connection)
    readers = (partial(timed, partial(_read, path)) for path in made.values())
    limit, *took = alternated(ROUNDS, lambda: timed(lambda: _csv(made["CSV"])), *readers)
    rows = [
        against(f"Reading {kind}", each, limit, "csv.reader", GOALS[kind])
        for kind, each in zip(made, took, strict=True)
    ]
    for kind, path in made.items():
        rows += _whole(kind, path)
    return [*rows, *_cards(folder / "phone.vcf")]


def _files(folder: Path, connection: sqlite3.Connection) -> dict[str, Path]:
    found = {"CSV": folder / "in.csv", "vCards": folder / "in.vcf", "a workbook": folder / "in.xlsx",
             "LDIF": folder / "in.ldif"}  # fmt: skip
    for path in found.values():
        formats.export(connection, path, Wanted(safe=False) if path.suffix == ".csv" else Wanted())
    with found["CSV"].open(encoding="utf-8", newline="") as file:
        people = [{name: cell for name, cell in row.items() if cell} for row in csv.DictReader(file)]
    names = list(dict.fromkeys(name for each in people for name in each))
    found["JSON"], found["SQLite"] = folder / "in.json", folder / "in.sqlite"
    found["JSON"].write_text(json.dumps(people, ensure_ascii=False), encoding="utf-8")
    with closing(sqlite3.connect(found["SQLite"])) as made, made:
        made.execute(f"CREATE TABLE people ({', '.join(names)})")
        marks = ", ".join("?" * len(names))
        made.executemany(
            f"INSERT INTO people VALUES ({marks})", ([each.get(n) for n in names] for each in people)
        )
    return found


def _csv(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        for _row in csv.reader(file):
            pass


def _read(path: Path) -> None:
    for _row in kinds.look(path).rows():
        pass


def _cards(path: Path) -> list[Row]:
    """Return what an import of some vCards of a phone takes, beside another program's of as many."""
    write_cards(path, CARDS)
    took, _memory, changed = _imported(path)
    return [
        against(f"Import of {CARDS:,} vCards of a phone", took, GNOME, "GNOME's store, measured before", 2),
        Row("Changed by the same file a second time", changed, "", None, "0", changed == "0"),
    ]


def _whole(kind: str, path: Path) -> list[Row]:
    """Return what an import of all takes, its memory, and how many a second one would change."""
    took, memory, changed = _imported(path)
    return [
        Row(f"Import of {kind}: read, judged, matched and written", seconds(took)),
        Row("Memory of that, above what is there before", f"{memory} MB", f"{MOST_MEMORY} MB", None,
            f"{MOST_MEMORY} MB", memory <= MOST_MEMORY),
        Row("Changed by the same file a second time", changed, "", None, "0", changed == "0"),
    ]  # fmt: skip


def _imported(path: Path) -> tuple[float, int, str]:
    """Return the seconds of an import into an empty database, its megabytes, whom a second one changes."""
    done = subprocess.run(
        [sys.executable, "-c", _PLAN, str(path)], capture_output=True, text=True, check=True
    )
    took, memory, changed = done.stdout.split()
    return float(took), int(memory), changed
