"""What the system's own programs are handed: nothing that another person of this computer could use."""

import html
import re
import webbrowser

import pytest

from desktop import outside

ADDRESS = "http://127.1.2.3:40123/start?key=secret&more"


@pytest.fixture
def asked(monkeypatch):
    found = []
    monkeypatch.setattr(webbrowser, "open", lambda url: found.append(url) or True)
    return found


def test_a_one_time_address_is_no_argument_of_a_program(asked, tmp_path):
    page = tmp_path / "roster-start-page.html"
    page.write_text("of an earlier start")
    page.chmod(0o644)
    assert outside.open_start(ADDRESS, page)
    assert asked == [page.as_uri()]
    assert page.stat().st_mode & 0o777 == 0o600
    [leads] = re.findall(r'content="0;url=([^"]+)"', page.read_text())
    assert html.unescape(leads) == ADDRESS
    outside.forget_start(page)
    outside.forget_start(page)
    assert not page.exists()


def test_a_page_that_cannot_be_written_opens_nothing(asked, tmp_path):
    assert not outside.open_start(ADDRESS, tmp_path / "no folder" / "roster-start-page.html")
    assert asked == []


def test_only_addresses_that_the_system_knows_are_opened(asked):
    assert [outside.open_link(url) for url in ("mailto:a@post.example", "file:///etc/hosts")] == [True, False]
    assert asked == ["mailto:a@post.example"]
