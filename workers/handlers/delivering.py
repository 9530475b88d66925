"""One delivery: claim, transmit, record; each step committed before the next, so that no mail leaves twice (R14).

Refuses to send anything whose claim is not its own at the moment before DATA.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from models import reminders, tokens
from models import tables as t
from models.database import AWAY
from models.deliveries import IN_HAND, RETRYABLE
from models.errors import Stale
from models.lifecycle import State
from models.suppressions import MAIL, REMINDERS, in_force
from models.wakes import delivery_wake
from workers.handlers import outcomes, pacing, preflight
from workers.handlers.records import YIELD, undecided
from workers.handlers.reminding import still_wanted
from workers.turn import Cause, Turn, system_turn
from workers.world import Answer, World

_log = logging.getLogger(__name__)
_PAUSED_LOOK = timedelta(minutes=10)  # resuming looks at once
_FINAL_MARGIN = timedelta(seconds=60)
_JUST_CHECKED = timedelta(seconds=5)  # by `send` itself: mail that leaves at once costs no question more


def deliver(world: World, delivery_id: str) -> None:
    """Bring one delivery a step further; a wake-up that finds nothing to do changes nothing."""
    claim = _claim(world, delivery_id)
    if claim is None:
        return
    delivery, data = claim
    envelope_from = f"{tokens.sign('bounce', delivery.id, world.settings.keys)}@{world.settings.mail_domain}"
    try:
        answer = world.post.transmit(envelope_from, delivery.address, data, lambda: _transmitting(world, delivery))
    except Stale:
        _log.warning("delivery %s: the claim %s ran out before DATA; nothing was sent", delivery.id, delivery.attempt)
        return
    _record_until_kept(world, delivery, answer)
    pacing.hand_on(world, delivery.address)


def _claim(world: World, delivery_id: str) -> tuple[t.Delivery, bytes] | None:
    with world.store.transaction():
        place = t.Delivery.get_or_none(t.Delivery.id == delivery_id)
        if place is None:
            return None
        turn = system_turn(world, Cause("delivery", delivery_id))
        interaction = turn.hold(place.interaction)
        # The row itself too: `_transmitting` of a claim that ran out holds no interaction, and must not slip in between.
        delivery = world.store.lock(t.Delivery, delivery_id) or place
        mail = t.Mail.get_by_id(delivery.mail)
        claimed = _may_leave(turn, delivery, mail, interaction)
        if claimed:
            _take(turn, delivery, mail, interaction)
        turn.end()
    turn.leave_wakes()
    if not claimed:
        return None
    return delivery, bytes(t.Blob.get(t.Blob.sha256 == mail.blob).data)


def _may_leave(turn: Turn, delivery: t.Delivery, mail: t.Mail, interaction: t.Interaction) -> bool:
    if delivery.state in IN_HAND:
        return _lease_over(turn, delivery, mail, interaction)
    if delivery.state not in RETRYABLE:
        return False
    if delivery.next_at is not None and delivery.next_at > turn.now:
        turn.wake(delivery_wake(delivery.id), delivery.next_at)
        return False
    return not _stopped(turn, delivery, mail, interaction)


def _lease_over(turn: Turn, delivery: t.Delivery, mail: t.Mail, interaction: t.Interaction) -> bool:
    """An expired claim is free again; an expired transmission is uncertain, and a late answer to it still wins."""
    if delivery.lease_until is None or delivery.lease_until > turn.now:
        return False
    if delivery.state == "transmitting":
        words = f"no answer on record from attempt {delivery.attempt}; its worker vanished or was frozen"
        outcomes.uncertain(turn, delivery, mail, interaction, words, None)
        return False
    return not _stopped(turn, delivery, mail, interaction)


def _stopped(turn: Turn, delivery: t.Delivery, mail: t.Mail, interaction: t.Interaction) -> bool:
    """Reasons why mail that is due does not leave after all (R24, R38)."""
    standing = pacing.standing(turn, delivery, mail)
    if standing.paused:
        turn.world.store.change(delivery, publish_at=turn.now + _PAUSED_LOOK)
        return True
    if not preflight.allowed(turn.world.settings.recipients_allowed, delivery.address):
        outcomes.refused(turn, delivery, mail, interaction, None, "the address is not on the allow-list (R38)", None)
        return True
    if mail.kind == "reminder" and not still_wanted(interaction, mail):
        words = "it was no longer wanted when it was to leave (R24)"
        _withhold(turn, delivery, mail, interaction, words, words)
        return True
    if _suppressed_since(turn, delivery, mail, interaction) or _not_now(turn, delivery, mail, interaction):
        return True
    return pacing.held_back(turn, delivery, interaction, standing.slow)


def _suppressed_since(turn: Turn, delivery: t.Delivery, mail: t.Mail, interaction: t.Interaction) -> bool:
    """What was decided about an address after its mail was queued holds too (R11), unless the mail has just been checked."""
    reminder = mail.kind == "reminder"
    if not reminder and turn.now - mail.queued_at <= _JUST_CHECKED:
        return False
    found = in_force([delivery.address_key], REMINDERS if reminder else MAIL, turn.now)
    if not found:
        return False
    words = f"not mailed: {found[0].reason} ({found[0].source})"
    if reminder:
        _withhold(turn, delivery, mail, interaction, words, "its recipient is not mailed any more (R11)")
    else:
        outcomes.refused(turn, delivery, mail, interaction, None, words, None)
    return True


def _not_now(turn: Turn, delivery: t.Delivery, mail: t.Mail, interaction: t.Interaction) -> bool:
    """A reminder that could not leave in time waits for the next business hour, the end of an absence (R19), or the answer
    that has come in and is not read yet (R24)."""
    if mail.kind != "reminder":
        return False
    at = reminders.open_at(interaction, turn.world.settings, turn.now)
    if at is None and undecided(interaction):
        at = turn.now + YIELD
        turn.wake(delivery_wake(delivery.id), at)
    if at is not None:
        turn.world.store.change(delivery, publish_at=at)
    return at is not None


def _withhold(turn: Turn, delivery: t.Delivery, mail: t.Mail, interaction: t.Interaction, words: str, why: str) -> None:
    """One recipient of a reminder less; nobody has to act on it. ``why`` is for the history and names nobody (R39)."""
    outcomes.settle(turn, delivery, "cancelled", None, words, None)
    outcomes.derive(turn, mail, delivery)
    if not State(interaction.state).is_closed:
        turn.record(interaction, "reminder_dropped", why, {"mail": mail.id, "delivery": delivery.id})


def _take(turn: Turn, delivery: t.Delivery, mail: t.Mail, interaction: t.Interaction) -> None:
    store, now = turn.world.store, turn.now
    until = now + turn.world.settings.delivery_lease
    store.change(
        delivery, state="claimed", attempt=turn.world.ids.new("at"), attempts=delivery.attempts + 1,
        lease_until=until, publish_at=until, published=0, first_at=delivery.first_at or now, held=None,
    )  # fmt: skip
    if not mail.claimed:
        store.change(mail, claimed=True, claimed_seq=interaction.seq, state="sending")


def _transmitting(world: World, delivery: t.Delivery) -> None:
    """The last moment to stop: commits ``transmitting`` where the attempt is still ours, raises `Stale` where it is not."""
    until = _final(world)
    with world.store.transaction():
        mine = (
            (t.Delivery.id == delivery.id) & (t.Delivery.attempt == delivery.attempt) & (t.Delivery.state == "claimed")
        )
        change = t.Delivery.update(state="transmitting", lease_until=until, publish_at=until)
        if change.where(mine).execute() != 1:
            raise Stale(f"attempt {delivery.attempt} of {delivery.id} is not ours any more")


def _final(world: World) -> datetime:
    wait = timedelta(seconds=world.settings.smtp_final_timeout_seconds)
    return world.clock.now() + wait + _FINAL_MARGIN


def _record_until_kept(world: World, delivery: t.Delivery, answer: Answer) -> None:
    """The answer exists nowhere but here: while the database is away, keep trying rather than lose it."""
    pause = 0.2
    while True:
        try:
            return _record(world, delivery, answer)
        except AWAY as error:
            _log.error("delivery %s: cannot record %r yet: %s", delivery.id, answer.outcome, error)
            world.pause(pause)
            pause = min(pause * 2, 5.0)


def _record(world: World, mine: t.Delivery, answer: Answer) -> None:
    with world.store.transaction():
        turn = system_turn(world, Cause("delivery", mine.id))
        interaction = turn.hold(mine.interaction)
        delivery = t.Delivery.get_by_id(mine.id)
        if delivery.attempt != mine.attempt or delivery.state not in (*IN_HAND, "uncertain"):
            _log.warning("delivery %s: the answer of attempt %s comes too late", mine.id, mine.attempt)
            return
        mail = t.Mail.get_by_id(delivery.mail)
        _apply(turn, delivery, mail, interaction, answer)
        turn.end()
    turn.leave_wakes()


def _apply(turn: Turn, delivery: t.Delivery, mail: t.Mail, interaction: t.Interaction, answer: Answer) -> None:
    if answer.outcome == "accepted":
        outcomes.accepted(turn, delivery, mail, interaction, answer.code, answer.text, answer.server)
    elif answer.outcome == "deferred":
        pacing.asked_for_less(turn, delivery, answer.code, answer.text)
        outcomes.deferred(turn, delivery, mail, interaction, answer.code, answer.text, answer.server)
    elif answer.outcome == "refused":
        outcomes.refused(turn, delivery, mail, interaction, answer.code, answer.text, answer.server)
    elif delivery.state != "uncertain":
        outcomes.uncertain(turn, delivery, mail, interaction, answer.text, answer.server)
