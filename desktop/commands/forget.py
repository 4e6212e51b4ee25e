"""`forget`: a person leaves the database, its history and its copies. What it does can't be undone."""

from typing import TYPE_CHECKING, Any

import click

from desktop.commands import outputs, shared
from desktop.folders import Folders
from desktop.speech import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from webui.safety.holders import Copy
    from webui.safety.second import Place
    from webui.safety.treating import Choice, Outcome
    from webui.store.erasing import Someone
    from webui.store.ledger.forget import Held


@click.command()
@click.argument("username")
@click.option(
    "--copies",
    type=click.Choice(["rewrite", "remove", "leave"]),
    default="rewrite",
    show_default=True,
    help=_("What becomes of backups and kept files that hold them."),
)
@click.option("--yes", is_flag=True, help=_("Do it. Without it nothing is done but said what would be."))
@shared.json_option
@click.pass_obj
@shared.told
def forget(folders: Folders, username: str, copies: "Choice", yes: bool, as_json: bool) -> None:
    """Forget a person completely: also in history, files and backups. This can't be undone."""
    from webui.safety import forgetting, holders, places

    step = shared.stoppable()
    with shared.opened(folders) as engine:
        _meant(engine, username)  # who is nobody needs no window closed
    with shared.alone(folders), shared.opened(folders, is_alone=True) as engine:
        someone, held = _meant(engine, username)
        reach = places.reach(shared.places(folders), folders.data)
        found = holders.copies(folders.database, reach.there, someone.uids, step)
        if not yes:
            said = " ".join(
                [_would(someone, held, found), *(_away(each, None) for each in reach.away), _elsewhere()]
            )
            raise shared.Failure(said, shared.QUESTION, _data(someone, held, found, reach.away))
        step()  # from here on it is not stopped any more
        wanted = dict.fromkeys((*reach.there, *(each.path for each in reach.away)), copies)
        wanted |= {each.path: copies for each in found if each.sure and each.ours}  # kept files too
        done = forgetting.forget_everywhere(engine, reach.there, someone.uids, wanted, away=reach.away)
    lines = [_("%(name)s was forgotten completely.", name=someone.name)]
    lines += [_line(outcome) for outcome in done.outcomes]
    lines += [*(_away(each, copies) for each in reach.away), _elsewhere()]
    if not done.clean:
        lines.append(
            _(
                "The file could not be written anew yet: another program reads it, or the disk has no room. "
                "The next start of Roster does it."
            )
        )
    outputs.answer(as_json, _data(someone, held, found, reach.away, done.outcomes), *lines)


def _meant(engine: "Engine", username: str) -> "tuple[Someone, Held]":
    """Return whom a username means, and what there is of them. Raises Failure where it is not one person."""
    from sqlalchemy.orm import Session

    from webui.store import erasing
    from webui.store.ledger import forget as ledger
    from webui.store.ledger.history import connection_of

    with Session(engine) as session:
        people = {erasing.find(session, each).uids for each in erasing.called(session, username)}
        if not people:
            raise shared.Failure(_("Nobody has or had the username %(name)s.", name=username))
        if len(people) > 1:
            raise shared.Failure(
                _(
                    "Several people had the username %(name)s. Nothing was changed; open the one you mean "
                    "in Roster.",
                    name=username,
                )
            )
        someone = erasing.find(session, erasing.called(session, username)[-1])
        return someone, ledger.held(connection_of(session), someone.uids)


def _would(someone: "Someone", held: "Held", copies: "Sequence[Copy]") -> str:
    said = _(
        "%(name)s would be forgotten completely: %(rows)s rows, %(earlier)s earlier states in history. "
        "Files that hold them besides: %(copies)s.",
        name=someone.name,
        rows=sum(held.rows.values()),
        earlier=held.earlier,
        copies=", ".join(str(each.path) for each in copies) or _("none"),
    )
    return _("%(said)s This can't be undone. With --yes it is done.", said=said)


def _line(outcome: "Outcome") -> str:
    from webui import words

    path = outcome.copy.path
    if outcome.did == "rewritten":
        return _("%(path)s was written anew without them.", path=path)
    if outcome.did == "removed":
        return _("%(path)s was removed.", path=path)
    if not outcome.copy.sure and outcome.why:
        return _("%(path)s may still hold them: %(why)s", path=path, why=words.sentence(outcome.why))
    if outcome.why:
        return _("%(path)s still holds them: %(why)s", path=path, why=words.sentence(outcome.why))
    return _("%(path)s still holds them.", path=path)


def _away(place: "Place", copies: "Choice | None") -> str:
    said = _("%(path)s can't be reached now; backups in it may hold them.", path=place.path)
    if copies in ("rewrite", "remove"):
        return _("%(said)s What was asked for is done there once it is back.", said=said)
    return said


def _elsewhere() -> str:
    return _("Backups that were saved elsewhere, and files that were exported, are not looked at.")


def _data(
    someone: "Someone",
    held: "Held",
    copies: "Sequence[Copy]",
    away: "Sequence[Place]",
    outcomes: "Sequence[Outcome]" = (),
) -> dict[str, Any]:
    did = {each.copy.path: each.did for each in outcomes}
    return {
        "name": someone.name,
        "rows": held.rows,
        "earlier": held.earlier,
        "operations": held.operations,
        "away": [str(each.path) for each in away],
        "copies": [
            {
                "path": str(each.path),
                "sure": each.sure,
                "rewritable": each.rewritable,
                "did": did.get(each.path),
            }
            for each in copies
        ],
    }
