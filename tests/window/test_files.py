"""Files in the native window: chosen by the system's dialog, saved by ours, never downloaded."""

import pytest

pytestmark = pytest.mark.window

ADD = """(fetch('/api/users', {method: 'POST', headers: {'Content-Type': 'application/json'},
  body: JSON.stringify({username: 'mara', given: 'Mara', email: 'mara@l.example'})})
  .then(r => r.json()).then(j => { fetched = j }), 1)"""


def test_a_file_is_attached_and_saved_by_native_dialogs(desktop, tmp_path):
    (tmp_path / "scan.pdf").write_bytes(b"%PDF scan")
    roster = desktop.start()
    roster.js(ADD)
    assert roster.fetched()
    roster.goto("/users/1")
    roster.js(
        "(document.querySelector('.files > details').open = true, document.querySelector('#file').focus(), 1)"
    )
    number = desktop.wait_for_window("Mara.*|.*Roster.*")
    desktop.xdotool("windowfocus", "--sync", number)
    desktop.xdotool("key", "space")
    desktop.wait_for_window("Open File.*|Select File.*|Open.*")
    desktop.xdotool("type", str(tmp_path / "scan.pdf"))
    desktop.xdotool("key", "Return")
    desktop.until(lambda: roster.js("document.querySelectorAll('.files li').length") == 1, "attached file")
    roster.js("(document.querySelector('.files li button').click(), 1)")
    desktop.wait_for_window("Save a file")
    desktop.xdotool("key", "ctrl+a")
    desktop.xdotool("type", str(tmp_path / "kept"))
    desktop.xdotool("key", "Return")
    desktop.until((tmp_path / "kept.pdf").exists, "saved file")
    assert (tmp_path / "kept.pdf").read_bytes() == b"%PDF scan"
    assert roster.close() == 0
