"""A locked backup: opens with its passphrase alone, and any change to it is noticed.

Each opening takes a second of work by design, so one of each form is made for all tests.
"""

import shutil
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.exchange import archive, sealed
from webui.safety import catalogue, files, locked
from webui.store import errors, users
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation

PASSPHRASE = "Märchen, Zug & Regen"
FORMS = pytest.mark.parametrize("form", ["small", "large"])


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[dict[str, Path]]:
    """A locked backup of one person, in the form of small ones and in that of large ones."""
    folder, made = tmp_path_factory.mktemp("locked"), {}
    shutil.copy(empty_database, folder / "roster.db")
    engine = sqlite.engine(folder / "roster.db")
    with Session(engine) as session, operation(session):
        users.add(session, {"username": "mara", "email": "mara@post.example", "given": "Mara"})
    for form, most in (("small", sealed.MOST_IN_MEMORY), ("large", 1000)):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(sealed, "MOST_IN_MEMORY", most)
            (folder / form).mkdir()
            made[form] = locked.back_up(engine, folder / form / locked.name(engine), PASSPHRASE)
        assert [*made[form].parent.iterdir()] == [made[form]]
    engine.dispose()
    assert not list((folder / "scratch").glob("work-*"))
    yield made


@FORMS
def test_it_opens_to_the_verified_backup_that_went_in(
    both: dict[str, Path], form: str, tmp_path: Path
) -> None:
    made = both[form]
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert sealed.is_sealed(made)
    assert b"mara@post" not in made.read_bytes()
    plain = locked.unlocked(made, PASSPHRASE, tmp_path)
    assert archive.verify(plain).people == 1
    assert not sealed.is_sealed(plain)


def test_its_form_is_one_that_age_opens_without_roster(both: dict[str, Path]) -> None:
    head = b"age-encryption.org/v1\n-> scrypt "
    assert both["small"].name.endswith("-locked.zip.age")
    assert both["small"].read_bytes().startswith(head)
    assert both["large"].name.endswith("-locked.zip")
    with zipfile.ZipFile(both["large"]) as opened:
        assert opened.namelist() == ["READ ME.txt", "identity.age", "backup.zip.age"]
        assert b"age -d -i key.txt" in opened.read("READ ME.txt")
        assert opened.read("identity.age").startswith(head)
        assert opened.read("backup.zip.age").startswith(b"age-encryption.org/v1\n-> X25519 ")


@FORMS
def test_another_passphrase_opens_nothing_and_leaves_nothing(
    both: dict[str, Path], form: str, tmp_path: Path
) -> None:
    with pytest.raises(errors.Refused) as refused:
        locked.unlocked(both[form], PASSPHRASE.lower(), tmp_path)
    assert refused.value.message.id == "sealed.not_opened"
    assert not list(tmp_path.iterdir())


def test_a_machine_that_is_busy_for_a_moment_opens_it_all_the_same(
    both: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed, "_BETWEEN", 0)
    real, busy = sealed.pyrage.passphrase.decrypt, [True, True]
    harder = both["small"].read_bytes()  # than any machine is: each step doubles the work
    at = harder.index(b"\n", len(b"age-encryption.org/v1\n"))
    harder = harder[: at - 2] + b"40" + harder[at:]
    monkeypatch.setattr(
        sealed.pyrage.passphrase,
        "decrypt",
        lambda data, said: real(harder if busy and busy.pop() else data, said),
    )
    locked.unlocked(both["small"], PASSPHRASE, tmp_path).unlink()
    assert not busy
    monkeypatch.undo()
    monkeypatch.setattr(sealed, "_BETWEEN", 0)
    slow = tmp_path / both["small"].name
    slow.write_bytes(harder)
    with pytest.raises(errors.Refused) as refused:
        locked.unlocked(slow, PASSPHRASE, tmp_path)
    assert refused.value.message.id == "sealed.too_slow"


@FORMS
@pytest.mark.parametrize("part", ["head", "body", "cut"])
def test_what_was_changed_since_does_not_open(
    both: dict[str, Path], form: str, tmp_path: Path, part: str
) -> None:
    data = bytearray(both[form].read_bytes())
    if part == "cut":
        del data[-20:]
    else:
        data[2 if part == "head" else len(data) // 2] ^= 1
    changed = tmp_path / both[form].name
    changed.write_bytes(data)
    with pytest.raises(errors.Damaged):
        locked.unlocked(changed, PASSPHRASE, tmp_path)
    assert [*tmp_path.iterdir()] == [changed]


def test_one_that_would_not_open_to_the_same_is_none(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed, "seal", lambda *_arguments, **_more: None)
    monkeypatch.setattr(sealed, "unseal", lambda _path, plain, _passphrase: plain.write_bytes(b"other"))
    with pytest.raises(errors.Damaged):
        locked.back_up(engine, tmp_path / "made.zip.age", PASSPHRASE)
    assert not list(tmp_path.glob("made*")) and not list(tmp_path.glob(".roster-*"))


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    for name, content in (("list.csv", b"a,b"), ("empty.age", b""), ("zip.zip", b"PK\x03\x04nothing")):
        path = tmp_path / name
        path.write_bytes(content)
        assert not sealed.is_sealed(path)
        files.make_private(tmp_path / "plain")
        with pytest.raises(errors.Damaged):
            sealed.unseal(path, tmp_path / "plain", PASSPHRASE)
        (tmp_path / "plain").unlink()


@FORMS
def test_it_is_neither_a_backup_that_roster_opens_nor_a_damaged_one(both: dict[str, Path], form: str) -> None:
    assert catalogue.backups(both[form].parent) == []
    assert catalogue.locked(both[form].parent) == [both[form]]
