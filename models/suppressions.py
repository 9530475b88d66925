"""Which suppressions are in force at an instant (R11); refuses to believe one that has expired."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from models import tables as t

MAIL = ("all",)
REMINDERS = ("all", "reminders")


def in_force(keys: Sequence[str], scopes: Iterable[str], now: datetime) -> list[t.Suppression]:
    """Those of these addresses."""
    row = t.Suppression
    found = row.select().where(row.address_key.in_(list(keys) or [""]), row.scope.in_(list(scopes)))
    return [each for each in found.order_by(row.address_key, row.scope) if holds(each, now)]


def holds(row: t.Suppression, now: datetime) -> bool:
    return row.expires_at is None or row.expires_at > now


def outlasts(row: t.Suppression, expires_at: datetime | None, now: datetime) -> bool:
    """Whether it is in force, and for at least as long."""
    return holds(row, now) and (row.expires_at is None or (expires_at is not None and row.expires_at >= expires_at))
