"""A server that nobody can keep busy by being slow: its workers meet only requests that are wholly there.

Anyone on this computer may connect, also another person of it, and cheroot gives a worker to each connection
at once. Eight that say nothing, or a letter now and then, would stop the window. Here a connection waits for
its request without a worker, and only so many wait: a thousand would take all the files a program may open.
Not for what is asked: that is `webui/guard.py`'s matter.
"""

import contextlib
import socket
import threading
import time

from cheroot.server import HTTPConnection, HTTPRequest
from cheroot.wsgi import Server

REST = 10.0  # seconds in which a request that was begun has to be there
LOOK = 0.05  # seconds between two looks at those that are not
UNFINISHED = 64  # at most; beyond, the one that waits longest goes
RESTING = 100  # connections that say nothing, at most; beyond, those go that never asked, the oldest first
UNREAD = 2.0  # seconds to take in a body that nobody reads, so that its sender hears the answer
SILENT = 0.25  # seconds without a byte of it, then it is cut off
CHUNK = 64 * 1024


class _Request(HTTPRequest):
    def send_headers(self) -> None:
        # cheroot would read the rest of a body into memory, all of it, for as long as it takes.
        if not _taken_in(self):
            self.close_connection = True
        super().send_headers()


class _Connection(HTTPConnection):
    RequestHandlerClass = _Request
    has_asked = False


class PatientServer(Server):
    """cheroot's, with a waiting room."""

    ConnectionClass = _Connection
    keep_alive_conn_limit = 2 * RESTING  # by cheroot's ten, strangers would cost the window its own

    def prepare(self) -> None:
        super().prepare()
        self._unfinished: list[tuple[HTTPConnection, float]] = []
        self._changed = threading.Condition()
        self._ended = False
        threading.Thread(target=self._look, name="server waiting", daemon=True).start()

    def process_conn(self, conn: HTTPConnection) -> None:
        """Give a connection to a worker, or let it wait for the rest of what it asks."""
        said = _said(conn)
        if said is None:
            _end(conn)
        elif self._is_whole(said):
            self._hand_over(conn)
        elif not said:
            self._make_room()
            self.put_conn(conn)  # until its first byte, or the end of `timeout`
        else:
            self._wait(conn)

    def stop(self) -> None:
        super().stop()
        with self._changed:
            self._ended = True
            self._changed.notify()

    def _is_whole(self, said: bytes) -> bool:
        # What is too long to be taken is whole, too: a worker says so.
        return b"\r\n\r\n" in said.lstrip(b"\r\n") or len(said) >= self.max_request_header_size

    def _hand_over(self, conn: HTTPConnection) -> None:
        if isinstance(conn, _Connection):
            conn.has_asked = True
        super().process_conn(conn)

    def _make_room(self) -> None:
        """Hang up on who says nothing, where there are too many. In cheroot's own thread alone:
        it may be about to look at one that has spoken, so that none such goes.
        """
        selector = getattr(self, "_connections")._selector  # noqa: B009  which cheroot has no public way to
        resting = [(number, conn) for number, conn in selector.connections if conn is not self]
        resting.sort(key=lambda each: (each[1].has_asked, each[1].last_used))
        for number, conn in resting[: max(0, len(resting) + 1 - RESTING)]:
            if _said(conn) == b"":
                selector.unregister(number)
                _end(conn)

    def _wait(self, conn: HTTPConnection) -> None:
        with self._changed:
            gone = self._keep([*self._unfinished, (conn, time.monotonic() + REST)])
            self._changed.notify()
        for longest in gone:
            _end(longest)

    def _keep(self, unfinished: list[tuple[HTTPConnection, float]]) -> list[HTTPConnection]:
        """Let these be those that wait, the longest first, and return those that are too many."""
        self._unfinished = unfinished[-UNFINISHED:]
        return [conn for conn, _until in unfinished[:-UNFINISHED]]

    def _look(self) -> None:
        while not self._ended:
            with self._changed:
                self._changed.wait_for(lambda: self._unfinished or self._ended)
                waiting, self._unfinished = self._unfinished, []
            still = [each for each in waiting if not self._is_settled(*each)]
            with self._changed:
                gone = self._keep(still + self._unfinished)  # others came meanwhile
            for longest in gone:
                _end(longest)
            time.sleep(LOOK)

    def _is_settled(self, conn: HTTPConnection, until: float) -> bool:
        """Hand over whoever has said all, end whoever can't or has had the time; tell whether that was so."""
        said = None if self._ended else _said(conn)
        if said is None or time.monotonic() > until:
            _end(conn)
        elif self._is_whole(said):
            self._hand_over(conn)
        else:
            return False
        return True


def _end(conn: HTTPConnection) -> None:
    with contextlib.suppress(OSError):
        conn.close()


def _said(conn: HTTPConnection) -> bytes | None:
    """Return what a connection has sent of its request, without taking it; None when it is closed."""
    read: bytes = conn.rfile.peek(1) if conn.rfile.has_data() else b""
    patience = conn.socket.gettimeout()
    try:
        conn.socket.setblocking(False)
        there = conn.socket.recv(CHUNK, socket.MSG_PEEK)
        return read + there or None
    except BlockingIOError:
        return read
    except OSError:
        return None
    finally:
        conn.socket.settimeout(patience)


def _taken_in(request: HTTPRequest) -> bool:
    """Read what was sent with a request and nobody read, a little at a time; False when it takes too long."""
    body, conn, until = request.rfile, request.conn, time.monotonic() + UNREAD
    if request.chunked_read or not body.remaining:
        return not request.chunked_read
    patience = conn.socket.gettimeout()
    try:
        conn.socket.settimeout(SILENT)
        while body.remaining and time.monotonic() < until:
            some = conn.rfile.read1(min(CHUNK, body.remaining))
            if not some:
                return False
            body.remaining -= len(some)
        return not body.remaining
    except OSError:
        return False
    finally:
        conn.socket.settimeout(patience)
