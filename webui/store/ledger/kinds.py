"""Every kind of operation there is. A kind that is not listed here can't be written; one that the
random test of undo does not cover fails it; `words` has a sentence `done.<kind>` for each."""

KINDS = frozenset(
    {
        "imports.add",
        "users.add",
        "users.change",
        "users.trash",
        "users.put_back",
        "attachments.add",
        "attachments.rename",
        "attachments.remove",
        "relations.add",
        "relations.remove",
        "photos.put",
        "photos.remove",
        "tags.rename",
        "tags.merge",
        "tags.remove",
        "fields.add",
        "fields.change",
        "fields.order",
        "fields.kind",
        "fields.remove",
        "fields.put_back",
        "posts.add",
        "posts.change",
        "posts.done",
        "posts.not_done",
        "posts.remove",
        "saved_views.add",
        "saved_views.change",
        "saved_views.move",
        "saved_views.remove",
        "settings.title",
        "settings.phone_region",
        "settings.email_required_on",
        "settings.email_required_off",
        "restore",
        "outside",
    }
)
REVERTING = frozenset({"undo", "redo"})  # what takes back or repeats one of those
