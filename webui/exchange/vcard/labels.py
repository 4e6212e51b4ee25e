"""What the values of a card are called: by their types, or as Apple writes it, by their group."""

import functools
import re
from collections.abc import Mapping

from webui.exchange.details import label_of
from webui.exchange.vcard import lines
from webui.exchange.vcard.lines import Line

_PLACES = {"home": "Home", "work": "Work"}
_DEVICES = {"cell": "Mobile", "fax": "Fax", "pager": "Pager", "car": "Car"}
_NO_LABELS = {
    "pref", "voice", "internet", "x400", "msg", "text", "video", "dom", "intl", "postal", "parcel", "uri",
    "other",
}  # fmt: skip
_APPLE = re.compile(r"_\$!<(.*)>!\$_")
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_APPLES = {"HomePage": "", "Other": ""}
# Whose address a property or the scheme of one is.
HANDLES = {
    "X-AIM": "AIM", "X-ICQ": "ICQ", "X-JABBER": "Jabber", "X-MSN": "MSN", "X-SKYPE": "Skype",
    "X-YAHOO": "Yahoo", "X-SKYPE-USERNAME": "Skype", "X-GOOGLE-TALK": "Google Talk",
    "X-GTALK": "Google Talk", "X-TWITTER": "Twitter",
}  # fmt: skip
SCHEMES = {"xmpp": "XMPP", "skype": "Skype", "aim": "AIM", "icq": "ICQ", "ymsgr": "Yahoo", "msnim": "MSN"}


def of(line: Line, groups: Mapping[str, str], version: str) -> str:
    """Return the label of a value; `groups` are the labels of groups, as they stand in the card."""
    if "X-ROSTER-LABEL" in line.parameters:
        return lines.parameter(line, "X-ROSTER-LABEL")
    if line.group in groups:
        said = lines.unescape(groups[line.group], version)
        apple = _APPLE.fullmatch(said)
        return _APPLES.get(apple[1], _WORDS.sub(" ", apple[1])) if apple else label_of(said)
    return _of_types(tuple(line.parameters.get("TYPE", ())))


@functools.lru_cache(maxsize=1_024)  # the same few again and again
def _of_types(types: tuple[str, ...]) -> str:
    """Return where and what a value is, else the type that is a word of the person's or the program's own."""
    plain = [each.casefold() for each in types]
    words = [words[each] for words in (_PLACES, _DEVICES) for each in plain if each in words]
    found = [each for each, word in zip(types, plain, strict=True) if word not in _NO_LABELS]
    own = found[0].removeprefix("X-").removeprefix("x-") if found else ""
    return " ".join(dict.fromkeys(words)) or own
