"""Under CI=true a skipped test is a failure, unless its mark `platform` says that it is about another system.

A pytest plugin, so that a missing browser or screen can never pass for a green run. Skips by `platform` are
counted in a line of their own. Not for choosing tests: what is only for --long is deselected, not skipped.
"""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

NOT_ALLOWED = "a CI run allows no skip but those marked `platform`"
Wrapper = Generator[None, pytest.TestReport, pytest.TestReport]


def is_strict() -> bool:
    """Whether this is a CI run."""
    return os.environ.get("CI", "").lower() in ("true", "1")


def reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why something was skipped, as its author put it."""
    longrepr = report.longrepr
    text = str(longrepr[2]) if isinstance(longrepr, tuple) else str(longrepr)
    return text.removeprefix("Skipped: ")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Wrapper:
    """Turn a skip into a failure; an expected failure (xfail) reports itself as skipped too and stays."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        if item.get_closest_marker("platform"):
            report.user_properties.append(("platform", "skipped"))
        elif is_strict():
            report.outcome = "failed"
            report.longrepr = f"Skipped: {reason(report)}; {NOT_ALLOWED}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that skips itself while it is collected."""
    report = yield
    if is_strict() and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"Skipped: {reason(report)}; {NOT_ALLOWED}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count the skips that were let through."""
    skipped = terminalreporter.stats.get("skipped", [])
    platform = [report for report in skipped if ("platform", "skipped") in report.user_properties]
    if platform:
        terminalreporter.write_line(f"skipped for another platform: {len(platform)}")
