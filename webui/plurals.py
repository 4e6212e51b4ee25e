"""One thing or many: gettext's plural forms, with the number as people write it: 12,408."""

from typing import Any

from flask import Flask
from flask_babel import format_decimal, get_domain
from jinja2 import pass_context
from jinja2.runtime import Context


def ngettext(singular: str, plural: str, num: int, **variables: Any) -> str:
    """Return the sentence for `num` things; %(num)s in it is the number as it is written."""
    said = get_domain().get_translations().ungettext(singular, plural, num)
    return str(said) % {"num": format_decimal(num), **variables}


def install(app: Flask) -> None:
    """Let templates write numbers in their sentences that way too."""
    theirs: Any = app.jinja_env.globals["ngettext"]

    @pass_context
    def written(context: Context, singular: str, plural: str, num: int, **variables: Any) -> Any:
        return theirs(context, singular, plural, num, **{"num": format_decimal(num), **variables})

    app.jinja_env.globals["ngettext"] = written
