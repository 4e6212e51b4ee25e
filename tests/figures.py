"""What the tests counted, said at the end of a run: a sum for each name.

A pytest plugin: `record_property("figure: kills", 50)` is added up with all others of that name.
"""

from collections import Counter

import pytest

MARK = "figure: "


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say them."""
    sums: Counter[str] = Counter()
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name.startswith(MARK):
                sums[name.removeprefix(MARK)] += value
    for name, value in sorted(sums.items()):
        terminalreporter.write_line(f"{name}: {value}")
