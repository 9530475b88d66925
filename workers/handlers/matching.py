"""To which mail, and so to which interaction, an incoming mail belongs (R17). A forged or altered token never matches."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from models import addresses, tokens
from models import tables as t
from models.tables import id_of
from workers.turn import Turn
from workers.understanding import Understood

# As people retype it: "AW:IMS0001042", "ims0001042", "(IMS0001042)"; not within a longer word.
_NUMBER = re.compile(r"(?<![^\W_])IMS[0-9]{7,18}(?![^\W_])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Match:
    """Where a mail belongs, and by what. ``delivery`` is set where the envelope itself names one (VERP, ENVID)."""

    interaction: int
    by: str
    mail: str | None = None
    delivery: str | None = None
    purpose: tokens.Purpose | None = None  # of the token


def match(turn: Turn, mail: Understood, envelope_to: str) -> Match | None:
    """The first of: a signed token in an address or Message-ID, a Message-ID of ours, the number in the subject."""
    cited = [i for i in (*mail.in_reply_to, *reversed(mail.references), mail.returned_message_id) if i]
    return (
        _by_token(turn, [envelope_to, *mail.to], mail.envelope_id, cited) or _by_message_id(cited) or _by_number(mail)
    )


def subject_answered(match: Match) -> str:
    """The subject of the mail of ours it belongs to, or of the interaction."""
    mail = t.Mail.get_or_none(t.Mail.id == match.mail) if match.mail else None
    found = mail or t.Interaction.get_by_id(match.interaction)
    return str(found.subject)


def is_participant(interaction_id: int, match: Match, address: str) -> bool:
    """Whether this address belongs to the customer, or was mailed on the interaction (R21)."""
    interaction = t.Interaction.get_by_id(interaction_id)
    return takes_part(interaction, match.interaction, address)


def takes_part(interaction: t.Interaction, mailed_on: int, address: str) -> bool:
    """Whether this address belongs to the customer, or was mailed on one of the two."""
    key = addresses.key(address)
    if not key:
        return False  # what was erased has no address either (R39)
    mailed = t.Delivery.select().where(
        t.Delivery.interaction.in_({interaction.id, mailed_on}), t.Delivery.address_key == key
    )
    return _customers_own(interaction, key) or mailed.first() is not None


def is_awaited(interaction: t.Interaction, address: str) -> bool:
    """Whether an answer is awaited from this address: the customer's own ones, and those our mails went *to* (R19)."""
    key = addresses.key(address)
    to = t.Delivery.select().where(
        t.Delivery.interaction == interaction.id, t.Delivery.role == "to", t.Delivery.address_key == key
    )
    return _customers_own(interaction, key) or to.first() is not None


def _customers_own(interaction: t.Interaction, key: str) -> bool:
    own = t.CustomerAddress.select().where(
        t.CustomerAddress.customer == interaction.customer, t.CustomerAddress.key == key
    )
    return own.first() is not None


def _by_token(turn: Turn, received_by: list[str], envelope_id: str, cited: Iterable[str]) -> Match | None:
    keys = turn.world.settings.keys
    named = [tokens.verify(address.partition("@")[0], keys) for address in received_by]
    named.append(tokens.verify_envelope_id(envelope_id, keys))
    named += [tokens.verify(message_id.strip("<>").partition("@")[0], keys) for message_id in cited]
    for token in filter(None, named):
        found = _of_token(token)
        if found is not None:
            return found
    return None


def _of_token(token: tokens.Token) -> Match | None:
    if token.purpose == "bounce":
        delivery = t.Delivery.get_or_none(t.Delivery.id == f"dl_{token.tail}")
        return Match(delivery.interaction, "token", delivery.mail, delivery.id, "bounce") if delivery else None
    mail = t.Mail.get_or_none(t.Mail.id == f"ml_{token.tail}")
    return Match(mail.interaction, "token", mail.id, purpose=token.purpose) if mail else None


def _by_message_id(cited: list[str]) -> Match | None:
    if not cited:
        return None
    found = {row.message_id: row for row in t.Mail.select().where(t.Mail.message_id.in_(cited))}
    mail = next((found[message_id] for message_id in cited if message_id in found), None)
    return Match(mail.interaction, "message_id", mail.id) if mail else None


def _by_number(mail: Understood) -> Match | None:
    """Anybody can write a number into a subject, so only a participant is believed, and none whom our border gave the lie."""
    if mail.authentication.verdict == "fail":
        return None
    for number in dict.fromkeys(_NUMBER.findall(mail.subject)[:20]):
        interaction = t.Interaction.get_or_none(t.Interaction.id == id_of(number.upper()))
        if interaction is not None and takes_part(interaction, interaction.id, mail.from_address):
            return Match(interaction.id, "number")
    return None
