"""What is said while someone is forgotten completely, and what stands in sentences in their place since."""

from flask_babel import lazy_gettext as _l

FORGOTTEN = {"person": _l("someone"), "post": _l("a post"), "file": _l("a file")}

FORGETTING = {
    "forget.look": _l("Looking which copies hold them"),
    "forget.copies": _l("Rewriting or removing copies"),
    "forget.rows": _l("Taking them out of the database and its history"),
    "forget.pages": _l("Writing the file anew"),
    "forget.owed": _l("Rewriting copies that were away"),
    "forget.damaged": _l("It is damaged, so it can't be rewritten. Remove it, or leave it as it is."),
    "forget.unsure": _l("It may be no backup of this roster, so it was not removed unasked."),
    "forget.still_here": _l(
        "The database could not be written just now, so they are still in it; copies may be rewritten "
        "already. Try again."
    ),
}
