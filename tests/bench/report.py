"""The page that a full run writes: the table, how it was made, what to think of it."""

import os
import platform
import sqlite3
import sys
from collections.abc import Sequence

from tests.bench import searches
from tests.bench.measure import Row
from webui.exchange.limits import KEPT

HEAD = """# Performance

Written by `python3 build/make.py bench`; do not edit it by hand. Each figure stands beside a limit that was
measured in the same run, since times on one machine say little about another; what is compared was run in
turn. Times are medians unless 95 in 100 are named.

{machine}

Pages and searches are asked for one at a time, {times} times each, in turn. A machine that is shared with
others wavers, within seconds, by half and more. So a fixed piece of work (arithmetic of Python alone, the
least of three tries) is timed before and behind each, and the figure is what the page would have taken at the
machine's best: its time, divided by how much slower than its best that work was, on average of the two. Goals
and ratios are of that figure, and the limits are made in the same way; what the clock said stands beside it.

{people:,} invented people from a fixed seed (`tests/bench/people.py`), each with a phone: half with a note
and a birthday, a third with work, a quarter with an address, a fifth with a further e-mail, three fifths with
a post (posts are written after the import, of which they are no part).

| What | Figure | Limit | Ratio | Goal | |
|---|---|---|---|---|---|
"""
MILLION = """# Performance with 1,000,000 people

Written by `python3 build/make.py bench --long`; do not edit it by hand. What is measured, and what the limits
are, says [PERFORMANCE.md](PERFORMANCE.md); each search and page was asked for 20 times.

{machine}

| What | Figure | Limit | Ratio | Goal | |
|---|---|---|---|---|---|
"""
TAIL = """
{missed}

## What the limits are
- *The same rows by sqlite3, ready made*: all that the import left but its history (people, what belongs to
  them, tags, raw rows, texts, sort keys), written by `executemany` and `INSERT ... SELECT` into the same
  tables, indexes and three full-text tables, in one transaction with the same pragmas. Nothing is read,
  judged, matched or folded there.
- *The records alone by executemany*: the same without texts and full text.
- *UPDATE and COMMIT*: one column of one row with `synchronous=FULL`, no trigger.
- *Its SQL alone*: the statements of that search, run by sqlite3. *An empty page*: a view that returns
  nothing, on the same server and connection. The ratio is to their sum.
- *One INSERT ... SELECT*: one tag for each of them, in one transaction, on a copy without triggers. Both are
  taken back after each round.
- *At rest*: pages are asked for before the backup, the checks and the drill that a start makes beside them
  begin; two rows have the first page, and a search in the window, while that backup is being made.
- *Everything else*: the pages of all tables and indexes that are no history's, search included, as `dbstat`
  counts them in the file that the import left.
- *The same edit without history*: the same verb on a copy without triggers, its search text written too.
- *The setting*, *the deleting*: what is undone, as the app does it. Both are done and undone in turn.
- *3 × VACUUM INTO, and undo of the same four*: a copy of the live file, and those operations undone in it: a
  field set for a tenth, everyone tagged, another tenth to the trash, and deleted for good.
- *VACUUM INTO, quick_check, foreign_key_check, SHA-256*: what any copy of a database costs that was
  checked and can be checked again. The zip also holds everyone as CSV and vCards, which Python writes; it is
  deflated, read again whole, and its database opened and counted.
- *A bare window*: the same web engine and pywebview with one page of one heading. A start ends when the
  page's scripts have run.

## Why a goal may be missed
- *Import*: what it does beside writing is Python: a CSV is read, each phone, date and e-mail understood, each
  name made and compared. The writing alone, history and search included, is held against the same limit. What
  a preview stands on is written first, into a file of its own: those statements alone, measured apart, take
  3.4 s for 100,000 people, so that with the writing twice the limit is used up before a cell is understood.
- *Reading*: measured apart, in times of csv.reader: of a workbook calamine took 5.7 to open it and lay out a
  sheet, and 0.5 to hand its rows over; the look for hostile sheets 1.7, of which 0.7 is unpacking: 7.9 before
  anything was made of a cell. Of LDIF, to find the entries took 0.9, to decode, unfold and divide them 2.0;
  of JSON its own decoder, many objects by one call, 1.9. The rest is Python: cells are put under their
  columns, and each row is made into what is kept with a person (for JSON 1.2 times csv.reader alone). What
  columns a file has is known at its end. Its rows are kept until then where they take no more than {kept} MB;
  a larger file is gone through twice.
- *Start*: the window and the server begin at once, in two threads, but Python runs one of them at a time. The
  packages that a page needs (SQLAlchemy, Flask, Babel) take longer to import than the whole goal leaves:
  where the server imported these alone, nothing of Roster, and sent the finished first page from a file, the
  start took 1.9 times that of the bare window.
- *Pages*: their goals are in milliseconds, so the machine is in them, also at its best: ratios say more. How
  Python was built is in them too: measured apart, the first page took 16 ms by a Python that was built
  without its compiler's profile (`pyenv install`), and 11 by the one that comes with Debian.
- *Memory*: Python, SQLAlchemy and the database's pages in its cache, beside what the window needs. The same
  server without anything of Roster and its finished page took 94 MB more than the bare window.

## Beside others
Measured before on 2 cores, in the same kind of environment, not in this run. The figures of Roster are of
this run, of {people:,} people:

| | Thunderbird | sqlite-utils | DB Browser | Roster |
|---|---|---|---|---|
| Import from CSV | 70 s (10,000 people) | 10 s (100,000) | 0.5 s (100,000) | {imported} |
| Search among 100,000 | 25 s | | | {searched} |
| Start with 100,000 | 24 s | | | {started} |
| A killed import | leaves half | leaves half | | leaves nothing |

Both sqlite-utils and DB Browser are ahead at the import, DB Browser by far: they copy cells into one table
without checking anything. They know no person, refuse no row, find nobody twice, keep no history and make
nothing to search by. To write the same people with what they are found by takes sqlite3 alone {limit}.
"""


def page(rows: Sequence[Row], people: int) -> str:
    """Return docs/PERFORMANCE.md."""
    found = {row.what: row.figure for row in rows}

    def figure(start: str) -> str:
        return next((said for what, said in found.items() if what.startswith(start)), "not measured")

    missed = [row for row in rows if row.met is False]
    told = f"Missed: {len(missed)} of {sum(row.met is not None for row in rows)} goals." if missed else ""
    limits = {row.what: row.limit for row in rows}
    tail = TAIL.format(
        limit=limits.get("Import: read, judged, matched and written", "").split(" (")[0] or "longer",
        missed=told or "All goals were met.",
        people=people,
        kept=KEPT // 1_000_000,
        imported=figure("Import: read"),
        searched=figure("The same: “zoe”"),
        started=figure("Start to"),
    )
    return (
        HEAD.format(machine=_machine(), people=people, times=searches.TIMES)
        + "".join(map(_line, rows))
        + tail
    )


def million(rows: Sequence[Row]) -> str:
    """Return docs/PERFORMANCE-MILLION.md."""
    return MILLION.format(machine=_machine()) + "".join(map(_line, rows))


def _line(row: Row) -> str:
    ratio = f"{row.ratio:.1f} ×" if row.ratio else ""
    return f"| {row.what} | {row.figure} | {row.limit} | {ratio} | {row.goal} | {verdict(row)} |\n"


def verdict(row: Row) -> str:
    """Return whether a goal was met, in a word; nothing where there was none."""
    return "" if row.met is None else "met" if row.met else "**missed**"


def _machine() -> str:
    return (
        f"Machine: {os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python"
        f" {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}. Work waiting for a core, this run's own"
        f" included (load of the last 15 minutes): {os.getloadavg()[2]:.1f}."
    )
