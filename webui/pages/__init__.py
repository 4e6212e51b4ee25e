"""The pages: thin views that call a verb and show a template."""

from flask import Flask

from webui import labels
from webui.pages import (
    alarms,
    attachments,
    bulk,
    bulk_out,
    cards,
    columns,
    exports,
    fields,
    filters,
    forgetting,
    held,
    history,
    import_rows,
    imports,
    jobs,
    locked,
    moments,
    moving,
    owed,
    own_fields,
    photos,
    places,
    posts,
    programs,
    relations,
    restores,
    safety,
    saved_views,
    searching,
    sent,
    sent_done,
    settings,
    sheet,
    stream,
    sums,
    tags,
    today,
    trash,
    unlocking,
    users,
)
from webui.store.values import person

_ALL = (
    users,
    alarms,
    bulk,
    bulk_out,
    cards,
    exports,
    columns,
    sheet,
    sums,
    stream,
    photos,
    relations,
    attachments,
    held,
    posts,
    today,
    tags,
    fields,
    filters,
    saved_views,
    trash,
    forgetting,
    imports,
    import_rows,
    jobs,
    history,
    moments,
    safety,
    restores,
    places,
    locked,
    owed,
    unlocking,
    moving,
    sent,
    sent_done,
    settings,
    programs,
)


def install(app: Flask) -> None:
    """Put every page on the app."""
    for module in _ALL:
        app.register_blueprint(module.pages)
    app.add_template_global(searching.tag_address)
    app.add_template_global(searching.counted)
    app.add_template_global(own_fields.worded, "own_worded")
    app.jinja_env.globals |= {"value_words": labels.VALUES, "door_words": labels.DOORS}
    app.add_template_global(person.joined, "tag_list")
