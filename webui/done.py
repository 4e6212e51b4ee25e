"""What was done, by the kind of its operation: for the history and the strip. `words` fills it in."""

from flask_babel import lazy_gettext as _l

DONE = {
    "done.users.add": _l("Add %(name)s"),
    "done.users.put_back": _l("Put %(name)s back"),
    "done.tags.rename": _l("Rename the tag %(name)s to %(to)s"),
    "done.tags.merge": _l("Put the tag %(name)s into %(into)s"),
    "done.tags.remove": _l("Remove the tag %(name)s"),
    "done.saved_views.add": _l("Save the view %(name)s"),
    "done.saved_views.change": _l("Change the view %(name)s"),
    "done.saved_views.move": _l("Move the view %(name)s"),
    "done.saved_views.remove": _l("Remove the view %(name)s"),
    "done.fields.add": _l("Add the field %(name)s"),
    "done.fields.change": _l("Change the field %(name)s"),
    "done.fields.order": _l("Move the field %(name)s"),
    "done.fields.kind": _l("Change the kind of the field %(name)s"),
    "done.fields.remove": _l("Move the field %(name)s to the trash"),
    "done.fields.put_back": _l("Put the field %(name)s back"),
    "done.posts.add": _l("Post about %(name)s: %(title)s"),
    "done.posts.change": _l("Change the post %(title)s"),
    "done.posts.done": _l("Mark %(title)s about %(name)s as done"),
    "done.posts.not_done": _l("Mark %(title)s about %(name)s as not done"),
    "done.posts.remove": _l("Remove the post %(title)s"),
    "done.settings.title": _l("Name this roster %(title)s"),
    "done.settings.email_required_on": _l("Require an e-mail"),
    "done.settings.email_required_off": _l("No longer require an e-mail"),
    "done.restore": _l("Restore the backup of %(at)s"),
    "done.imports.add": _l("Import %(name)s"),
    "done.outside": _l("Changed outside Roster"),
}
