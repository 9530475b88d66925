"""R14, R24 to R28: laws of the clocks that hold for all anchors and settings, not only for examples."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from models.lifecycle import State
from models.policy import ClockKind, Facts, publish_again_at, retry_at, running
from models.settings import Settings

START = datetime(2026, 1, 1, tzinfo=UTC)
instants = st.timedeltas(timedelta(0), timedelta(days=7000)).map(lambda since: START + since)
spans = st.timedeltas(timedelta(seconds=1), timedelta(days=400))
facts = st.builds(
    Facts,
    state=st.sampled_from(State), activity_at=instants, ever_sent=st.booleans(), ever_received=st.booleans(),
    agent_mail_at=st.none() | instants, reply_at=st.none() | instants, wrap_up_at=st.none() | instants,
    reminders_done=st.integers(0, 4), reminders_stopped=st.booleans(), away_until=st.none() | instants,
    closed_at=st.none() | instants, erased=st.booleans(), reminded_at=st.none() | instants,
    time_zone=st.sampled_from(["", "Europe/Berlin", "America/New_York", "Pacific/Auckland"]),
)  # fmt: skip
settings = st.builds(
    Settings,
    abandonment_after=spans, inactivity_after=spans, wrap_up_after=spans, retention_after=st.none() | spans,
    reminder_after=st.sets(st.integers(1, 90), max_size=3).map(lambda days: ",".join(f"P{day}D" for day in sorted(days))),
)  # fmt: skip


def later(value: datetime | None, by: timedelta) -> datetime | None:
    return None if value is None else value + by


@given(facts, settings, st.timedeltas(timedelta(0), timedelta(days=1000)))
def test_R28_moving_every_anchor_moves_every_due_time_by_the_same(
    found: Facts, given_settings: Settings, by: timedelta
) -> None:
    found = replace(found, away_until=None)  # a stated day of return lies in the calendar and moves by whole days
    moved = replace(
        found, activity_at=found.activity_at + by, agent_mail_at=later(found.agent_mail_at, by),
        reply_at=later(found.reply_at, by), wrap_up_at=later(found.wrap_up_at, by),
        reminded_at=later(found.reminded_at, by), closed_at=later(found.closed_at, by),
    )  # fmt: skip
    before, after = running(found, given_settings), running(moved, given_settings)
    assert {kind: due.at + by for kind, due in before.items()} == {kind: due.at for kind, due in after.items()}


@given(facts, settings, spans)
def test_R25_R26_later_activity_never_makes_anything_due_earlier(
    found: Facts, given_settings: Settings, by: timedelta
) -> None:
    before = running(found, given_settings)
    after = running(replace(found, activity_at=found.activity_at + by), given_settings)
    assert set(before) == set(after) and all(after[kind].at >= before[kind].at for kind in before)


@given(facts, settings)
def test_R24_an_absence_only_ever_delays_the_reminder(found: Facts, given_settings: Settings) -> None:
    there = running(replace(found, away_until=None), given_settings)
    away = running(found, given_settings)
    assert set(there) == set(away)
    assert all(away[kind].at >= there[kind].at for kind in away)
    assert all(away[kind] == there[kind] for kind in away if kind is not ClockKind.REMINDER)


@given(facts, settings)
def test_R24_R25_R26_R27_clocks_run_only_in_their_state_and_say_why(found: Facts, given_settings: Settings) -> None:
    allowed = {
        ClockKind.ABANDONMENT: State.WORK_IN_PROGRESS, ClockKind.REMINDER: State.ON_HOLD,
        ClockKind.INACTIVITY: State.ON_HOLD, ClockKind.WRAP_UP: State.WRAP_UP,
    }  # fmt: skip
    for kind, due in running(found, given_settings).items():
        assert kind is ClockKind.RETENTION or found.state is allowed[kind]
        assert due.at.tzinfo is not None and "(R" in due.why


@given(facts, settings)
def test_R18_R24_R26_after_an_answer_neither_reminder_nor_inactivity_runs(
    found: Facts, given_settings: Settings
) -> None:
    assume(found.agent_mail_at is not None)
    answered = replace(found, reply_at=later(found.agent_mail_at, timedelta(microseconds=1)))
    assert not {ClockKind.REMINDER, ClockKind.INACTIVITY} & set(running(answered, given_settings))


@given(settings, st.integers(0, 9))
def test_R24_nothing_is_sent_after_the_last_reminder(given_settings: Settings, done: int) -> None:
    found = Facts(State.ON_HOLD, START, True, False, START, None, None, done, False, None, None, False)
    runs = ClockKind.REMINDER in running(found, given_settings)
    assert runs == (done < len(given_settings.reminder_periods))


@given(settings, spans)
def test_R25_more_than_the_period_not_the_instant_itself(given_settings: Settings, _: timedelta) -> None:
    found = Facts(State.WORK_IN_PROGRESS, START, False, False, None, None, None, 0, False, None, None, False)
    due = running(found, given_settings)[ClockKind.ABANDONMENT].at
    assert due - START > given_settings.abandonment_after


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=8), st.integers(1, 20))
def test_R14_pauses_grow_as_configured_and_the_last_repeats(seconds: list[int], attempts: int) -> None:
    grown = sorted(seconds)
    chosen = Settings(retry_pauses=",".join(f"PT{n}S" for n in grown), give_up_after=timedelta(days=30))
    pauses = [retry_at(START, START, attempt, chosen) for attempt in range(1, attempts + 1)]
    found = [at - START for at in pauses if at is not None]
    assert len(found) == attempts and found == sorted(found)
    assert found[-1] == timedelta(seconds=grown[min(attempts, len(grown)) - 1])


@given(spans, st.timedeltas(timedelta(0), timedelta(days=500)), st.integers(1, 20))
def test_R14_no_attempt_begins_after_the_time_to_give_up(give_up: timedelta, passed: timedelta, attempts: int) -> None:
    chosen = Settings(give_up_after=give_up)
    again = retry_at(START + passed, START, attempts, chosen)
    assert again is None or START + passed < again <= START + give_up
    assert again is not None or START + passed + chosen.pauses[min(attempts, len(chosen.pauses)) - 1] > START + give_up


@given(st.integers(0, 1000))
def test_R37_promises_are_published_again_ever_later_but_within_a_minute(attempts: int) -> None:
    pause = publish_again_at(START, attempts) - START
    assert timedelta(0) < pause <= timedelta(seconds=60)
    assert publish_again_at(START, attempts + 1) - START >= pause
