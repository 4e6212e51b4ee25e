"""What an address may say: an id that can be, and bytes that were never quoted.

Not for what a page makes of it. Installed on every app of ours, before its routes.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Flask, Request
from werkzeug.routing import IntegerConverter

_ID = re.compile(r"[0-9]{1,18}")
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


def install(app: Flask) -> None:
    """Let `app` read addresses this way."""
    app.url_map.converters["int"] = RecordId
    app.request_class = OurRequest


def number(values: Mapping[str, str], name: str) -> int | None:
    """Return a value that is an id or a count, or None when it is absent or can't be one."""
    text = values.get(name, "")
    return int(text) if _ID.fullmatch(text) else None
