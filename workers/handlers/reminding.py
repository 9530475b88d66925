"""Reminders (R24): one automatic mail in the same thread, wanted only while the customer owes an answer."""

from __future__ import annotations

from datetime import datetime

from models import addresses, reminders
from models import tables as t
from models.clocks import facts_of
from models.lifecycle import State
from workers.handlers.sending import fresh_mail, queue_deliveries, reply_to, thread, write_mail
from workers.handlers.unsubscribing import ways
from workers.letter import Letter
from workers.turn import Turn


def remind(turn: Turn, interaction: t.Interaction) -> datetime | None:
    """Queue the next reminder of the sequence, or note why there is none for this step.

    Answers when to look again where it came late and outside business hours, or where the limit per address and day
    leaves no room; nothing is recorded then.
    """
    step, settings = interaction.reminders_done + 1, turn.world.settings
    latest = reminders.latest_mail(interaction)
    recipients = reminders.recipients(latest, turn.now)[0] if latest else []
    if latest is None or not recipients:
        turn.record(
            interaction, "reminder_skipped", "there is nobody to remind: addresses are suppressed or bounced",
            {"step": step}, reminders_done=step,
        )  # fmt: skip
        return None
    keys = [addresses.key(address) for address in recipients]
    later = reminders.open_at(interaction, settings, turn.now) or reminders.free_at(keys, settings, turn.now)
    if later is not None:
        return later
    mail = _write(turn, interaction, latest, recipients)
    turn.record(
        interaction, "reminder_queued", f"no answer; reminder {step} of {len(settings.reminder_periods)}",
        {"mail": mail.id, "step": step}, reminders_done=step, reminded_at=turn.now,
    )  # fmt: skip
    mail.queued_seq = interaction.seq
    turn.world.store.add(mail)
    queue_deliveries(turn, mail, [("to", address) for address in recipients])
    return None


def still_wanted(interaction: t.Interaction, mail: t.Mail) -> bool:
    """Looked at again when the reminder is claimed: On Hold, no answer and no newer agent mail since it was queued."""
    facts = facts_of(interaction)
    waiting = facts.state is State.ON_HOLD and not facts.reminders_stopped
    answered = facts.reply_at is not None and facts.agent_mail_at is not None and facts.reply_at > facts.agent_mail_at
    newer = facts.agent_mail_at is not None and facts.agent_mail_at > mail.queued_at
    return waiting and not answered and not newer


def _write(turn: Turn, interaction: t.Interaction, latest: t.Mail, recipients: list[str]) -> t.Mail:
    mail = fresh_mail(turn, interaction, "reminder", turn.now)
    mail.sender, mail.from_address = latest.sender, reminders.sender(latest, turn.world.settings)
    words = reminders.wording(interaction, latest, interaction.reminders_done + 1, turn.world.settings)
    mail.subject = words.subject
    letter = Letter(
        message_id=mail.message_id, date=turn.now, from_name=turn.world.settings.sender_name,
        from_address=mail.from_address, reply_to=reply_to(turn, mail), to=tuple(recipients), cc=(),
        subject=mail.subject, text=words.text, html=words.html, in_reply_to=latest.message_id,
        references=thread(interaction), automatic=True, unsubscribe=ways(turn, mail),
        mark=turn.world.settings.reply_mark,
    )  # fmt: skip
    write_mail(turn, mail, letter)
    return mail
