"""What happens by itself (R24-R28): a wake-up is a hint, the row is the truth, the rule is evaluated again when it fires."""

from __future__ import annotations

from datetime import timedelta

from models import clocks
from models import tables as t
from models.deliveries import PENDING_DELIVERY, PENDING_MAIL
from models.lifecycle import Happening, State, happens
from models.policy import ClockKind, Due, running
from models.store import Store
from models.wakes import clock_wake
from workers.handlers.erasing import erase_interaction
from workers.handlers.records import YIELD, undecided
from workers.handlers.reminding import remind
from workers.turn import Cause, Turn, system_turn
from workers.world import World

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
        found = world.store.lock(t.Interaction, interaction_id)
        rows = world.store.all(t.ClockRow, interaction=interaction_id)
        row = next((row for row in rows if row.kind == kind), None)
        if found is None or row is None:
            return
        interaction = turn.held(found, rows)
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
    if undecided(interaction):
        clocks.postpone(turn.world.store, row, turn.now + YIELD)
        turn.wake(clock_wake(interaction.id, row.kind), turn.now + YIELD)
        return
    if due.kind in (ClockKind.ABANDONMENT, ClockKind.INACTIVITY) and _mail_pending(turn.world.store, interaction):
        clocks.postpone(turn.world.store, row, turn.now + _BLOCKED_LOOK)
        return
    if due.kind is ClockKind.REMINDER:
        _remind(turn, interaction, row)
    else:
        _strike(turn, interaction, due)


def _remind(turn: Turn, interaction: t.Interaction, row: t.ClockRow) -> None:
    if not happens(State(interaction.state), HAPPENINGS[ClockKind.REMINDER]):
        return
    later = remind(turn, interaction)
    if later is not None:
        clocks.postpone(turn.world.store, row, later)


def _strike(turn: Turn, interaction: t.Interaction, due: Due) -> None:
    if due.kind is ClockKind.RETENTION:
        return erase_interaction(turn, interaction, due.why)
    if not happens(State(interaction.state), HAPPENINGS[due.kind]):
        return None
    code = {
        ClockKind.INACTIVITY: turn.world.settings.inactivity_code,
        ClockKind.WRAP_UP: turn.world.settings.wrap_up_default,
    }.get(due.kind)
    return turn.record(
        interaction, "closed", due.why,
        state=turn.state_after(interaction, HAPPENINGS[due.kind]), wrap_up_code=code, closed_at=turn.now,
        consolidation_key=None, unread=0, attention=None,
    )  # fmt: skip


def _mail_pending(store: Store, interaction: t.Interaction) -> bool:
    mails = store.all(t.Mail, interaction=interaction.id)
    if any(mail.state in PENDING_MAIL for mail in mails):
        return True
    deliveries = (delivery for mail in mails for delivery in store.all(t.Delivery, mail=mail.id))
    return any(delivery.state in PENDING_DELIVERY for delivery in deliveries)
