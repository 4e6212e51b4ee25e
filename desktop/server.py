"""The HTTP server on a loopback address: a free port, a thread, an app that can be exchanged, a quiet stop.

Who may ask is `webui/guard.py`'s matter. Until the first app is there, requests wait: the window can load
its page while the app is still being put together.
"""

import logging
import os
import secrets
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.wsgi import ClosingIterator

from desktop.patience import PatientServer

log = logging.getLogger(__name__)
FIRST_APP = 120.0  # seconds; far beyond any start
# Seconds after which a thread that keeps Python busy (it writes a backup, say) lets others have their turn.
# With Python's own 0.005 each of a page's thirty statements may wait as long.
TURN = 0.0005
STOP = 10  # seconds for requests under way
HEADER_LIMIT = 64 * 1024
WAITING = (
    128  # connections not yet accepted; with fewer, whoever opens many at once makes others wait a second
)


def address_of_its_own() -> str:
    """Return a loopback address that most likely nobody else listens on, for a browser that knows others.

    Cookies ignore the port: at 127.0.0.1 ours would go to every other program there, of another person of
    this computer too. Where the system has no other loopback address (macOS) it is 127.0.0.1 all the same.
    """
    found = "127." + ".".join(str(1 + secrets.randbelow(254)) for _part in range(3))
    return found if _is_free(found, 0) else "127.0.0.1"


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as tried:
        if os.name != "nt":  # there it would take a port from whoever listens on it
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError:
            return False
    return True


class Server:
    """Listens from the moment it is made; answers between `start` and `stop`."""

    def __init__(self, host: str = "127.0.0.1", port: int | None = None) -> None:
        """Listen on `host`, a loopback address, at `port`, or at a free one where that is None or taken.

        Raises OSError where there is none.
        """
        self._app: WSGIApplication | None = None
        self._there = threading.Event()
        self._under_way = 0
        self._changed = threading.Condition()
        self._stopping = False
        self.outer: WSGIApplication = self.call_app
        """What requests meet first; leads to `call_app`. Exchange it before `start`."""
        self.refused_port = None if port is None or _is_free(host, port) else port
        """The port that was asked for and belongs to another program."""
        self._cheroot = PatientServer(
            # No wait for connections that ask nothing (browsers open some in advance): `stop` has waited.
            (host, 0 if port is None or self.refused_port else port),
            self._answer,
            numthreads=8,
            server_name="Roster",
            request_queue_size=WAITING,
            shutdown_timeout=0,
        )
        self._cheroot.software = "Roster"
        self._cheroot.max_request_header_size = HEADER_LIMIT
        setattr(self._cheroot, "error_log", _to_log)  # noqa: B010  the way cheroot documents
        # Its workers become daemons as this thread is: one stuck in a dialog must not keep the program alive.
        _in_daemon(self._cheroot.prepare, "server workers")
        if not self._cheroot.ready:
            raise OSError(f"no free port on {host}")
        self._thread = threading.Thread(target=self._cheroot.serve, name="server", daemon=True)

    @property
    def host(self) -> str:
        return self._cheroot.bind_addr[0]

    @property
    def port(self) -> int:
        return self._cheroot.bind_addr[1]

    @property
    def host_port(self) -> str:
        """The exact Host of every request."""
        return f"{self.host}:{self.port}"

    def start(self) -> None:
        """Answer requests, in threads of its own."""
        sys.setswitchinterval(TURN)
        self._thread.start()

    def swap(self, app: WSGIApplication) -> None:
        """From the next request on `app` answers; requests under way finish with the one they met."""
        self._app = app
        self._there.set()

    def stop(self) -> None:
        """Finish the requests under way and stop listening."""
        with self._changed:
            self._stopping = True
            self._there.set()
            self._changed.wait_for(lambda: not self._under_way, STOP)
        _in_daemon(self._cheroot.stop, "server stop")
        if self._thread.is_alive():
            self._thread.join(STOP)

    def call_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The present app, waited for while there is none."""
        self._there.wait(FIRST_APP)
        if self._app is None:
            return _not_now(start_response)
        return self._app(environ, start_response)

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self._changed:
            if self._stopping:
                return _not_now(start_response)
            self._under_way += 1
        try:
            body = self.outer(environ, start_response)
        except BaseException:
            self._end_request()
            raise
        return ClosingIterator(body, self._end_request)

    def _end_request(self) -> None:
        with self._changed:
            self._under_way -= 1
            self._changed.notify_all()


def _in_daemon(work: Callable[[], object], name: str) -> None:
    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    thread.join(STOP)


def _not_now(start_response: StartResponse) -> Iterable[bytes]:
    start_response("503 Service Unavailable", [("Content-Length", "0"), ("Retry-After", "1")])
    return [b""]


def _to_log(msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
    # The text may hold a request line; only that something happened, and where, is kept.
    if traceback:
        log.error("the server failed at a request", exc_info=True)
    elif level >= logging.WARNING:
        log.warning("the server reports: %s", msg.splitlines()[0].split(":")[0] if msg else "")
