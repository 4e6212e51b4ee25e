"""The phones of a row: without what nobody sees in them, and those that a spreadsheet made a number of.

Not for what else a person has several of: see `details`.
"""

import re

from webui.exchange import details
from webui.exchange.columns import Column
from webui.store.errors import Message
from webui.store.values import text

_ROUNDED = re.compile(r"[+-]?\d([.,]\d+)?E\+\d{1,2}", re.IGNORECASE)  # 4,93171E+11: its last digits are gone


class Details(details.Details):
    """Reads them, and the rest as `details` does."""

    def take(self, found: details.Found, column: Column, told: str, cell: str) -> None:
        """Add what stands in a cell, or a part of one, with its label."""
        if column.target == "phone":
            cell = text.bare(cell)
            if _ROUNDED.fullmatch(cell):
                found.warnings.append(Message("row.no_phone", {"phone": cell}))
        super().take(found, column, told, cell)
