"""Files that were set aside beside the database and never go by themselves: a damaged one that was replaced,
one as it was before a repair. Not for what an upgrade keeps: see `kept`.
"""

import datetime
import glob
import re
from dataclasses import dataclass
from pathlib import Path

from webui.store.values import times

_NAME = re.compile(r" (damaged|before repair) (\d{8}-\d{6})(-\d+)?$", re.ASCII)


@dataclass(frozen=True)
class Aside:
    """A file, `damaged` or as it was before a repair; `size` in bytes, `at` when it was set aside (UTC)."""

    path: Path
    damaged: bool
    size: int
    at: str


def found(database: Path) -> list[Aside]:
    """Return the files that were set aside, newest first."""
    there = []
    for path in database.parent.glob(f"{glob.escape(database.stem)} *{database.suffix}"):
        if named := _NAME.search(path.stem):
            try:
                at = datetime.datetime.strptime(named[2], "%Y%m%d-%H%M%S").replace(tzinfo=datetime.UTC)
                size = path.stat().st_size
            except (OSError, ValueError):  # gone between the two looks, or no name that we gave
                continue
            there.append(Aside(path, named[1] == "damaged", size, times.written(at)))
    return sorted(there, key=lambda each: (each.at, each.path.name), reverse=True)
