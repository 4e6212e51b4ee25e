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
        "posts.add",
        "posts.change",
        "posts.done",
        "posts.not_done",
        "posts.remove",
        "settings.title",
        "settings.phone_region",
        "settings.email_required_on",
        "settings.email_required_off",
        "restore",
        "outside",
    }
)
REVERTING = frozenset({"undo", "redo"})  # what takes back or repeats one of those
