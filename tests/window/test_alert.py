"""What fails before there is a page is told in a native box, and on stderr."""

import subprocess
import sys

import pytest

from tests.window.conftest import PATIENCE, ROOT

pytestmark = pytest.mark.window


def test_a_folder_that_cannot_be_used_is_told_in_a_box(desktop, tmp_path):
    (tmp_path / "file").write_text("")
    with subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "--data", str(tmp_path / "file" / "inside")],
        env=desktop.environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        desktop.wait_for_window("Roster")
        desktop.picture(tmp_path / "box.png")
        desktop.xdotool("key", "Return")
        assert process.wait(PATIENCE) == 1
        assert "cannot use its folder" in process.stderr.read()
    assert not desktop.data.exists()


def test_a_display_that_nobody_serves_is_no_screen(desktop):
    script = (
        "import desktop.screen as screen\n"
        "assert not screen.has_screen()\n"
        "assert 'no screen' in screen.why_no_window()"
    )
    environment = desktop.environment | {"DISPLAY": ":9999"}
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True)
