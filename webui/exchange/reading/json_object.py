"""The one list of objects that an object in a JSON file holds, as `{"contacts": [{…}], "version": 2}` does.

What stands beside it is passed over, and only what one name says is in memory. Not for what is in the list:
see `json_text`.
"""

import json
import re

from webui.exchange.reading.json_text import Text
from webui.store.errors import Message, Refused

_NAME = re.compile(r'[\s,]*("(?:[^"\\]|\\.)*")\s*:\s*(?=\S)')
_OBJECTS, _BEHIND, _END = re.compile(r"\[\s*\{"), re.compile(r"\s*(?=[,}])"), re.compile(r"[\s,]*\}")
_SHOWN = 60  # letters of a name


class Within:
    """An object whose { stands before `text`."""

    def __init__(self, text: Text) -> None:
        self._text, self._has_empty = text, False
        self.name = ""

    def begin(self) -> None:
        """Go behind the [ of its first list of objects, whose `name` is known then. Raises Refused."""
        name = self._next()
        if name is None:
            raise Refused(Message("import.empty" if self._has_empty else "import.no_list"))
        self.name = name

    def end(self) -> None:
        """See, behind the ] of that list, that it is the only one. Raises Refused."""
        other = self._next()
        if other is not None:
            told = {"one": self.name[:_SHOWN], "other": other[:_SHOWN]}
            raise Refused(Message("import.several_lists", told))

    def _next(self) -> str | None:
        """Go behind the [ of the next list of objects; return its name, None where there is none."""
        text, decoded, at = self._text, json.JSONDecoder().raw_decode, 0
        while not _END.match(text.said, at):
            if found := _NAME.match(text.said, at):
                if opens := _OBJECTS.match(text.said, found.end()):
                    text.said = text.said[opens.end() - 1 :]
                    return _written(found[1])
                try:
                    value, end = decoded(text.said, found.end())
                except RecursionError as error:
                    raise Refused(Message("import.broken_json")) from error
                except ValueError:  # cut short, for now
                    value, end = None, len(text.said)
                if behind := _BEHIND.match(text.said, end):
                    self._has_empty |= value == []
                    at = behind.end()
                    continue
            if not text.read_on(at):
                raise Refused(Message("import.broken_json"))
            at = 0
        return None


def _written(name: str) -> str:
    try:
        return str(json.loads(name)).encode("utf-8", "replace").decode()
    except ValueError as error:
        raise Refused(Message("import.broken_json")) from error
