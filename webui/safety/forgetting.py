"""Forgetting a person completely: in the live file, and in the copies of it that still hold them.

Copies come before the live file: whoever is cut off in between finds the person still there, and begins
again. Not for what goes: see `ledger.forget`; nor for copies that are out of reach: see `owed`.
"""

import shutil
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from webui.safety import holders, opening, owed, places, workspace
from webui.safety.backup import Step, no_step
from webui.safety.holders import Copy
from webui.safety.second import Place
from webui.safety.treating import Choice, Outcome, Treating
from webui.store import errors
from webui.store.ledger import forget

PHASES = ["forget.look", "forget.copies", "forget.rows", "forget.pages"]


@dataclass(frozen=True)
class Done:
    """What went, what became of each copy, and whether free pages of the file are clean already; in the
    places `away` they may still be, and leave those that are `owed` once they are back."""

    held: forget.Held
    outcomes: Sequence[Outcome]
    clean: bool
    away: Sequence[Place] = ()
    owed: Sequence[Place] = ()


def forget_everywhere(
    engine: Engine,
    folders: Sequence[Path],
    uids: Collection[str],
    choices: Mapping[Path, Choice],
    step: Step = no_step,
    *,
    away: Sequence[Place] = (),
) -> Done:
    """Forget a person: do with each copy what was chosen, by its path or its folder's, then take them out of
    the database. What can't be done now, as in places that are `away`, is owed.

    A copy that nothing was said of, as one made a moment ago, is rewritten. Where a whole folder's are to be
    removed, what may be no copy of this roster is left and owed. One that fails is told and the others go on.
    `step` must not raise. Raises NotFound; Full, ReadOnly where what will be owed can't be noted: nothing is
    done then. Refused when anything could not be written later on: then they are still in the database,
    whatever was done to the copies, and no more is owed than before.
    """
    database = Path(str(engine.url.database))
    found = holders.copies(database, folders, uids, step)
    later = {place: choices.get(place.path, "rewrite") for place in away}
    was = owed.read(database.parent)
    owed.remember(database.parent, uids, later, [])  # first: what fails later finds them in the database
    try:
        outcomes = _treated(Treating(engine, folders, uids), found, choices, step)
        places.note_removed(database.parent, [each.copy.path for each in outcomes if each.did == "removed"])
        let_go_of_scratch(database, folders)
        owed.remember(database.parent, uids, {}, [each for each in outcomes if each.why])
        step("forget.rows", 0, 0)
        held = forget.forget(database, uids)
    except errors.NotFound:  # another window was first: what is owed to them stays
        raise
    except (errors.StoreError, OSError) as error:
        with suppress(errors.StoreError):
            owed.take_back(database.parent, uids, was)
        raise errors.Refused(errors.Message("forget.still_here")) from error
    step("forget.pages", 0, 0)
    waiting = [place for place, choice in later.items() if choice != "leave"]
    return Done(held, outcomes, forget.finish(database), away, waiting)


def _treated(
    treating: Treating, found: Sequence[Copy], choices: Mapping[Path, Choice], step: Step
) -> list[Outcome]:
    outcomes = []
    for number, copy in enumerate(found):
        step("forget.copies", number, len(found))
        said = choices.get(copy.path) or choices.get(copy.path.parent, "rewrite")
        outcomes.append(treating.treat(copy, said, unasked=copy.path not in choices))
    return outcomes


def let_go_of_scratch(database: Path, folders: Sequence[Path]) -> None:
    """Remove what lies beside the database for a while: files chosen for an import or a restore, dead copies;
    and what was left half written among the backups.

    A copy that another program is at work on stays: its own end removes it.
    """
    for pattern in (".roster-*.tmp", ".roster-*.part"):
        for left in (each for folder in folders for each in folder.glob(pattern)):
            with suppress(OSError):
                left.unlink()
    home = database.absolute().parent / "scratch"
    for folder in (home / "imports", home / "restores"):
        shutil.rmtree(folder, ignore_errors=True)
    workspace.sweep(database)
    opening.remove_leftovers(database)
