"""PURE. When things fall due: reminder, abandonment, inactivity, wrap-up, retries. Computes instants, never looks at a watch.

The interaction keeps the anchors; every due time is computed from them and the settings in force (R28).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.lifecycle import State
from models.settings import Settings


class ClockKind(StrEnum):
    REMINDER = "reminder"
    ABANDONMENT = "abandonment"
    INACTIVITY = "inactivity"
    WRAP_UP = "wrap_up"
    RETENTION = "retention"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the clocks of an interaction look at; instants are aware UTC."""

    state: State
    activity_at: datetime  # last compose, open or edit of any draft, by acceptance of the command; On Hold only an edit
    ever_sent: bool
    ever_received: bool
    agent_mail_at: datetime | None  # acceptance of the latest agent mail
    reply_at: datetime | None  # latest human reply
    wrap_up_at: datetime | None
    reminders_done: int  # sent or skipped since the latest agent mail
    reminders_stopped: bool  # after a bounce or an unsubscription
    away_until: datetime | None  # the day of return that an automatic reply stated, as midnight UTC
    closed_at: datetime | None
    erased: bool
    reminded_at: datetime | None = None  # the latest reminder since the latest agent mail
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A clock that runs: when it is due, and the sentence that says why."""

    kind: ClockKind
    at: datetime
    why: str


def running(facts: Facts, settings: Settings) -> dict[ClockKind, Due]:
    """Every clock that runs for these facts; a pure function of its arguments."""
    clocks = (_abandonment, _reminder, _inactivity, _wrap_up, _retention)
    found = [clock(facts, settings) for clock in clocks]
    return {due.kind: due for due in found if due is not None}


def _abandonment(facts: Facts, settings: Settings) -> Due | None:
    if facts.state is not State.WORK_IN_PROGRESS or facts.ever_sent or facts.ever_received:
        return None
    # R25: *more than* the period, so the instant itself is not enough.
    at = facts.activity_at + settings.abandonment_after + timedelta(microseconds=1)
    return Due(ClockKind.ABANDONMENT, at, f"unsent and untouched since {facts.activity_at:%Y-%m-%d %H:%M} UTC (R25)")


def _waiting_since(facts: Facts) -> datetime | None:
    """The anchor of R24 and R26, or None where nobody waits for the customer."""
    sent_at = facts.agent_mail_at
    if facts.state is not State.ON_HOLD or sent_at is None:
        return None
    return None if facts.reply_at is not None and facts.reply_at > sent_at else sent_at


def _reminder(facts: Facts, settings: Settings) -> Due | None:
    since, periods = _waiting_since(facts), settings.reminder_periods
    if since is None or facts.reminders_stopped or facts.reminders_done >= len(periods):
        return None
    at, why = polite_from(_step_at(since, facts, periods), facts, settings)
    step = f"reminder {facts.reminders_done + 1} of {len(periods)}"
    return Due(ClockKind.REMINDER, at, f"{step}: no answer since {since:%Y-%m-%d %H:%M} UTC (R24){why}")


def _step_at(since: datetime, facts: Facts, periods: tuple[timedelta, ...]) -> datetime:
    """Counted from the mail; but a reminder that left late keeps the next one at half its distance at least."""
    step = facts.reminders_done
    at = since + periods[step]
    if step == 0 or facts.reminded_at is None:
        return at
    return max(at, facts.reminded_at + (periods[step] - periods[step - 1]) / 2)


def polite_from(at: datetime, facts: Facts, settings: Settings) -> tuple[datetime, str]:
    """``at`` or later, and why: when the customer is back at work (R19), within business hours, by the customer's clock."""
    why = ""
    if facts.away_until is not None:
        back_at = settings.working_time.begin_of(facts.away_until.date(), facts.time_zone)
        if back_at > at:
            at, why = back_at, f"; they are away until {facts.away_until:%Y-%m-%d} (R19)"
    if settings.business_time is not None:
        open_at = settings.business_time.opening(at, facts.time_zone)
        if open_at > at:
            at, why = open_at, f"{why}; within business hours"
    return at, why


def _inactivity(facts: Facts, settings: Settings) -> Due | None:
    since = _waiting_since(facts)
    if since is None:
        return None
    idle_since = max(since, facts.activity_at)  # work on a draft within the period blocks the closing
    return Due(
        ClockKind.INACTIVITY,
        idle_since + settings.inactivity_after,
        f"no answer since {since:%Y-%m-%d %H:%M} UTC (R26)",
    )


def _wrap_up(facts: Facts, settings: Settings) -> Due | None:
    if facts.state is not State.WRAP_UP or facts.wrap_up_at is None:
        return None
    return Due(ClockKind.WRAP_UP, facts.wrap_up_at + settings.wrap_up_after, "in wrap-up without a code (R27)")


def _retention(facts: Facts, settings: Settings) -> Due | None:
    if facts.closed_at is None or facts.erased or settings.retention_after is None:
        return None
    return Due(
        ClockKind.RETENTION, facts.closed_at + settings.retention_after, f"closed at {facts.closed_at:%Y-%m-%d} (R39)"
    )


def retry_at(now: datetime, first_at: datetime, attempts: int, settings: Settings) -> datetime | None:
    """When a deferred delivery is tried again, or None when the time for it is over (R14)."""
    pauses = settings.pauses
    at = now + pauses[min(attempts, len(pauses)) - 1]
    return at if at <= first_at + settings.give_up_after else None


def publish_again_at(now: datetime, attempts: int) -> datetime:
    """When a promise nobody kept is published again: 1, 2, 4 … at most 60 seconds later."""
    return now + timedelta(seconds=min(60, 2 ** min(attempts, 6)))
