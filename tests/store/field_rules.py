"""What the random test of undo does with own fields; `player` is the one of `test_history`."""

from typing import Any

from webui.exchange import filling
from webui.store import field_kinds, fields
from webui.store.ledger.operations import operation


def values(player: Any) -> dict[str, str]:
    """What a person is given in the fields that take any text."""
    return {
        field.name: player.chance.choice(["", "yes", "4", "4 March"])
        for field in fields.every(player.session)
        if field.kind in ("text", "long_text")
    }


def _add(player: Any) -> None:
    with operation(player.session):
        kind = player.chance.choice(["text", "text", "choice"])
        form = {"name": player.fresh(), "kind": kind, "options": "a\nb", "default_value": ""}
        fields.add(player.session, form)


def _change(player: Any) -> None:
    if field_id := player.one("fields"):
        with operation(player.session):
            fields.change(player.session, field_id, {"name": player.fresh(), "hint": "x"})
    else:
        _add(player)


def _move(player: Any) -> None:
    with operation(player.session):
        order = [field.id for field in fields.every(player.session)]
        if len(order) > 1:
            fields.move(player.session, player.chance.choice(order[1:]), -1)
    if len(order) < 2:
        _add(player)


def _kind(player: Any) -> None:
    if field_id := player.one("fields"):
        kind = player.chance.choice(["text", "long_text", "number", "date", "yes_no", "choices"])
        with operation(player.session):
            field_kinds.change(player.session, field_id, kind, "4\nyes")


def _fill(player: Any) -> None:
    field_id, there = player.one("fields"), filling.names(player.session)
    if field_id and there:
        with operation(player.session):
            filling.fill(player.session, field_id, player.chance.choice(there))
    else:
        _add(player)


def _remove(player: Any) -> None:
    if field_id := player.one("fields"):
        with operation(player.session):
            fields.remove(player.session, field_id)


def _put_back(player: Any) -> None:
    if field_id := player.one("fields", "deleted_at IS NOT NULL"):
        with operation(player.session):
            fields.put_back(player.session, field_id, player.fresh())
    else:
        _remove(player)


RULES = {
    "fields.add": _add,
    "fields.change": _change,
    "fields.order": _move,
    "fields.kind": _kind,
    "fields.fill": _fill,
    "fields.remove": _remove,
    "fields.put_back": _put_back,
}
