"""Mail that goes in circles: our own coming back, and robots that do not stop. It is kept, shown and counted, and changes nothing.

Refuses to stop a person: whoever writes different words is never too many.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from models import addresses, tokens
from models import tables as t
from workers.turn import Turn
from workers.understanding import Understood

Stopped = Literal["", "own_mail", "too_many"]
_WHILE = timedelta(hours=1)
_ANSWERS = frozenset({"human", "automatic", "list"})  # reports come as often as mail comes back
_WHY = {
    "own_mail": "our own mail came back; nothing follows from it",
    "too_many": "the same sender's robot writes again and again; nothing follows from it",
}


def stopped(turn: Turn, mail: Understood) -> Stopped:
    """Why nothing may follow from this mail, if so."""
    if mail.kind not in _ANSWERS:
        return ""
    if _is_own(turn, mail):
        return "own_mail"
    return "too_many" if _too_many(turn, mail) else ""


def noted(turn: Turn, interaction: t.Interaction, incoming: t.Incoming) -> None:
    """One line of history for a whole circle: it says so at its first mail, and again after an hour."""
    said = t.Event.select().where(
        t.Event.interaction == interaction.id, t.Event.type == "loop_stopped", t.Event.at > turn.now - _WHILE
    )
    if said.exists():
        return
    data = {"incoming": incoming.id, "reason": incoming.stopped}
    turn.record(interaction, "loop_stopped", _WHY[incoming.stopped], data)


def _is_own(turn: Turn, mail: Understood) -> bool:
    """By our sender's address, our Message-ID, or our signed Reply-To where a relay gave it another Message-ID."""
    settings = turn.world.settings
    if addresses.key(mail.from_address) in {addresses.key(own.address) for own in settings.senders}:
        return True
    named = [address.partition("@")[0] for address in mail.reply_to[:5]]
    named += [mail.message_id.strip("<>").partition("@")[0]] if mail.message_id else []
    return any(tokens.verify(local, settings.keys) for local in named)


def _too_many(turn: Turn, mail: Understood) -> bool:
    """More robots' mails than the setting allows, or the same words as often: some robots do not say that they are one."""
    recent = t.Incoming.select(t.Incoming.id).where(
        t.Incoming.from_address == mail.from_address, t.Incoming.received_at > turn.at - _WHILE
    )
    if mail.kind == "human":
        if not mail.text.strip():
            return False
        recent = recent.where(t.Incoming.kind == "human", t.Incoming.text == mail.text)
    else:
        recent = recent.where(t.Incoming.kind.in_(("automatic", "list")))
    most = turn.world.settings.automatic_per_hour
    return recent.limit(most).count() >= most
