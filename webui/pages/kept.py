"""What came with a person from files and has no field yet, as the person's page shows it."""

from webui import database
from webui.exchange import leftovers
from webui.store import sources

Kept = tuple[sources.Kept, list[leftovers.Leftover]]


def of_user(user_id: int) -> list[Kept]:
    """Return each row with what is left of it, the newest first; what a file says again is shown once."""
    found: dict[tuple[object, ...], Kept] = {}
    for source in sources.of_user(database.session(), user_id):
        cells = leftovers.of_row(source.raw, source.options) if source.format == "csv" else []
        if cells:
            found.setdefault((source.name, *cells), (source, cells))
    return list(found.values())
