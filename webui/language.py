"""The language of a request, looked up once: a page asks for it at each word, day and number.

Not for what is written in it: `filters` and `plurals` do that.
"""

from typing import Any

from babel import Locale
from babel.support import NullTranslations
from flask import Flask, g, has_app_context, request
from flask_babel import Babel, Domain, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


class _Once(Domain):
    """flask_babel asks for locale and catalogue at each word."""

    def get_translations(self) -> NullTranslations:
        try:
            found: NullTranslations = g.catalogue
        except (AttributeError, RuntimeError):  # not asked for yet, or no app is at work
            found = super().get_translations()
            if has_app_context():
                g.catalogue = found
        return found


def locale() -> Locale:
    """Return the language of the request, English outside of one."""
    try:
        found: Locale = g.locale
    except (AttributeError, RuntimeError):
        found = get_locale() or Locale("en")
        if has_app_context():
            g.locale = found
    return found


def install(app: Flask) -> None:
    """Let `app` speak the language that the browser of a request asks for, of those it knows."""
    babel = Babel(
        app, locale_selector=lambda: request.accept_languages.best_match(app.config["LANGUAGES"]) or "en"
    )
    domain = _Once()
    babel.domain_instance = domain  # a cached property: what it would make is a plain Domain

    @pass_eval_context
    def gettext(context: EvalContext, message: str, **values: Any) -> str:
        said = domain.get_translations().ugettext(message)
        if context.autoescape:
            said = Markup(said)
        return said % values if values or "%" in said else said

    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"] = gettext
