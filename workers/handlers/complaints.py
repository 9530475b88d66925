"""Complaints (RFC 5965): who said "this is spam" or "stop" gets no reminders any more; refuses to change any state."""

from __future__ import annotations

from typing import Any

from models import addresses
from models import tables as t
from models.lifecycle import State
from workers.handlers.matching import Match
from workers.handlers.suppressing import suppress_reminders
from workers.turn import Turn
from workers.understanding import Understood

# Feedback that is no wish of the recipient's: a domain's DMARC report, and the opposite of a complaint.
_NO_WISH = frozenset({"auth-failure", "not-spam", "other", "dkim"})


def complained(turn: Turn, interaction: t.Interaction, incoming: t.Incoming, mail: Understood, match: Match) -> None:
    """No reminders to that address, here or anywhere; the owner hears of it, the conversation stays as it is."""
    data: dict[str, Any] = {"incoming": incoming.id, "mail": match.mail}
    if mail.feedback in _NO_WISH:
        turn.record(interaction, "complaint_received", f"feedback of type {mail.feedback}: noted only", data)
        return
    key = _complainer(match, mail.about)
    if key is not None:
        suppress_reminders(turn, key, f"complaint: {mail.feedback}", "complaint")
    if State(interaction.state).is_closed:
        turn.record(interaction, "complaint_received", "noted only: the interaction is closed", data)
        return
    if interaction.owner:
        data["notify"] = [interaction.owner]
    turn.record(
        interaction, "complaint_received", f"the recipient complained ({mail.feedback}); no reminders any more", data,
        attention="complaint", reminders_stopped=True,
    )  # fmt: skip


def _complainer(match: Match, about: str | None) -> str | None:
    """The delivery the envelope names, else whom the report names, else the only recipient of the mail."""
    rows = list(t.Delivery.select().where(t.Delivery.mail == match.mail)) if match.mail else []
    if match.delivery is not None:
        return next((row.address_key for row in rows if row.id == match.delivery), None)
    named = addresses.key(about) if about else None
    known = {row.address_key for row in rows}
    if named in known:
        return named
    return known.pop() if len(known) == 1 else None
