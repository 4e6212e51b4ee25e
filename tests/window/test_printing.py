"""Printing from the window: the engine leaves it to the program, which asks where to."""

import pytest

pytestmark = pytest.mark.window


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


def click(roster):
    roster.js("document.querySelector('[data-print]').click()")


def whole(file):
    """Whether a PDF is there with all that it says it has."""
    return file.exists() and (said := file.read_bytes()).startswith(b"%PDF") and b"%%EOF" in said[-20:]
