"""The pages: thin views that call a verb and show a template."""

from flask import Flask

from webui.pages import (
    attachments,
    history,
    imports,
    jobs,
    photos,
    posts,
    relations,
    safety,
    settings,
    tags,
    today,
    trash,
    users,
)


def install(app: Flask) -> None:
    """Put every page on the app."""
    for module in (
        users,
        photos,
        relations,
        attachments,
        posts,
        today,
        tags,
        trash,
        imports,
        jobs,
        history,
        safety,
        settings,
    ):
        app.register_blueprint(module.pages)
