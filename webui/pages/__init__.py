"""The pages: thin views that call a verb and show a template."""

from flask import Flask

from webui.pages import fields, history, imports, jobs, posts, safety, settings, tags, trash, users


def install(app: Flask) -> None:
    """Put every page on the app."""
    for module in (users, posts, tags, fields, trash, imports, jobs, history, safety, settings):
        app.register_blueprint(module.pages)
