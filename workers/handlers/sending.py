"""From a draft to a mail that waits to leave (R11-R13, R16), and what agents decide about mails on their way.

Refuses to change the interaction's state: only a server's acceptance does that (R15).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models import addresses, tokens
from models import commands as c
from models import tables as t
from models.deliveries import UNCLAIMED_MAIL
from models.errors import Rejected, Unknown
from models.lifecycle import Happening
from models.rights import OPERATORS
from models.store import keep_blob, use_blob
from models.subjects import numbered
from models.wakes import delivery_wake
from workers.handlers import outcomes, preflight
from workers.handlers.calling import attention_left
from workers.handlers.drafting import later_activity, revision_key
from workers.handlers.records import content_of, held_mail, must_be_open, must_be_own, own_open_draft
from workers.letter import Letter, Part
from workers.turn import Turn


def send(turn: Turn, body: c.Send) -> dict[str, Any]:
    """Queue the draft exactly as it was in the revision named; a failed check is a rejection that names the field."""
    draft, interaction = own_open_draft(turn, body.draft)
    if body.revision > draft.revision:
        raise Unknown(revision_key(draft, body.revision), f"The draft has no revision {body.revision} yet.")
    if body.revision < draft.revision:
        raise Rejected(
            "conflict", f"The draft was changed since revision {body.revision}; the newest is {draft.revision}.",
            field="body.revision", revision=draft.revision,
        )  # fmt: skip
    return send_draft(turn, draft, interaction, body)


def send_draft(
    turn: Turn, draft: t.Draft, interaction: t.Interaction, wish: c.Send | c.Compose | c.ComposeReply
) -> dict[str, Any]:
    """The checks of R11 and R12, then mail, deliveries and bytes; all in the caller's transaction."""
    must_be_own(turn, draft)
    must_be_open(draft)
    turn.state_after(interaction, Happening.SEND)
    if not wish.confirm:
        _must_be_fresh(draft, interaction)
    content = content_of(turn, draft)
    recipients = preflight.recipients(turn, content)
    parts = preflight.attachments(content)
    state, leave_at = _leaving(turn, wish)
    sender = preflight.sender(turn, wish.from_address or content.get("from_address"))
    mail = _mail(turn, draft, interaction, content, parts, leave_at, sender)
    mail.state = state
    turn.record(
        interaction, "mail_queued", f"{turn.actor.id} sent the draft, to leave at {leave_at:%Y-%m-%d %H:%M:%S} UTC",
        {"mail": mail.id, "draft": draft.id, "revision": draft.revision, "recipients": len(recipients)},
        activity_at=later_activity(turn, interaction),
    )  # fmt: skip
    mail.queued_seq = interaction.seq
    turn.world.store.add(mail)
    turn.world.store.change(draft, state="queued", touched_at=turn.now)
    if not interaction.subject or _nothing_passed(interaction):
        turn.touched[interaction.id].dirty["subject"] = interaction.subject = mail.subject
    queue_deliveries(turn, mail, recipients)
    return {"mail": mail.id, "interaction": interaction.number, "state": state, "leave_at": leave_at.isoformat()}


def _nothing_passed(interaction: t.Interaction) -> bool:
    """Neither side has read a word of it: its subject may still change, as after an undo."""
    return interaction.first_accepted_at is None and interaction.reply_seq is None


def queue_deliveries(turn: Turn, mail: t.Mail, recipients: list[tuple[str, str]]) -> None:
    """One delivery per envelope recipient, each in a transaction of its own later (R14)."""
    for role, address in recipients:
        delivery = t.Delivery(
            id=turn.world.ids.new("dl"), mail=mail.id, interaction=mail.interaction, role=role, address=address,
            address_key=addresses.key(address), state="queued", next_at=mail.leave_at, publish_at=mail.leave_at,
        )  # fmt: skip
        turn.world.store.add(delivery)
        turn.wake(delivery_wake(delivery.id), mail.leave_at if mail.leave_at > turn.now else None)


def write_mail(turn: Turn, mail: t.Mail, letter: Letter) -> None:
    """Fix the bytes before the first attempt; they are never rebuilt (R13)."""
    try:
        raw = turn.world.build(letter)
    except ValueError as error:
        raise Rejected("unsendable", f"This cannot be written as a mail: {error}", field="draft") from None
    limit = turn.world.settings.mail_limit_bytes
    if len(raw) > limit:
        raise Rejected("too_large", f"The mail has {len(raw)} bytes; the limit is {limit}.", field="draft.attachments")
    mail.blob, mail.size = turn.world.digest(raw), len(raw)
    keep_blob(turn.world.store, mail.blob, raw, "message/rfc822", turn.now)
    use_blob(turn.world.store, mail.blob, mail.interaction)


def fresh_mail(turn: Turn, interaction: t.Interaction, kind: str, leave_at: datetime) -> t.Mail:
    """A mail's row with its Message-ID, fixed for life (R13)."""
    settings, mail_id = turn.world.settings, turn.world.ids.new("ml")
    local = tokens.sign("mail", mail_id, settings.keys)
    return t.Mail(
        id=mail_id, interaction=interaction.id, kind=kind, state="queued", claimed=False,
        message_id=f"<{local}@{settings.mail_domain}>", from_address=settings.sender_address, subject="",
        queued_at=turn.now, queued_seq=interaction.seq, leave_at=leave_at,
    )  # fmt: skip


def reply_to(turn: Turn, mail: t.Mail) -> str:
    """The signed address under which answers to this mail come back (R13, R17)."""
    settings = turn.world.settings
    return f"{tokens.sign('reply', mail.id, settings.keys)}@{settings.mail_domain}"


def thread(interaction: t.Interaction) -> tuple[str, ...]:
    """Message-IDs of the conversation so far, oldest first: ours that left, and those that came in (R13, R23)."""
    ours = t.Mail.select(t.Mail.message_id, t.Mail.sent_at.alias("at")).where(
        t.Mail.interaction == interaction.id, t.Mail.sent_at.is_null(False)
    )
    theirs = t.Incoming.select(t.Incoming.message_id, t.Incoming.received_at.alias("at")).where(
        t.Incoming.interaction == interaction.id,
        t.Incoming.kind == "human",
        t.Incoming.stopped == "",
        t.Incoming.message_id.is_null(False),
    )
    known = sorted([*ours.tuples(), *theirs.tuples()], key=lambda row: (str(row[1]), row[0]))
    return tuple(message_id for message_id, _ in known)


def cancel_send(turn: Turn, body: c.CancelSend) -> dict[str, Any]:
    """Undo: the claim of the first delivery and this command meet on the interaction's lock, and one wins (R16)."""
    mail, interaction = held_mail(turn, body.mail)
    if turn.actor.id not in (mail.sender, interaction.owner) and turn.actor.role not in OPERATORS:
        raise Rejected("forbidden", f"Only {mail.sender!r}, who sent it, the owner or a manager can undo this.")
    if mail.claimed or mail.state not in UNCLAIMED_MAIL:
        raise Rejected("already_sent", f"The mail is {mail.state!r}; it can no longer be held back.", state=mail.state)
    turn.state_after(interaction, Happening.CANCEL_SEND)
    turn.record(
        interaction, "mail_cancelled", f"{turn.actor.id} took the mail back",
        {"mail": mail.id, "draft": mail.draft},
        activity_at=later_activity(turn, interaction, edited=True),  # there are words to go on with again
    )  # fmt: skip
    withdraw(turn, mail)
    return {"mail": mail.id, "draft": mail.draft, "interaction": interaction.number}


def withdraw(turn: Turn, mail: t.Mail) -> None:
    """A mail no one claimed does not leave; its draft can be edited again."""
    store = turn.world.store
    store.change(mail, state="cancelled")
    gone = t.Delivery.update(state="cancelled", publish_at=None, settled_at=turn.now)
    store.later(gone.where(t.Delivery.mail == mail.id))
    outcomes.reopen(turn, mail)


def resolve_uncertain(turn: Turn, body: c.ResolveUncertain) -> dict[str, Any]:
    """A person decides what no machine can know (R14, RFC 1047)."""
    place = t.Delivery.get_or_none(t.Delivery.id == body.delivery)
    if place is None:
        raise Unknown(f"delivery:{body.delivery}", f"There is no delivery {body.delivery!r}.")
    interaction = turn.hold(place.interaction)
    delivery = t.Delivery.get_by_id(place.id)
    if delivery.state != "uncertain":
        raise Rejected(
            "not_uncertain", f"The delivery is {delivery.state!r}, nothing is to be decided.", state=delivery.state
        )
    mail = t.Mail.get_by_id(delivery.mail)
    if body.outcome == "sent":
        outcomes.accepted(turn, delivery, mail, interaction, None, f"taken as sent by {turn.actor.id}", None)
    else:
        _send_again(turn, delivery, mail, interaction)
    return {"delivery": delivery.id, "mail": mail.id, "interaction": interaction.number, "state": delivery.state}


def _send_again(turn: Turn, delivery: t.Delivery, mail: t.Mail, interaction: t.Interaction) -> None:
    turn.state_after(interaction, Happening.SEND)
    turn.world.store.change(
        delivery, state="queued", attempt=None, lease_until=None, next_at=turn.now, publish_at=turn.now, published=0,
        first_at=turn.now,
    )  # fmt: skip
    outcomes.derive(turn, mail, delivery)
    turn.record(
        interaction, "delivery_requeued", f"{turn.actor.id} decided to send it again (R14)",
        {"mail": mail.id, "delivery": delivery.id}, attention=attention_left(interaction, mail, delivery),
    )  # fmt: skip
    turn.wake(delivery_wake(delivery.id))


def _must_be_fresh(draft: t.Draft, interaction: t.Interaction) -> None:
    """R12: what a colleague sent or the customer wrote since the agent opened the draft must have been seen."""
    if interaction.reply_seq is not None and interaction.reply_seq > draft.seen_seq:
        raise Rejected("stale", "The customer wrote since you opened the draft; read it, or confirm.", since="customer")
    sent = t.Mail.select().where(
        t.Mail.interaction == interaction.id, t.Mail.kind == "agent", t.Mail.queued_seq > draft.seen_seq,
        t.Mail.state != "cancelled", t.Mail.sender != draft.author,
    ).first()  # fmt: skip
    if sent is not None:
        raise Rejected(
            "stale", f"{sent.sender} sent a mail since you opened the draft; read it, or confirm.",
            since=sent.sender, mail=sent.id,
        )  # fmt: skip


def _leaving(turn: Turn, wish: c.Send | c.Compose | c.ComposeReply) -> tuple[str, datetime]:
    """R16: scheduled, held for the undo period, or at once; counted from the acceptance of the command."""
    if wish.send_at is not None and wish.send_at > turn.now:
        return "scheduled", wish.send_at
    hold = turn.world.settings.undo_hold if wish.hold is None else wish.hold
    leave_at = max(turn.now, turn.at + hold)
    return ("held", leave_at) if leave_at > turn.now else ("queued", turn.now)


def _mail(
    turn: Turn, draft: t.Draft, interaction: t.Interaction, content: dict[str, Any], parts: tuple[Part, ...],
    leave_at: datetime, sender: str,
) -> t.Mail:  # fmt: skip
    mail = fresh_mail(turn, interaction, "agent", leave_at)
    mail.draft, mail.revision, mail.sender, mail.from_address = draft.id, draft.revision, turn.actor.id, sender
    mail.subject = numbered(content["subject"], interaction.number, turn.world.settings)
    known = thread(interaction)
    author = t.Principal.get_or_none(t.Principal.id == turn.actor.id)
    name = author.name if author else turn.actor.id
    letter = Letter(
        message_id=mail.message_id, date=leave_at, from_name=f"{name} · {turn.world.settings.sender_name}",
        from_address=mail.from_address, reply_to=reply_to(turn, mail), to=tuple(content["to"]), cc=tuple(content["cc"]),
        subject=mail.subject, text=content["text"], html=content["html"], parts=parts,
        in_reply_to=known[-1] if known else None, references=known, mark=turn.world.settings.reply_mark,
    )  # fmt: skip
    write_mail(turn, mail, letter)
    return mail
