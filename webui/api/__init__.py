"""The JSON API: for other programs, with the same verbs as the pages."""

from flask import Flask

from webui.api import attachments, description, photos, posts, relations, tutorial, users


def install(app: Flask) -> None:
    """Put the API on the app."""
    for module in (users, photos, attachments, relations, posts, description, tutorial):
        app.register_blueprint(module.api)
