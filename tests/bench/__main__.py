"""Measures Roster against its limits and writes docs/PERFORMANCE.md: `python3 build/make.py bench`.

`--quick` takes 5,000 people; `--only imports,searches,edits,exports,files,growth,backups,windows` some of it;
`--long` searches among 1,000,000 (a quarter of an hour, 8 GB of disk), for docs/PERFORMANCE-MILLION.md. The
others only print.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench import backups, edits, exports, files, growth, imports, report, searches, windows
from tests.bench.measure import Row

PAGE = Path(__file__).parents[2] / "docs" / "PERFORMANCE.md"
MILLION = PAGE.with_name("PERFORMANCE-MILLION.md")
PEOPLE, QUICK, LONG = 100_000, 5_000, 1_000_000
LONG_GOAL = 0.050  # seconds of a page then


def main() -> int:
    arguments = _arguments()
    count = QUICK if arguments.quick else PEOPLE
    with tempfile.TemporaryDirectory(prefix="roster-bench-") as name:
        if arguments.long:
            _write(MILLION, report.million(_measure_long(Path(name))))
            return 0
        rows = _measure(Path(name), count, arguments.only)
    if not arguments.quick and not arguments.only:
        _write(PAGE, report.page(rows, count))
    return 0


def _write(page: Path, said: str) -> None:
    page.parent.mkdir(exist_ok=True)
    page.write_text(said, encoding="utf-8")
    print(f"Written: {page.relative_to(page.parents[1])}")


def _measure(folder: Path, count: int, only: list[str]) -> list[Row]:
    """Print each row as soon as it is there; return all."""
    first, database = imports.measure(folder, count)
    live = _as_live(folder, database)
    parts: dict[str, Callable[[], list[Row]]] = {
        "imports": lambda: first,
        "searches": lambda: searches.measure(live),
        "edits": lambda: edits.measure(folder, database),
        "exports": lambda: exports.measure(folder, database),
        "files": lambda: files.measure(folder, database),
        "growth": lambda: growth.measure(folder, database),
        "backups": lambda: backups.measure(folder, database),
        "windows": lambda: windows.measure(folder / "windows", database),
    }
    rows = []
    for name, measure in parts.items():
        if only and name not in only:
            continue
        for row in measure():
            rows.append(row)
            _print(row)
    return rows


def _measure_long(folder: Path) -> list[Row]:
    live = _as_live(folder, imports.database(folder, LONG))
    rows = searches.measure(live, LONG_GOAL, times=20)
    for row in rows:
        _print(row)
    return rows


def _as_live(folder: Path, database: Path) -> Path:
    live = folder / "data" / "roster.db"
    live.parent.mkdir()
    shutil.copy(database, live)
    return live


def _print(row: Row) -> None:
    ratio = f"{row.ratio:.1f} ×" if row.ratio else ""
    said = (row.figure, ratio, row.limit, row.goal, report.verdict(row).strip("*"))
    print(f"{row.what}: {' | '.join(filter(None, said))}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make.py bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} people; prints alone")
    parser.add_argument("--long", action="store_true", help=f"searches among {LONG:,} people")
    parser.add_argument(
        "--only", type=lambda listed: listed.split(","), default=[], help="some parts; prints alone"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
