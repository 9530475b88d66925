"""A human answer lands (R18): back to work, unread for the owner, clocks stop, and mail that has not left is held back (R16)."""

from __future__ import annotations

from typing import Any

from models import tables as t
from models.deliveries import RETRYABLE, UNCLAIMED_MAIL
from models.lifecycle import Happening, State
from workers.handlers import outcomes
from workers.handlers.presence import owner_here
from workers.handlers.sending import withdraw
from workers.turn import Turn


def human_reply(turn: Turn, interaction: t.Interaction, incoming: t.Incoming, why: str) -> None:
    """Everything that follows from an answer, once."""
    owner_here(turn, interaction)
    held_back = _hold_back(turn, interaction)
    data: dict[str, Any] = {"incoming": incoming.id, "third_party": incoming.third_party}
    if interaction.owner:
        data["notify"] = [interaction.owner]
    turn.record(
        interaction, "reply_received", why, data,
        state=turn.state_after(interaction, Happening.HUMAN_REPLY),
        unread=interaction.unread + 1, reply_at=turn.now, reply_seq=interaction.seq + 1,
        received_at=interaction.received_at or turn.now, away_until=None, wrap_up_at=None,
        attention="held_back" if held_back else interaction.attention,
    )  # fmt: skip
    for mail in held_back:
        turn.record(
            interaction, "mail_held_back", "the customer wrote before it left; it is a draft again (R16)",
            {"mail": mail.id, "draft": mail.draft, "notify": [mail.sender]},
        )  # fmt: skip


def unread_too(turn: Turn, interaction: t.Interaction) -> dict[str, Any]:
    """What changes where the owner is to look though the state stays; a closed interaction changes no more."""
    if State(interaction.state).is_closed:
        return {}
    owner_here(turn, interaction)
    return {"unread": interaction.unread + 1}


def _hold_back(turn: Turn, interaction: t.Interaction) -> list[t.Mail]:
    """Mails nobody claimed: agents' ones become drafts again, reminders are dropped; those tried already, too (R24)."""
    waiting = t.Mail.select().where(
        t.Mail.interaction == interaction.id,
        t.Mail.state.in_(UNCLAIMED_MAIL),
        t.Mail.claimed == False,  # noqa: E712
    )
    found = list(waiting.order_by(t.Mail.id))
    for mail in found:
        withdraw(turn, mail)
    for mail in _reminders_tried(interaction):
        outcomes.stop_waiting(turn, mail, "the customer answered")
    return [mail for mail in found if mail.kind == "agent"]


def _reminders_tried(interaction: t.Interaction) -> list[t.Mail]:
    """Deferred, or not tried yet for each of their recipients."""
    waiting = t.Delivery.select(t.Delivery.mail).where(
        t.Delivery.interaction == interaction.id, t.Delivery.state.in_(RETRYABLE)
    )
    mails = t.Mail.select().where(t.Mail.id.in_(waiting), t.Mail.kind == "reminder", t.Mail.claimed == True)  # noqa: E712
    return list(mails.order_by(t.Mail.id))
