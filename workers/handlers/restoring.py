"""After a restore from backup (R38): what looks unsent may have left meanwhile; nothing is sent again by itself.

Refuses to guess what happened since the backup: a person decides about mails, and reminders that were due are skipped.
"""

from __future__ import annotations

from typing import NamedTuple

import peewee as pw

from models import clocks, commands
from models import tables as t
from models.deliveries import IN_HAND, RETRYABLE
from models.errors import Rejected
from models.policy import ClockKind, running
from workers.handlers import outcomes
from workers.handlers.deciding import resume
from workers.handlers.unsettled import reject
from workers.turn import Cause, Turn, system_turn
from workers.world import World

_CAUSE = Cause("operator", "after_restore")
_MAIL = "restored from a backup: it may have left after the backup was made"
_REMINDER = "restored from a backup: this reminder may have left after the backup was made"
_COMMAND = (
    "The rows were restored from a backup and this could not be decided: its mail may have left. Look, then ask anew."
)
_ON_ITS_WAY = (*RETRYABLE, *IN_HAND)


class Restored(NamedTuple):
    """How many commands were decided, deliveries became uncertain and reminders were skipped."""

    decided: int = 0
    uncertain: int = 0
    reminders_skipped: int = 0


def after_restore(world: World) -> Restored:
    """Nothing of before the backup sends a mail by itself any more. Run before any worker; safe to repeat."""
    return Restored(_decide(world), _doubt(world), _skip_reminders(world))


def _decide(world: World) -> int:
    """Commands the backup knows as undecided: what they send is among the mails that are doubted next."""
    owed = t.Command.select(t.Command.id).where(pw.SQL("state = 'accepted'"), t.Command.type != "receive_mail")
    found = [row.id for row in owed.order_by(t.Command.id)]
    for row_id in found:
        resume(world, row_id)
    left = t.Command.select().where(pw.SQL("state = 'accepted'"), t.Command.id.in_(found or [0]))
    for row in [row for row in left if _sends(row)]:
        reject(world, row, Rejected("restored", _COMMAND))
    return len(found)


def _sends(row: t.Command) -> bool:
    body = commands.parse(row.wire or "").body
    return isinstance(body, commands.Send | commands.ResolveUncertain) or bool(getattr(body, "send", False))


def _doubt(world: World) -> int:
    """Every delivery that was due becomes uncertain; one for later still leaves at its time."""
    now, found = world.clock.now(), 0
    waiting = t.Delivery.select(t.Delivery.id, t.Delivery.interaction).where(t.Delivery.state.in_(_ON_ITS_WAY))
    for place in list(waiting.order_by(t.Delivery.id)):
        with world.store.transaction():
            turn = system_turn(world, _CAUSE)
            interaction = turn.hold(place.interaction)
            delivery = t.Delivery.get_by_id(place.id)
            mail = t.Mail.get_by_id(delivery.mail)
            if mail.leave_at <= now and delivery.state in _ON_ITS_WAY:
                outcomes.uncertain(turn, delivery, mail, interaction, _MAIL, None)
                world.store.change(mail, claimed=True, claimed_seq=mail.claimed_seq or interaction.seq)
                found += 1
            turn.end()
        turn.leave_wakes()
    return found


def _skip_reminders(world: World) -> int:
    """Those that were due by now count as done, one line of history each; the next of the sequence leaves at its time."""
    clocks.reprice(world.store, world.settings)
    row, found = t.ClockRow, 0
    due = row.select(row.interaction).where(row.kind == ClockKind.REMINDER.value, row.due_at <= world.clock.now())
    for place in list(due.order_by(row.interaction)):
        with world.store.transaction():
            turn = system_turn(world, _CAUSE)
            found += _skip_due(turn, turn.hold(place.interaction))
            turn.end()
        turn.leave_wakes()
    return found


def _skip_due(turn: Turn, interaction: t.Interaction) -> int:
    before = interaction.reminders_done
    while _reminder_due(turn, interaction):
        step = interaction.reminders_done + 1
        told = {"notify": [interaction.owner]} if interaction.owner else {}
        turn.record(interaction, "reminder_skipped", _REMINDER, {"step": step, **told}, reminders_done=step)
    return interaction.reminders_done - before


def _reminder_due(turn: Turn, interaction: t.Interaction) -> bool:
    due = running(clocks.facts_of(interaction), turn.world.settings).get(ClockKind.REMINDER)
    return due is not None and due.at <= turn.now


def end_leases(world: World) -> int:
    """Whoever held a claim is known to be dead, so nobody waits for its lease; answers how many there were.

    Only for a house that is the only one over its rows, before its workers start; the next look decides each of them (R14).
    """
    now = world.clock.now()
    held = t.Delivery.state.in_(IN_HAND)
    with world.store.transaction():
        return int(t.Delivery.update(lease_until=now, publish_at=now).where(held).execute())
