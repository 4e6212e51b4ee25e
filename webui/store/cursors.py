"""The place a list goes on from, as an address carries it: keys as JSON, in base64.

It comes back from outside, so what does not read as keys of the kinds asked for is no place at all.
"""

import base64
import json
from collections.abc import Sequence
from typing import Any

from webui.store.values import text


def write(keys: Sequence[Any]) -> str:
    """Return the cursor of some keys: numbers, texts or bytes."""
    plain = [{"x": key.hex()} if isinstance(key, bytes) else key for key in keys]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def read(cursor: str | None, kinds: Sequence[type]) -> list[Any] | None:
    """Return the keys of a cursor, each of its kind, or None for what was not written by us."""
    try:
        plain = json.loads(base64.urlsafe_b64decode((cursor or "") + "=" * (-len(cursor or "") % 4)))
        keys = [bytes.fromhex(key["x"]) if isinstance(key, dict) else key for key in plain]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return keys if len(keys) == len(kinds) and all(map(_is_key, keys, kinds)) else None


def _is_key(key: object, kind: type) -> bool:
    if isinstance(key, str) and not text.keepable(key):
        return False
    return type(key) is kind and (not isinstance(key, int) or 0 <= key < 2**63)
