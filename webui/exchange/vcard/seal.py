"""How cards are known to be as Roster wrote them: the last one says the SHA-256 of everything before that.

Other programs keep lines that they do not know and change others, so that such a card is half theirs.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

Person = dict[str, Any]

_NAME, _END = b"X-ROSTER-SHA256:", b"END:VCARD"


def sealed(cards: Iterable[tuple[Person, bytes]]) -> Iterator[tuple[Person, bytes]]:
    """Yield people and their cards, the last one with that line."""
    made, held = hashlib.sha256(), None
    for whose, card in cards:
        if held:
            yield held
            made.update(_said(held[1]))
        held = whose, card
    if held:
        before = held[1].removesuffix(_END + b"\r\n")
        made.update(_said(before))
        yield held[0], b"%b%b%b\r\n%b\r\n" % (before, _NAME, _digest(made.digest()), _END)


def holds(cards: Iterable[bytes]) -> bool:
    """Whether the last of all cards says what they are. Line ends may be others: mail changes them."""
    made, last = hashlib.sha256(), b""
    for card in cards:
        made.update(_said(last))
        last = card
    before, name, line = last.rpartition(_NAME)
    made.update(_said(before))
    return bool(name) and line.split() == [_digest(made.digest()), _END]


def _said(card: bytes) -> bytes:
    return card.replace(b"\r\n", b"\n")


def _digest(digest: bytes) -> bytes:
    return base64.urlsafe_b64encode(digest)
