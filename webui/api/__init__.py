"""The JSON API: for other programs, with the same verbs as the pages."""

from flask import Flask

from webui.api import photos, posts, tutorial, users


def install(app: Flask) -> None:
    """Put the API on the app."""
    for module in (users, photos, posts, tutorial):
        app.register_blueprint(module.api)
