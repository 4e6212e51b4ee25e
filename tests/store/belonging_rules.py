"""What the random test of undo does with photos; `player` is the one of `test_random`."""

from typing import Any

from tests import pictures as files
from webui.store import photos
from webui.store.ledger.operations import operation
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


RULES = {"photos.put": _put_photo, "photos.remove": _remove_photo}
