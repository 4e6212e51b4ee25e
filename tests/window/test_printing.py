"""Printing from the window: the engine leaves it to the program, which asks where to."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.window
FAILING = """
import sys
from pathlib import Path
from desktop.screen import prepare_qt
prepare_qt()
from desktop import qt
from qtpy.QtWidgets import QMessageBox, QWidget
qt.prepare("Roster")
view = QWidget()
qt._write_pdf(view, Path(sys.argv[1]), b"%PDF")
qt._write_pdf(view, Path(sys.argv[2]), b"")
print(*sorted(each.text() for each in view.findChildren(QMessageBox)), sep="\\n")
"""


def test_a_person_is_printed_by_key_and_by_button(desktop, tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("Name,Username,Email\nMara Lindqvist,mara,mara@post.example\n")
    assert desktop.run("import", str(people)).returncode == 0
    roster = desktop.start()
    roster.goto("/users/1")
    for number, ask in enumerate((lambda: desktop.xdotool("key", "ctrl+p"), lambda: click(roster)), 1):
        printed = tmp_path / f"printed{number}.pdf"
        ask()
        desktop.wait_for_window("Print")
        desktop.xdotool("key", "alt+f")
        desktop.xdotool("key", "ctrl+a")
        desktop.xdotool("type", str(printed))
        desktop.xdotool("key", "alt+p")
        desktop.until(lambda printed=printed: whole(printed), "printed file")
    assert roster.close() == 0


def test_printing_can_be_left_and_is_asked_about_once(desktop):
    roster = desktop.start()
    roster.goto("/")
    for _ in range(2):
        roster.js("[1, 2].forEach(() => print())")
        desktop.wait_for_window("Print")
        assert len(desktop.xdotool("search", "--onlyvisible", "--name", "^Print$").split()) == 1
        desktop.xdotool("key", "Escape")
        desktop.until(
            lambda: not desktop.xdotool("search", "--onlyvisible", "--name", "^Print$"), "end of the dialog"
        )
    assert roster.js("document.title")
    assert roster.close() == 0


def test_a_pdf_that_cannot_be_written_is_told(desktop, tmp_path):
    gone, old = tmp_path / "gone" / "mara.pdf", tmp_path / "old.pdf"
    old.write_text("of before")
    done = subprocess.run(
        [sys.executable, "-c", FAILING, str(gone), str(old)],
        env=desktop.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    for place, said in zip((gone, old), done.stdout.splitlines(), strict=True):
        assert said.startswith(f"No PDF was written to {place};")
    assert old.read_text() == "of before"
    assert [each.name for each in tmp_path.glob("*.*")] == ["old.pdf"]


def click(roster):
    roster.js("document.querySelector('[data-print]').click()")


def whole(file):
    """Whether a PDF is there with all that it says it has."""
    return file.exists() and (said := file.read_bytes()).startswith(b"%PDF") and b"%%EOF" in said[-20:]
