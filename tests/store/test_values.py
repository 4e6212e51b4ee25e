"""Values: text, names, e-mails, days, and a person outside the database."""

import string
import unicodedata

import pytest
import pyuca
from hypothesis import given, settings
from hypothesis import strategies as st

from webui.store.values import emails, names, person, text, times


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Zoë", "zoe"),
        ("Łukasz", "lukasz"),
        ("Straße", "strasse"),
        ("Ørsted", "orsted"),
        ("Æsop", "aesop"),
        ("ﬁn", "fin"),
        ("E\u0301lan Ⅳ", "elan iv"),
        ("№ 5 ℤ𝒜™", "no 5 zatm"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
    ],
)
def test_folding_takes_letters_apart(typed: str, folded: str) -> None:
    assert text.fold(typed) == folded


@pytest.mark.parametrize(
    ("one", "other"), [("Åsa", "åSA"), ("straße", "STRASSE"), ("Ａnna", "anna"), (" mara ", "MARA")]
)
def test_keys_are_equal_without_case(one: str, other: str) -> None:
    assert text.key(one) == text.key(other)


def test_keys_keep_accents_apart() -> None:
    assert text.key("Zoe") != text.key("Zoë")


def test_sort_keys_order_names_as_a_reader_expects() -> None:
    shown = ["Asa", "Åsa", "Élan", "Łukasz", "Nunez", "Ñusta", "Ørsted", "Oz", "Straße", "Zoë"]
    backwards = shown[::-1]
    assert sorted(backwards, key=text.sort_key) == shown


@pytest.mark.parametrize(
    "letters", [string.ascii_letters, string.digits, "Al-Amin's Jr. ", " ", "aZ9", "Ab(c)"]
)
def test_a_plain_name_is_weighed_as_the_table_does(letters: str) -> None:
    weights = pyuca.Collator().sort_key(letters.strip())[:200]
    assert text.sort_key(letters) == b"".join(weight.to_bytes(2, "big") for weight in weights)


def test_a_plain_name_is_weighed_without_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_collator", lambda: pytest.fail("the table was read"))
    text._word_weights.cache_clear()
    assert text.sort_key("Ada Berg") < text.sort_key("Ada Borg")
    assert text.sort_span("ada b")[0] < text.sort_key("Ada Berg") < text.sort_span("ada b")[1]


def test_a_sort_key_is_that_of_the_whole_name() -> None:
    collator = pyuca.Collator()
    for name in ("Zoë van der Straße", "a \u0301b", "", "아라 김", "x" * 300, "山田 太郎"):
        weights = collator.sort_key(name)[:200]
        assert text.sort_key(name) == b"".join(weight.to_bytes(2, "big") for weight in weights)


def test_spans_find_folded_words_in_what_is_shown() -> None:
    shown = "Zoë Straße"
    assert [shown[a:b] for a, b in text.spans(shown, ["zoe", "strass"])] == ["Zoë", "Straß"]
    assert text.spans("Mara", ["x", ""]) == []


def test_words_are_folded_and_few() -> None:
    assert text.words("  Zoë  LUND ") == ["zoe", "lund"]
    assert len(text.words("a " * 50)) == 12


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("mara@lindqvist.example", None),
        ("m.l+choir@faltvagen.se", None),
        ("jürg@müller.ch", None),
        ("mara", "email.no_at"),
        ("@lindqvist.example", "email.no_name"),
        ("mara@lindqvist", "email.no_ending"),
        ("ma ra@lindqvist.se", "email.shape"),
        ("a" * 120 + "@b.se", "email.long"),
    ],
)
def test_emails_are_judged(address: str, fault: str | None) -> None:
    found = emails.fault(address)
    assert (found.id if found else None) == fault


def test_email_keys_compare_idna_domains() -> None:
    assert emails.key("Mara@MÜLLER.ch") == emails.key("mara@xn--mller-kva.ch")


def test_a_username_comes_from_the_name_then_the_email_then_the_organisation() -> None:
    assert names.username("Zoë", "Ørsted-Łuk") == "zoe.orstedluk"
    assert names.username("", "", "Mara.L@x.example") == "mara.l"
    assert names.username("", "", "", "Fältvägen Music") == "faltvagen.music"
    assert names.username("花子", "山田") == "花子.山田"
    assert names.username() == ""
    assert len(names.username("x" * 300)) == 72


def test_initials_and_hue_of_a_face() -> None:
    assert names.initials("Mara Anna Lindqvist") == "ML"
    assert names.initials("mara") == "M"
    assert names.initials("Dr Mara Lindqvist jun.", "Dr", "jun.") == "ML"
    assert names.initials("jun.", None, "jun.") == "J"
    assert names.initials("“…”") == "·"
    assert {names.hue(number) for number in range(1, 9)} == set(range(1, 9))


def test_days_of_the_calendar() -> None:
    assert times.is_day("2024-02-29")
    assert not times.is_day("2023-02-29")
    assert not times.is_day("2023-2-9")
    assert times.is_day(times.today())


def test_cleaning_keeps_only_what_was_given() -> None:
    assert person.clean({"note": " a \r\n b "}).values == {"note": "a \n b"}


def test_a_display_name_follows_the_parts_unless_it_was_chosen() -> None:
    assert person.clean({"given": "Mara", "family": "Lind"}).values["display_name"] == "Mara Lind"
    assert person.clean({"given": "Mara", "display_name": "M."}).values["display_name"] == "M."


def test_faults_are_hard_or_soft() -> None:
    found = person.clean({"username": "", "email": "mara@x", "given": "x" * 121, "note": 7})
    assert set(found.hard) == {"username", "given", "note"}
    assert set(found.soft) == {"email"}


def test_further_emails_are_a_list_of_rows() -> None:
    found = person.clean({"emails": [{"label": "Work", "email": "a@b.se"}, {"email": " "}, {"email": "c"}]})
    assert found.values["emails"] == [{"label": "Work", "email": "a@b.se"}, {"label": "", "email": "c"}]
    assert set(found.soft) == {"emails-2"}
    for wrong in ("a@b.se", 7, [1], {"a": 1}):
        assert set(person.clean({"emails": wrong}).hard) == {"emails"}


_FIELD_TEXTS = st.dictionaries(
    st.sampled_from(person.FIELDS),
    st.one_of(
        st.text(max_size=12),
        st.text(" \t\n\r\x0b\u2028\0\ud800aé", max_size=8),
        st.builds(str.__mul__, st.sampled_from(["x", "é "]), st.integers(55, 260)),
    ),
    max_size=6,
)


@settings(derandomize=True, database=None, deadline=None, max_examples=1_000)
@given(_FIELD_TEXTS)
def test_texts_found_sound_are_those_that_cleaning_keeps(form: dict[str, str]) -> None:
    cleaned = person.clean(form)
    sound = {name: value for name, value in cleaned.values.items() if value is not None}
    assert person.sound(form) == (None if cleaned.hard else sound)


@settings(derandomize=True, database=None, deadline=None, max_examples=500)
@given(st.text(" \t\r\n\x0b\x0c\x1c\x1e\x85\u2028\u2029\xa0aé", max_size=12))
def test_lines_end_alike_whatever_a_text_looks_like(said: str) -> None:
    ends = said.replace("\r\n", "\n")
    for end in "\r\x0b\x0c\x85\u2028\u2029":
        ends = ends.replace(end, "\n")
    for control in "\x1c\x1e":
        ends = ends.replace(control, "")
    assert text.lines(said) == ends.rstrip()


@settings(derandomize=True, database=None, deadline=None, max_examples=500)
@given(st.text(max_size=12))
def test_no_control_character_is_kept(said: str) -> None:
    assert not [each for each in text.one_line(said) if unicodedata.category(each) == "Cc" and each != "\0"]
    kept = {each for each in text.lines(said) if unicodedata.category(each) == "Cc"}
    assert kept <= {"\n", "\t", "\0"}  # a NUL is refused before
    assert text.one_line("a\x06b\x7f\x1fc\x85 \x9dd") == "ab c d"


MARKED = st.text(
    st.sampled_from("ab \u0646\u0645\u0d28\u0d4d\u200b\u200c\u200d\u200e\u202a\u202c\u2067\u2069\ufeff")
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\ufeffMara \u200b", "Mara"),
        ("\u202aMara\u202c", "Mara"),
        ("\u200b\u200e", ""),
        ("\u0645\u06cc\u200c\u0646\u0627", "\u0645\u06cc\u200c\u0646\u0627"),  # within a name
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"),
        (
            "\u0d2e\u0d4b\u0d39\u0d28\u0d4d\u200d\u200e",
            "\u0d2e\u0d4b\u0d39\u0d28\u0d4d\u200d",
        ),  # a letter of it
        ("\u202b\u05e2\u05dc\u05d9\u202c Smith", "\u202b\u05e2\u05dc\u05d9\u202c Smith"),  # a pair
        ("Ali \u2067\u05e2\u05dc\u2069\u200e", "Ali \u2067\u05e2\u05dc\u2069"),
    ],
)
def test_what_nobody_sees_stays_within_a_text_alone(typed: str, kept: str) -> None:
    assert text.one_line(typed) == kept
    assert person.clean({"given": typed}).values["given"] == (kept or None)


@given(said=MARKED)
def test_a_text_on_one_line_stays_as_it_is(said: str) -> None:
    assert text.one_line(text.one_line(said)) == text.one_line(said)
    assert text.bare(text.bare(said)) == text.bare(said)
    assert not set(text.bare(said)) - set("ab \u0646\u0645\u0d28\u0d4d")


def test_phones_and_emails_have_none_of_that_within_them_either() -> None:
    phones = [{"label": "a\u200cb", "phone": "\u202a+46 8\u200b 465\u202c"}]
    found = person.clean({"email": "m\u200b@x.example\u200f", "phones": phones}).values
    assert found["email"] == "m@x.example"
    assert found["phones"] == [{"label": "a\u200cb", "phone": "+46 8 465"}]
