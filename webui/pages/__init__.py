"""The pages: thin views that call a verb and show a template."""

from flask import Flask

from webui.pages import history, imports, jobs, photos, posts, safety, settings, tags, today, trash, users


def install(app: Flask) -> None:
    """Put every page on the app."""
    for module in (users, photos, posts, today, tags, trash, imports, jobs, history, safety, settings):
        app.register_blueprint(module.pages)
