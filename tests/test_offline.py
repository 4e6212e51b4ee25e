"""The watch over what leaves this machine notices, or its silence would say nothing."""

import socket
import subprocess
import sys
from urllib.request import urlopen

import pytest

from tests.children.way_out import is_here
from tests.offline import Attempts


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.8.7", "::1", "localhost", b"localhost", "", None])
def test_this_machine_may_be_reached(host: str | bytes | None) -> None:
    assert is_here(host)


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "0.0.0.1", "2001:db8::1", "roster.example", "127.0.0.1.example"]
)
def test_others_may_not(host: str) -> None:
    assert not is_here(host)


def test_each_way_out_is_refused_and_fails_the_test(attempts: Attempts) -> None:
    with socket.socket() as made, pytest.raises(PermissionError):
        made.connect(("192.0.2.1", 80))
    with socket.socket() as made, pytest.raises(PermissionError):
        made.connect_ex(("192.0.2.2", 80))
    with socket.socket(type=socket.SOCK_DGRAM) as made, pytest.raises(PermissionError):
        made.sendto(b"x", ("192.0.2.3", 53))
    with pytest.raises(PermissionError):
        socket.gethostbyname("a.roster.example")
    with pytest.raises(OSError):
        urlopen("http://b.roster.example/")  # its proxies, if any, are asked by name too
    tried = ", ".join(attempts.tried)
    for wanted in ("192.0.2.1", "192.0.2.2", "192.0.2.3", "a.roster.example"):
        assert wanted in tried
    assert len(attempts.tried) == 5
    with pytest.raises(pytest.fail.Exception, match=r"tried to leave this machine: 192\.0\.2\.1"):
        attempts.settle()
    attempts.settle()


def test_a_program_that_a_test_starts_is_refused_too_and_so_is_what_that_starts(attempts: Attempts) -> None:
    asked = "import socket; socket.create_connection(({!r}, 80), 1)"
    one, other = asked.format("192.0.2.4"), asked.format("c.roster.example")
    outer = f"import subprocess, sys; sys.exit(subprocess.run([sys.executable, '-c', {other!r}]).returncode)"
    for program in (one, outer):
        ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert ended.returncode == 1 and "a test may not reach" in ended.stderr
    with pytest.raises(pytest.fail.Exception, match=r"192\.0\.2\.4 \(by a program .*c\.roster\.example"):
        attempts.settle()
    attempts.settle()
