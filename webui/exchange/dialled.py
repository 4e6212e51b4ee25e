"""A phone as a file says it: without what nobody sees in it, and told of where a spreadsheet rounded it.

Not for its key, nor for what else a person has several of: see `details`.
"""

import re

from webui.store.errors import Message
from webui.store.values import text

_ROUNDED = re.compile(r"[+-]?\d([.,]\d+)?E\+\d{1,2}", re.IGNORECASE)  # 4,93171E+11: its last digits are gone


def plain(cell: str, warnings: list[Message]) -> str:
    """Return a phone on one line, and warn of one that is none any more."""
    said = text.bare(cell)
    if _ROUNDED.fullmatch(said):
        warnings.append(Message("row.no_phone", {"phone": said}))
    return said
