"""The card as Roster would have made it, in a line of its own within one that came from elsewhere.

So an export of everyone comes back exactly, whoever's words the card is in. It counts only while the card
around it is as it was written.
"""

import hashlib
from collections.abc import Sequence

from webui.exchange.vcard import lines
from webui.exchange.vcard.values import escape

_NAME = "X-ROSTER-CARD"
_AROUND = ("BEGIN:", "VERSION:", "END:", "PHOTO", "X-ROSTER")  # what is read from the card itself


def line(outer: Sequence[str], made: Sequence[str]) -> str:
    """Return that line, for a card of the lines `outer`, without BEGIN and END."""
    inner = "\n".join(each for each in made if not each.startswith(_AROUND))
    return f'{_NAME};X-OF="{_hash(outer)}":{escape(inner)}'


def read(outer: Sequence[str]) -> list[str]:
    """Return the lines by which a card is to be read: those of the one within, where there is one and the
    rest was not changed since; else its own."""
    found = next((each for each in outer if each.startswith(f"{_NAME};")), None)
    said = lines.parsed(found) if found else None
    if said is None or said.parameters.get("X-OF") != [_hash(outer)]:
        return [each for each in outer if not each.startswith(_NAME)]
    kept = [each for each in outer if each.startswith(("X-ROSTER", "PHOTO"))]
    return [*lines.unescape(said.value, "4.0").split("\n"), *kept]


def _hash(outer: Sequence[str]) -> str:
    said = "\n".join(each for each in outer if not each.startswith("X-ROSTER"))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()
