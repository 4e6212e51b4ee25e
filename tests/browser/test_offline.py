"""No byte leaves the machine: the watch over the browser itself."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Error, Page

from tests.browser.conftest import Roster, Watch
from tests.offline import Attempts


def test_what_a_browser_tries_is_refused_and_noted_by_whoever_tries_it(
    look: Callable[..., Page], roster: Roster, watch: Watch, attempts: Attempts
) -> None:
    context = look().context
    # From where no policy of ours holds it back: by name, by number, by a socket, by what no page waits for.
    other = context.new_page()
    other.evaluate("new Promise(end => new WebSocket('ws://socket.example/').onerror = end)")
    other.evaluate("navigator.sendBeacon('http://beacon.example/', 'x')")
    for address in ("http://192.0.2.7/", "https://secret.example/", "http://name.example/"):
        page = watch.over(context.new_page())
        with pytest.raises(Error):
            page.goto(address)
        page.close()  # what says that an address has failed asks it again a second later
    other.wait_for_timeout(100)
    tried = " ".join(attempts.tried)
    for wanted in ("name.example", "192.0.2.7", "secret.example:443", "socket.example:80", "beacon.example"):
        assert wanted in tried, tried
    assert any("name.example" in fault for fault in watch.faults)
    with pytest.raises(pytest.fail.Exception, match="name.example"):
        attempts.settle()
    watch.faults.clear()
    other.goto(roster.origin)  # this machine answers as ever
    assert other.title()
