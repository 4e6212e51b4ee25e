"""Tags that had another name when a sheet went out: what it calls them is what they are called now.

Not for tags that became one, or are gone: those names are of nobody here.
"""

import sqlite3

from webui.exchange import cells, exporting
from webui.store.values import text


class TagNames:
    """The names of now of tags that were renamed since; `then` has the tags of that time, `live` beside."""

    def __init__(self, then: sqlite3.Connection) -> None:
        rows = then.execute(
            "SELECT was.name, now.name FROM tags was JOIN live.tags now USING (id) WHERE was.name <> now.name"
        )
        names = ((text.shown(was), text.shown(now)) for was, now in rows)
        # A cell would take others apart.
        self._now = {text.key(was): now for was, now in names if ":::" not in was + now}

    def now(self, cell: str) -> str:
        """Return a cell of tags with their names of now; as it is where none of them was renamed."""
        names = cells.tags(cell, True) if self._now else ()
        if self._now.keys().isdisjoint(map(text.key, names)):
            return cell
        called = [self._now.get(text.key(name), name) for name in names]
        return str(exporting.cell({"tags": list(dict.fromkeys(called))}, "tags"))
