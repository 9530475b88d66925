"""The reminder that would leave next, before it leaves: when and why, to whom, in which words, and what holds it back (R24)."""

from __future__ import annotations

from datetime import datetime

from models import addresses, reminders
from models import tables as t
from models.clocks import facts_of
from models.lifecycle import State
from models.policy import ClockKind, running
from models.queries import interactions
from models.queries.views import ReminderPreview
from models.settings import Settings


def preview(number: str, settings: Settings, now: datetime) -> ReminderPreview:
    """With the very words it would have if it left now; without any where none is waiting. Raises `Rejected` ``not_found``."""
    interaction = interactions.find(number)
    due = running(facts_of(interaction), settings).get(ClockKind.REMINDER)
    latest = reminders.latest_mail(interaction)
    found = ReminderPreview(interaction=number, step=interaction.reminders_done + 1, of=len(settings.reminder_periods))
    if due is None or latest is None:
        return found.model_copy(update={"why": _why_none(interaction, settings)})
    to, silent = reminders.recipients(latest, now)
    words = reminders.wording(interaction, latest, found.step, settings)
    held = [*_late(interaction, due.at, settings, now), *_held(latest, to, settings, now)]
    return found.model_copy(
        update={
            "due_at": due.at, "why": due.why, "held": held, "to": to, "left_out": [_left_out(row) for row in silent],
            "template": reminders.template_of(interaction.kind, found.step).name,
            "subject": words.subject, "text": words.text, "html": words.html, "unknown": words.unknown,
        }
    )  # fmt: skip


def _why_none(interaction: t.Interaction, settings: Settings) -> str:
    if not settings.reminder_periods:
        return "Reminders are off: POSTROOM_REMINDER_AFTER is empty."
    if interaction.state != State.ON_HOLD:
        return f"The interaction is {State(interaction.state).label}: nobody waits for the customer."
    if interaction.reminders_stopped:
        return f"Stopped: {_what_stopped(interaction)}"
    return f"All {len(settings.reminder_periods)} reminders of the sequence were sent or skipped."


def _what_stopped(interaction: t.Interaction) -> str:
    """History's own words for it."""
    events = t.Event.select(t.Event.why, t.Event.changes).where(t.Event.interaction == interaction.id)
    stops = (row.why for row in events.order_by(t.Event.seq.desc()) if "reminders_stopped" in (row.changes or {}))
    return next(stops, "history says why.")


def _late(interaction: t.Interaction, due_at: datetime, settings: Settings, now: datetime) -> list[str]:
    open_at = reminders.open_at(interaction, settings, now) if due_at <= now else None
    return [f"It is late and outside business hours; it waits until {open_at:%Y-%m-%d %H:%M} UTC."] if open_at else []


def _held(latest: t.Mail, to: list[str], settings: Settings, now: datetime) -> list[str]:
    """What would keep it from leaving, if it were due now."""
    found = []
    if not to:
        found.append("Nobody is left to be reminded; the step will be skipped.")
    full_until = reminders.free_at([addresses.key(address) for address in to], settings, now)
    if full_until is not None:
        found.append(f"A recipient had all reminders of a day; it waits until {full_until:%Y-%m-%d %H:%M} UTC.")
    domains = ("*", addresses.domain_of(reminders.sender(latest, settings)))
    found += [f"Sending is paused: {row.reason}" for row in t.Pause.select().where(t.Pause.domain.in_(domains))]
    return found


def _left_out(row: t.Suppression) -> str:
    until = f" until {row.expires_at:%Y-%m-%d}" if row.expires_at else ""
    return f"{row.address_key}: {row.reason} ({row.source}{until})"
