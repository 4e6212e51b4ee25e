"""Preferences survive damage and never stand in the way of a start."""

import json
import stat

import pytest

from webui.preferences import Preferences

WINDOW = {"x": -5, "y": 10, "width": 900, "height": 700, "maximized": False}


@pytest.fixture
def preferences(tmp_path):
    return Preferences(tmp_path / "config" / "preferences.json")


def test_without_a_file_every_preference_has_its_default(preferences):
    assert [preferences.get(name) for name in ("appearance", "size", "window", "backups")] == [
        "auto",
        100,
        None,
        None,
    ]


def test_what_was_set_is_there_for_the_next_start(preferences, tmp_path):
    preferences.set("appearance", "dark")
    preferences.set("window", WINDOW)
    preferences.set("backups", str(tmp_path))
    again = Preferences(preferences.path)
    assert again.get("appearance") == "dark"
    assert again.get("window") == WINDOW
    assert again.get("backups") == str(tmp_path)
    assert stat.S_IMODE(preferences.path.stat().st_mode) == 0o600
    assert [found.name for found in preferences.path.parent.iterdir()] == ["preferences.json"]


def test_none_forgets(preferences):
    preferences.set("size", 150)
    preferences.set("size", None)
    assert preferences.get("size") == 100


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"\xff\xfe\x00", b"null", b"[" * 100_000])
def test_a_damaged_file_counts_as_nothing_chosen(preferences, damage):
    preferences.path.parent.mkdir()
    preferences.path.write_bytes(damage)
    assert preferences.get("appearance") == "auto"
    preferences.set("appearance", "light")
    assert preferences.get("appearance") == "light"


@pytest.mark.parametrize(
    "name, value",
    [
        ("appearance", "blue"),
        ("size", 74),
        ("size", True),
        ("size", "100"),
        ("window", {"width": 0, "height": 5}),
        ("window", {"width": 5}),
        ("window", WINDOW | {"x": "left"}),
        ("backups", "relative"),
    ],
)
def test_a_value_that_makes_no_sense_is_neither_kept_nor_believed(preferences, name, value):
    with pytest.raises(ValueError):
        preferences.set(name, value)
    preferences.path.parent.mkdir(exist_ok=True)
    preferences.path.write_text(json.dumps({name: value}))
    assert preferences.get(name) in ("auto", 100, None)


def test_an_unknown_name_is_a_mistake_in_the_program(preferences):
    with pytest.raises(KeyError):
        preferences.get("colour")
    with pytest.raises(KeyError):
        preferences.set("colour", 1)
