"""What happens by itself (R24-R28): a wake-up is a hint, the row is the truth, the rule is evaluated again when it fires."""

from __future__ import annotations

from datetime import timedelta

from models import clocks
from models import tables as t
from models.deliveries import PENDING_DELIVERY, PENDING_MAIL
from models.lifecycle import Happening, State, happens
from models.policy import ClockKind, Due, running
from models.wakes import clock_wake
from workers.handlers.deciding import system_turn
from workers.handlers.erasing import erase_interaction
from workers.handlers.records import touching, touching_customer
from workers.handlers.reminding import remind
from workers.turn import Cause, Turn
from workers.world import World

_YIELD = timedelta(seconds=1)
_BLOCKED_LOOK = timedelta(minutes=1)

HAPPENINGS = {
    ClockKind.REMINDER: Happening.REMINDER_DUE,
    ClockKind.ABANDONMENT: Happening.ABANDONMENT_DUE,
    ClockKind.INACTIVITY: Happening.INACTIVITY_DUE,
    ClockKind.WRAP_UP: Happening.WRAP_UP_DUE,
}


def fire(world: World, interaction_id: int, kind: str) -> None:
    """Look at one clock; early, late, doubled and forged wake-ups do no harm."""
    with world.store.transaction():
        turn = system_turn(world, Cause("clock", kind))
        if t.Interaction.get_or_none(t.Interaction.id == interaction_id) is None:
            return
        interaction = turn.hold(interaction_id)
        row = t.ClockRow.get_or_none(t.ClockRow.interaction == interaction_id, t.ClockRow.kind == kind)
        if row is None:
            return
        if clocks.consumed(row, turn.now):
            world.store.change(row, message_at=None)
        _look(turn, interaction, row, running(clocks.facts_of(interaction), world.settings).get(ClockKind(kind)))
        turn.end()
    turn.leave_wakes()


def _look(turn: Turn, interaction: t.Interaction, row: t.ClockRow, due: Due | None) -> None:
    if due is None or due.at > turn.now:
        armed = clocks.rearm(turn.world.store, row, due)
        for kind, at in armed:
            turn.wake(clock_wake(interaction.id, kind), at)
        return
    if _undecided(interaction):
        clocks.postpone(turn.world.store, row, turn.now + _YIELD)
        turn.wake(clock_wake(interaction.id, row.kind), turn.now + _YIELD)
        return
    if due.kind in (ClockKind.ABANDONMENT, ClockKind.INACTIVITY) and _mail_pending(interaction):
        clocks.postpone(turn.world.store, row, turn.now + _BLOCKED_LOOK)
        return
    _strike(turn, interaction, due)


def _strike(turn: Turn, interaction: t.Interaction, due: Due) -> None:
    if due.kind is ClockKind.RETENTION:
        return erase_interaction(turn, interaction, due.why)
    if not happens(State(interaction.state), HAPPENINGS[due.kind]):
        return None
    if due.kind is ClockKind.REMINDER:
        return remind(turn, interaction)
    code = {
        ClockKind.INACTIVITY: turn.world.settings.inactivity_code,
        ClockKind.WRAP_UP: turn.world.settings.wrap_up_default,
    }.get(due.kind)
    return turn.record(
        interaction, "closed", due.why,
        state=turn.state_after(interaction, HAPPENINGS[due.kind]), wrap_up_code=code, closed_at=turn.now,
        consolidation_key=None, unread=0, attention=None,
    )  # fmt: skip


def _undecided(interaction: t.Interaction) -> bool:
    """An accepted command on this interaction goes first (R25): what counts is when it was accepted."""
    keys = [*touching(interaction), *touching_customer(interaction.customer)]
    owed = t.Command.select(t.Command.id).where(t.Command.state == "accepted", t.Command.touches.in_(keys))
    return owed.first() is not None


def _mail_pending(interaction: t.Interaction) -> bool:
    pending = t.Mail.select(t.Mail.id).where(t.Mail.interaction == interaction.id, t.Mail.state.in_(PENDING_MAIL))
    if pending.first() is not None:
        return True
    deferred = t.Delivery.select(t.Delivery.id).where(
        t.Delivery.interaction == interaction.id, t.Delivery.state.in_(PENDING_DELIVERY)
    )
    return deferred.first() is not None
