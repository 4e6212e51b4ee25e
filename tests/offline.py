"""Nothing that is tested may talk to another machine: each attempt is refused, noted, and fails its test.

Python's own attempts are seen by an audit hook, which sits below every library, also in each Python program
that a test starts (`children/sitecustomize.py`); those of Chromium and of the window by a proxy that each
is told to use for whatever is not this machine. Not for a packaged Roster, which takes nothing from outside.
"""

import os
import shutil
import socketserver
import tempfile
import threading
from pathlib import Path

import pytest

from tests.children import way_out

CHILDREN = Path(__file__).parent / "children"
# Chromium's own errands, which no page of ours causes: sent to a port where nobody listens.
ERRANDS = ("autofill-server-url", "gaia-url", "gcm-checkin-url", "gcm-registration-url", "gcm-mcs-endpoint")
# Where it fetches what it adds to itself, as dictionaries; refused, but no switch keeps it from trying.
ADDS = "redirector.gvt1.com:443"


class Attempts:
    """What was tried and refused."""

    def __init__(self) -> None:
        self.tried: list[str] = []
        self._noted: Path | None = None
        self._read = 0

    def settle(self) -> None:
        """Fail where something was tried since the last time."""
        tried, self.tried = [*self.tried, *self._by_children()], []
        if tried:
            pytest.fail(f"tried to leave this machine: {', '.join(tried)}", pytrace=False)

    def watch(self) -> None:
        """From now on, until this process ends, refuse what it tries, and what it starts."""
        way_out.watch(self.tried_by_itself)
        self._noted = Path(tempfile.mkdtemp(prefix="roster-attempts-")) / "noted"
        before = os.environ.get("PYTHONPATH")
        path = [str(CHILDREN), *([before] if before else [])]
        os.environ |= {"PYTHONPATH": os.pathsep.join(path), "ROSTER_TEST_ATTEMPTS": str(self._noted)}

    def tried_by_itself(self, wanted: str) -> None:
        """Note what this process tried."""
        self.tried.append(wanted)

    def end(self) -> None:
        """Remove what programs wrote down."""
        if self._noted:
            shutil.rmtree(self._noted.parent, ignore_errors=True)

    def _by_children(self) -> list[str]:
        if not (self._noted and self._noted.exists()):
            return []
        with self._noted.open(encoding="utf-8") as file:
            file.seek(self._read)
            tried = file.read().splitlines()
            self._read = file.tell()
        return [f"{each} (by a program that was started)" for each in tried]


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
