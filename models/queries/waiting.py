"""Mail that does not get away yet, in sentences for operators: whose words keep it, and which domains are paced (R14)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee as pw

from models import tables as t
from models.deliveries import RETRYABLE

MOST = 3
_D, _NUMBER = t.Delivery, pw.fn.COUNT(t.Delivery.id)


@dataclass(frozen=True, slots=True)
class Waiting:
    """``advice`` is empty where time does it."""

    words: str
    advice: str = ""


def mail(now: datetime) -> list[Waiting]:
    """The most frequent first."""
    return [*_deferred(), *_slowed(now), *_held()]


def _deferred() -> Iterator[Waiting]:
    said = _D.select(_D.reply_code, _D.reply_text, _NUMBER).where(_D.publish_at.is_null(False), _D.state == "deferred")
    for code, text, count in _most(said.group_by(_D.reply_code, _D.reply_text)):
        words = f"{count} tried again later: {f'{code} ' if code else ''}{text}"
        yield Waiting(words, "if that is about us and not about a recipient, put it right")


def _slowed(now: datetime) -> Iterator[Waiting]:
    for place in t.Destination.select().where(t.Destination.slow_until > now).order_by(t.Destination.domain):
        words = f"{place.domain} asked for less ({place.said}): one mail every {place.slow_seconds} s"
        yield Waiting(f"{words} until {place.slow_until:%H:%M} UTC")


def _held() -> Iterator[Waiting]:
    held = _D.select(_D.held, _NUMBER).where(_D.held.is_null(False), _D.state.in_(RETRYABLE))
    for domain, count in _most(held.group_by(_D.held)):
        yield Waiting(f"{count} to {domain} wait for their turn", "see POSTROOM_DOMAIN_LIMITS")


def _most(query: Any) -> list[tuple[Any, ...]]:
    return list(query.order_by(_NUMBER.desc()).limit(MOST).tuples())
