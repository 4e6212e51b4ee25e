"""What the random test of undo does with saved views: kind -> a function of its player."""

import contextlib
from collections.abc import Callable
from typing import Any

from webui.store import columns, errors, fields, saved_views, settings, sheet
from webui.store.ledger import alone as alone_of
from webui.store.ledger import history
from webui.store.ledger.operations import operation


def add(player: Any) -> None:
    with operation(player.session):
        saved_views.add(player.session, player.fresh(), "tag:choir", "-name")


def change(player: Any) -> None:
    if view_id := player.one("saved_views"):
        with operation(player.session):
            saved_views.change(player.session, view_id, player.fresh())


def move(player: Any) -> None:
    if view_id := player.one("saved_views"):
        with operation(player.session):
            saved_views.move(player.session, view_id, player.chance.random() < 0.5)


def arrange(player: Any) -> None:
    with operation(player.session):
        own = [f"own:{field.uid}" for field in fields.every(player.session)]
        columns.arrange(player.session, player.chance.sample([*columns.EVERY, *own], 4))


def fill(player: Any) -> None:
    """Paste into two columns of a few people; who has no e-mail stays as they were."""
    ids = player.ids("users", "deleted_at IS NULL")[:4]
    there = [columns.Column("department"), columns.Column("phone")]
    with operation(player.session):
        sheet.fill(player.session, ids, there, [[player.fresh(), player.fresh()] for _each in ids])


def alone(player: Any) -> None:
    """Take one operation of the past back alone, where nothing stands in the way."""
    for operation_id in player.chance.sample(
        done := player.ids("operations", history.STANDS), min(5, len(done))
    ):
        with contextlib.suppress(errors.Refused):
            alone_of.undo(player.session.get_bind(), operation_id)
            return


def keep_at_a_size(player: Any) -> None:
    with operation(player.session):
        settings.set_history_limit(player.session, player.chance.choice([100, 500]))


def keep_all(player: Any) -> None:
    with operation(player.session):
        settings.set_history_limit(player.session, 0)


RULES: dict[str, Callable[[Any], None]] = {
    "columns.arrange": arrange,
    "history.alone": alone,
    "sheet.fill": fill,
    "saved_views.add": add,
    "saved_views.change": change,
    "saved_views.move": move,
    "settings.history_limit": keep_at_a_size,
    "settings.history_whole": keep_all,
}
