"""A study day is the local date some hours after midnight, whatever clocks and travellers do."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.practice.days import date_of, day_of, microseconds, noon, study_day

INSTANTS = st.datetimes(datetime.fromisoformat("1975-01-01"), datetime.fromisoformat("2090-01-01"))


def utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def on(local: str, zone: str, rollover: int = 4) -> date:
    """The study day of a local time in a named zone."""
    moment = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))
    offset = moment.utcoffset()
    assert offset is not None
    return date_of(study_day(utc(moment.astimezone(ZoneInfo("UTC"))), round(offset.total_seconds() / 60), rollover))


@pytest.mark.rule
@pytest.mark.parametrize(
    ("local", "rollover", "expected"),
    [
        ("2026-11-23T03:59:59.999999", 4, "2026-11-22"),
        ("2026-11-23T04:00:00", 4, "2026-11-23"),
        ("2026-11-23T00:00:00", 0, "2026-11-23"),
        ("2026-11-22T23:59:59", 0, "2026-11-22"),
        ("2026-11-23T22:59:59", 23, "2026-11-22"),
        ("2026-11-23T23:00:00", 23, "2026-11-23"),
    ],
)
def test_a_study_day_begins_at_the_rollover_hour_of_local_time(local: str, rollover: int, expected: str) -> None:
    for zone in ("UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"):
        assert on(local, zone, rollover) == date.fromisoformat(expected)


@pytest.mark.rule
@pytest.mark.parametrize("rollover", [0, 4, 23])
@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_both_days_of_a_clock_change_are_one_study_day_each(day: str, rollover: int) -> None:
    """Berlin: 2026-03-29 has 23 hours, 2026-10-25 has 25; noon is always in its own day."""
    before, after = date.fromisoformat(day) - timedelta(1), date.fromisoformat(day) + timedelta(1)
    days = [
        on(f"{one.isoformat()}T{rollover:02}:30:00", "Europe/Berlin", rollover)
        for one in (before, date.fromisoformat(day), after)
    ]
    assert days == [before, date.fromisoformat(day), after]


@pytest.mark.rule
def test_the_hour_that_comes_twice_belongs_to_one_study_day() -> None:
    first = study_day("2026-10-25T00:30:00.000000Z", 120)  # 02:30 summer time
    second = study_day("2026-10-25T01:30:00.000000Z", 60)  # 02:30 an hour later
    assert first == second == day_of(date(2026, 10, 24))


@pytest.mark.rule
def test_a_flight_over_the_date_line_goes_back_a_day_and_nothing_breaks() -> None:
    auckland = study_day("2026-11-23T06:00:00.000000Z", 13 * 60)  # 19:00 on the 23rd
    honolulu = study_day("2026-11-23T15:00:00.000000Z", -10 * 60)  # nine hours later it is 05:00 on the 23rd
    assert (auckland, honolulu) == (day_of(date(2026, 11, 23)), day_of(date(2026, 11, 23)))
    samoa = study_day("2026-11-23T11:00:00.000000Z", -11 * 60)
    assert samoa == auckland - 1


@pytest.mark.law
@given(moment=INSTANTS, offset=st.integers(-12 * 60, 14 * 60), rollover=st.sampled_from([0, 4, 23]))
def test_the_study_day_is_the_local_date_of_the_instant_less_the_rollover(
    moment: datetime, offset: int, rollover: int
) -> None:
    local = moment.replace(tzinfo=UTC).astimezone(timezone(timedelta(minutes=offset)))
    assert date_of(study_day(utc(moment), offset, rollover)) == (local - timedelta(hours=rollover)).date()


@pytest.mark.law
@given(moment=INSTANTS, later=st.timedeltas(timedelta(0), timedelta(days=400)), offset=st.integers(-720, 840))
def test_a_later_instant_is_never_an_earlier_study_day_at_one_place(
    moment: datetime, later: timedelta, offset: int
) -> None:
    assert study_day(utc(moment), offset) <= study_day(utc(moment + later), offset)


@pytest.mark.law
@given(moment=INSTANTS)
def test_instants_are_read_to_the_microsecond(moment: datetime) -> None:
    since = moment - datetime.fromisoformat("1970-01-01")
    assert microseconds(utc(moment)) == (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


@pytest.mark.law
@given(day=st.integers(-1000, 100_000), days=st.integers(0, 5000))
def test_noons_of_study_days_are_whole_days_apart(day: int, days: int) -> None:
    assert noon(day + days) - noon(day) == timedelta(days=days)
    assert day_of(date_of(day)) == day
