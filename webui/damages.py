"""What is said about damage: what can still be read of a file, and backups that rot."""

from flask_babel import lazy_gettext as _l

DAMAGES = {
    "deep.database": _l("Looking at every page and index"),
    "deep.backups": _l("Reading each backup again"),
    "deep.other": _l(
        "The other copy of %(name)s is not that backup, or is damaged too. Nothing was changed."
    ),
    "rescue.failed": _l("This did not work. The damaged file is as it was; the log has the details."),
    "salvage.read": _l("Reading what can be read"),
    "salvage.write": _l("Putting it together"),
    "salvage.check": _l("Making search anew and checking"),
    "salvage.nothing": _l("Nothing of a Roster database could be read. The file was not changed."),
    "salvage.newer": _l("The file was written by a newer Roster. It was not changed; update Roster first."),
}
