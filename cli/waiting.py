"""What the rows say of mail that does not get away: whose words keep it, and which domains are paced. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import peewee as pw

from cli.findings import Finding
from models import tables as t
from models.deliveries import RETRYABLE


def mail_that_waits(now: datetime) -> Iterator[Finding]:
    """What servers said last of mail they do not take yet, the most frequent first, and which domains are paced."""
    row, number = t.Delivery, pw.fn.COUNT(t.Delivery.id)
    said = row.select(row.reply_code, row.reply_text, number).where(row.publish_at.is_null(False))
    said = said.where(row.state == "deferred").group_by(row.reply_code, row.reply_text)
    for code, text, count in _most(said, number):
        words = f"{count} tried again later: {f'{code} ' if code else ''}{text}"
        yield Finding("deliveries", "note", words, "if that is about us and not about a recipient, put it right")
    for place in t.Destination.select().where(t.Destination.slow_until > now):
        words = f"{place.domain} asked for less ({place.said}): one mail every {place.slow_seconds} s"
        yield Finding("deliveries", "note", f"{words} until {place.slow_until:%H:%M} UTC")
    waiting = row.select(row.held, number).where(row.held.is_null(False), row.state.in_(RETRYABLE))
    for domain, count in _most(waiting.group_by(row.held), number):
        yield Finding("deliveries", "note", f"{count} to {domain} wait for their turn", "see POSTROOM_DOMAIN_LIMITS")


def _most(query: Any, number: Any) -> list[tuple[Any, ...]]:
    return list(query.order_by(number.desc()).limit(3).tuples())
