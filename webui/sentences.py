"""What the store, exchange and safety can say, by the id of its Message. `words` fills them in."""

from flask_babel import lazy_gettext as _l

from webui.copies import COPIES
from webui.damages import DAMAGES
from webui.done import DONE
from webui.faults import FAULTS
from webui.forgotten import FORGETTING
from webui.imported import IMPORTS
from webui.restoring import RESTORING

# The views that Roster comes with.
PRESETS = {
    "birthdays": _l("Birthdays this month"),
    "out_of_touch": _l("Out of touch"),
    "no_email": _l("No e-mail"),
    "added_lately": _l("Added lately"),
}

# What everyone has that many can be given alike.
FIELDS = {
    "organisation": _l("Organisation"),
    "department": _l("Department"),
    "job_title": _l("Job title"),
    "birthday": _l("Birthday"),
    "nickname": _l("Nickname"),
    "prefix": _l("Prefix"),
    "given": _l("First name"),
    "additional": _l("Middle name"),
    "family": _l("Last name"),
    "suffix": _l("Suffix"),
    "phonetic": _l("Spoken as"),
    "note": _l("Note"),
    "phone": _l("Phone"),
    "link": _l("Web page"),
    "street": _l("Street and number"),
    "postal_code": _l("Postal code"),
    "city": _l("City"),
    "region": _l("Region"),
    "country": _l("Country"),
}

TABLES = {
    "posts": _l("Posts"),
    "tags": _l("Tags"),
    "fields": _l("Fields"),
    "saved_views": _l("Views"),
    "settings": _l("Settings"),
}

SENTENCES = {
    **DONE,
    **FAULTS,
    **COPIES,
    **DAMAGES,
    **FORGETTING,
    **RESTORING,
    # refusals
    "users.not_found": _l("This person is not here any more."),
    "users.changed_meanwhile": _l(
        "%(name)s was changed meanwhile. What you typed is kept here, and was not saved."
    ),
    "posts.changed_meanwhile": _l(
        "%(title)s was changed meanwhile. What you typed is kept here, and was not saved."
    ),
    "query.long": _l("A search has at most %(limit)s letters."),
    "query.many": _l("A search has at most %(limit)s words and filters."),
    "query.deep": _l("Brackets lie in one another at most %(limit)s times."),
    "query.brackets": _l("Nothing stands between these brackets. Write as in (lund or malmö)."),
    "query.several": _l("Each value needs its field before it, as in %(example)s"),
    "query.empty": _l("Something has to follow %(field)s as in %(example)s"),
    "query.field": _l("There is no field %(field)s. In quotation marks it is looked for as it stands."),
    "query.field_likely": _l("There is no field %(field)s. Did you mean %(likely)s"),
    "query.trash": _l("People in the trash are not searched. They are on the page Trash."),
    "query.not_compared": _l("%(field)s can't be more or less. Write as in %(example)s"),
    "query.no_birthday": _l(
        "“%(value)s” is no date. Write as in march, 1987, 1980..1990, <1990, 4-march, today or this-month."
    ),
    "query.no_date": _l(
        "“%(value)s” is no date. Write as in march, 2024, 2020..2024, <2024, today, this-month or <30d."
    ),
    "query.no_day": _l(
        "“%(value)s” is no time. Write as in <30d (within 30 days), >6m (more than 6 months ago), "
        "2025 or today."
    ),
    "query.no_age": _l("“%(value)s” is no age. Write as in 40, >40 or 30..40."),
    "query.no_number": _l("“%(value)s” is no number. Write as in 5, >5, <=5 or 5..10."),
    "query.no_yes_no": _l("%(field)s is yes or no."),
    "query.no_choice": _l("“%(value)s” can't be chosen for %(field)s. There are: %(known)s."),
    "query.no_thing": _l("Nobody can have “%(value)s”. There are: %(known)s."),
    "query.digits": _l("“%(value)s” has too few digits. Three in a row or more find a phone."),
    "views.not_found": _l("This view is not here any more."),
    "view.no_name": _l("A view needs a name"),
    "view.no_query": _l("A view needs a search: type something or choose a filter first"),
    "view.taken": _l("There is a view %(value)s already"),
    "photos.not_found": _l("There is no such photo."),
    "attachments.not_found": _l("This file is not here any more."),
    "relations.not_found": _l("This is not said any more."),
    "tags.not_found": _l("This tag is not here any more."),
    "fields.not_found": _l("This field is not here any more."),
    "tag.same": _l("That is one and the same tag. Nothing was changed."),
    "posts.not_found": _l("This post is not here any more."),
    "busy": _l("Another program is writing to the database. Nothing was changed; try again in a moment."),
    "read_only": _l(
        "The database can't be written: its folder or its disk is read-only. Nothing was changed."
    ),
    "gone": _l(
        "%(path)s is not where it was: it was moved, replaced or taken away. Nothing was changed. Put it "
        "back, or close Roster and start it again."
    ),
    "no_answer": _l(
        "The disk that holds the database does not answer. Nothing was changed. Was it taken away? Put it "
        "back, or close Roster and start it again."
    ),
    "no_sharing": _l(
        "The disk that holds the database can't do what Roster needs, as one of a network may not. Nothing "
        "was changed. Move the folder to a disk of this computer, and start Roster with --data and where it "
        "is then."
    ),
    "log_left": _l(
        "%(path)s can't be read while nothing can be written beside it: %(log)s was left there by a program "
        "that did not end well, and has to be taken into it first. Make room, allow writing, or copy both to "
        "another folder and name that with --data."
    ),
    "unreadable": _l("%(path)s can't be read. Nothing was changed."),
    "unusable": _l("%(path)s can't be written. Nothing was changed; is its folder read-only?"),
    "disk_full": _l(
        "The disk is full. Nothing was changed and nothing is lost; free some space and try again."
    ),
    "damaged": _l(
        "The database file is damaged. Nothing was changed. Close Roster and restore a backup by the command "
        "“restore”: it keeps the damaged file under another name."
    ),
    "nothing_to_undo": _l("There is nothing to undo."),
    "nothing_to_redo": _l("There is nothing to redo."),
    "history.moved_on": _l("Something else was done meanwhile, so nothing was undone or redone. Look again."),
    "history.hanging": _l(
        "This can't be taken back: a row in %(table)s would lose what it belongs to. Nothing was changed."
    ),
    "past.other_schema": _l(
        "What was there then was kept before an upgrade and doesn't fit any more. Choose a later moment."
    ),
    "history.in_the_way": _l(
        "This can't be taken back: what it would bring back does not fit what is here now. "
        "Nothing was changed."
    ),
    "operations.not_found": _l("This change is not in the history any more."),
    "operations.never.not_found": _l("No change has the number %(key)s. Nothing was changed."),
    "operations.undoing.not_found": _l(
        "Number %(key)s is an undo or a redo, which can't be taken back alone. Nothing was changed."
    ),
    "history.undone_already": _l("This was undone already. Nothing was changed."),
    "history.nothing_left": _l("Nothing of this is left to take back, so nothing was changed."),
    "history.alone_taken": _l(
        "This can't be taken back alone: a username, an e-mail or another name that it would bring back "
        "belongs to someone else by now. Nothing was changed."
    ),
    "history.alone_hangs": _l(
        "This can't be taken back alone: something that came later belongs to it. Nothing was changed."
    ),
    "history.alone_email": _l(
        "This can't be taken back alone: someone would have no e-mail, and everyone needs one. "
        "Nothing was changed."
    ),
    "history.alone_required": _l(
        "This can't be taken back alone: someone would have nothing in a field that must be filled. "
        "Nothing was changed."
    ),
    "history.alone_alike": _l(
        "This can't be taken back alone: two people would have the same in a field where no two may. "
        "Nothing was changed."
    ),
    "migration.ids": _l(
        "The upgraded copy could give numbers of removed rows again (%(names)s). Your file was not changed."
    ),
    "migration.references": _l(
        "The upgraded copy has rows that belong to nothing. Your file was not changed."
    ),
    "upgrade.unsound": _l("The upgraded copy is not sound (%(found)s). Your file was not changed."),
    "upgrade.derived": _l("The upgraded copy lacks parts (%(names)s). Your file was not changed."),
    "upgrade.kept": _l("The copy of the old file is not sound (%(found)s). Your file was not changed."),
    "upgrade.lost": _l("The upgraded copy has fewer rows (%(names)s). Your file was not changed."),
    "prune.measure": _l("Measuring history"),
    "prune.write": _l("Letting go of what is oldest"),
    "past.copy": _l("Copying the database"),
    "past.rewind": _l("Taking the copy back to that moment"),
    "check.pages": _l("The file is damaged: %(found)s"),
    "check.references": _l(
        "Rows belong to nothing in %(names)s; “check --repair” takes them out and keeps them in the history"
    ),
    "check.index": _l("An index does not fit its table; “check --repair” makes it anew: %(found)s"),
    "check.rows": _l(
        "Rows are missing from a table that its index still knows (%(found)s). Restore a backup; until then "
        "the file is best left as it is."
    ),
    "check.contents": _l(
        "Photos or files are missing or not what they were: %(names)s. A backup that still has them brings "
        "them back."
    ),
    "check.ids": _l("Numbers of removed rows could be given again in %(names)s"),
    "check.derived": _l("Search or history is broken; “check --repair” makes it anew: %(names)s"),
    "changes.not_found": _l("This change is not here any more."),
    **IMPORTS,
    "export.no_format": _l("There is no format %(suffix)s. Known are: %(known)s."),
    "export.no_column": _l("There is no column %(column)s. Nothing was written. There are: %(known)s."),
    "export.no_place": _l("A file %(suffix)s has no place for %(column)s. Nothing was written."),
    "export.whole": _l("A file %(suffix)s holds all there is. Nothing was written; leave the columns out."),
    "export.merge_to_edit": _l(
        "A table for mail merge has not all that an edited one is compared by. Nothing was written; ask for "
        "one of the two."
    ),
    "export.no_table": _l("A file %(suffix)s is no table for mail merge. Nothing was written."),
    "export.no_way_back": _l("A file %(suffix)s is no table that can come back edited. Nothing was written."),
    "export.write": _l("Writing the file"),
    "export.not_written": _l(
        "%(path)s can't be written: its folder is missing or read-only. Nothing was changed; choose another."
    ),
    "target.ours": _l("Roster itself needs %(path)s. Nothing was changed; choose another name."),
    "source.ours": _l("%(path)s is this roster itself. Nothing was changed; choose another file."),
    "target.database": _l(
        "%(path)s is a database and is not replaced. Nothing was changed; choose another name."
    ),
    "target.reading": _l("%(path)s is the very file that is read. Nothing was changed; choose another name."),
    "target.exists": _l("%(path)s is already there. Nothing was changed; choose another name."),
    "target.no_file": _l("%(path)s is a folder or a device. Nothing was changed; choose the name of a file."),
    "target.no_folder": _l("There is no folder %(folder)s. Nothing was changed; make it, or choose another."),
    "upgrade.copy": _l("Copying your file"),
    "upgrade.migrate": _l("Upgrading the copy"),
    "upgrade.check": _l("Checking the copy"),
    "upgrade.swap": _l("Putting the copy in place"),
    "upgrade.done": _l("Done"),
}
