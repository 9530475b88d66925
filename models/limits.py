"""PURE. How much mail one recipient domain gets: what the setting says, when the next may leave, when to look again.

Refuses to count anything; what is on its way, and what left, is in the rows (R14).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType

from models import addresses

EARLY = timedelta(seconds=2)  # wake-ups come on whole seconds; without it a fast domain would lose what it may have
LOOK = timedelta(seconds=5)  # where nobody hands on a place
SLOW_FOR, SLOW_KEPT = timedelta(minutes=15), timedelta(hours=1)
AFTERWARDS = timedelta(seconds=0.2)  # between two looks of those who waited for the end of slowness
SLOWEST, SLOW_FIRST = timedelta(minutes=5), timedelta(seconds=10)

_ITEM = re.compile(r"(\*|[^\s=*/,]+)=(\d{1,5})/(\d{1,6})")
_SYNTAX = (
    "write gmail.com=5/100,*=20/0: the domain or * for each other one, most at once, most in a minute; 0: no limit"
)


@dataclass(frozen=True, slots=True)
class Limit:
    """``at_once`` 0 and no ``distance`` are no limit; ``early`` is how much sooner than its time a mail may leave."""

    at_once: int = 0
    distance: timedelta = timedelta(0)
    early: timedelta = timedelta(0)

    def __bool__(self) -> bool:
        return bool(self.at_once or self.distance)


@dataclass(frozen=True, slots=True)
class Pace:
    """What is remembered of a domain: when the next mail may leave, where the line of those held back ends, how slow it is."""

    free_at: datetime | None = None
    line_ends_at: datetime | None = None
    slow_until: datetime | None = None
    slow_seconds: int = 0


NO_LIMIT = Limit()


@lru_cache(maxsize=16)
def parse(text: str) -> Mapping[str, Limit]:
    """The setting as limits by domain. Raises `ValueError`."""
    found: dict[str, Limit] = {}
    for item in filter(None, (part.strip() for part in text.split(","))):
        match = _ITEM.fullmatch(item)
        if match is None:
            raise ValueError(f"domain_limits: {item!r}: {_SYNTAX}")
        found[addresses.domain_of(f"@{match[1]}")] = _limit(int(match[2]), int(match[3]))
    return MappingProxyType(found)


def limit_of(limits: Mapping[str, Limit], domain: str) -> Limit:
    return limits.get(domain, limits.get("*", NO_LIMIT))


def now_for(limit: Limit, pace: Pace, now: datetime) -> Limit:
    """The limit in force; a domain that asked for less gets one mail at a time, with pauses."""
    if pace.slow_until is None or pace.slow_until <= now:
        return limit
    return Limit(1, max(limit.distance, timedelta(seconds=pace.slow_seconds)))


def may_leave(limit: Limit, pace: Pace, on_the_way: int, now: datetime, newcomer: bool = False) -> bool:
    """Whether one more may leave now; where a line forms by time, who waits already goes before a newcomer."""
    if limit.at_once and on_the_way >= limit.at_once:
        return False
    if not limit.distance:
        return True
    if newcomer and pace.line_ends_at is not None and pace.line_ends_at > now:
        return False
    return pace.free_at is None or pace.free_at <= now + limit.early


def after_one(limit: Limit, pace: Pace, now: datetime) -> datetime:
    """When the next may leave after one that leaves now."""
    return max(pace.free_at or now, now) + limit.distance


def look_again_at(limit: Limit, pace: Pace, now: datetime) -> datetime:
    """A place at the end of the line, so that a crowd held back does not come back as a crowd."""
    step = limit.distance or timedelta(seconds=1) / limit.at_once
    soonest = (pace.free_at or now) if limit.distance else now + LOOK
    line = max(now, pace.line_ends_at or now)
    at = max(soonest, line) + step
    if pace.slow_until is not None and now < pace.slow_until < at:
        return max(pace.slow_until, line) + AFTERWARDS  # from then on it may go faster
    return at


def slowed(pace: Pace, now: datetime) -> Pace:
    """After a server asked for less: ten seconds between two mails for a quarter of an hour, doubled where it asks again.

    What was on its way already when it complained is no new complaint.
    """
    pause = SLOW_FIRST
    if pace.slow_until is not None and now < pace.slow_until + SLOW_KEPT:
        if now < pace.slow_until - SLOW_FOR + timedelta(seconds=pace.slow_seconds):
            return pace
        pause = min(SLOWEST, timedelta(seconds=2 * pace.slow_seconds))
    return Pace(now + pause, pace.line_ends_at, now + SLOW_FOR, int(pause.total_seconds()))


def _limit(at_once: int, a_minute: int) -> Limit:
    """Mails are spread so that no minute sees more than the limit, wherever that minute begins."""
    even = timedelta(minutes=1) / a_minute if a_minute else timedelta(0)
    if not even or even >= EARLY:
        return Limit(at_once, even)
    return Limit(at_once, (timedelta(minutes=1) + EARLY) / (a_minute - 1), EARLY)
