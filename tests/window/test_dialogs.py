"""Native dialogs, answered by keyboard as a person would."""

import pytest

pytestmark = pytest.mark.window


@pytest.mark.parametrize(
    ("typed", "chosen"), [("list", "list.csv"), ("list 25.11", "list 25.11.csv"), ("list.txt", "list.txt")]
)
def test_a_file_is_chosen_for_saving_and_gets_its_suffix(desktop, tmp_path, typed, chosen):
    roster = desktop.start()
    roster.goto("/test/links")
    roster.fetch("/test/save")
    desktop.wait_for_window("Keep the list")
    desktop.xdotool("key", "ctrl+a")
    desktop.xdotool("type", str(tmp_path / typed))
    desktop.xdotool("key", "Return")
    assert roster.fetched() == str(tmp_path / chosen)
    assert roster.close() == 0


def test_a_file_that_the_suffix_leads_to_is_not_replaced_unasked(desktop, tmp_path):
    (tmp_path / "list.csv").write_text("precious")
    roster = desktop.start()
    roster.goto("/test/links")
    roster.fetch("/test/save")
    desktop.wait_for_window("Keep the list")
    desktop.xdotool("key", "ctrl+a")
    desktop.xdotool("type", str(tmp_path / "list"))
    desktop.xdotool("key", "Return")
    desktop.wait_for_window("Keep the list")
    desktop.xdotool("key", "Escape")
    assert roster.fetched() == "None"
    assert roster.close() == 0


def test_a_file_is_chosen_for_opening(desktop, tmp_path):
    (tmp_path / "people.csv").write_text("name\n")
    roster = desktop.start()
    roster.goto("/test/links")
    roster.fetch("/test/open")
    desktop.wait_for_window("Bring in people")
    desktop.xdotool("type", str(tmp_path / "people.csv"))
    desktop.xdotool("key", "Return")
    assert roster.fetched() == str(tmp_path / "people.csv")
    assert roster.close() == 0


def test_a_cancelled_dialog_chooses_nothing(desktop):
    roster = desktop.start()
    roster.goto("/test/links")
    for path, title in (("/test/open", "Bring in people"), ("/test/save", "Keep the list")):
        roster.fetch(path)
        desktop.wait_for_window(title)
        desktop.xdotool("key", "Escape")
        assert roster.fetched() == "None"
    assert roster.close() == 0


def test_closing_while_work_is_under_way_asks_first(desktop, tmp_path):
    roster = desktop.start()
    roster.goto("/test/links")
    roster.fetch("/test/work")
    assert roster.fetched()
    roster.ask("close")
    desktop.wait_for_window("Close Roster")
    desktop.xdotool("key", "Escape")
    assert roster.js("1 + 1") == 2
    roster.ask("close")
    desktop.wait_for_window("Close Roster")
    desktop.picture(tmp_path / "question.png")
    desktop.xdotool("key", "Return")
    assert roster.process.wait(20) == 0
