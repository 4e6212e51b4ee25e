"""What came with a person from files and has no field yet, as the person's page shows it."""

from webui import database
from webui.exchange import leftovers
from webui.exchange.columns import HERE
from webui.store import own_values, sources
from webui.store.models import User
from webui.store.values import own

Kept = tuple[sources.Kept, list[leftovers.Leftover]]


def of_user(user: User) -> list[Kept]:
    """Return each row with what is left of it, the newest first; what a file says again is shown once, and
    what stands in a field that was filled with it is not."""
    found: dict[tuple[object, ...], Kept] = {}
    session = database.session()
    kept = sources.of_user(session, user.id)
    if not kept:
        return []
    has_own = any(HERE in each.options for each in kept)  # most files have no column for a field of ours
    missing = own_values.missing(session, user) if has_own else ()
    there = {own.as_text(*said) for said in own_values.of(user).values()}
    for source in kept:
        filled = leftovers.filled(leftovers.told(source.options))
        cells = [
            each
            for each in leftovers.of_row(source.format, source.raw, source.options, missing)
            if each.name not in filled or each.value not in there
        ]
        if cells:
            found.setdefault((source.name, *cells), (source, cells))
    return list(found.values())
