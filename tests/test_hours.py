"""R24, R19: laws of working time, over zones that turn their clocks, for every instant and not only for examples."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import settings as under
from hypothesis import strategies as st

from models import settings as configuration
from models.errors import Misconfigured
from models.hours import Calendar, calendar
from models.lifecycle import State
from models.policy import ClockKind, Facts, running
from models.settings import Settings

ZONES = [
    "UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Tehran", "Africa/Cairo",
    "Pacific/Apia", "Pacific/Kiritimati", "Asia/Kathmandu", "Atlantic/Azores", "America/St_Johns",
]  # fmt: skip
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
START = datetime(2010, 1, 1, tzinfo=UTC)
instants = st.timedeltas(timedelta(0), timedelta(days=7300)).map(lambda since: START + since)
minutes = st.integers(0, 24 * 60)
items = st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS), minutes, minutes).filter(lambda item: item[2] < item[3])
hours = st.lists(items, min_size=1, max_size=4).map(lambda found: ", ".join(_written(*item) for item in found))


def _written(first: str, last: str, opens: int, closes: int) -> str:
    return f"{first}-{last} {opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}"


def _within(found: Calendar, at: datetime, zone: str) -> bool:
    wall = at.astimezone(ZoneInfo(zone))
    since = datetime.combine(date.min, wall.time()) - datetime.combine(date.min, time())
    return any(opens <= since < closes for opens, closes in found.week[wall.weekday()])


@given(hours, st.sampled_from(ZONES), instants)
@example("Sun-Sun 02:15-03:00", "Europe/Berlin", datetime(2026, 10, 25, 0, 0, tzinfo=UTC))  # 02:15 comes twice
@example("Sun-Sun 02:15-03:30", "Europe/Berlin", datetime(2026, 3, 29, 0, 30, tzinfo=UTC))  # 02:15 does not come
@example("Sun-Sun 02:15-02:30", "Europe/Berlin", datetime(2026, 3, 29, 0, 30, tzinfo=UTC))
@example("Fri-Fri 09:00-17:00", "Pacific/Apia", datetime(2011, 12, 29, 0, 0, tzinfo=UTC))  # a Friday that never was
def test_R24_never_before_its_time_and_always_within_the_hours(text: str, zone: str, at: datetime) -> None:
    found = calendar(text, "", "UTC")
    opening = found.opening(at, zone)
    assert opening >= at and _within(found, opening, zone)
    assert found.opening(opening, zone) == opening


@given(hours, st.sampled_from(ZONES), instants, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_R24_what_is_due_later_leaves_no_earlier(text: str, zone: str, at: datetime, by: timedelta) -> None:
    found = calendar(text, "", "UTC")
    assert found.opening(at, zone) <= found.opening(at + by, zone)


@given(st.sampled_from(ZONES), instants)
@under(deadline=None)  # the holidays of a year are read once
def test_R24_no_reminder_on_a_public_holiday(zone: str, at: datetime) -> None:
    opening = calendar("", "DE-BY, AT", "UTC").opening(at, zone).astimezone(ZoneInfo(zone))
    assert opening.weekday() < 5 and (opening.month, opening.day) not in {
        (1, 1),
        (1, 6),
        (5, 1),
        (10, 3),
        (10, 26),
        (12, 25),
    }


@given(st.dates(date(2010, 1, 1), date(2030, 1, 1)), st.sampled_from(ZONES))
def test_R19_work_begins_in_the_morning_of_the_day_of_return_or_of_the_next_working_day(day: date, zone: str) -> None:
    begin = calendar("", "", "UTC").begin_of(day, zone).astimezone(ZoneInfo(zone))
    assert (begin.hour, begin.minute) == (9, 0) and begin.weekday() < 5
    assert timedelta(0) <= begin.date() - day <= timedelta(days=4 if zone == "Pacific/Apia" else 2)


def test_R24_an_instant_within_the_hours_stays_what_it_is() -> None:
    at = datetime(2026, 3, 4, 10, 17, 3, 250, tzinfo=UTC)
    assert calendar("Mon-Fri 09:00-17:00", "", "UTC").opening(at) is at


@pytest.mark.parametrize(
    ("at", "zone", "opening"),
    [
        ("2026-03-06T16:30", "Europe/Berlin", "2026-03-09T08:00"),  # Friday half past five
        ("2026-03-27T16:30", "Europe/Berlin", "2026-03-30T07:00"),  # over the night without a two o'clock
        ("2026-10-23T16:30", "Europe/Berlin", "2026-10-26T08:00"),
        ("2026-03-06T16:30", "America/New_York", "2026-03-06T16:30"),
        ("2026-12-24T17:30", "", "2026-12-28T09:00"),  # DE: two days of Christmas and a weekend
    ],
)
def test_R24_examples_on_the_wall(at: str, zone: str, opening: str) -> None:
    found = calendar("Mon-Fri 09:00-17:00", "DE", "UTC").opening(datetime.fromisoformat(f"{at}+00:00"), zone)
    assert found == datetime.fromisoformat(f"{opening}+00:00")


def test_R24_a_zone_nobody_knows_any_more_holds_nothing_up() -> None:
    at = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)
    found = calendar("", "", "Europe/Berlin")
    assert found.opening(at, "Mars/Olympus") == found.opening(at)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("BUSINESS_HOURS", "Mon-Fri 9-17", "Mon-Fri 09:00-17:00"),
        ("BUSINESS_HOURS", "Moo-Fri 09:00-17:00", "Mon-Fri 09:00-17:00"),
        ("BUSINESS_HOURS", "Mon-Fri 17:00-09:00", "ends before it begins"),
        ("BUSINESS_HOURS", "Mon 09:00-09:00", "ends before it begins"),
        ("BUSINESS_HOURS", "Mon 09:00-24:01", "after 24:00"),
        ("BUSINESS_HOURS", ",", "is not of the form"),
        ("HOLIDAYS", "XX", "no country or subdivision"),
        ("HOLIDAYS", "DE-ZZ", "no country or subdivision"),
        ("DEFAULT_TIME_ZONE", "Mars/Olympus", "no time zone"),
        ("DEFAULT_TIME_ZONE", "Europe", "no time zone"),
        ("REMINDER_AFTER", "P5D,P2D", "longer than the one before"),
        ("REMINDER_AFTER", "P2D,P2D", "longer than the one before"),
    ],
)
def test_R24_a_setting_that_cannot_be_is_refused_at_the_start(name: str, value: str, told: str) -> None:
    with pytest.raises(Misconfigured, match=told):
        configuration.from_mapping({f"POSTROOM_{name}": value})


def test_R24_a_calendar_without_a_working_day_is_refused_and_never_searched_for_ever() -> None:
    empty = Calendar(((),) * 7, (), ZoneInfo("UTC"))
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert not empty.opens() and empty.opening(at) is at


ON_HOLD = Facts(
    State.ON_HOLD, datetime(2026, 1, 1, tzinfo=UTC), True, False, None, None, None, 0, False, None, None, False
)


@under(deadline=None)
@given(instants, st.integers(1, 20), st.none() | instants, st.sampled_from(ZONES), st.none() | instants)
def test_R24_a_reminder_is_never_early_and_keeps_to_the_hours(
    sent_at: datetime, days: int, away: datetime | None, zone: str, reminded_at: datetime | None
) -> None:
    given_settings = Settings(reminder_after=f"P{days}D", business_hours="Mon-Thu 10:00-16:00", holidays="GB-ENG")
    facts = replace(ON_HOLD, agent_mail_at=sent_at, away_until=away, time_zone=zone, reminded_at=reminded_at)
    due = running(facts, given_settings)[ClockKind.REMINDER]
    assert due.at >= sent_at + timedelta(days=days) and _within(given_settings.working_time, due.at, zone)
    assert away is None or due.at.astimezone(ZoneInfo(zone)).date() >= away.date()


@given(instants, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_R24_two_reminders_keep_half_their_distance_however_late_the_first_one_left(
    sent_at: datetime, late: timedelta
) -> None:
    periods = Settings(reminder_after="P2D,P5D")
    first_at = sent_at + timedelta(days=2) + late
    facts = replace(ON_HOLD, agent_mail_at=sent_at, reminders_done=1, reminded_at=first_at)
    due = running(facts, periods)[ClockKind.REMINDER].at
    assert due == max(sent_at + timedelta(days=5), first_at + timedelta(days=1.5))
