"""The house in numbers, for those who run it: how many of what, what is owed, and what is late. Counts, and names nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import peewee as pw

from models import tables as t
from models.lifecycle import State
from models.queries.interactions import lines
from models.queries.views import InteractionLine

LATE, WEEK = timedelta(minutes=1), timedelta(days=7)
CIRCLES = {"own_mail": "our own mail came back", "too_many": "a robot wrote again and again"}
SPANS: tuple[tuple[str, timedelta], ...] = (
    ("over an hour late", timedelta(hours=-1)), ("over a minute late", timedelta(minutes=-1)),
    ("due now", timedelta(0)), ("within an hour", timedelta(hours=1)), ("within a day", timedelta(days=1)),
    ("within a week", timedelta(days=7)), ("within a month", timedelta(days=31)),
)  # fmt: skip
LATER = "later"


@dataclass(frozen=True, slots=True)
class Owed:
    """Promises of one sort; ``late`` ones should have been kept a minute ago."""

    what: str
    waiting: int
    late: int
    oldest: datetime | None


def per_state() -> dict[State, int]:
    """Every state, the empty ones too."""
    at = t.Interaction
    found: Any = at.select(at.state, pw.fn.COUNT(at.id)).group_by(at.state).tuples()
    return dict.fromkeys(State, 0) | {State(state): int(count) for state, count in found}


def clocks_by_due(now: datetime) -> dict[str, int]:
    """How many running clocks are due when; the spans follow each other without gaps."""
    at, edges = t.ClockRow, [now + edge for _, edge in SPANS]
    upto = [pw.fn.SUM(pw.Case(None, [(at.due_at <= edge, 1)], 0)) for edge in edges]
    row: Any = at.select(*upto, pw.fn.COUNT(at.due_at)).where(at.due_at.is_null(False)).tuples().first()
    running = [int(count or 0) for count in row]
    steps = [here - before for before, here in zip([0, *running], running, strict=False)]
    return dict(zip([*(name for name, _ in SPANS), LATER], steps, strict=True))


def owed(now: datetime) -> list[Owed]:
    """What was promised and is not kept yet, read along the indexes of promises."""
    c, d, k, e = t.Command, t.Delivery, t.ClockRow, t.Event
    accepted, unannounced = pw.SQL("state = 'accepted'"), pw.SQL("announced = false")
    return [
        _owed("Commands to be decided", c, c.accepted_at, accepted, now),
        _owed("Deliveries to be made", d, d.publish_at, d.publish_at.is_null(False), now),
        _owed("Clocks to be looked at", k, k.publish_at, k.publish_at.is_null(False), now),
        _owed("Events to be published", e, e.at, unannounced, now),
    ]


def troubled(limit: int = 10) -> list[InteractionLine]:
    """Open interactions in which something went wrong that a person has to look at, the latest first."""
    at = t.Interaction
    marked = pw.SQL("(unread > 0 OR attention IS NOT NULL)")  # as text, for the index of those that call
    query = at.select().where(marked, at.attention.is_null(False), at.closed_at.is_null())
    return lines(list(query.order_by(at.last_event_at.desc(), at.id.desc()).limit(limit)))


def dead_letters() -> int:
    """Those nobody replayed yet."""
    return int(t.DeadLetter.select().where(t.DeadLetter.replayed_at.is_null()).count())


def in_circles(now: datetime) -> dict[str, int]:
    """How many mails of the last week nothing follows from, by what was wrong with them (R19)."""
    at = t.Incoming
    found: Any = at.select(at.stopped, pw.fn.COUNT(at.id)).where(pw.SQL("stopped <> ''"), at.received_at > now - WEEK)
    return {CIRCLES[why]: int(count) for why, count in found.group_by(at.stopped).order_by(at.stopped).tuples()}


def _owed(what: str, model: type[t.Row], since: pw.Field, where: Any, now: datetime) -> Owed:
    late = pw.fn.SUM(pw.Case(None, [(since <= now - LATE, 1)], 0))
    row: Any = model.select(pw.fn.COUNT(pw.SQL("*")), late, pw.fn.MIN(since)).where(where).tuples().first()
    return Owed(what, int(row[0]), int(row[1] or 0), _instant(row[2]))


def _instant(value: Any) -> datetime | None:
    """An aggregate's value comes as the engine has it."""
    return t.InstantField().python_value(value)
