"""R14: the arithmetic of pace: no minute sees more than a limit, a crowd comes back one by one, a complaint slows once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.limits import Limit, Pace, after_one, limit_of, look_again_at, may_leave, now_for, parse, slowed

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@given(st.integers(1, 400), st.lists(st.floats(0, 4), min_size=1, max_size=500))
def test_R14_no_minute_sees_more_than_the_limit_wherever_it_begins(a_minute: int, gaps: list[float]) -> None:
    limit, pace, now, left = limit_of(parse(f"*=0/{a_minute}"), "x.example"), Pace(), NOW, []
    for gap in gaps:
        now += timedelta(seconds=gap)
        if may_leave(limit, pace, 0, now):
            pace = Pace(free_at=after_one(limit, pace, now))
            left.append(now)
    assert all(later - first >= MINUTE for first, later in zip(left, left[a_minute:], strict=False))


@pytest.mark.parametrize("a_minute", [1, 10, 30, 31, 100, 600])
def test_R14_a_steady_stream_looked_at_once_a_second_gets_almost_all_it_may_have(a_minute: int) -> None:
    limit, pace, left = limit_of(parse(f"x.example=0/{a_minute}"), "x.example"), Pace(), 0
    for second in range(600):
        while may_leave(limit, pace, 0, NOW + second * SECOND):
            pace = Pace(free_at=after_one(limit, pace, NOW + second * SECOND))
            left += 1
    assert 0.93 * 10 * a_minute <= left <= 10 * a_minute


@pytest.mark.parametrize("text", ["x.example=0/30", "x.example=4/0", "x.example=1/1"])
def test_R14_who_is_held_back_gets_a_place_of_their_own_in_the_line(text: str) -> None:
    limit, pace = limit_of(parse(text), "x.example"), Pace(free_at=NOW + SECOND)
    places = []
    for _ in range(50):
        places.append(look_again_at(limit, pace, NOW))
        pace = Pace(pace.free_at, places[-1])
    assert places[0] > NOW and places == sorted(set(places))


def test_R14_places_count_only_what_is_on_its_way() -> None:
    limit = limit_of(parse("x.example=2/0"), "x.example")
    assert [may_leave(limit, Pace(), number, NOW) for number in (0, 1, 2, 3)] == [True, True, False, False]


def test_R14_a_complaint_slows_by_steps_and_is_forgotten() -> None:
    once = slowed(Pace(), NOW)
    assert now_for(Limit(), once, NOW) == Limit(1, 10 * SECOND) and not may_leave(Limit(1, 10 * SECOND), once, 0, NOW)
    assert slowed(once, NOW + 5 * SECOND) == once  # it was on its way already
    twice = slowed(once, NOW + 15 * SECOND)
    assert twice.slow_seconds == 20
    pace, now = twice, NOW
    for _ in range(9):
        now += 10 * MINUTE
        pace = slowed(pace, now)
    assert pace.slow_seconds == 300
    assert now_for(Limit(), pace, now + 16 * MINUTE) == Limit()
    assert slowed(pace, now + 76 * MINUTE).slow_seconds == 10


def test_R14_a_slow_domain_never_gets_more_than_its_own_limit() -> None:
    tight = limit_of(parse("x.example=1/1"), "x.example")
    assert now_for(tight, slowed(Pace(), NOW), NOW).distance == MINUTE


@pytest.mark.parametrize("text", ["x.example", "x.example=1", "x.example=a/b", "=1/2", "x.example=1/2/3", "a b=1/1"])
def test_R14_a_limit_that_makes_no_sense_says_how_it_is_written(text: str) -> None:
    with pytest.raises(ValueError, match=r"gmail\.com=5/100"):
        parse(text)


def test_R14_domains_are_told_apart_in_any_case_and_script() -> None:
    limits = parse("GMail.com=5/0, exämple.test=1/0, *=2/0")
    found = [limit_of(limits, name).at_once for name in ("gmail.com", "xn--exmple-cua.test", "mail.gmail.com")]
    assert found == [5, 1, 2]
