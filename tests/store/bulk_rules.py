"""What the random test of undo does with many people at once: kind -> a function of its player."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webui.safety import past
from webui.store import bulk, bulk_fields, bulk_remove, errors, fields, former
from webui.store.chosen import Chosen
from webui.store.ledger.operations import beside, operation
from webui.store.models import User
from webui.store.values import times


def some(player: Any) -> Chosen:
    """Everyone, or a few; someone in the trash among them does not count."""
    if player.chance.random() < 0.3:
        return Chosen(q="")
    ids = player.ids("users", "1")
    return Chosen(player.chance.sample(ids, min(len(ids), 4)))


def tag(player: Any) -> None:
    chosen = some(player)
    with operation(player.session):
        bulk.tag(player.session, chosen, ["Choir", player.fresh()])


def untag(player: Any) -> None:
    chosen = some(player)
    with operation(player.session):
        bulk.untag(player.session, chosen, ["Choir", "Alto"])


def put(player: Any) -> None:
    """Set a column, or an own field that takes any text."""
    chosen = some(player)
    with operation(player.session):
        every = fields.every(player.session)
        own = [field.id for field in every if field.kind == "text" and not field.no_two_alike]
        field = player.chance.choice(["organisation", "prefix", "birthday", "city", "phone", "link", *own])
        value = "4 March" if field == "birthday" else player.chance.choice([player.fresh(), ""])
        bulk_fields.put(player.session, chosen, field, value)


def bring_back(player: Any) -> None:
    """Bring someone back as they were at a moment; whose name is another's by now stays as they are."""
    operations = player.ids("operations", "undoes IS NULL")
    if not operations:
        return
    made = past.make(player.session.get_bind(), player.chance.choice(operations))
    try:
        with Session(made.engine) as then:
            there = then.scalars(select(User.id)).all()
            if there:
                with suppress(errors.Invalid), operation(player.session):
                    former.bring(player.session, then, player.chance.choice(there), times.now())
    finally:
        made.close()


def remove(player: Any) -> None:
    """Delete a few who are in the trash for good, with someone living among those meant."""
    gone, living = (player.ids("users", f"deleted_at IS {which} NULL") for which in ("NOT", ""))
    with operation(player.session):
        if not gone and living:
            gone = [living.pop()]
            with beside(player.session):
                bulk.trash(player.session, Chosen(gone))
        bulk_remove.remove(player.session, Chosen([*gone[:3], *living[:1]]))


RULES: dict[str, Callable[[Any], None]] = {
    "bulk.set": put,
    "bulk.tag": tag,
    "bulk.untag": untag,
    "users.remove": remove,
    "users.bring_back": bring_back,
}
