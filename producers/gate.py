"""What the doors for mail remember of those who came: tokens that were used, and how often somebody was turned away, and why.

Refuses to know who it was: addresses and words stay outside.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from models import tables as t
from models.store import Store

REMEMBERED = timedelta(days=7)  # longer than any door admits an old token


def is_first_use(store: Store, door: str, token: str, digest: str, now: datetime) -> bool:
    """Spend the token on this mail, inside a transaction of the caller; False where it was spent on another one."""
    name = f"{door}:{hashlib.sha256(token.encode()).hexdigest()}"
    store.later(t.SpentToken.delete().where(t.SpentToken.seen_at < now - REMEMBERED))
    store.later(t.SpentToken.insert(token=name, digest=digest, seen_at=now).on_conflict_ignore())
    kept = store.get(t.SpentToken, token=name)
    return kept is not None and kept.digest == digest


def count_turned_away(store: Store, door: str, reason: str, now: datetime) -> None:
    """One more; `postroom doctor` tells."""
    more = {t.TurnedAway.count: t.TurnedAway.count + 1, t.TurnedAway.latest_at: now}
    again = t.TurnedAway.insert(door=door, reason=reason, latest_at=now).on_conflict(
        conflict_target=[t.TurnedAway.door, t.TurnedAway.reason], update=more
    )
    with store.transaction():
        store.later(again)


def turned_away_since(instant: datetime) -> list[t.TurnedAway]:
    """Where something was refused after this instant, the latest first."""
    query = t.TurnedAway.select().where(t.TurnedAway.latest_at >= instant)
    return list(query.order_by(t.TurnedAway.latest_at.desc()))
