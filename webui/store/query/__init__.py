"""The language of the search box: `syntax` reads it, `terms` knows its fields, `plan` makes SQL of it.

`docs/search.md` is what people read of it. Not for order and pages: `webui.store.search` has those.
"""

from webui.store.query.asked import Asked, parse, read

__all__ = ["Asked", "parse", "read"]
