"""What an address may say: an id that can be, and bytes that were never quoted; and who writes it.

Not for what a page makes of it. Installed on every app of ours, before its routes.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from flask import Flask, Request
from werkzeug.routing import IntegerConverter, Rule

_ID = re.compile(r"[0-9]{1,18}")
_PLAIN = "!$&'()*+,/:;=@"  # what need not be quoted in a path (RFC 3986, 3.3)
_ASCII = "".join(map(chr, range(128)))


class RecordId(IntegerConverter):
    """A number that the database can hold: at most 18 digits, and those of ASCII."""

    regex = _ID.pattern


class OurRequest(Request):
    """A request whose query can always be read: bytes that a program left unquoted count as quoted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.query_string.isascii():
            self.query_string = quote(self.query_string, safe=_ASCII).encode()


class Route(Rule):
    """A rule that writes its address by joining its parts.

    Werkzeug compiles two functions for that, of every rule: nine tenths of what it takes to make an app.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        defaults = self.defaults or {}
        at = self._trace.index((False, "|"))
        domain, path = (
            [(dynamic, data if dynamic else quote(data, safe=_PLAIN)) for dynamic, data in parts]
            for parts in (self._trace[:at], self._trace[at + 1 :])
        )

        def build(route: Rule, **values: Any) -> tuple[str, str]:
            given = {**defaults, **{name: value for name, value in values.items() if name not in defaults}}

            def said(parts: list[tuple[bool, str]]) -> str:
                return "".join(
                    route._converters[data].to_url(given[data]) if dynamic else data
                    for dynamic, data in parts
                )

            used = {data for dynamic, data in (*domain, *path) if dynamic}
            more = {
                name: value for name, value in values.items() if name not in used and name not in defaults
            }
            query = route._encode_query_vars(more) if append_unknown and more else ""
            return said(domain), said(path) + (f"?{query}" if query else "")

        return build


def install(app: Flask) -> None:
    """Let `app` read addresses this way."""
    app.url_map.converters["int"] = RecordId
    app.request_class = OurRequest
    app.url_rule_class = Route


def remember(app: Flask) -> None:
    """Let the templates of `app` write an address once: a page has fifty, the next one mostly the same.

    They begin at the root, where every server of ours serves it.
    """
    written = lru_cache(512, typed=True)(app.url_for)

    def url_for(endpoint: str, **values: Any) -> str:
        try:
            return written(endpoint, **values)
        except TypeError:  # a list of values
            return app.url_for(endpoint, **values)

    app.add_template_global(url_for)


def number(values: Mapping[str, str], name: str) -> int | None:
    """Return a value that is an id or a count, or None when it is absent or can't be one."""
    text = values.get(name, "")
    return int(text) if _ID.fullmatch(text) else None
