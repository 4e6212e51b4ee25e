"""Any one bit flipped anywhere in a backup is noticed, and what is damaged is never offered as good."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.exchange import archive
from webui.safety import backup, catalogue
from webui.store import attachments, posts, users
from webui.store.ledger.operations import operation

EDGE = 4096  # bytes at either end of which every bit is tried: where a zip and its digest keep their order
Flip = Callable[[int, int], None]


@pytest.fixture
def made(engine: Engine, tmp_path: Path) -> Path:
    """A backup with all that one can hold, larger than both edges."""
    with Session(engine) as session, operation(session):
        user_id = users.add(session, {"username": "mara", "email": "mara@post.example", "given": "Mara"}).id
        posts.add(session, user_id, {"title": "Coffee", "body": "by the harbour"})
        scan = random.Random(1).randbytes(9000)
        attachments.add(session, user_id, [attachments.Offered("scan.pdf", scan)])
    return backup.back_up(engine, tmp_path / "backups")


@pytest.fixture
def flip(made: Path) -> Iterator[Flip]:
    """Flip a bit of the file where it lies; a second time puts it back."""
    with made.open("r+b", buffering=0) as file:

        def flip(place: int, bit: int) -> None:
            file.seek(place)
            [byte] = file.read(1)
            file.seek(place)
            file.write(bytes([byte ^ 1 << bit]))

        yield flip


def test_of_two_thousand_flips_none_is_offered_as_good(made: Path, flip: Flip) -> None:
    size, chance = made.stat().st_size, random.Random(20261127)
    for _turn in range(2_000):
        place, bit = chance.randrange(size), chance.randrange(8)
        flip(place, bit)
        catalogue.look_again()  # two flips within one tick of the clock would be one change
        assert not any(each.sound for each in catalogue.backups(made.parent)), (place, bit)
        flip(place, bit)
    catalogue.look_again()
    [whole] = catalogue.backups(made.parent)
    assert whole.sound
    archive.verify(made)


def test_every_byte_of_both_ends_is_part_of_the_digest(
    made: Path, flip: Flip, request: pytest.FixtureRequest
) -> None:
    """Each bit of them with --long, one bit of each byte without."""
    size, chance = made.stat().st_size, random.Random(20261127)
    assert size > 2 * EDGE
    for place in (*range(EDGE), *range(size - EDGE, size)):
        for bit in range(8) if request.config.getoption("--long") else (chance.randrange(8),):
            flip(place, bit)
            assert not archive.sound(made), (place, bit)
            flip(place, bit)
    assert archive.sound(made)
