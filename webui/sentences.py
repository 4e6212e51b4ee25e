"""What the store, exchange and safety can say, by the id of its Message. `words` fills them in."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    # what was done: the strip, the history list
    "done.users.add": _l("Add %(name)s"),
    "done.users.change": _l("Change %(name)s"),
    "done.users.put_back": _l("Put %(name)s back"),
    "done.photos.put": _l("Give %(name)s a photo"),
    "done.photos.remove": _l("Remove the photo of %(name)s"),
    "done.attachments.rename": _l("Rename the file %(file)s to %(to)s"),
    "done.attachments.remove": _l("Remove the file %(file)s of %(name)s"),
    "done.relations.remove": _l("No longer say what %(other)s is to %(name)s"),
    "done.tags.rename": _l("Rename the tag %(name)s to %(to)s"),
    "done.tags.merge": _l("Put the tag %(name)s into %(into)s"),
    "done.tags.remove": _l("Remove the tag %(name)s"),
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
    # fields
    "username.required": _l("Everyone needs a username"),
    "username.taken": _l("“%(value)s” belongs to someone else"),
    "username.taken_meanwhile": _l("This username was taken a moment ago"),
    "email.required": _l("Everyone needs an e-mail, as the settings say"),
    "email.taken": _l("“%(value)s” is already the e-mail of %(owner)s"),
    "email.taken_meanwhile": _l("This e-mail was taken a moment ago"),
    "email.no_at": _l("An e-mail has an @, as in mara@lindqvist.example"),
    "email.no_name": _l("Something has to stand before the @"),
    "email.no_ending": _l("The part after @ needs an ending, as in %(example)s"),
    "email.shape": _l("“%(email)s” is not a complete e-mail"),
    "email.long": _l("An e-mail has at most %(limit)s letters"),
    "too_long": _l("%(length)s letters are too many; at most %(limit)s fit here"),
    "text.unkeepable": _l("There is a character in this that can't be kept; leave it out"),
    "not_text": _l("This has to be a text"),
    "not_a_list": _l("This has to be a list, each with a label and what it holds"),
    "not_tags": _l("This has to be a list of names"),
    "photo.none": _l("No picture was chosen"),
    "photo.again": _l("The photo was not saved yet; choose it once more"),
    "photo.too_large": _l(
        "This picture is larger than %(most_bytes)s. The photo was not changed; choose a smaller one."
    ),
    "photo.too_many_pixels": _l(
        "This picture has more than %(most)s million pixels, too many to be read. The photo was not changed; "
        "save it smaller and choose that."
    ),
    "photo.other_kind": _l(
        "This is no picture that can be read. The photo was not changed; choose a JPEG, PNG, WebP or GIF."
    ),
    "photo.damaged": _l(
        "This picture is cut off or damaged. The photo was not changed; choose another copy of it."
    ),
    "attachment.none": _l("No file was chosen"),
    "attachment.too_large": _l("%(name)s is larger than %(most_bytes)s. Nothing was attached."),
    "attachment.no_name": _l("A file needs a name"),
    "relation.nobody": _l("Write whom: a name, or a username"),
    "relation.kind": _l("This has to be one of %(known)s"),
    "relation.no_label": _l("Write what they are, as in Godmother"),
    "relation.self": _l("%(name)s is this very person; write someone else"),
    "relation.double": _l("That of %(other)s and %(name)s is said already"),
    "tag.no_name": _l("A tag needs a name"),
    "tag.taken": _l("There is a tag %(value)s already"),
    "too_many": _l("At most %(limit)s fit here"),
    "date.unclear": _l(
        "“%(value)s” can't be read as a date; write it as in 4 March 1987, March 1987 or 4 March"
    ),
    "phone_region.unknown": _l("There is no region %(value)s; write its two letters, as in DE"),
    "post.no_follow_up": _l("This post has no day to come back to it."),
    "person.nobody": _l("Nobody here is called %(name)s"),
    "person.several": _l("Several people are called %(name)s; write the username of one: %(usernames)s"),
    "person.not_ids": _l("This has to be a list of ids of people, or their names, divided by commas"),
    "post.no_title": _l("A post needs a title: in a few words, what happened"),
    "birthday.ahead": _l("“%(value)s” has not come yet; is the year right?"),
    "date.shape": _l("“%(value)s” is not a day; write it as in 25 November 2026 or 2026-11-25"),
    "title.length": _l("A title has 1 to %(limit)s letters"),
    "json.object": _l("The body has to be a JSON object"),
    "json.unknown": _l("There is no such field"),
    "row.unknown": _l("There is no “%(name)s” here, only %(known)s"),
    "json.bool": _l("This has to be true or false"),
    "json.user_id": _l("This has to be the id of a person"),
    "page.number": _l("This has to be a number from 1 to %(most)s"),
    "sort.unknown": _l("This has to be one of %(known)s; a - before it turns it round"),
    "api.user_created": _l("User created!"),
    "api.post_created": _l("Post created!"),
    # refusals
    "users.not_found": _l("This person is not here any more."),
    "users.changed_meanwhile": _l(
        "%(name)s was changed meanwhile. What you typed is kept here, and was not saved."
    ),
    "photos.not_found": _l("There is no such photo."),
    "attachments.not_found": _l("This file is not here any more."),
    "relations.not_found": _l("This is not said any more."),
    "tags.not_found": _l("This tag is not here any more."),
    "tag.same": _l("That is one and the same tag. Nothing was changed."),
    "posts.not_found": _l("This post is not here any more."),
    "busy": _l("Another program is writing to the database. Nothing was changed; try again in a moment."),
    "read_only": _l(
        "The database can't be written: its folder or its disk is read-only. Nothing was changed."
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
    "history.in_the_way": _l(
        "This can't be taken back: what it would bring back does not fit what is here now. "
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
    "upgrade.lost": _l("The upgraded copy has fewer rows (%(names)s). Your file was not changed."),
    "backup.copy": _l("Copying the database"),
    "backup.check": _l("Opening and checking the copy"),
    "backup.pack": _l("Packing it"),
    "backup.verify": _l("Opening the backup and counting again"),
    "backup.place": _l("%(path)s can't be written, so no backup was made. Choose another folder."),
    "backup.differs": _l("The backup did not count the same as the database and was thrown away. Try again."),
    "backup.damaged": _l("%(name)s was damaged after it was written. Nothing was changed; choose another."),
    "backup.not_one": _l("%(name)s is not a Roster backup. Nothing was changed; choose a .zip by Roster."),
    "backup.newer": _l("%(name)s was written by a newer Roster. Nothing was changed; update Roster first."),
    "backups.not_found": _l("There is no backup named %(key)s here."),
    "restore.verify": _l("Checking every bit of the backup"),
    "restore.open": _l("Opening what is in it"),
    "restore.safety": _l("Making a safety copy of what is here now"),
    "restore.write": _l("Restoring"),
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
    "import.too_large": _l(
        "The file has %(size)s MB; at most %(limit)s MB can be read. Divide it into several files."
    ),
    "import.too_wide": _l("The file has %(count)s columns; at most %(limit)s can be read."),
    "import.too_long": _l("The file has more than %(limit)s rows. Divide it into several files."),
    "import.cell_too_long": _l(
        "In the row at line %(line)s a cell has more than %(limit)s million letters, so nothing was read. "
        "Is a quotation mark never closed?"
    ),
    "import.empty": _l("The file is empty."),
    "import.not_text": _l("This is no CSV file: it holds bytes that are no text."),
    "import.other_kind": _l(
        "This is %(kind)s, no CSV file. Nothing was changed; save it as CSV and import that."
    ),
    "import.unreadable": _l("The file can't be read: %(reason)s"),
    "import.mixed": _l(
        "The first line is divided by another character than the others, so the columns can't be told apart. "
        "Make the first line like the rest."
    ),
    "import.no_such_field": _l("There is no field %(field)s to put a column into."),
    "import.field_twice": _l(
        "Two columns can't both be the %(field)s of a person. Leave one of them as it is."
    ),
    "imports.not_found": _l("This import is not here any more. Choose the file again."),
    "import.read": _l("Reading the file"),
    "import.match": _l("Looking who is here already"),
    "import.write": _l("Writing people"),
    "import.index": _l("Bringing search up to date"),
    "row.nobody": _l(
        "No name, no username, no e-mail, no phone and no organisation: nothing says who this is"
    ),
    "row.only_no_address": _l("“%(email)s” is no e-mail, and nothing else says who this is"),
    "row.renamed": _l("“%(wanted)s” is taken, so the username is “%(username)s”"),
    "row.open_quote": _l("A quotation mark in this row is never closed, so the rest of the file is in it"),
    "row.other_name": _l("Has an e-mail of %(name)s, but another first name"),
    "row.several": _l("Several people have this e-mail, %(name)s among them"),
    "row.no_address": _l("“%(email)s” is no e-mail; it stays with the person as it is"),
    "row.more_cells": _l("More cells than columns; they stay with the person"),
    "row.cut": _l("Cut at %(limit)s letters; the whole text stays with the person"),
    "row.unkeepable": _l("A character that can't be kept was left out; it stays with the person"),
    "row.no_date": _l("“%(value)s” can't be read as a date; it is kept as it is written"),
    "row.too_many": _l("Only the first %(limit)s of them come in; all of them stay with the person"),
    "rows.not_found": _l("This row has no question any more."),
    "export.no_format": _l("There is no format %(suffix)s. Known are: %(known)s."),
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
