"""Doing what is owed to those who were forgotten, in places that are back and in copies that were left.

Whoever is here again by then was wanted back, and stays.
"""

import datetime
import json
from collections.abc import Collection, Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from webui.safety import deep, holders, owed, places
from webui.safety.backup import Step, no_step
from webui.safety.owed import Away
from webui.safety.places import Places, Reach
from webui.safety.second import Place
from webui.safety.treating import Choice, Outcome, Treating
from webui.store import errors
from webui.store.ledger import sqlite

PHASE = "forget.owed"


def settle(engine: Engine, where: Places, step: Step = no_step) -> None:
    """Do what is owed in the places that are there now. Raises Full, ReadOnly where it can't be noted.

    A place that is chosen no more is looked for as well: only who says that it is gone ends what is owed in
    it, see `owed.forgive`. One of which something can't be read is owed still.
    """
    data = Path(str(engine.url.database)).parent
    owed.prune(data, datetime.datetime.now(datetime.UTC))
    waiting = owed.read(data).away
    if not waiting:
        return
    reach = places.reach(where, data)
    for each in waiting:
        if not _is_away(where, reach, each):
            missed: list[Path] = []
            outcomes = _treated(engine, reach.there, each, step, missed)
            failed = any(outcome.did == "failed" for outcome in outcomes)
            if not missed and not (failed and _is_away(where, places.reach(where, data), each)):
                owed.settled(data, each, outcomes)


def is_back(where: Places, data: Path) -> bool:
    """Tell whether a place is there in which something is owed."""
    waiting = owed.read(data).away
    if not waiting:
        return False
    reach = places.reach(where, data)
    return any(not _is_away(where, reach, each) for each in waiting)


def again(engine: Engine, path: Path, folders: Sequence[Path], choice: Choice) -> Outcome:
    """Rewrite, remove or leave a copy that may hold someone still. Raises NotFound for any other file; Full,
    ReadOnly."""
    data = Path(str(engine.url.database)).parent
    owes = next((each for each in owed.read(data).left if each.path == path), None)
    if owes is None:
        raise errors.NotFound("backups", path.name)
    found = holders.copies(Path(str(engine.url.database)), [path.parent], owes.uids)
    copy = next((each for each in found if each.path == path), holders.Copy(path, path.suffix != ".db"))
    outcome = Treating(engine, folders, owes.uids).treat(copy, choice)
    if choice == "leave" or outcome.did in ("rewritten", "removed"):
        owed.drop(data, path, owes.uids)
        places.note_removed(data, [path])
    if outcome.did == "rewritten":
        deep.renew(data, [path])
    return outcome


def strays(where: Places, data: Path) -> list[Place]:
    """Return places in which something is owed, and which are chosen no more."""
    away = [each for each in owed.read(data).away if _known(where, each) is None]
    return list(dict.fromkeys(Place(each.path, each.mark) for each in away))


def _known(where: Places, owes: Away) -> Place | None:
    """Return which of the places it is now; one that could not be marked while it was away may be since."""
    all_places = (*([where.second] if where.second else []), *where.earlier, Place(where.first, ""))
    same = [each for each in all_places if each.path == owes.path]
    return next((each for each in same if not owes.mark or each.mark == owes.mark), None)


def _is_away(where: Places, reach: Reach, owes: Away) -> bool:
    """Tell whether a place can't be looked through; one that is chosen no more is known by its mark alone."""
    known = _known(where, owes)
    return known in reach.away if known else not places.is_there(Place(owes.path, owes.mark))


def _treated(
    engine: Engine, folders: Sequence[Path], owes: Away, step: Step, missed: list[Path]
) -> list[Outcome]:
    """Do what is owed in a place, with what is found there; what can't be read is added to `missed`."""
    database = Path(str(engine.url.database))
    uids = set(owes.uids) - _here(database, owes.uids)
    if not uids:
        return []
    treat, outcomes = Treating(engine, folders, uids), []
    copies = holders.copies(database, [owes.path], uids, missed=missed)
    found = [each for each in copies if each.path.parent == owes.path]
    for number, copy in enumerate(found):
        step(PHASE, number, len(found))
        outcomes.append(treat.treat(copy, owes.choice, unasked=True))
    deep.renew(database.parent, [each.copy.path for each in outcomes if each.did == "rewritten"])
    places.note_removed(database.parent, [each.copy.path for each in outcomes if each.did == "removed"])
    return outcomes


def _here(database: Path, uids: Collection[str]) -> set[str]:
    query = "SELECT uid FROM users WHERE uid IN (SELECT value FROM json_each(?))"
    with sqlite.told(), closing(sqlite.connect(database)) as connection:
        return {row[0] for row in connection.execute(query, (json.dumps(sorted(uids)),))}
