"""What files said of people and Roster has no field for, on its way out in a column of its own, as JSON."""

import json
import sqlite3
from functools import lru_cache
from typing import Any

from webui.exchange import leftovers
from webui.exchange.headers import EXTRA
from webui.store.values.text import shown

_ROWS = """SELECT f.format, f.options, s.raw FROM sources s JOIN source_files f ON f.id = s.file_id
 WHERE s.user_id = ? ORDER BY s.id DESC"""


class Extra:
    """Reads it; `header` is empty where no file has any."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection, self._rows = connection, leftovers.Rows()
        files = connection.execute("SELECT format, options FROM source_files").fetchall()
        self.header = (EXTRA,) if any(_has(shown(each), shown(options)) for each, options in files) else ()

    def row(self, user_id: int) -> list[str]:
        """Return the cell of someone: an object of texts, of a list where one name says several."""
        if not self.header:
            return []
        said: dict[str, dict[str, None]] = {}
        for format_, options, raw in self._connection.execute(_ROWS, (user_id,)):
            if isinstance(raw, bytes) and _has(shown(format_), shown(options)):
                these = dict[str, dict[str, None]]()
                for each in self._rows.of_row(shown(format_), raw, shown(options)):
                    these.setdefault(each.name or str(each.number), {})[each.value] = None
                said = these | said  # the newest row counts
        told: dict[str, Any] = {
            name: [*those] if len(those) > 1 else next(iter(those)) for name, those in said.items()
        }
        return [json.dumps(told, ensure_ascii=False) if told else ""]


@lru_cache(maxsize=256)
def _has(format_: str, options: str) -> bool:
    told = leftovers.told(options)
    return format_ == "vcard" or bool(leftovers.names(told)) or [EXTRA, "ignored"] in told.get("columns", ())
