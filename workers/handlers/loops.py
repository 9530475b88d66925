"""Mail that goes in circles: our own coming back, and robots that do not stop. It is kept, shown and counted, and changes no state.

Refuses to stop a person: whoever writes different words, or the same on different matters, is never too many; and the owner
hears of what only looks like a robot's.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from models import addresses, tokens
from models import tables as t
from workers.handlers.arriving import unread_too
from workers.turn import Turn
from workers.understanding import Understood

Stopped = Literal["", "own_mail", "too_many"]
_WHILE = timedelta(hours=1)
_ANSWERS = frozenset({"human", "automatic", "list"})  # reports come as often as mail comes back
_WHY = {
    "own_mail": "our own mail came back; nothing follows from it",
    "too_many": "the same sender writes the same again and again, as robots do; the state stays",
}


def stopped(turn: Turn, mail: Understood, interaction_id: int | None) -> Stopped:
    """Why nothing may follow from this mail on the interaction it matched, if so."""
    if mail.kind not in _ANSWERS:
        return ""
    if _is_own(turn, mail):
        return "own_mail"
    return "too_many" if _too_many(turn, mail, interaction_id) else ""


def noted(turn: Turn, interaction: t.Interaction, incoming: t.Incoming) -> None:
    """One line of history for a whole circle: it says so at its first mail, and again after an hour."""
    recent = t.Event.select().where(
        t.Event.interaction == interaction.id, t.Event.type == "loop_stopped", t.Event.at > turn.now - _WHILE
    )
    if any(event.data["reason"] == incoming.stopped for event in recent):
        return
    data: dict[str, Any] = {"incoming": incoming.id, "reason": incoming.stopped}
    changes: dict[str, Any] = {}
    if incoming.kind == "human" and incoming.stopped == "too_many":  # it may be a person after all
        changes = unread_too(turn, interaction)
        data["notify"] = [interaction.owner] if interaction.owner else []
    turn.record(interaction, "loop_stopped", _WHY[incoming.stopped], data, **changes)


def _is_own(turn: Turn, mail: Understood) -> bool:
    """By our sender's address, our Message-ID, or our signed Reply-To where a relay gave it another Message-ID."""
    settings = turn.world.settings
    if addresses.key(mail.from_address) in {addresses.key(own.address) for own in settings.senders}:
        return True
    named = [address.partition("@")[0] for address in mail.reply_to[:5]]
    named += [mail.message_id.strip("<>").partition("@")[0]] if mail.message_id else []
    return any(tokens.verify(local, settings.keys) for local in named)


def _too_many(turn: Turn, mail: Understood, interaction_id: int | None) -> bool:
    """More robots' mails than the setting allows; or the same words as often on one matter: some robots hide."""
    recent = t.Incoming.select(t.Incoming.id).where(
        t.Incoming.from_address == mail.from_address, t.Incoming.received_at > turn.at - _WHILE
    )
    if mail.kind == "human":
        if not mail.text.strip():
            return False
        recent = recent.where(t.Incoming.kind == "human", t.Incoming.text == mail.text, _on_the_same(interaction_id))
    else:
        recent = recent.where(t.Incoming.kind.in_(("automatic", "list")))
    most = turn.world.settings.automatic_per_hour
    return recent.limit(most).count() >= most


def _on_the_same(interaction_id: int | None) -> Any:
    """The interaction, and what continues it when it is closed (R22); or the list of unmatched mail."""
    if interaction_id is None:
        return t.Incoming.interaction.is_null()
    followers = t.Interaction.select(t.Interaction.id).where(t.Interaction.follows == interaction_id)
    return (t.Incoming.interaction == interaction_id) | t.Incoming.interaction.in_(followers)
