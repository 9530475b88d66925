"""How fast mail leaves for one recipient domain, across all workers: its row is locked while one is let through (R14).

Refuses to touch that row where nothing limits the domain: mail without limits costs no question more.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import peewee as pw

from models import addresses, limits
from models import tables as t
from models.limits import Pace
from models.store import Store
from models.wakes import delivery_wake
from workers.phrases import SLOW_DOWN
from workers.turn import Turn
from workers.world import World

_ANSWERS = (421, 432, 450, 451, 452, 454)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether sending stands still (R38), and whether the recipient's domain asked for less."""

    paused: bool
    slow: bool


def standing(turn: Turn, delivery: t.Delivery, mail: t.Mail) -> Standing:
    """Both in one question."""
    senders, domain = ("*", addresses.domain_of(mail.from_address)), addresses.domain_of(delivery.address)
    paused = t.Pause.select(pw.Value("paused")).where(t.Pause.domain.in_(senders))
    slow = t.Destination.select(pw.Value("slow")).where(
        t.Destination.domain == domain, t.Destination.slow_until > turn.now
    )
    found = {word for (word,) in paused.union_all(slow).tuples()}
    return Standing("paused" in found, "slow" in found)


def held_back(turn: Turn, delivery: t.Delivery, interaction: t.Interaction, slow: bool) -> bool:
    """Take a place for this delivery, or put it at the end of the line, which is no attempt."""
    domain = addresses.domain_of(delivery.address)
    limit = limits.limit_of(turn.world.settings.limits_by_domain, domain)
    if not (limit or slow):
        return False
    row = _hold(turn.world.store, domain)
    pace = _pace(row)
    limit = limits.now_for(limit, pace, turn.now)
    on_the_way = _on_the_way(turn, domain) if limit.at_once else 0
    if limits.may_leave(limit, pace, on_the_way, turn.now, newcomer=delivery.held is None):
        turn.world.store.change(row, free_at=limits.after_one(limit, pace, turn.now))
        return False
    _line_up(turn, row, delivery, interaction, limits.look_again_at(limit, pace, turn.now))
    return True


def asked_for_less(turn: Turn, delivery: t.Delivery, code: int | None, text: str) -> None:
    """A server that wants less mail gets less, whichever worker has the next one for it."""
    if code not in _ANSWERS or " 4.2." in f" {text}" or not SLOW_DOWN.search(text):
        return
    row = _hold(turn.world.store, addresses.domain_of(delivery.address))
    turn.world.store.change(row, **asdict(limits.slowed(_pace(row), turn.now)), said=str(code))


def hand_on(world: World, address: str) -> None:
    """One less is on its way to this domain: who waited longest looks at once, if there is nothing but places to wait for."""
    domain, now = addresses.domain_of(address), world.clock.now()
    limit = limits.limit_of(world.settings.limits_by_domain, domain)
    if not limit.at_once:
        return
    with world.store.transaction():
        pace = _pace(_hold(world.store, domain))  # held: who is just being told to wait would otherwise be overlooked
        free = limits.may_leave(limits.now_for(limit, pace, now), pace, 0, now)
        first = _next_in_line(world, domain, now) if free else None
        if first is not None:
            world.store.change(first, next_at=now, publish_at=now, published=0)
    if first is not None:
        world.alarm.wake(delivery_wake(first.id))


def _next_in_line(world: World, domain: str, now: datetime) -> t.Delivery | None:
    waits = (t.Delivery.held == domain) & (t.Delivery.next_at > now)
    # Written out, not as parameters: only so does the planner see that the partial index fits.
    waits &= pw.SQL("held IS NOT NULL AND state IN ('queued', 'deferred')")
    line = t.Delivery.select().where(waits).order_by(t.Delivery.next_at).limit(1)
    found: t.Delivery | None = (line.for_update(skip_locked=True) if world.store.db.locks_rows else line).first()
    return found


def _line_up(turn: Turn, row: t.Destination, delivery: t.Delivery, interaction: t.Interaction, again: datetime) -> None:
    store, first_time = turn.world.store, delivery.held is None
    store.change(row, line_ends_at=again)
    state = "deferred" if delivery.state == "claimed" else delivery.state
    store.change(delivery, state=state, held=row.domain, next_at=again, publish_at=again, published=0, lease_until=None)
    turn.wake(delivery_wake(delivery.id), again)
    if first_time:
        slow = row.slow_until is not None and row.slow_until > turn.now
        why = (
            f"its server asked for less mail ({row.said})" if slow else "POSTROOM_DOMAIN_LIMITS lets no more leave now"
        )
        turn.record(
            interaction, "delivery_held_back", f"{why}; again at {again:%Y-%m-%d %H:%M:%S} UTC at the latest",
            {"mail": delivery.mail, "delivery": delivery.id, "again_at": again.isoformat()},
        )  # fmt: skip


def _hold(store: Store, domain: str) -> t.Destination:
    """Its row, locked until the commit and always last; so nobody counts beside us."""
    row = store.lock(t.Destination, domain)
    if row is None:
        store.later(t.Destination.insert(domain=domain).on_conflict_ignore())
        row = store.lock(t.Destination, domain)
    assert row is not None
    return row


def _pace(row: t.Destination) -> Pace:
    return Pace(row.free_at, row.line_ends_at, row.slow_until, row.slow_seconds)


def _on_the_way(turn: Turn, domain: str) -> int:
    """Claimed or in transmission, by whomever; one whose lease is over holds no place."""
    found: int = (
        t.Delivery.select()
        .where(pw.SQL("lease_until IS NOT NULL"), t.Delivery.lease_until > turn.now)
        .where(t.Delivery.address_key.endswith(f"@{domain}"))
        .count()
    )
    return found
