"""Mail that came in (R17-R22): understood, matched, put on its interaction; what matches nothing is kept for a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import peewee as pw

from models import addresses
from models import commands as c
from models import tables as t
from models.errors import Unknown
from models.lifecycle import OPEN, Happening, State
from workers import autoreplies
from workers.handlers import bounces, complaints, filing, loops, matching, presence, unsubscribing
from workers.handlers.arriving import human_reply, unread_too
from workers.handlers.erasing import erase_words
from workers.handlers.matching import Match
from workers.patience import Patience
from workers.turn import Turn
from workers.understanding import Understood, at_return_address, beside_ours, in_answer_to, understand

_READING = 5.0  # seconds of processor for one mail; the slowest made to hurt takes a third of one
_WORDS = 200_000  # bytes of a mail of ours in which its text stands


def receive_mail(turn: Turn, body: c.ReceiveMail) -> dict[str, Any]:
    """Decide what a stored raw mail is and where it belongs. The raw bytes are kept whatever comes of it."""
    blob = t.Blob.get_or_none(t.Blob.sha256 == body.blob)
    if blob is None:
        raise Unknown(f"blob:{body.blob}", f"The raw mail {body.blob} is not stored.")
    mail = read(turn, blob, turn.at, body.envelope_from)
    match = matching.match(turn, mail, body.envelope_to)
    if match is not None and match.purpose == "bounce":
        mail = at_return_address(mail)
    elif match is not None and autoreplies.about(mail.subject):
        mail = in_answer_to(mail, matching.subject_answered(match))
    if match is not None and match.mail is not None and mail.kind == "human" and mail.quoted:
        mail = beside_ours(mail, _sent(match.mail))
    stopped = loops.stopped(turn, mail, match.interaction if match else None)
    if match is None:
        return filing.keep_unmatched(turn, body, mail, stopped)
    if unsubscribing.asks(mail, match):
        mail, stopped = replace(mail, kind="unsubscribe"), ""
        unsubscribing.hold_waiting(turn, match.interaction)
    interaction = turn.hold(match.interaction)
    if mail.kind == "human" and not stopped:
        interaction = _open_one(turn, interaction)
    answer = _land(turn, body, interaction, mail, match, stopped)
    if interaction.erased_at is not None:
        erase_words(turn, interaction)  # what comes late keeps no words either (R39)
    return {"interaction": interaction.number} | answer


def read(turn: Turn, blob: t.Blob, received_at: datetime, envelope_from: str) -> Understood:
    """What a mail says that came in then."""
    settings = turn.world.settings
    own = (settings.mail_domain.lower(), *(addresses.domain_of(each.address) for each in settings.senders))
    patience = Patience(turn.world.worked, _READING)
    return understand(
        bytes(blob.data), received_at, settings.reply_mark, settings.authserv_id, envelope_from, own, patience
    )


def _sent(mail_id: str) -> bytes:
    """The beginning of our mail as it left, where its words are; nothing once it was erased (R39)."""
    head = pw.fn.SUBSTR(t.Blob.data, 1, _WORDS)
    kept = t.Blob.select(head).join(t.Mail, on=(t.Mail.blob == t.Blob.sha256)).where(t.Mail.id == mail_id)
    return bytes(kept.scalar() or b"")


def _land(
    turn: Turn, body: c.ReceiveMail, interaction: t.Interaction, mail: Understood, match: Match, stopped: str
) -> dict[str, Any]:
    twin = t.Incoming.get_or_none(t.Incoming.shown == filing.shown(mail, interaction.id))
    if twin is not None:
        return filing.copied(turn, body, twin)
    incoming = filing.keep(turn, body, mail, interaction.id, match, stopped)
    if stopped:
        loops.noted(turn, interaction, incoming)
    else:
        arrive(turn, interaction, incoming, mail, match)
    return {"incoming": incoming.id, "kind": mail.kind, "matched_by": match.by}


def arrive(turn: Turn, interaction: t.Interaction, incoming: t.Incoming, mail: Understood, match: Match) -> None:
    """What follows from a mail on this interaction, by its kind."""
    bounces.settle_uncertain(turn, mail, match)
    if mail.kind == "human":
        who = "a third party" if incoming.third_party else "the customer"
        human_reply(turn, interaction, incoming, f"{who} answered (by {match.by})")
    elif mail.kind == "bounce":
        bounces.bounced(turn, interaction, incoming, mail, match)
    elif mail.kind == "complaint":
        complaints.complained(turn, interaction, incoming, mail, match)
    elif mail.kind == "unsubscribe":
        unsubscribing.asked_by_mail(turn, incoming, match)
    elif mail.kind == "automatic":
        _automatic(turn, interaction, incoming, mail)
    elif mail.kind == "delivery_note":
        _noted(turn, interaction, incoming)
    else:
        _listed(turn, interaction, incoming)


def _automatic(turn: Turn, interaction: t.Interaction, incoming: t.Incoming, mail: Understood) -> None:
    """Shown, but no answer: the state stays, and a reminder waits for the last stated return of those it goes to (R19)."""
    state = turn.state_after(interaction, Happening.AUTOMATIC_REPLY)
    away = interaction.away_until
    if mail.away_until and mail.away_until > turn.now and matching.is_awaited(interaction, mail.from_address):
        away = max(filter(None, (away, mail.away_until)))  # a reminder goes to all of them at once
    data: dict[str, Any] = {"incoming": incoming.id}
    changes: dict[str, Any] = {"state": state, "away_until": away}
    why = "an automatic reply is no answer (R19)"
    if mail.passed_on:
        why = "marked as generated, but perhaps a person's words: the owner looks (R19)"
        changes |= unread_too(turn, interaction)
        data["notify"] = [interaction.owner] if interaction.owner else []
    turn.record(interaction, "automatic_reply_received", why, data, **changes)


def _noted(turn: Turn, interaction: t.Interaction, incoming: t.Incoming) -> None:
    turn.record(
        interaction,
        "delivery_noted",
        "a delay, an arrival or a receipt changes nothing (R20)",
        {"incoming": incoming.id},
    )


def _listed(turn: Turn, interaction: t.Interaction, incoming: t.Incoming) -> None:
    turn.record(
        interaction, "list_mail_received", "what a mailing list sends is no answer (R19)", {"incoming": incoming.id}
    )


def _open_one(turn: Turn, interaction: t.Interaction) -> t.Interaction:
    """A closed interaction is never reopened: its one open follower, or a new inbound one (R22)."""
    if not State(interaction.state).is_closed:
        return interaction
    follower = (
        t.Interaction.select(t.Interaction.id)
        .where(t.Interaction.follows == interaction.id, t.Interaction.state.in_([state.value for state in OPEN]))
        .order_by(t.Interaction.id)
        .first()
    )
    del turn.touched[interaction.id]  # the lock stays, so nobody begins a second follower meanwhile
    if follower is not None:
        return turn.hold(follower.id)
    owner = presence.present(interaction.owner)
    zone = t.Customer.get_by_id(interaction.customer).time_zone
    return turn.begin(
        customer=interaction.customer, kind=interaction.kind, direction="inbound", follows=interaction.id, owner=owner,
        queue=None if owner else presence.QUEUE, subject=interaction.subject, activity_at=turn.at, time_zone=zone,
    )  # fmt: skip
