"""The phones of a row, without what nobody sees in them.

Not for what else a person has several of: see `details`.
"""

from webui.exchange import details
from webui.exchange.columns import Column
from webui.store.values import text


class Details(details.Details):
    """Reads them, and the rest as `details` does."""

    def take(self, found: details.Found, column: Column, told: str, cell: str) -> None:
        """Add what stands in a cell, or a part of one, with its label."""
        super().take(found, column, told, text.bare(cell) if column.target == "phone" else cell)
