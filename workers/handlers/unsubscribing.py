"""Unsubscribing from reminders (RFC 8058): whoever holds the link of a reminder is believed at once, as often as they ask.

Refuses to move any state: no reminders is a wish about reminders, and no answer.
"""

from __future__ import annotations

from typing import Any

from models import addresses, tokens
from models import commands as c
from models import tables as t
from models.errors import Rejected
from models.lifecycle import State
from models.suppressions import REMINDERS, in_force
from workers.handlers.matching import Match
from workers.handlers.suppressing import suppress_reminders
from workers.turn import Turn
from workers.understanding import Understood

# A mail program may do the asking for the person; reports and complaints about a reminder are no wish of theirs.
_ASKING = frozenset({"human", "automatic", "list"})


def ways(turn: Turn, mail: t.Mail) -> tuple[str, ...]:
    """The URIs by which this reminder lets itself be stopped, the one-click one first."""
    settings = turn.world.settings
    token = tokens.sign("unsubscribe", mail.id, settings.keys)
    by_mail = f"mailto:{token}@{settings.mail_domain}?subject=unsubscribe"
    return (f"{settings.unsubscribe_url}{token}", by_mail) if settings.unsubscribe_url else (by_mail,)


def unsubscribe(turn: Turn, body: c.Unsubscribe) -> dict[str, Any]:
    """By the link. One mail had one content for all it reminded, so nobody can tell who clicked: all of them are meant."""
    token = tokens.verify(body.token, turn.world.settings.keys)
    named = token and token.purpose == "unsubscribe"
    mail = t.Mail.get_or_none(t.Mail.id == f"ml_{token.tail}") if token and named else None
    if mail is None:
        raise Rejected("unknown_token", "This names no reminder of ours.", field="body.token")
    keys = _reminded(mail)
    stopped = _stop(turn, mail, keys, "link", {})
    return {"interaction": t.number_of(mail.interaction), "addresses": len(keys), "stopped": stopped}


def asks(mail: Understood, match: Match) -> bool:
    """Whether a mail that came in was sent to stop reminders."""
    return match.purpose == "unsubscribe" and mail.kind in _ASKING


def asked_by_mail(turn: Turn, incoming: t.Incoming, match: Match) -> None:
    """The sender is meant, if they were among those reminded; under any other address, all of them."""
    mail = t.Mail.get_by_id(match.mail)
    keys, sender = _reminded(mail), addresses.key(incoming.from_address)
    _stop(turn, mail, [sender] if sender in keys else keys, "mail", {"incoming": incoming.id})


def hold_waiting(turn: Turn, interaction_id: int) -> list[t.Interaction]:
    """Every interaction of that customer that waits, and this one, locked in the order everybody keeps."""
    customer = t.Interaction.get_by_id(interaction_id).customer
    turn.world.store.lock(t.Customer, customer)
    waiting = t.Interaction.select(t.Interaction.id).where(
        t.Interaction.customer == customer, t.Interaction.state == State.ON_HOLD.value
    )
    return [turn.hold(found) for found in sorted({row.id for row in waiting} | {interaction_id})]


def _reminded(mail: t.Mail) -> list[str]:
    to = t.Delivery.select(t.Delivery.address_key).where(t.Delivery.mail == mail.id, t.Delivery.role == "to")
    return sorted({row.address_key for row in to if row.address_key})


def _stop(turn: Turn, mail: t.Mail, keys: list[str], by: str, data: dict[str, Any]) -> list[str]:
    """Numbers of the interactions whose reminders stop; what was asked before happens no second time."""
    held = hold_waiting(turn, mail.interaction)
    silent = {row.address_key for row in in_force(keys, REMINDERS, turn.now)}
    for key in keys:
        suppress_reminders(turn, key, "unsubscribed", by)
    waiting = [row for row in held if row.state == State.ON_HOLD and not row.reminders_stopped]
    for row in waiting:
        _record(turn, row, mail, by, data, reminders_stopped=True)
    own = turn.hold(mail.interaction)
    if own not in waiting and not silent.issuperset(keys):
        _record(turn, own, mail, by, data)
    return [row.number for row in waiting]


def _record(turn: Turn, row: t.Interaction, mail: t.Mail, by: str, data: dict[str, Any], **changes: Any) -> None:
    told = {"notify": [row.owner]} if row.owner and not State(row.state).is_closed else {}
    why = f"the customer wants no reminders any more (by the {by} of reminder {mail.id})"
    turn.record(row, "unsubscribed", why, {"mail": mail.id, **data, **told}, **changes)
