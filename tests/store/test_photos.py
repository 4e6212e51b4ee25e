"""A photo: scaled, upright and without what else a picture tells; put back by undo."""

import io
import subprocess
import sys
from collections.abc import Callable

import pytest
from PIL import Image
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests import pictures as files
from webui.store import errors, photos, users
from webui.store.ledger import history
from webui.store.ledger.operations import operation
from webui.store.values import pictures


@pytest.fixture(autouse=True)
def _a_small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "LONGEST", files.LONGEST)


@pytest.fixture
def mara(session: Session) -> int:
    with operation(session):
        return users.add(session, {"username": "mara", "email": "mara@l.example", "given": "Mara"}).id


@pytest.mark.parametrize(
    ("content", "media_type", "size", "mode"),
    [
        (files.TURNED, "image/jpeg", (384, 512), "RGB"),
        (files.CLEAR, "image/png", (90, 90), "RGBA"),
        (files.SMALL, "image/webp", (40, 40), "RGB"),
        (files.MOVING, "image/gif", (20, 20), "RGB"),
        (files.made("JPEG", (700, 70), "CMYK"), "image/jpeg", (512, 51), "RGB"),
        (files.made("PNG", (7, 7), "1"), "image/png", (7, 7), "RGB"),
    ],
)
def test_what_is_shown_is_small_upright_and_nothing_but_the_picture(
    content: bytes, media_type: str, size: tuple[int, int], mode: str
) -> None:
    read = pictures.read(content)
    assert (read.media_type, read.original, read.hash) == (media_type, content, files.sha(content))
    shown = Image.open(io.BytesIO(read.shown))
    assert (shown.format, shown.size, shown.mode) == ("WEBP", size, mode)
    assert not shown.getexif()
    assert not {"exif", "icc_profile", "xmp"} & set(shown.info)
    assert b"Kastanjegatan" not in read.shown


def test_a_turned_picture_stands_upright() -> None:
    shown = Image.open(io.BytesIO(pictures.read(files.TURNED).shown))
    head, ground = shown.getpixel((192, 180)), shown.getpixel((10, 20))
    assert isinstance(head, tuple)
    assert isinstance(ground, tuple)
    assert head[0] < 80 < ground[0]


@pytest.mark.parametrize("name", files.WRONG)
def test_what_can_not_be_read_is_told(name: str) -> None:
    with pytest.raises(errors.Invalid) as told:
        pictures.read(files.WRONG[name][0])
    assert set(told.value.fields) == {"photo"}


def test_undo_moves_the_pointer_and_the_bytes_stay(
    session: Session, engine: Engine, mara: int, digest: Callable[[], str]
) -> None:
    states = [digest()]
    for picture in (files.TURNED, files.CLEAR, None):
        with operation(session):
            if picture:
                photos.put(session, mara, pictures.read(picture))
            else:
                photos.remove(session, mara)
        states.append(digest())
    assert [each.message for each in history.page(session)][:3] == ["photos.remove", *["photos.put"] * 2]
    session.rollback()
    for state in reversed(states[:-1]):
        history.undo(engine)
        assert digest() == state
    for state in states[1:-1]:
        history.redo(engine)
        assert digest() == state
    assert photos.original(session, mara) == ("image/png", files.CLEAR)
    assert session.scalar(text("SELECT count(*) FROM photos")) == 2


def test_the_same_photo_again_is_no_change(session: Session, mara: int, digest: Callable[[], str]) -> None:
    for _ in range(2):
        with operation(session):
            photos.put(session, mara, pictures.read(files.CLEAR))
    assert [each.message for each in history.page(session)] == ["photos.put", "users.add"]


def test_the_same_again_puts_right_what_another_program_broke(session: Session, mara: int) -> None:
    for broken in ("SELECT 1", "UPDATE photos SET original = x'00', shown = x'00'", "DELETE FROM photos"):
        session.execute(text(broken))
        session.commit()
        with operation(session):
            photos.put(session, mara, pictures.read(files.CLEAR))
        assert photos.original(session, mara)[1] == files.CLEAR
        assert photos.shown(session, files.sha(files.CLEAR)).startswith(b"RIFF")
        session.rollback()


def test_pictures_are_only_read_where_there_is_one() -> None:
    code = "import sys, webui.app, desktop.commands; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
