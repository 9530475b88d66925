"""PURE. What a mail's state is, from the states of its deliveries (R14)."""

from __future__ import annotations

from collections.abc import Sequence

UNCLAIMED_MAIL = ("held", "scheduled", "queued")
PENDING_MAIL = (*UNCLAIMED_MAIL, "sending", "uncertain")
RETRYABLE = ("queued", "deferred")
IN_HAND = ("claimed", "transmitting")
PENDING_DELIVERY = (*RETRYABLE, *IN_HAND, "uncertain")


def mail_state(states: Sequence[str]) -> str:
    """``sent`` with the first acceptance; ``refused`` or ``bounced`` only when nothing is on its way any more."""
    if "accepted" in states:
        return "sent"
    if "uncertain" in states:
        return "uncertain"
    if any(state in PENDING_DELIVERY for state in states):
        return "sending"
    for settled in ("bounced", "refused"):
        if settled in states:
            return settled
    return "cancelled"
