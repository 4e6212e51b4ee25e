"""What the random test of undo does with photos, files and relations; `player` is that of `test_random`."""

from contextlib import suppress
from typing import Any

from tests import pictures as files
from webui.store import attachments, errors, photos, relations
from webui.store.ledger.operations import operation
from webui.store.models import Relation
from webui.store.values import pictures

PICTURES = [pictures.read(content) for content in (files.CLEAR, files.SMALL, files.MOVING)]


def _put_photo(player: Any) -> None:
    if user_id := player.one():
        with operation(player.session):
            photos.put(player.session, user_id, player.chance.choice(PICTURES))


def _remove_photo(player: Any) -> None:
    if user_id := player.one(where="deleted_at IS NULL AND photo_hash IS NOT NULL"):
        with operation(player.session):
            photos.remove(player.session, user_id)


def _attach(player: Any) -> None:
    if user_id := player.one():
        with operation(player.session):
            count = player.chance.randint(1, 2)
            content = player.chance.choice([b"one", b"two", b""])
            offered = [attachments.Offered(f"{player.fresh()}.txt", content) for _ in range(count)]
            attachments.add(player.session, user_id, offered)


def _attached(player: Any) -> int | None:
    living = "user_id IN (SELECT id FROM users WHERE deleted_at IS NULL)"
    found: int | None = player.one("attachments", living)
    return found


def _rename_file(player: Any) -> None:
    if attachment_id := _attached(player):
        with operation(player.session):
            attachments.rename(player.session, attachment_id, player.fresh())


def _remove_file(player: Any) -> None:
    if attachment_id := _attached(player):
        with operation(player.session):
            attachments.remove(player.session, attachment_id)


def _relate(player: Any) -> None:
    user_id, other_id = player.one(), player.one()
    form = {"people": [other_id], "kind": player.chance.choice(list(relations.BACK)), "label": "Aunt"}
    if user_id:
        with suppress(errors.Invalid), operation(player.session):
            relations.add(player.session, user_id, form)


def _unrelate(player: Any) -> None:
    living = "IN (SELECT id FROM users WHERE deleted_at IS NULL)"
    if relation_id := player.one("relations", f"user_id {living} AND other_id {living}"):
        with operation(player.session):
            relation = player.session.get_one(Relation, relation_id)
            either = player.chance.choice([relation.user_id, relation.other_id])
            relations.remove(player.session, either, relation_id)


RULES = {
    "photos.put": _put_photo,
    "photos.remove": _remove_photo,
    "attachments.add": _attach,
    "attachments.rename": _rename_file,
    "attachments.remove": _remove_file,
    "relations.add": _relate,
    "relations.remove": _unrelate,
}
