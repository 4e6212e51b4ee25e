"""What other programs on this computer show to be let in: made and revoked by the person, none at first.

They belong to the machine, so they lie in a file beside the database, never in it or in a backup of it. The
file holds the SHA-256 of each, which is enough for 32 random bytes, and never the token.
"""

import contextlib
import datetime
import hashlib
import secrets
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from webui import private_json

LONGEST_NAME = 60
MOST = 50
NOTED = 60  # seconds between two notes of a use in the file


@dataclass(frozen=True)
class Token:
    """One program's. `made` and `used` (None: never) are UTC times; `hash` is hex."""

    id: str
    name: str
    writes: bool
    made: str
    hash: str
    used: str | None = None


class Tokens:
    """The tokens in one file. Safe to use from several threads. A damaged file lets nobody in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def every(self) -> list[Token]:
        """Return all of them, in the order they were made."""
        rows = private_json.read(self.path).get("tokens")
        found = []
        for row in rows if isinstance(rows, list) else []:
            with contextlib.suppress(TypeError):
                found.append(Token(**row))
        return [each for each in found if _is_sound(each)]

    def make(self, name: str, *, writes: bool) -> str:
        """Make a token for a program and return it: the only time that it is told.

        Raises ValueError with "none", "long", "taken" or "many" for a name that can't be one; OSError.
        """
        wanted = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
        with self._lock:
            known = self.every()
            if fault := _fault(wanted, known):
                raise ValueError(fault)
            token = f"roster_{secrets.token_urlsafe(32)}"
            self._write([*known, Token(secrets.token_hex(4), wanted, writes, _now(), _hash(token))])
        return token

    def revoke(self, token_id: str) -> Token | None:
        """Let a program in no more; return its token, None where it was gone before. Raises OSError."""
        with self._lock:
            known = self.every()
            gone = next((each for each in known if each.id == token_id), None)
            if gone:
                self._write([each for each in known if each is not gone])
        return gone

    def use(self, offered: str) -> Token | None:
        """Return whose token was offered, None for nobody's, and note when."""
        sought = _hash(offered)
        with self._lock:
            known = self.every()
            found = next((each for each in known if secrets.compare_digest(each.hash, sought)), None)
            if found and _is_old(found.used):
                used = replace(found, used=_now())
                with contextlib.suppress(OSError):  # a full disk is no reason to answer nothing
                    self._write([used if each is found else each for each in known])
        return found

    def _write(self, tokens: list[Token]) -> None:
        private_json.write(self.path, {"tokens": [asdict(each) for each in tokens]})


def _fault(name: str, known: list[Token]) -> str:
    if not name:
        return "none"
    if len(name) > LONGEST_NAME:
        return "long"
    if name.casefold() in {each.name.casefold() for each in known}:
        return "taken"
    return "many" if len(known) >= MOST else ""


def _is_sound(token: Token) -> bool:
    texts = (token.id, token.name, token.made, token.hash, token.used or "")
    return (
        all(isinstance(each, str) for each in texts)
        and token.hash.isascii()
        and token.writes in (True, False)
    )


def _is_old(used: str | None) -> bool:
    try:
        age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(used or "")
        return not 0 <= age.total_seconds() < NOTED
    except (ValueError, TypeError):
        return True


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
