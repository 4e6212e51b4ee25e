"""Tokens on their own: what is kept of one, and a file that others have had their hands on."""

import json
import stat
from pathlib import Path

import pytest

from webui import tokens
from webui.tokens import Tokens


@pytest.fixture
def made(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path / "data" / "tokens.json")


def test_a_token_is_told_once_and_kept_as_a_fingerprint_that_its_owner_alone_can_read(made: Tokens) -> None:
    first, second = made.make("Mail merge", writes=False), made.make("Phone", writes=True)
    assert first != second and min(len(first), len(second)) > 40
    kept = made.path.read_text()
    assert first not in kept and first.removeprefix("roster_")[:12] not in kept
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    again = Tokens(made.path)
    found = again.use(second)
    assert found and (found.name, found.writes) == ("Phone", True)
    assert [each.writes for each in again.every()] == [False, True]


@pytest.mark.parametrize("offered", ["", "roster_", "x" * 5000, "grüße", "\ud800", "Mail merge"])
def test_nothing_else_is_a_token(made: Tokens, offered: str) -> None:
    made.make("Mail merge", writes=True)
    assert made.use(offered) is None
    (kept,) = made.every()
    assert made.use(kept.hash) is None and made.use(kept.id) is None


def test_a_use_is_noted_and_not_written_again_within_a_minute(
    made: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = made.make("Mail merge", writes=False)
    assert made.every()[0].used is None
    made.use(token)
    noted, written = made.every()[0].used, made.path.stat().st_ino
    assert noted is not None
    made.use(token)
    assert made.path.stat().st_ino == written
    monkeypatch.setattr(tokens, "NOTED", 0)
    made.use(token)
    assert made.path.stat().st_ino != written


def test_a_full_disk_keeps_no_program_out(made: Tokens, monkeypatch: pytest.MonkeyPatch) -> None:
    token = made.make("Mail merge", writes=False)

    def full(*_anything: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr("webui.private_json.write", full)
    assert made.use(token)
    with pytest.raises(OSError):
        made.revoke(made.every()[0].id)
    assert made.use(token)


@pytest.mark.parametrize(
    "name, fault", [("", "none"), (" \n\t", "none"), ("x" * 61, "long"), (" MAIL  merge", "taken")]
)
def test_a_name_is_one_line_and_one_of_its_kind(made: Tokens, name: str, fault: str) -> None:
    made.make("Mail\nmerge", writes=False)
    assert made.every()[0].name == "Mail merge"
    with pytest.raises(ValueError, match=fault):
        made.make(name, writes=True)
    assert len(made.every()) == 1


def test_there_is_an_end_to_them(made: Tokens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MOST", 1)
    made.make("Mail merge", writes=False)
    with pytest.raises(ValueError, match="many"):
        made.make("Phone", writes=False)


GOOD = {
    "id": "1",
    "name": "x",
    "writes": True,
    "made": "2026-11-27T10:00:00Z",
    "hash": "0" * 64,
    "used": None,
}


@pytest.mark.parametrize(
    "rows",
    [
        None, {}, "x", [1], [{}], [GOOD | {"more": 1}], [GOOD | {"hash": None}], [GOOD | {"hash": "ü"}],
        [GOOD | {"writes": "no"}], [GOOD | {"name": 7}], [GOOD | {"used": 7}],
    ],
)  # fmt: skip
def test_a_damaged_file_lets_nobody_in(made: Tokens, rows: object) -> None:
    made.path.parent.mkdir()
    made.path.write_text(json.dumps({"tokens": rows}))
    assert made.every() == []
    assert made.use("x") is None


def test_a_sound_row_beside_a_damaged_one_still_opens(made: Tokens) -> None:
    token = made.make("Mail merge", writes=False)
    kept = json.loads(made.path.read_text())
    kept["tokens"].insert(0, GOOD | {"hash": 1, "used": "yesterday"})
    made.path.write_text(json.dumps(kept))
    assert made.use(token)
