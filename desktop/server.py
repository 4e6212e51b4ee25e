"""The HTTP server on 127.0.0.1: a free port, a thread, an app that can be exchanged, a quiet stop.

Who may ask is `webui/guard.py`'s matter. Until the first app is there, requests wait: the window can load
its page while the app is still being put together.
"""

import logging
import threading
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from cheroot.wsgi import Server as CherootServer

log = logging.getLogger(__name__)
FIRST_APP = 120.0  # seconds; far beyond any start
STOP = 10  # seconds for requests under way
HEADER_LIMIT = 64 * 1024


class Server:
    """Listens from the moment it is made; answers between `start` and `stop`."""

    def __init__(self) -> None:
        self._app: WSGIApplication | None = None
        self._there = threading.Event()
        self.outer: WSGIApplication = self.call_app
        """What requests meet first; leads to `call_app`. Exchange it before `start`."""
        self._cheroot = CherootServer(
            ("127.0.0.1", 0), self._answer, numthreads=8, server_name="Roster", shutdown_timeout=STOP
        )
        self._cheroot.software = "Roster"
        self._cheroot.max_request_header_size = HEADER_LIMIT
        setattr(self._cheroot, "error_log", _to_log)  # noqa: B010  the way cheroot documents
        self._cheroot.prepare()
        self._thread = threading.Thread(target=self._cheroot.serve, name="server", daemon=True)

    @property
    def port(self) -> int:
        return self._cheroot.bind_addr[1]

    @property
    def host_port(self) -> str:
        """The exact Host of every request."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Answer requests, in threads of its own."""
        self._thread.start()

    def swap(self, app: WSGIApplication) -> None:
        """From the next request on `app` answers; requests under way finish with the one they met."""
        self._app = app
        self._there.set()

    def stop(self) -> None:
        """Finish the requests under way and stop listening."""
        self._there.set()
        self._cheroot.stop()
        if self._thread.is_alive():
            self._thread.join(STOP)

    def call_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The present app, waited for while there is none."""
        self._there.wait(FIRST_APP)
        if self._app is None:
            start_response("503 Service Unavailable", [("Content-Length", "0"), ("Retry-After", "1")])
            return [b""]
        return self._app(environ, start_response)

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self.outer(environ, start_response)


def _to_log(msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
    # The text may hold a request line; only that something happened, and where, is kept.
    if traceback:
        log.error("the server failed at a request", exc_info=True)
    elif level >= logging.WARNING:
        log.warning("the server reports: %s", msg.splitlines()[0].split(":")[0] if msg else "")
