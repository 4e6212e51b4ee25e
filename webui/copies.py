"""What is said about backups that are made by themselves, and about where they lie."""

from flask_babel import lazy_gettext as _l

COPIES = {
    "backup.second": _l("Copying it to the second place"),
    "backup.thin": _l("Seeing which older ones need not be kept"),
    "backup.before": _l("Making a backup of before"),
    "backup.failed": _l("Something went wrong; the log says what. Your data is as it was."),
    "drill.restore": _l("Restoring the newest backup into a folder of its own"),
    "drill.start": _l("Starting Roster on it"),
    "drill.search": _l("Searching for people in it"),
    "drill.damaged": _l("It was damaged after it was written."),
    "drill.not_started": _l("Roster did not start on it; the log says why."),
    "drill.counts": _l("What came out of it is not what was put in."),
    "drill.people": _l("Roster started on it, but did not find as many people as the backup names."),
    "drill.posts": _l("Roster started on it, but did not find as many posts as the backup names."),
    "drill.not_found": _l("Roster started on it, but did not find someone who is in it."),
    "lock.seal": _l("Locking it with the passphrase"),
    "lock.open": _l("Opening it with the passphrase"),
    "sealed.not_opened": _l(
        "%(name)s does not open with this passphrase. Nothing was changed. Capitals and spaces count; if the "
        "passphrase is right, the file was damaged."
    ),
    "sealed.too_slow": _l(
        "%(name)s was not opened, and nothing was changed: making its key from the passphrase would take "
        "this computer too long. Try again when it has less to do, or else open it on a faster one."
    ),
    "lock.name": _l("A locked backup is no zip, but a file of age. Nothing was written; call it %(name)s."),
    "passphrase.asked": _l("It opens by its passphrase only"),
    "passphrase.none": _l("A passphrase is needed, or anyone could open it"),
    "passphrase.differs": _l("This is not what was typed above"),
    "passphrase.weak": _l("This is guessed in %(time)s; take more words, or rarer ones"),
    "place.not_found": _l("The second place is not there now. The backup in the first place is as it was."),
    "place.relative": _l("“%(path)s” is no whole path of a folder. Write it from its beginning."),
    "place.first": _l("“%(path)s” is where backups lie already. A second place is another folder."),
    "place.data": _l("“%(path)s” is where Roster keeps its own files. Choose another folder."),
    "place.no_folder": _l("There is no folder “%(path)s”, and none that it could be made in."),
    "place.not_written": _l("“%(path)s” can't be written to. Choose another folder."),
}

# Why a backup was made, where it was not because someone asked for it.
REASONS = {
    "start": _l("at start"),
    "hourly": _l("by itself"),
    "everything": _l("with everything"),
    "before_import": _l("before an import"),
    "after_restore": _l("after a restore"),
    "before_restore": _l("before a restore"),
    "before_pruning": _l("before history was cut"),
}
