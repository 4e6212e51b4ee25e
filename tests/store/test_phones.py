"""Phones: the E.164 form where it is sure, and what a search finds them by."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


def _examples() -> list[str]:
    """Return a number of every kind and region that the plans know, without the plus."""
    places = [
        phonenumbers.example_number_for_non_geo_entity(code)
        for code in phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS
    ]
    for region in phonenumbers.SUPPORTED_REGIONS:
        kinds = phonenumbers.PhoneNumberType.values()
        places += [phonenumbers.example_number_for_type(region, kind) for kind in kinds]
    shape = phonenumbers.PhoneNumberFormat.E164
    return sorted({phonenumbers.format_number(each, shape)[1:] for each in places if each})


_EXAMPLES = _examples()
_DIGITS = st.text("0123456789", max_size=6)
_RUNS = st.one_of(
    st.builds(
        "{}{}".format,
        st.sampled_from(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)),
        _DIGITS.map(lambda run: run * 2),
    ),
    st.builds(
        lambda run, at, other: run[:at] + other, st.sampled_from(_EXAMPLES), st.integers(2, 12), _DIGITS
    ),
    st.text("0123456789", max_size=18),
)


@settings(derandomize=True, database=None, deadline=None, max_examples=1_000)
@given(
    _RUNS,
    st.lists(st.sampled_from(["", "", " ", "-", " (", ") ", ".", "/"]), min_size=3, max_size=3),
    st.sampled_from(["", "DE", "FI", "IT", "RU", "US"]),
)
def test_a_key_found_the_short_way_is_that_of_the_plans(run: str, between: list[str], region: str) -> None:
    phone = "+" + "".join(f"{digit}{between[at % 3]}" for at, digit in enumerate(run))
    assert phones.key(phone, region) == phones._parsed(phone, region)


def test_every_kind_of_number_has_the_key_of_the_plans() -> None:
    assert len(_EXAMPLES) > 500
    for run in _EXAMPLES:
        for phone in (f"+{run}", f"+{run[:2]} ({run[2:4]}) {run[4:]}", f"+{run}1", f"+{run[:-1]}"):
            assert phones.key(phone) == phones._parsed(phone, ""), phone


@pytest.mark.parametrize(
    ("phone", "dialled"),
    [
        ("+46 (0)46-12 34 56", "+46046123456"),
        ("030 1234567/68", "0301234567"),
        ("030/1234567", "0301234567"),
        ("+1-555-765-4321 ext. 99", "+15557654321"),
        ("030 1234567 Durchwahl 12", "0301234567"),
        ("070 123 45 67,123456#", "0701234567"),
        ("tel:+49301234567;ext=12", "+49301234567"),
        ("030 1234567 0171 2345678", ""),
        ("+49301234567 +49171234", ""),
        ("ask Mara", ""),
    ],
)
def test_a_link_dials_one_number_without_what_stands_behind_it(phone: str, dialled: str) -> None:
    assert phones.link(phone) == dialled
