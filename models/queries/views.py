"""PURE. What readers get to see: one view model per noun, instants in ISO 8601 UTC. Refuses to fetch anything."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

StateName = Literal["work_in_progress", "on_hold", "wrap_up", "closed_complete", "closed_abandoned"]


class CustomerBrief(BaseModel):
    id: str
    kind: str
    name: str


class AddressView(BaseModel):
    address: str
    primary: bool
    flagged: str | None = Field(description="Why mail to it failed for good, if it did (R20).")


class CustomerView(CustomerBrief):
    account: str
    phone: str
    language: str
    time_zone: str
    addresses: list[AddressView]
    created_at: datetime
    erased_at: datetime | None


class InteractionLine(BaseModel):
    """One line of a list."""

    number: str = Field(examples=["IMS0001042"])
    customer: CustomerBrief
    direction: str
    state: StateName
    state_label: str
    owner: str | None
    queue: str | None
    subject: str
    unread: int
    attention: str | None = Field(
        description="Why the owner must look: refused, bounced, complaint, uncertain or held_back."
    )
    first_sender: str | None
    follows: str | None = Field(description="The closed interaction this one continues (R22).")
    wrap_up_code: str | None
    seq: int = Field(description="Number of its latest event.")
    created_at: datetime
    activity_at: datetime
    last_event_at: datetime
    closed_at: datetime | None
    erased_at: datetime | None


class RunningClock(BaseModel):
    kind: str
    due_at: datetime
    why: str


class RevisionView(BaseModel):
    id: str
    number: int | None = Field(description="Place in the chain; null for a text that was kept beside it (R9).")
    base: int | None
    author: str
    cause: str
    conflict: bool
    content: dict[str, Any]
    saved_at: datetime


class DraftView(BaseModel):
    id: str
    interaction: str
    author: str
    state: str
    revision: int
    written: bool
    stale: bool = Field(description="Something happened on the interaction since its author last opened it (R12).")
    content: dict[str, Any]
    created_at: datetime
    touched_at: datetime


class DeliveryView(BaseModel):
    """One envelope recipient, with the server's own words."""

    id: str
    role: str
    address: str
    state: str
    attempts: int
    reply_code: int | None
    reply_text: str | None
    server: str | None
    next_at: datetime | None
    held: str | None = Field(description="The recipient domain whose limit holds it back until then (R14).")
    settled_at: datetime | None


class MailView(BaseModel):
    id: str
    interaction: str
    draft: str | None
    kind: str
    sender: str | None
    state: str
    message_id: str
    from_address: str
    subject: str
    size: int
    queued_at: datetime
    leave_at: datetime
    sent_at: datetime | None
    deliveries: list[DeliveryView]


class IncomingView(BaseModel):
    id: str
    interaction: str | None
    kind: str
    state: str
    third_party: bool
    stopped: str
    sender_check: str
    authentication: dict[str, str]
    matched_by: str | None
    from_address: str
    from_name: str
    envelope_from: str
    envelope_to: str
    subject: str
    message_id: str | None
    text: str
    quoted: str
    html: str
    attachments: list[Any]
    received_at: datetime


class NoteView(BaseModel):
    id: str
    author: str
    text: str
    written_at: datetime


class EventView(BaseModel):
    """One change and its cause (R31)."""

    id: int
    interaction: str | None
    seq: int | None
    type: str
    at: datetime
    actor: str | None
    cause: str
    cause_id: str | None
    why: str
    changes: dict[str, Any] | None
    data: Any


class InteractionView(InteractionLine):
    """An interaction with everything on it."""

    who: CustomerView
    drafts: list[DraftView]
    mails: list[MailView]
    incoming: list[IncomingView]
    notes: list[NoteView]
    clocks: list[RunningClock]
    history: list[EventView] = Field(description="The latest events; all of them under /history.")


class StreamItem(BaseModel):
    """One happening on the activity stream (R30)."""

    kind: Literal["mail", "incoming", "note", "change"]
    at: datetime
    id: str
    mail: MailView | None = None
    incoming: IncomingView | None = None
    note: NoteView | None = None
    change: EventView | None = None


class Because(BaseModel):
    """Why a field is what it is: every event that changed it, oldest first; the last one is the direct cause (R31)."""

    interaction: str
    field: str
    value: Any
    chain: list[EventView]


class CommandView(BaseModel):
    """A command that was accepted, and what became of it."""

    id: str
    type: str
    agent: str | None
    state: Literal["accepted", "done", "rejected", "dead"]
    accepted_at: datetime
    decided_at: datetime | None
    code: str | None
    sentence: str | None
    result: Any
    interaction: str | None


class TemplateView(BaseModel):
    name: str
    subject: str
    text: str
    html: str


class Rendered(BaseModel):
    """A template with its variables filled in; what has no value stays as it was and is named."""

    subject: str
    text: str
    html: str
    unknown: list[str]


class SuppressionView(BaseModel):
    address: str
    scope: str
    reason: str
    source: str
    created_at: datetime
    expires_at: datetime | None


class PauseView(BaseModel):
    """Sending stands still for a sending domain, or for all (``*``)."""

    domain: str
    reason: str
    since_at: datetime


class ReminderPreview(BaseModel):
    """The next reminder of an interaction, in the very words it would have."""

    interaction: str
    step: int = Field(description="Which of the sequence it is, from 1.")
    of: int = Field(description="How many the sequence has.")
    due_at: datetime | None = Field(default=None, description="Null where no reminder is waiting.")
    why: str = Field(default="", description="Why then, or why none is waiting.")
    held: list[str] = Field(default=[], description="What would keep it from leaving, if it were due now.")
    to: list[str] = []
    left_out: list[str] = Field(default=[], description="Addresses that get none, and why.")
    template: str | None = None
    subject: str = ""
    text: str = ""
    html: str = ""
    unknown: list[str] = Field(default=[], description="Variables of the template without a value.")


class DeadLetterView(BaseModel):
    id: str
    queue: str
    principal: str | None = Field(description="Whose it is, where that was found out before it died.")
    amqp_user: str | None = Field(description="Whom the broker vouched for.")
    reason: str
    size: int
    body: str = Field(description="The beginning of the message; bytes that are no text are shown as \\xNN.")
    died_at: datetime
    replayed_at: datetime | None
