"""What Safety may say of the copies: no more than is known, and not once it is another file or folder."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from webui import database
from webui.safety import aside, automatic, clouds, deep, kept, lacking, owed, places, second
from webui.safety.catalogue import Backup
from webui.safety.places import Places
from webui.store.ledger import history

NETWORK = "network"  # keeps the data, where no service does


def promise(where: Places, live: Path, uid: str, verified: Sequence[Backup]) -> dict[str, Any]:
    """Return what is known of the places, from what was noted of them: none is asked, since a network that
    hangs would keep the page waiting. `verified` are the sound backups of the first, newest first."""
    data, newest = live.parent, verified[0] if verified else None
    place = second.state(where.second, data, uid) if where.second else None
    drills, last = automatic.drilled(where, data), deep.last(data)
    trusted = place is not None and place.apart and not last.found
    if place and (
        any(path.parent == place.path for path in last.rotten)
        or any(each.failed for folder, each in drills if folder == place.path)
    ):
        trusted = False
    copies = [(each.at, each.told.change) for each in verified if each.told]
    copies += [(place.at, place.change)] if place and place.at else []
    return {
        "kept": kept.found(live),
        "aside": aside.found(live),
        "owes": owed.lately(data, datetime.datetime.now(datetime.UTC)),
        "second": place,
        "behind": place is not None and second.is_behind(place.at, newest.at if newest else ""),
        "emptied": places.is_emptied(where, data),
        "lacks": lacking.of_all(history.connection_of(database.session()), copies),
        "drills": drills,
        "deep": last,
        "trusted": trusted,
        "data": data,
        "keeper": clouds.cloud(data) or (NETWORK if clouds.on_network(data) else ""),
        "sends_on": clouds.cloud(where.first),
    }
