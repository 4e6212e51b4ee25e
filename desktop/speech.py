"""Sentences that are said before there is an app: on the command line and in native boxes.

Pages use flask_babel instead, which asks the request for its language; here only the system is asked.
"""

import gettext as _gettext
from functools import cache
from pathlib import Path

_TRANSLATIONS = Path(__file__).parent.parent / "webui" / "translations"


@cache
def _catalogue() -> _gettext.NullTranslations:
    return _gettext.translation("messages", _TRANSLATIONS, fallback=True)


def gettext(sentence: str, **values: object) -> str:
    """The sentence in the system's language, its %(name)s replaced by `values`."""
    spoken = _catalogue().gettext(sentence)
    return spoken % values if values else spoken


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The sentence for `num` things in the system's language; `num` is among its values."""
    return _catalogue().ngettext(one, many, num) % {"num": num, **values}
