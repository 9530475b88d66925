"""Close and wrap up (R27). Closed states absorb; mail still on its way is never forgotten by a closing."""

from __future__ import annotations

from typing import Any

from models import commands as c
from models import tables as t
from models.deliveries import PENDING_DELIVERY, PENDING_MAIL, UNCLAIMED_MAIL
from models.errors import Rejected
from models.lifecycle import Happening, State
from workers.handlers import outcomes
from workers.handlers.records import held_interaction
from workers.handlers.sending import withdraw
from workers.turn import Turn


def close(turn: Turn, body: c.Close) -> dict[str, Any]:
    """To Wrap Up, or straight to Closed Abandoned where no mail was ever exchanged."""
    interaction = held_interaction(turn, body.interaction)
    silent = interaction.first_accepted_at is None and interaction.received_at is None
    state = turn.state_after(interaction, Happening.CLOSE_UNSENT if silent else Happening.CLOSE)
    pending = _pending(interaction)
    if pending and not body.confirm:
        raise Rejected(
            "mail_pending", f"{len(pending)} mail(s) are still on their way; confirm to cancel what has not left.",
            mails=[mail.id for mail in pending],
        )  # fmt: skip
    for mail in pending:
        _cancel(turn, mail)
    if state == State.CLOSED_ABANDONED:
        _close(turn, interaction, state, None, f"{turn.actor.id} closed it before any mail")
    else:
        # From here on it takes no draft, so the next compose must not be led to it (R4).
        turn.record(
            interaction, "wrap_up_begun", f"{turn.actor.id} closed it",
            state=state, wrap_up_at=turn.now, consolidation_key=None,
        )  # fmt: skip
    return {"interaction": interaction.number, "state": interaction.state}


def submit_wrap_up(turn: Turn, body: c.SubmitWrapUp) -> dict[str, Any]:
    """Closed Complete with a configured code."""
    interaction = held_interaction(turn, body.interaction)
    state = turn.state_after(interaction, Happening.WRAP_UP_SUBMITTED)
    codes = turn.world.settings.codes
    if body.code not in codes:
        raise Rejected("unknown_code", f"{body.code!r} is none of: {', '.join(codes)}.", field="body.code")
    _close(turn, interaction, state, body.code, f"{turn.actor.id} chose the code")
    return {"interaction": interaction.number, "state": interaction.state, "code": body.code}


def _close(turn: Turn, interaction: t.Interaction, state: str, code: str | None, why: str) -> None:
    turn.record(
        interaction, "closed", why, state=state, wrap_up_code=code, closed_at=turn.now, consolidation_key=None,
        unread=0, attention=None,
    )  # fmt: skip


def _pending(interaction: t.Interaction) -> list[t.Mail]:
    on_its_way = t.Delivery.select(t.Delivery.mail).where(
        t.Delivery.interaction == interaction.id,
        t.Delivery.state.in_(PENDING_DELIVERY),
    )
    mails = t.Mail.select().where(
        t.Mail.interaction == interaction.id, t.Mail.state.in_(PENDING_MAIL) | t.Mail.id.in_(on_its_way)
    )
    return list(mails.order_by(t.Mail.id))


def _cancel(turn: Turn, mail: t.Mail) -> None:
    """What was claimed goes on and is recorded when its answer comes; everything else does not leave."""
    if mail.state in UNCLAIMED_MAIL and not mail.claimed:
        return withdraw(turn, mail)
    return outcomes.stop_waiting(turn, mail, f"{turn.actor.id} closed the interaction")
