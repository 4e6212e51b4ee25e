"""Nothing that is tested may talk to another machine: each attempt is refused, noted, and fails its test.

Python's own attempts are seen by an audit hook, which sits below every library; those of Chromium by a proxy
that it is told to use for whatever is not this machine. Not for what a program started by a test does.
"""

import ipaddress
import socket
import socketserver
import sys
import threading
from typing import Any

import pytest

ASKED = {"socket.connect", "socket.sendto", "socket.sendmsg"}
NAMED = {"socket.getaddrinfo", "socket.gethostbyname"}
INTERNET = (socket.AF_INET, socket.AF_INET6)
# Chromium's own errands, which no page of ours causes: sent to a port where nobody listens.
ERRANDS = ("autofill-server-url", "gaia-url", "gcm-checkin-url", "gcm-registration-url", "gcm-mcs-endpoint")
# Where it fetches what it adds to itself, as dictionaries; refused, but no switch keeps it from trying.
ADDS = "redirector.gvt1.com:443"


class Attempts:
    """What was tried and refused."""

    def __init__(self) -> None:
        self.tried: list[str] = []

    def settle(self) -> None:
        """Fail where something was tried since the last time."""
        tried, self.tried = self.tried, []
        if tried:
            pytest.fail(f"tried to leave this machine: {', '.join(tried)}", pytrace=False)

    def watch(self) -> None:
        """From now on, until this process ends, refuse what Python itself tries."""
        sys.addaudithook(self._hook)

    def _hook(self, event: str, about: tuple[Any, ...]) -> None:
        if event in ASKED:
            made, address = about
            if made.family not in INTERNET or not address or is_here(address[0]):
                return
            wanted = address[0]
        elif event in NAMED:
            wanted = about[0]
            if is_here(wanted):
                return
        else:
            return
        self.tried.append(str(wanted))
        raise PermissionError(f"a test may not reach {wanted}")


def is_here(host: str | bytes | None) -> bool:
    """Whether a host is this machine; nothing at all is."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name in ("", "localhost")


class Trap:
    """A proxy that leads nowhere, for a browser that has it for all that is not this machine.

    Not Playwright's routing: that sees pages alone, not what the browser does by itself, and turns its cache
    off, which pages rely on.
    """

    def __init__(self, attempts: Attempts) -> None:
        class Refusing(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                line = self.rfile.readline(4096).decode("ascii", "replace").split()
                if line:  # a connection made in advance that asks for nothing has said nothing
                    if line[1:2] != [ADDS]:
                        attempts.tried.append(" ".join(line[:2]))
                    self.wfile.write(
                        b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    )

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refusing)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def flags(self) -> list[str]:
        """What Chromium is to be started with."""
        return [
            f"--proxy-server=http://127.0.0.1:{self._server.server_address[1]}",
            "--proxy-bypass-list=127.0.0.1;localhost",
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1, EXCLUDE localhost",
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
            *(f"--{errand}=http://127.0.0.1:9/" for errand in ERRANDS),
        ]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
