"""One thing or many: gettext's plural forms, with the number as people write it: 12,408."""

import functools
from typing import Any

from babel import Locale
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_domain
from jinja2 import pass_context
from jinja2.runtime import Context

from webui.language import locale


def number(value: float) -> str:
    """Return a number as people write it."""
    return _number(value, locale())


@functools.lru_cache(4096)  # the same few stand on each page
def _number(value: float, locale: Locale) -> str:
    return format_decimal(value, locale=locale)


def ngettext(singular: str, plural: str, num: int, **variables: Any) -> str:
    """Return the sentence for `num` things; %(num)s in it is the number as it is written."""
    said = get_domain().get_translations().ungettext(singular, plural, num)
    return str(said) % {"num": number(num), **variables}


def install(app: Flask) -> None:
    """Let templates write numbers that way too, alone and in their sentences."""
    theirs: Any = app.jinja_env.globals["ngettext"]

    @pass_context
    def written(context: Context, singular: str, plural: str, num: int, **variables: Any) -> Any:
        return theirs(context, singular, plural, num, **{"num": number(num), **variables})

    app.jinja_env.globals["ngettext"] = written
    app.add_template_filter(number, "numberformat")
