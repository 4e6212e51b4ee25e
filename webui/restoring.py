"""What is said of backups and of restoring one, by the id of its Message. `words` fills it in."""

from flask_babel import lazy_gettext as _l

RESTORING = {
    "backup.copy": _l("Copying the database"),
    "backup.check": _l("Opening and checking the copy"),
    "backup.pack": _l("Packing it"),
    "backup.verify": _l("Opening the backup and counting again"),
    "backup.place": _l("%(path)s can't be written, so no backup was made. Choose another folder."),
    "backup.differs": _l("The backup did not count the same as the database and was thrown away. Try again."),
    "backup.damaged": _l("%(name)s was damaged after it was written. Nothing was changed; choose another."),
    "backup.cut": _l(
        "%(name)s is cut short or damaged, so it can't be read. Nothing was changed; choose another."
    ),
    "backup.not_one": _l(
        "%(name)s is not a Roster backup. Nothing was changed; choose a .zip or a roster.db by Roster."
    ),
    "backup.no_roster": _l(
        "%(name)s is a database, but not one of Roster. Nothing was changed; choose a .zip or a roster.db by "
        "Roster."
    ),
    "backup.newer": _l("%(name)s was written by a newer Roster. Nothing was changed; update Roster first."),
    "ours.broken": _l(
        "%(name)s is an export of Roster that was cut short or changed, so that it can't be read. Nothing "
        "was changed; export it anew."
    ),
    "ours.columns": _l(
        "%(name)s holds only some of what was known of people, so to take it over would empty the rest. "
        "Nothing was changed; export them with everything, or as CSV, and import that."
    ),
    "ours.taken": _l(
        "%(value)s belongs to someone here who is another person in the file, so nothing was changed. Give "
        "one of the two another, and try again."
    ),
    "backups.not_found": _l("There is no backup named %(key)s here."),
    "restore.verify": _l("Checking every bit of the backup"),
    "restore.open": _l("Opening what is in it"),
    "restore.compare": _l("Comparing everyone with now"),
    "restore.nobody": _l("Nobody is ticked, so nothing was changed. Tick who should be as in the backup."),
    "restore.moved_on": _l(
        "Something was done meanwhile, so nothing was restored. This is what would change now."
    ),
    "restore.ended": _l("The backup is not open any more, so nothing was changed. Choose it again."),
    "restore.username_taken": _l(
        "Nothing was changed: %(name)s would have the username %(value)s again, and %(owner)s has it now. "
        "Tick %(owner)s too, or change theirs first."
    ),
    "restore.email_taken": _l(
        "Nothing was changed: %(name)s would have the e-mail %(value)s again, and %(owner)s has it now. "
        "Tick %(owner)s too, or change theirs first."
    ),
    "restore.alike": _l(
        "Nothing was changed: someone who comes back would have the same as another in a field where no two "
        "may. Tick the other too, or change theirs first."
    ),
    "usernames.not_found": _l("Nobody has the username %(key)s, here or in the backup. Nothing was changed."),
    "restore.safety": _l("Making a safety copy of what is here now"),
    "restore.write": _l("Restoring"),
}
