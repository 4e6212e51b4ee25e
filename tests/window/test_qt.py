"""What Qt says: remarks are left out, what is critical is not."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.window

SCRIPT = """
from desktop.screen import prepare_qt
prepare_qt()
from desktop import qt
from qtpy.QtCore import qCritical, qWarning
qt.prepare("Roster")
qWarning("a remark")
qCritical("a fault")
"""


@pytest.mark.parametrize(
    ("asked", "said"), [({}, "a fault\n"), ({"QT_LOGGING_RULES": "*=true"}, "a remark\na fault\n")]
)
def test_remarks_are_left_out_unless_someone_asks(desktop, asked, said):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=desktop.environment | asked,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said in done.stderr
    assert ("a remark" in done.stderr) == bool(asked)
