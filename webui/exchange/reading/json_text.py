"""The objects of a list in a JSON file, however large: as many at once as are surely whole, else one by one.

Not for what they say: see `json_list`.
"""

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from webui.exchange import limits
from webui.exchange.tables import opened
from webui.store.errors import Message, Refused

_PIECE = 1 << 20
_START, _BETWEEN = re.compile(r"[\ufeff\s]*([\[{])"), re.compile(r"[\s,]*")
# What stands between two objects as nearly all write it, up to the first name in the second.
_FOLLOWING = re.compile(r'\}\s*,\s*(\{\s*"[^"\\]*")')


def listed(text: "Text") -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a list whose [ stands before `text`, of which only some are in memory. Raises
    Refused where something else is."""
    return chain.from_iterable(blocks(text))


def blocks(text: "Text") -> Iterator[list[dict[str, Any]]]:
    """Yield the same, some at a time; `text` is behind the ] then. Raises Refused as `listed` does."""
    decoded, said, at, fresh = json.JSONDecoder().raw_decode, text.said, 0, True
    while True:
        between = _BETWEEN.match(said, at)
        at = between.end() if between else at
        if said[at : at + 1] == "]":
            text.said = said[at + 1 :]
            return
        try:
            found, end = decoded(said, at)
        except RecursionError as error:
            raise Refused(Message("import.broken_json")) from error
        except ValueError as error:
            if not text.read_on(at):
                raise Refused(Message("import.broken_json")) from error
            said, at, fresh = text.said, 0, True
            continue
        if not isinstance(found, dict):
            raise Refused(Message("import.no_list"))
        yield _whole([found], said[at:end])
        at = end
        while fresh and (several := _several(said, at)):
            yield _whole(*several)
            at += len(several[1])
        fresh = False


def _several(said: str, at: int) -> tuple[list[dict[str, Any]], str] | None:
    """Decode at once the objects behind the one that ends at `at`, up to where another begins as they do;
    return them and their text, None where that is not so simple."""
    following = _FOLLOWING.match(said, at - 1)
    end = said.rfind(following[0], at, at + _PIECE) + 1 if following else 0
    if not following or not end:
        return None
    try:
        found = json.loads(f"[{said[following.start(1) : end]}]")
    except (ValueError, RecursionError):
        return None
    return (found, said[at:end]) if {dict}.issuperset(map(type, found)) else None


def _whole(found: list[dict[str, Any]], said: str) -> list[dict[str, Any]]:
    """Return objects that were written so without halves of letters, which nothing can keep."""
    return [_keepable(each) for each in found] if r"\ud" in said or r"\uD" in said else found


def _keepable(value: Any) -> Any:
    """Return what was read without halves of letters, which an escape can write."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_keepable(name): _keepable(said) for name, said in value.items()}
    return [_keepable(each) for each in value] if isinstance(value, list) else value


class Text:
    """A file as text, of which only what is not done with is kept in `said`; that never gets longer than
    `longest`, or the file is refused."""

    def __init__(
        self,
        source: Path | bytes,
        written: tuple[str, bytes],
        longest: int = limits.LINE,
        errors: str = "replace",
    ) -> None:
        codec, mark = written
        self._source, self._place, self._longest = source, len(mark), longest
        self._decoder = codecs.getincrementaldecoder(codec)(errors)
        self.said = ""

    def begin(self) -> bool:
        """Go behind the first [ or {, and tell whether it is a [. Raises Refused where there is none."""
        self.read_on(0)
        found = _START.match(self.said)
        if not found:
            raise Refused(Message("import.no_list"))
        self.said = self.said[found.end() :]
        return found[1] == "["

    def read_on(self, at: int) -> bool:
        """Let go of what stands before `at`, and read more behind the rest; tell whether there was more."""
        rest = self.said[at:]
        if len(rest) > self._longest:
            raise limits.cell_too_long(1)
        with opened(self._source) as file:
            file.seek(self._place)
            piece = file.read(
                max(_PIECE, len(rest))
            )  # twice as much each time, so that all takes linear time
        self._place += len(piece)
        self.said = rest + self._decoder.decode(piece, final=not piece)
        return bool(piece)
