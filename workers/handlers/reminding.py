"""Reminders (R24): one automatic mail in the same thread, wanted only while the customer owes an answer."""

from __future__ import annotations

from string import Template
from typing import Any

from models import addresses
from models import tables as t
from models.clocks import facts_of
from models.lifecycle import State
from workers.handlers import preflight
from workers.handlers.sending import fresh_mail, number_in, queue_deliveries, reply_to, thread, write_mail
from workers.letter import Letter
from workers.turn import Turn

_TEXT = (
    "Hello $customer_name,\n\nwe have not heard from you yet. "
    "If your matter is still open, simply answer this mail.\n\n$sender_name\n"
)


def remind(turn: Turn, interaction: t.Interaction) -> None:
    """Queue the next reminder of the sequence, or note why there is none for this step."""
    step = interaction.reminders_done + 1
    latest = _latest_mail(interaction)
    recipients = _recipients(turn, latest) if latest else []
    if latest is None or not recipients:
        turn.record(
            interaction, "reminder_skipped", "there is nobody to remind: addresses are suppressed or bounced",
            {"step": step}, reminders_done=step,
        )  # fmt: skip
        return
    mail = _write(turn, interaction, latest, recipients)
    turn.record(
        interaction, "reminder_queued", f"no answer; reminder {step} of {len(turn.world.settings.reminder_periods)}",
        {"mail": mail.id, "step": step}, reminders_done=step,
    )  # fmt: skip
    mail.queued_seq = interaction.seq
    turn.world.store.add(mail)
    queue_deliveries(turn, mail, [("to", address) for address in recipients])


def still_wanted(interaction: t.Interaction, mail: t.Mail) -> bool:
    """Looked at again when the reminder is claimed: On Hold, no answer and no newer agent mail since it was queued."""
    facts = facts_of(interaction)
    waiting = facts.state is State.ON_HOLD and not facts.reminders_stopped
    answered = facts.reply_at is not None and facts.agent_mail_at is not None and facts.reply_at > facts.agent_mail_at
    newer = facts.agent_mail_at is not None and facts.agent_mail_at > mail.queued_at
    return waiting and not answered and not newer


def _latest_mail(interaction: t.Interaction) -> t.Mail | None:
    sent = t.Mail.select().where(
        t.Mail.interaction == interaction.id, t.Mail.kind == "agent", t.Mail.sent_at.is_null(False)
    )
    return sent.order_by(t.Mail.sent_at.desc(), t.Mail.id.desc()).first()  # type: ignore[no-any-return]


def _recipients(turn: Turn, latest: t.Mail) -> list[str]:
    """That mail's accepted To addresses, less the suppressed ones."""
    rows = t.Delivery.select().where(
        t.Delivery.mail == latest.id, t.Delivery.role == "to", t.Delivery.state == "accepted"
    )
    found = [row.address for row in rows.order_by(t.Delivery.id)]
    silent = {
        row.address_key for row in preflight.suppressed(turn, [addresses.key(a) for a in found], ("all", "reminders"))
    }
    return [address for address in found if addresses.key(address) not in silent]


def _write(turn: Turn, interaction: t.Interaction, latest: t.Mail, recipients: list[str]) -> t.Mail:
    mail = fresh_mail(turn, interaction, "reminder", turn.now)
    mail.sender = latest.sender
    words = _words(turn, interaction)
    subject = words["subject"] or (
        latest.subject if latest.subject.lower().startswith("re:") else f"Re: {latest.subject}"
    )
    mail.subject = number_in(turn, interaction, subject)
    letter = Letter(
        message_id=mail.message_id, date=turn.now, from_name=turn.world.settings.sender_name,
        from_address=mail.from_address, reply_to=reply_to(turn, mail), to=tuple(recipients), cc=(),
        subject=mail.subject, text=words["text"], html=words["html"], in_reply_to=latest.message_id,
        references=thread(interaction), automatic=True, mark=turn.world.settings.reply_mark,
    )  # fmt: skip
    write_mail(turn, mail, letter)
    return mail


def _words(turn: Turn, interaction: t.Interaction) -> dict[str, str]:
    """The template for contact, consumer or guest, or the built-in one."""
    row = t.Template.get_or_none(t.Template.name == f"reminder.{interaction.kind}")
    parts = (
        {"subject": row.subject, "text": row.text, "html": row.html}
        if row
        else {"subject": "", "text": _TEXT, "html": ""}
    )
    values = _values(turn, interaction)
    return {name: Template(part).safe_substitute(values) for name, part in parts.items()}


def _values(turn: Turn, interaction: t.Interaction) -> dict[str, Any]:
    customer = t.Customer.get_by_id(interaction.customer)
    owner = t.Principal.get_or_none(t.Principal.id == interaction.owner)
    return {
        "customer_name": customer.name,
        "agent_name": owner.name if owner else "",
        "number": interaction.number,
        "sender_name": turn.world.settings.sender_name,
    }
