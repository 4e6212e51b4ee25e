"""Two copies of Roster started at once on one folder, by two names of it: one runs, the other leads there."""

import sys
import time
from pathlib import Path

import pytest

from tests.desktop.test_run import PATIENCE, Started, enter
from webui.safety import opening

pytestmark = [
    pytest.mark.crash,
    pytest.mark.skipif(sys.platform == "win32", reason="a link to a folder needs rights there"),
]


def wait_for_one(started: list[Started]) -> list[Started]:
    """Return those that have ended, as soon as there are any."""
    until = time.monotonic() + PATIENCE
    while not (ended := [each for each in started if each.process.poll() is not None]):
        assert time.monotonic() < until, "both run"
        time.sleep(0.02)
    return ended


def test_of_two_started_at_once_one_runs_and_the_other_leads_to_it(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "same").symlink_to(tmp_path / "data")
    both = [Started("--data", str(tmp_path / name), "run", "--browser") for name in ("data", "same")]
    try:
        addresses = [each.address() for each in both]
        assert addresses[0][0] == addresses[1][0]
        assert addresses[0][1] != addresses[1][1]
        for host, path in addresses:
            assert enter(host, path)[0] == 200
        ended = wait_for_one(both)
        assert [each.process.returncode for each in ended] == [0]
        assert [each.end() for each in both if each not in ended] == [(0, "")]
        assert isinstance(opening.inspect(tmp_path / "data" / "roster.db"), opening.Ready)
    finally:
        for each in both:
            each.close()
