"""The backup zip: an ordinary zip in which any changed bit is noticed."""

import hashlib
import json
import random
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any

import pytest

from webui.exchange import archive
from webui.store import errors

ABOUT: dict[str, Any] = {
    "at": "2026-11-25T09:14:00.000Z",
    "app": "0.1.0",
    "revision": "0001",
    "uid": "u",
    "title": "Choir",
    "reason": "now",
    "pinned": False,
    "counts": {"users": 3, "posts": 1},
    "digest": "d",
}


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    path = tmp_path / "roster.zip"
    members = [("a.txt", b"hello " * 900), ("b.bin", random.Random(1).randbytes(3_000))]
    archive.write(
        path, ABOUT, [(name, lambda stream, data=data: stream.write(data)) for name, data in members]
    )
    return path


def test_it_says_what_is_in_it(zipped: Path) -> None:
    told = archive.verify(zipped)
    assert (told.title, told.counts) == ("Choir", {"users": 3, "posts": 1})
    assert told.members["a.txt"] == {"size": 5400, "sha256": hashlib.sha256(b"hello " * 900).hexdigest()}


def test_any_zip_program_opens_it_and_the_comment_is_the_digest_of_the_rest(zipped: Path) -> None:
    data = zipped.read_bytes()
    with zipfile.ZipFile(zipped) as opened:
        assert opened.testzip() is None
        assert opened.namelist() == ["a.txt", "b.bin", "manifest.json"]
        assert opened.comment.decode() == hashlib.sha256(data[:-64]).hexdigest()


def test_it_is_private(zipped: Path) -> None:
    assert zipped.stat().st_mode & 0o777 == 0o600


def packed_size(data: bytes, level: int) -> int:
    squeeze = zlib.compressobj(level, zlib.DEFLATED, -15)
    return len(squeeze.compress(data) + squeeze.flush())


def test_members_are_packed_for_speed_and_dated_as_the_backup(tmp_path: Path) -> None:
    path, chance = tmp_path / "roster.zip", random.Random(1)
    data = " ".join(chance.choices(("Mara", "Zoë", "harbour", "choir", "board"), k=50_000)).encode()
    pieces = [data[start : start + 700] for start in range(0, len(data), 700)]
    archive.write(path, ABOUT, [("a.txt", lambda stream: stream.writelines(pieces))])
    assert archive.verify(path).members["a.txt"]["size"] == len(data)
    with zipfile.ZipFile(path) as opened:
        found = opened.getinfo("a.txt")
        assert opened.read("a.txt") == data
    assert found.compress_size == packed_size(data, 1) != packed_size(data, 6)
    assert (found.date_time, found.external_attr >> 16) == ((2026, 11, 25, 9, 14, 0), 0o600)


def test_what_a_member_fails_with_is_told(tmp_path: Path) -> None:
    def fail(stream: IO[bytes]) -> None:
        stream.write(b"half")
        raise OSError("disk gone")

    with pytest.raises(OSError, match="disk gone"):
        archive.write(tmp_path / "roster.zip", ABOUT, [("a.txt", fail)])


@pytest.mark.parametrize("seed", range(5))
def test_any_flipped_bit_is_noticed(zipped: Path, seed: int) -> None:
    data, chance = zipped.read_bytes(), random.Random(seed)
    for _ in range(100):
        place, bit = chance.randrange(len(data)), chance.randrange(8)
        flipped = bytearray(data)
        flipped[place] ^= 1 << bit
        zipped.write_bytes(flipped)
        with pytest.raises(errors.Damaged):
            archive.verify(zipped)
    zipped.write_bytes(data)
    archive.verify(zipped)


@pytest.mark.parametrize("cut", [0, 1, 63, 64, 65, 2_000, -1, -64])
def test_a_file_that_was_cut_is_noticed(zipped: Path, cut: int) -> None:
    zipped.write_bytes(zipped.read_bytes()[:cut])
    with pytest.raises(errors.Damaged):
        archive.verify(zipped)


def test_another_zip_is_no_backup(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("a.jpg", b"x")
    with pytest.raises(errors.Damaged) as caught:
        archive.manifest(path)
    assert caught.value.message.id == "backup.not_one"


def sealed(path: Path) -> None:
    """Make any zip tell that its bytes are as they were written, as anyone could."""
    with zipfile.ZipFile(path, "a") as opened:
        opened.comment = b"0" * 64
    data = path.read_bytes()[:-64]
    path.write_bytes(data + hashlib.sha256(data).hexdigest().encode())


@pytest.mark.parametrize(
    "odd",
    [
        {"at": "2026-11-25"}, {"at": "2026-11-25T09:14:00"}, {"at": 3}, {"at": "2026-1-5T9:4:0.1Z"},
        {"at": "0001-01-01T00:00:00.000Z"}, {"at": "2026-02-30T00:00:00.000Z"},
        {"title": None}, {"pinned": "no"},
        {"counts": {}}, {"counts": {"users": "3", "posts": 1}}, {"counts": {"users": -1, "posts": 1}},
        {"counts": [1]},
        {"counts": {"users": 10**30, "posts": 1}},
         {"members": []}, {"members": {"a.txt": {}}}, {"members": {"a.txt": 3}},
        {"members": {"a.txt": {"size": True, "sha256": ""}}}, {"format": "1"}, {"format": None}, {"uid": {}},
    ],
    ids=str,
)  # fmt: skip
def test_a_manifest_of_another_kind_is_no_backup(tmp_path: Path, odd: dict[str, Any]) -> None:
    path = tmp_path / "odd.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("manifest.json", json.dumps({"format": 1, **ABOUT, "members": {}, **odd}))
    sealed(path)
    for look in (archive.manifest, archive.verify):
        with pytest.raises(errors.Damaged):
            look(path)


@pytest.mark.parametrize("text", ["", "[", "[]", "3", '"x"', "[" * 100_000, '{"format": 1}', "\x00\xff"])
def test_a_manifest_that_is_none_is_no_backup(tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("manifest.json", text)
    sealed(path)
    with pytest.raises(errors.Damaged):
        archive.verify(path)


def test_an_encrypted_member_is_told(zipped: Path, tmp_path: Path) -> None:
    data = bytearray(zipped.read_bytes())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + place] |= 1
    zipped.write_bytes(data)
    sealed(zipped)
    with pytest.raises(errors.Damaged):
        archive.verify(zipped)
    with pytest.raises(errors.Damaged):
        archive.extract(zipped, "a.txt", tmp_path / "a.txt")
    with pytest.raises(errors.Damaged):
        archive.extract(zipped, "none.txt", tmp_path / "b.txt")
    assert not (tmp_path / "b.txt").exists()


def test_a_newer_format_is_told(zipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "FORMAT", 0)
    with pytest.raises(errors.TooNew):
        archive.verify(zipped)


def test_the_database_is_unpacked_while_it_is_verified(tmp_path: Path) -> None:
    path, data = tmp_path / "roster.zip", random.Random(2).randbytes(3_000_000)
    archive.write(path, ABOUT, [(archive.DATABASE, lambda stream: stream.write(data))])
    archive.verify(path, tmp_path / "again.sqlite")
    assert (tmp_path / "again.sqlite").read_bytes() == data
    assert (tmp_path / "again.sqlite").stat().st_mode & 0o777 == 0o600
