"""One running copy for one data folder: a lock, and how a second start reaches the first.

The lock alone decides who runs, and the system frees it after a crash. run.json only says where the owner
listens; its secret opens nothing but "come forward".
"""

import hmac
import json
import os
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from filelock import BaseFileLock, FileLock, Timeout

from desktop.folders import Folders

PATH = "/_forward"
HEADER = "X-Roster-Forward"
BROWSER = "browser"
WAIT = 10.0  # seconds a second start waits for an owner that is itself still starting


@dataclass(frozen=True)
class Answer:
    """What the running copy said: `address` is a one-time address, or None when its window came forward."""

    address: str | None


class Instance:
    """The place of the one running copy."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._lock = _lock(folders)
        self.secret = secrets.token_urlsafe(32)

    def acquire(self) -> bool:
        """Become the running copy; False when there is one. Raises OSError when the folder cannot lock."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        except NotImplementedError as problem:
            raise OSError(None, str(problem)) from problem
        self._folders.run_file.unlink(missing_ok=True)
        return True

    def announce(self, host: str, port: int) -> None:
        """Write where the owner listens, readable by this person alone."""
        text = json.dumps({"host": host, "port": port, "pid": os.getpid(), "secret": self.secret})
        temporary = self._folders.run_file.with_suffix(".new")
        temporary.unlink(missing_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        temporary.replace(self._folders.run_file)

    def release(self) -> None:
        """Give the place up; harmless when it was never held."""
        if self._lock.is_locked:
            self._folders.run_file.unlink(missing_ok=True)
            self._lock.release()


def _lock(folders: Folders) -> BaseFileLock:
    # Without flock a lock file would outlive a crash and block every later start: better to refuse.
    return FileLock(folders.lock, mode=0o600, thread_local=False, fallback_to_soft=False)


def ask_forward(folders: Folders, wait: float = WAIT, *, browser: bool = False) -> Answer | None:
    """Ask the running copy to come forward, or (`browser`) for a one-time address.

    None when it did not answer within `wait` seconds.
    """
    until = time.monotonic() + wait
    while True:
        answer = _ask_once(folders, f"{PATH}?{BROWSER}" if browser else PATH)
        if answer is not None or time.monotonic() >= until:
            return answer
        time.sleep(0.1)


def _ask_once(folders: Folders, path: str) -> Answer | None:
    try:
        owner = json.loads(folders.run_file.read_text(encoding="utf-8"))
        connection = HTTPConnection(owner["host"], owner["port"], timeout=WAIT)
        try:
            connection.request("POST", path, headers={HEADER: owner["secret"], "Content-Length": "0"})
            reply = connection.getresponse()
            body = json.loads(reply.read()) if reply.status == 200 else None
        finally:
            connection.close()
    except (OSError, ValueError, KeyError, TypeError, HTTPException):
        return None
    return Answer(body["address"]) if body else None


def forward_door(
    app: WSGIApplication, secret: str, come_forward: Callable[[bool], str | None]
) -> WSGIApplication:
    """`app` with the one path that needs no cookie but the secret of run.json.

    `come_forward` brings the window forward and returns None, or returns a one-time address to open; it is
    told whether a browser was asked for.
    It stands before the web app so that it answers while that is still being made or exchanged.
    """

    def door(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH:
            return app(environ, start_response)
        offered = environ.get("HTTP_" + HEADER.upper().replace("-", "_"), "")
        known = hmac.compare_digest(offered.encode("utf-8", "surrogatepass"), secret.encode())
        # A web page cannot send this header here without a preflight, which nobody answers.
        if environ["REQUEST_METHOD"] != "POST" or not known:
            start_response("403 Forbidden", [("Content-Length", "0"), ("Cache-Control", "no-store")])
            return [b""]
        body = json.dumps({"address": come_forward(environ.get("QUERY_STRING") == BROWSER)}).encode()
        headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
        start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    return door
