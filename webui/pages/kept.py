"""What came with a person from files and has no field yet, as the person's page shows it."""

from webui import database
from webui.exchange import leftovers
from webui.store import own_values, sources, users

Kept = tuple[sources.Kept, list[leftovers.Leftover]]


def of_user(user_id: int) -> list[Kept]:
    """Return each row with what is left of it, the newest first; what a file says again is shown once."""
    found: dict[tuple[object, ...], Kept] = {}
    session = database.session()
    kept = sources.of_user(session, user_id)
    missing = own_values.missing(session, users.find(session, user_id)) if kept else set[str]()
    for source in kept:
        cells = leftovers.of_row(source.format, source.raw, source.options, missing)
        if cells:
            found.setdefault((source.name, *cells), (source, cells))
    return list(found.values())
