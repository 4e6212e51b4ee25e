"""Phones: the E.164 form where it is sure, and what a search finds them by."""

import pytest

from webui.store.values import phones


@pytest.mark.parametrize(
    ("phone", "region", "key"),
    [
        ("+46 8 123 456 78", "", "+46812345678"),
        ("08-123 456 78", "SE", "+46812345678"),
        ("08-123 456 78", "", None),
        ("030 12345678", "DE", "+493012345678"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("12", "DE", None),
        ("", "DE", None),
        ("ask Mara", "SE", None),
        ("+999 1", "", None),
        ("+46 8 123 456 78", "XX", "+46812345678"),
    ],
)
def test_the_key_is_sure_or_none(phone: str, region: str, key: str | None) -> None:
    assert phones.key(phone, region) == key


def test_any_run_of_digits_finds_a_phone() -> None:
    found = phones.digits("030 / 123-45 678", "+493012345678")
    for typed in ("030 123 45 678", "+49 (30) 12345678", "0049 30 123", "12345", "345 67", "30.123.45"):
        run = phones.sought(typed)
        assert run is not None
        assert run in found, typed


@pytest.mark.parametrize("query", ["12", "mara 123", "a123", "", "0012", "1@2 345"])
def test_what_is_no_phone_is_sought_as_words(query: str) -> None:
    assert phones.sought(query) is None


def test_regions_are_known_by_code() -> None:
    assert {"DE", "SE", "US"} <= set(phones.regions())
