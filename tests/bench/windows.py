"""The real window: how long until its page is there, what it takes of memory, how fast it follows keys."""

import shutil
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.measure import Row, against, alternated, milliseconds, p95
from tests.window.conftest import Desktop, Roster, own_screen

ROSTER, HELLO = "tests.bench.obeying", "tests.bench.hello"
STARTS, SEARCHES = 5, 20
BESIDE = 10  # searches that a backup of 100,000 people takes longer than
SETTLED = 3  # seconds after which a started program has done what it does at its start
GOAL = 0.1
LISTED = "document.querySelectorAll('[data-list] [data-row]').length > 0"
SCRIPTS_RAN = (
    "performance.timeOrigin + performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
)
# Notes when the third key went down, and when the changed list was drawn.
WATCH = """(() => {
  const found = document.querySelector('#found');
  window.bench = {};
  document.addEventListener('keydown', event => {
    if (event.key === 'e') window.bench = {pressed: performance.now()};
  }, {capture: true});
  new MutationObserver(() => {
    const {bench} = window;
    if (!bench.pressed || bench.changed) return;
    bench.changed = performance.now();
    requestAnimationFrame(() => setTimeout(() => { bench.drawn = performance.now(); }));
  }).observe(found, {childList: true});
  return true;
})()"""
EMPTY = """(() => {
  const box = document.querySelector('[data-list-search]');
  window.bench = {};
  box.value = '';
  box.dispatchEvent(new Event('input', {bubbles: true}));
  box.focus();
  return true;
})()"""


class Windows:
    """Starts the real window on one database, and the bare one, on a screen of their own."""

    def __init__(self, display: str, folder: Path, database: Path) -> None:
        self.desktop = Desktop(display, folder)
        # Where it is set, each start would compile all that is Roster's anew, as nobody's computer does.
        self.desktop.environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self.desktop.data.mkdir()
        shutil.copy(database, self.desktop.data / "roster.db")
        self._pss: dict[str, list[int]] = {ROSTER: [], HELLO: []}

    @contextmanager
    def opened(self, module: str, *more: str) -> Iterator[Roster]:
        """A started program, with `more` arguments; it is closed with the block."""
        started = Roster(self.desktop, [sys.executable, "-m", module, str(self.desktop.data), *more])
        try:
            assert started.answer() == "loaded"
            yield started
            started.close()
        finally:
            started.end()

    def start(self, module: str, ready: str) -> float:
        """Return the seconds from the start of the process until its page was whole and its scripts had run;
        `ready` is what is true then."""
        began = time.time()
        with self.opened(module) as started:
            self.desktop.until(lambda: started.js(ready), "page")
            took = started.js(SCRIPTS_RAN) / 1000 - began
            time.sleep(SETTLED)
            self._pss[module].append(proportional(started.process.pid))
        return took

    def memory(self, module: str) -> float:
        """Return the median of what the starts took of memory, in bytes."""
        return statistics.median(self._pss[module])

    def searches(self, *, beside_backup: bool = False) -> list[float]:
        """Return the seconds from the third key of a search to the changed list, changed and drawn."""
        desktop, taken = self.desktop, []
        with self.opened(ROSTER, "0" if beside_backup else "3600") as roster:
            desktop.wait_for_window("My roster · Roster")
            desktop.until(lambda: roster.js(LISTED), "list")
            if beside_backup:
                desktop.until(lambda: list((desktop.data / "backups").glob(".roster-*")), "backup")
            else:
                time.sleep(SETTLED)
            roster.js(WATCH)
            for _ in range(BESIDE if beside_backup else SEARCHES):
                roster.js(EMPTY)
                time.sleep(0.4)
                desktop.xdotool("type", "--delay", "150", "zo")
                time.sleep(0.4)
                desktop.xdotool("type", "e")
                desktop.until(lambda: roster.js("window.bench.drawn || null"), "changed list")
                taken.append(roster.js("window.bench.drawn - window.bench.pressed") / 1000)
        return taken


def measure(folder: Path, database: Path) -> list[Row]:
    """Return the rows of the table."""
    folder.mkdir()
    (folder / "openbox").mkdir()
    with own_screen(folder / "openbox") as display:
        windows = Windows(display, folder, database)
        started, bare = alternated(
            STARTS,
            lambda: windows.start(ROSTER, LISTED),
            lambda: windows.start(HELLO, "document.body.innerText.length > 0"),
        )
        taken, beside = windows.searches(), windows.searches(beside_backup=True)
    more = windows.memory(ROSTER) - windows.memory(HELLO)
    return [
        against("Start to a usable page with everyone in it", started, bare, "a bare window", 1.5),
        Row(
            "Memory of all processes (PSS)",
            _megabytes(windows.memory(ROSTER)),
            f"{_megabytes(windows.memory(HELLO))} (a bare window)",
            windows.memory(ROSTER) / windows.memory(HELLO),
            "+100 MB",
            more <= 100e6,
        ),
        Row(
            "In the window: third key of a search to the changed list, drawn",
            _middle(taken),
            "",
            None,
            milliseconds(GOAL),
            statistics.median(taken) <= GOAL,
        ),
        Row(
            "The same while a backup is being made",
            _middle(beside),
            f"{milliseconds(statistics.median(taken))} (the same at rest)",
            statistics.median(beside) / statistics.median(taken),
        ),
    ]


def _middle(taken: list[float]) -> str:
    return f"{milliseconds(statistics.median(taken))} (95 in 100: {milliseconds(p95(taken))})"


def _megabytes(size: float) -> str:
    return f"{size / 1e6:.0f} MB"


def proportional(pid: int) -> int:
    """Return the proportional set size, in bytes, of a process and all that it started."""
    children: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        children.setdefault(int(fields[1]), []).append(int(status.parent.name))
    waiting, total = [pid], 0
    while waiting:
        process = waiting.pop()
        waiting += children.get(process, [])
        total += _own(Path(f"/proc/{process}/smaps_rollup"))
    return total


def _own(rollup: Path) -> int:
    try:
        lines = rollup.read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
