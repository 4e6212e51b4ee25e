"""What is kept of many backups, and what never goes."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from webui.exchange import archive
from webui.safety import backup, catalogue, retention
from webui.safety.catalogue import Backup
from webui.store.values import times

NOW = datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def made(ago: datetime.timedelta, reason: str = "hourly", size: int = 100, *, pinned: bool = False) -> Backup:
    at = times.written(NOW - ago)
    told = archive.Manifest(at, "1", "0005", "uid", "", reason, pinned, {"users": 0, "posts": 0}, "", {})
    return Backup(Path(f"{at}-{reason}.zip"), size, 0, told)


def kept(backups: list[Backup], limit: int = 0) -> list[Backup]:
    ordered = sorted(backups, key=lambda each: each.at, reverse=True)
    gone = {each.path for each in retention.superfluous(ordered, limit, NOW)}
    return [each for each in ordered if each.path not in gone]


def test_a_year_of_hours_leaves_the_last_ten_seven_days_four_weeks_and_twelve_months() -> None:
    hours = [made(datetime.timedelta(hours=hour)) for hour in range(24 * 400)]
    left = kept(hours)
    days = {each.at[:10] for each in left}
    assert [each.at for each in left[:10]] == [each.at for each in hours[:10]]
    assert {(NOW - DAY * ago).date().isoformat() for ago in range(7)} <= days
    assert {(NOW - DAY * 7 * ago).isocalendar()[1] for ago in range(4)} <= {
        datetime.date.fromisoformat(day).isocalendar()[1] for day in days
    }
    assert len({each.at[:7] for each in left}) == 12
    # Ten hours of today; each of six more days; the weeks and months beyond them, whose newest these are not.
    assert len(left) <= 10 + 6 + 4 + 12


def test_days_without_a_backup_do_not_count() -> None:
    rare = [made(DAY * 100 * number) for number in range(12)]
    assert kept(rare) == rare


@pytest.mark.parametrize(("days", "stays"), [(29, True), (31, False)])
def test_a_safety_copy_stays_for_thirty_days_whether_pinned_or_not(days: int, stays: bool) -> None:
    safety = made(DAY * days, "before_restore", pinned=True)
    newer = [made(DAY * (days - 1), "hourly")] + [made(datetime.timedelta(hours=hour)) for hour in range(12)]
    later_that_day = made(DAY * days - datetime.timedelta(minutes=1))
    assert (safety in kept([*newer, later_that_day, safety])) is stays


def test_copies_before_many_imports_push_out_nothing() -> None:
    by_hand = [made(datetime.timedelta(hours=8, minutes=minute), "manual") for minute in range(10)]
    before = [made(datetime.timedelta(minutes=minute), "before_import") for minute in range(30)]
    assert kept([*before, *by_hand]) == [*before, *by_hand]


def test_a_pinned_one_is_older_than_anything_and_larger_than_the_limit_and_stays() -> None:
    pinned = made(DAY * 4000, "everything", 10**9, pinned=True)
    assert pinned in kept([made(DAY * day) for day in range(100)] + [pinned], limit=500)


def test_what_was_made_before_history_was_cut_stays() -> None:
    cut = made(DAY * 400, "before_pruning", pinned=True)
    assert cut in kept([made(DAY * day) for day in range(100)] + [cut], limit=100)


def test_those_of_a_clock_that_was_a_year_ahead_push_out_nothing() -> None:
    real = [made(datetime.timedelta(hours=hour)) for hour in range(3)]
    ahead = [made(-DAY * 365 + datetime.timedelta(hours=hour)) for hour in range(10)]
    assert all(each in kept([*ahead, *real]) for each in real)
    assert kept([*ahead, *real], limit=300) == real
    assert kept([*ahead, *real], limit=1) == real[:1]


def test_beyond_a_size_the_oldest_go_and_never_the_newest() -> None:
    days = [made(DAY * day) for day in range(5)]
    assert kept(days, limit=300) == days[:3]
    assert kept(days, limit=1) == days[:1]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 900), st.sampled_from(["hourly", "everything", "before_import"]), st.booleans()
        ),
        max_size=60,
        unique_by=lambda row: row[:2],
    ),
    st.integers(0, 4000),
)
def test_of_any_backups_the_newest_and_the_held_stay_and_a_second_look_takes_nothing_more(
    rows: list[tuple[int, str, bool]], limit: int
) -> None:
    backups = [made(DAY * days, reason, pinned=pinned) for days, reason, pinned in rows]
    left = kept(backups, limit)
    assert left[:1] == sorted(backups, key=lambda each: each.at, reverse=True)[:1]
    assert all(each in left for each in backups if retention.is_held(each, NOW))
    assert kept(left, limit) == left


def test_what_is_damaged_or_of_another_roster_is_not_touched(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "b"
    for _number in range(12):
        backup.back_up(engine, folder)
    found = catalogue.backups(folder)
    uid = found[0].told.uid if found[0].told else ""
    damaged = found[-1].path
    damaged.write_bytes(damaged.read_bytes()[:-70] + b"x" * 70)
    assert retention.thin(folder, "another", 1, NOW) == []
    gone = retention.thin(folder, uid, 0, datetime.datetime.now(datetime.UTC))
    assert gone == [found[-2].path]  # eleven are sound, ten of them stay
    assert damaged.exists()
