"""PURE. Happenings in the words of the people who work here: what changed, from what to what, and who or what caused it (R31)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.lifecycle import State
from models.queries.views import EventView, InteractionView
from producers.workspace import words

FIELDS = {
    "state": "State", "owner": "Owner", "queue": "Queue", "subject": "Subject", "wrap_up_code": "Wrap-up code",
    "attention": "Needs attention", "unread": "Unread answers", "away_until": "Away until", "follows": "Continues",
    "reminders_done": "Reminders done", "reminders_stopped": "Reminders stopped", "closed_at": "Closed",
}  # fmt: skip
SYSTEM = ("postroom", "mailroom")
CAUSES = {"clock": "the clock", "mail": "a mail that came in", "delivery": "a delivery", "command": "a command"}


@dataclass(frozen=True, slots=True)
class Change:
    """One field, before and after; ``field`` is what `why` is asked for."""

    field: str
    label: str
    before: str
    after: str


def changes(event: EventView, names: Mapping[str, str]) -> list[Change]:
    """What a reader cares about of an event's changes."""
    found = event.changes or {}
    return [
        Change(field, label, said(field, found[field][0], names), said(field, found[field][1], names))
        for field, label in FIELDS.items()
        if field in found
    ]


def said(field: str, value: Any, names: Mapping[str, str]) -> str:
    """A field's value as people say it."""
    if value is None or value == "":
        return "nothing" if field != "owner" else "nobody"
    if field == "state":
        return State(value).label
    if field == "owner":
        return names.get(value, str(value))
    if field == "attention":
        return words.attention(str(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)[:19].replace("T", " ") if field.endswith(("_at", "_until")) else str(value)


def by_whom(event: EventView, names: Mapping[str, str]) -> str:
    """A person, or what happened by itself."""
    if event.actor and event.actor not in SYSTEM:
        return names.get(event.actor, event.actor)
    return CAUSES["mail"] if event.actor == "mailroom" else CAUSES.get(event.cause, event.cause)


def cause(event: EventView) -> str:
    """What caused it, by the name under which the rows know it."""
    named = words.clock(event.cause_id) if event.cause == "clock" and event.cause_id else event.cause_id
    return f"{event.cause} {named}" if named else event.cause


def standing(it: InteractionView, me: str) -> str:
    """Where the conversation stands, in a sentence; empty where the page says it elsewhere."""
    who = it.customer.name or "the customer"
    state = State(it.state)
    if state.is_closed:
        return f"This interaction is closed. A new mail to {who} begins a new one."
    if state is State.ON_HOLD:
        return f"Waiting for an answer from {who}."
    if state is not State.WORK_IN_PROGRESS:
        return ""
    if any(mail.kind == "human" for mail in it.incoming):
        return _answered(it, who, me)
    return "" if it.mails else "Nothing was sent yet."


def _answered(it: InteractionView, who: str, me: str) -> str:
    whose = "you" if it.owner == me else "its owner"
    return f"{who[:1].upper()}{who[1:]} wrote. It is for {whose} to write back, or to close."
