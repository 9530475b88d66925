"""PURE. Working time: weekly hours and public holidays, by the clock on the customer's wall. Refuses a calendar that never opens.

Where summer time makes an hour happen twice, or not at all, the later of two openings and the earlier of two closings count:
what it answers is within the hours by every reading of the clock, and the search ends because a calendar is tried when it is made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

USUAL = "Mon-Fri 09:00-17:00"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ITEM = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d\d):(\d\d)-(\d\d):(\d\d)")
_DAY = timedelta(days=1)
_LOOK_AHEAD = 370
_TRIED_FROM = datetime(2026, 1, 1, tzinfo=UTC)

Span = tuple[timedelta, timedelta]  # since midnight on the wall, the closing excluded


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours per weekday, regions whose holidays are free, and the zone of customers who have none of their own."""

    week: tuple[tuple[Span, ...], ...]
    regions: tuple[tuple[str, str | None], ...]
    zone: ZoneInfo

    def opening(self, at: datetime, zone_name: str = "") -> datetime:
        """The same instant where it is working time, else the next one that is; never an earlier one."""
        zone = self._zone(zone_name)
        return self._next(at, zone, self.regions) or self._next(at, zone, ()) or at

    def begin_of(self, day: date, zone_name: str = "") -> datetime:
        """When work begins on that day, or on the first working day after it."""
        zone = self._zone(zone_name)
        return self.opening(max(_instants(day, timedelta(0), zone)), zone_name)

    def opens(self) -> bool:
        """Whether there is working time at all."""
        return self._next(_TRIED_FROM, self.zone, self.regions) is not None

    def _zone(self, name: str) -> ZoneInfo:
        try:
            return zone_of(name) if name else self.zone
        except ValueError:
            return self.zone  # the zone was known when it was stored; mail is not held up for it

    def _next(self, at: datetime, zone: ZoneInfo, regions: tuple[tuple[str, str | None], ...]) -> datetime | None:
        first = at.astimezone(zone).date()
        for day in (first + _DAY * n for n in range(_LOOK_AHEAD)):
            if regions and day in _days_off(regions, day.year):
                continue
            for opens, closes in self.week[day.weekday()]:
                begin, end = max(_instants(day, opens, zone)), min(_instants(day, closes, zone))
                if begin < end and at < end:
                    return max(at, begin)
        return None


@lru_cache(maxsize=16)
def calendar(hours: str, holidays: str, zone: str) -> Calendar:
    """From the texts of the settings, as ``Mon-Fri 09:00-17:00, Sat 10:00-13:00``, ``DE-BY, AT`` and ``Europe/Berlin``.

    Raises `ValueError` that names the setting and says what to write instead.
    """
    found = Calendar(_week(hours or USUAL), _regions(holidays), zone_of(zone))
    if not found.opens():
        raise ValueError("business_hours and holidays leave no working day in a year")
    return found


def zone_of(name: str) -> ZoneInfo:
    """Raises `ValueError` where the machine knows no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone such as Europe/Berlin") from None


def _week(text: str) -> tuple[tuple[Span, ...], ...]:
    week: list[list[Span]] = [[] for _ in _DAYS]
    for item in text.split(","):
        days, span = _item(item)
        for day in days:
            week[day].append(span)
    return tuple(tuple(sorted(spans)) for spans in week)


def _item(item: str) -> tuple[list[int], Span]:
    match = _ITEM.fullmatch(" ".join(item.lower().split()))
    names = [name for name in match.groups()[:2] if name] if match else []
    if match is None or not all(name in _DAYS for name in names):
        raise ValueError(f"business_hours: {item.strip()!r} is not of the form {USUAL}")
    opens, closes = (timedelta(hours=int(match[n]), minutes=int(match[n + 1])) for n in (3, 5))
    if not timedelta(0) <= opens < closes <= _DAY:
        raise ValueError(f"business_hours: {item.strip()!r} ends before it begins, or after 24:00")
    first, last = _DAYS.index(names[0]), _DAYS.index(names[-1])
    return [(first + n) % 7 for n in range((last - first) % 7 + 1)], (opens, closes)


def _regions(text: str) -> tuple[tuple[str, str | None], ...]:
    found = []
    for item in (part.strip().upper() for part in text.split(",") if part.strip()):
        country, _, part = item.partition("-")
        region = (country, part or None)
        try:
            _days_off((region,), _TRIED_FROM.year)
        except (NotImplementedError, KeyError):  # what `holidays` raises for a place it does not know
            raise ValueError(f"holidays: {item!r} is no country or subdivision such as DE or DE-BY") from None
        found.append(region)
    return tuple(found)


@lru_cache(maxsize=64)
def _days_off(regions: tuple[tuple[str, str | None], ...], year: int) -> frozenset[date]:
    from holidays import country_holidays  # a tenth of a second, only for who asks for holidays

    return frozenset(day for country, part in regions for day in country_holidays(country, subdiv=part, years=year))


def _instants(day: date, since_midnight: timedelta, zone: ZoneInfo) -> list[datetime]:
    """Both readings of a time on the wall; they differ only where the clock was turned."""
    wall = datetime.combine(day, time()) + since_midnight
    return [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
