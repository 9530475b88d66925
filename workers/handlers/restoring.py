"""After a restore from backup (R38): what looks unsent may have left meanwhile; nothing is sent again by itself."""

from __future__ import annotations

from models import tables as t
from workers.handlers import outcomes
from workers.handlers.deciding import system_turn
from workers.turn import Cause
from workers.world import World

_WORDS = "restored from a backup: it may have left after the backup was made"


def after_restore(world: World) -> int:
    """Every delivery that was due becomes uncertain; answers how many. Run before any worker; safe to repeat."""
    now = world.clock.now()
    waiting = t.Delivery.select(t.Delivery.id, t.Delivery.interaction).where(
        t.Delivery.state.in_(("queued", "claimed", "transmitting", "deferred")),
    )
    found = 0
    for place in list(waiting.order_by(t.Delivery.id)):
        with world.store.transaction():
            turn = system_turn(world, Cause("operator", "after_restore"))
            interaction = turn.hold(place.interaction)
            delivery = t.Delivery.get_by_id(place.id)
            mail = t.Mail.get_by_id(delivery.mail)
            if mail.leave_at <= now and delivery.state in ("queued", "claimed", "transmitting", "deferred"):
                outcomes.uncertain(turn, delivery, mail, interaction, _WORDS, None)
                world.store.change(mail, claimed=True, claimed_seq=mail.claimed_seq or interaction.seq)
                found += 1
            turn.end()
        turn.leave_wakes()
    return found


def end_leases(world: World) -> int:
    """Whoever held a claim is known to be dead, so nobody waits for its lease; answers how many there were.

    Only for a house that is the only one over its rows, before its workers start; the next look decides each of them (R14).
    """
    now = world.clock.now()
    held = t.Delivery.state.in_(("claimed", "transmitting"))
    with world.store.transaction():
        return int(t.Delivery.update(lease_until=now, publish_at=now).where(held).execute())
