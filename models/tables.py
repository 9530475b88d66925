"""The rows: what is true, as peewee models. No database is bound here and nothing is decided here.

A row that still promises something (a command, a delivery, a clock, an event) carries its state and its next time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import peewee as pw

from models.lifecycle import OPEN, State


class InstantField(pw.Field):
    """An aware instant, kept in UTC; naive values are refused instead of guessed."""

    field_type = "INSTANT"

    def db_value(self, value: datetime | None) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{self.name}: an instant needs a time zone, got {value!r}")
        return value.astimezone(UTC).isoformat(sep=" ", timespec="microseconds")

    def python_value(self, value: Any) -> datetime | None:
        if value is None:
            return None
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
        return found.astimezone(UTC)


class JsonField(pw.TextField):
    """JSON as text with sorted keys: the same value is the same text on every database."""

    def db_value(self, value: Any) -> str | None:
        return None if value is None else json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    def python_value(self, value: str | None) -> Any:
        return None if value is None else json.loads(value)


class Row(pw.Model):
    class Meta:
        legacy_table_names = False


class Principal(Row):
    """Who may act (R2)."""

    id = pw.TextField(primary_key=True)
    role = pw.TextField()
    name = pw.TextField()
    address = pw.TextField(default="")
    signature = pw.TextField(default="")
    amqp_user = pw.TextField(null=True, unique=True)
    active = pw.BooleanField(default=True)
    absent = pw.BooleanField(default=False)


class BearerToken(Row):
    """A token's digest, never the token."""

    id = pw.TextField(primary_key=True)
    digest = pw.TextField(unique=True)
    principal = pw.TextField(index=True)
    created_at = InstantField()
    expires_at = InstantField(null=True)
    revoked_at = InstantField(null=True)


class Password(Row):
    """How a person signs in to the workspace: a hash that says its own parameters, never the password."""

    principal = pw.TextField(primary_key=True)
    hash = pw.TextField()
    changed_at = InstantField()


class EndedSession(Row):
    """A session somebody signed out of: its cookie opens nothing any more, whoever holds a copy."""

    digest = pw.TextField(primary_key=True)
    until_at = InstantField()


class Command(Row):
    """A wish that was accepted: decided, rejected, dead, or still owed an answer (R33-R37)."""

    id = pw.BigAutoField()
    principal = pw.TextField()
    command_id = pw.TextField()
    type = pw.TextField()
    digest = pw.TextField()
    agent = pw.TextField(null=True)
    wire = pw.TextField(null=True)  # the canonical text; emptied once the words live in their own rows
    door = pw.TextField()
    state = pw.TextField()  # accepted | done | rejected | dead
    touches = pw.TextField(null=True)
    accepted_at = InstantField()
    attempts = pw.IntegerField(default=0)
    publish_at = InstantField(null=True)
    waits_on = pw.TextField(null=True)
    error = pw.TextField(null=True)
    decided_at = InstantField(null=True)
    code = pw.TextField(null=True)
    sentence = pw.TextField(null=True)
    result = JsonField(null=True)
    interaction = pw.BigIntegerField(null=True)
    through = pw.IntegerField(null=True)  # number of the interaction's last event when this was decided
    announced = pw.BooleanField(default=False)

    class Meta:
        indexes = ((("principal", "command_id"), True),)


class Customer(Row):
    id = pw.TextField(primary_key=True)
    kind = pw.TextField()
    name = pw.TextField()
    search = pw.TextField(default="")  # lower-case name, phone digits and addresses, for look-up (R30)
    sort_key = pw.TextField(default="")  # the beginning of the lower-case name: what lists are sorted by
    account = pw.TextField(default="")
    phone = pw.TextField(default="")
    language = pw.TextField(default="")
    time_zone = pw.TextField(default="")
    guest_key = pw.TextField(null=True, unique=True)
    created_at = InstantField()
    erased_at = InstantField(null=True)

    class Meta:
        indexes = ((("sort_key", "id"), False),)


class CustomerAddress(Row):
    id = pw.BigAutoField()
    customer = pw.TextField(index=True)
    address = pw.TextField()
    key = pw.TextField(index=True)
    position = pw.IntegerField(default=0)  # 0 is the primary one
    flagged = pw.TextField(null=True)  # why mail to it failed for good (R20)


class Interaction(Row):
    """One conversation with one customer about one matter."""

    id = pw.BigAutoField()
    customer = pw.TextField()
    kind = pw.TextField()
    direction = pw.TextField(default="outbound")
    state = pw.TextField()
    owner = pw.TextField(null=True)
    owner_draft = pw.TextField(null=True)  # the draft whose compose made the owner (R5)
    queue = pw.TextField(null=True)
    consolidation_key = pw.TextField(null=True, unique=True)  # R4: emptied at the first acceptance or at closing
    subject = pw.TextField(default="")
    seq = pw.IntegerField(default=0)  # number of the latest event
    unread = pw.IntegerField(default=0)
    attention = pw.TextField(null=True)  # refused | bounced | complaint | uncertain | held_back: the owner must look
    first_sender = pw.TextField(null=True)
    created_at = InstantField()
    activity_at = InstantField()
    last_event_at = InstantField()
    first_accepted_at = InstantField(null=True)
    agent_mail_at = InstantField(null=True)
    received_at = InstantField(null=True)  # first human mail in
    reply_at = InstantField(null=True)
    reply_seq = pw.IntegerField(null=True)
    away_until = InstantField(null=True)
    reminders_done = pw.IntegerField(default=0)
    reminders_stopped = pw.BooleanField(default=False)
    reminded_at = InstantField(null=True)  # when the latest reminder was queued
    time_zone = pw.TextField(default="")  # the customer's; empty: the default one (R24)
    wrap_up_at = InstantField(null=True)
    wrap_up_code = pw.TextField(null=True)
    closed_at = InstantField(null=True)
    follows = pw.BigIntegerField(null=True)  # the closed interaction this one continues (R22)
    erased_at = InstantField(null=True)

    class Meta:
        indexes = (
            (("state", "last_event_at"), False),
            (("owner", "state", "last_event_at"), False),
            (("customer", "state", "last_event_at"), False),
        )

    @property
    def number(self) -> str:
        return number_of(self.id)


class Draft(Row):
    id = pw.TextField(primary_key=True)
    interaction = pw.BigIntegerField(index=True)
    author = pw.TextField()
    state = pw.TextField()  # open | queued | sent | discarded
    revision = pw.IntegerField()
    written = pw.BooleanField(default=False)  # anything beyond what the product filled in
    composed_seq = pw.IntegerField()  # event number of the latest compose that made or returned it
    seen_seq = pw.IntegerField()  # what its author had before them when they last opened it (R12)
    created_at = InstantField()
    touched_at = InstantField()


class DraftAlias(Row):
    """A draft id chosen by a producer; private to its principal (R10)."""

    principal = pw.TextField()
    name = pw.TextField()
    draft = pw.TextField(index=True)
    interaction = pw.BigIntegerField()

    class Meta:
        primary_key = pw.CompositeKey("principal", "name")


class Revision(Row):
    """What somebody wrote, for good (R8): in the chain with a number, or beside it because its base was stale (R9)."""

    id = pw.TextField(primary_key=True)
    draft = pw.TextField()
    number = pw.IntegerField(null=True)
    base = pw.IntegerField(null=True)
    author = pw.TextField()
    cause = pw.TextField()  # compose | save | conflict | restore | take_over
    content = JsonField()
    saved_at = InstantField()
    command = pw.TextField(null=True)

    class Meta:
        indexes = ((("draft", "number"), True),)


class Mail(Row):
    """One letter, its bytes fixed before the first attempt and kept for life (R13)."""

    id = pw.TextField(primary_key=True)
    interaction = pw.BigIntegerField(index=True)
    draft = pw.TextField(null=True, index=True)
    revision = pw.IntegerField(
        null=True
    )  # of the draft, whose words these are; it may be written on when the mail came to nothing
    kind = pw.TextField()  # agent | reminder
    sender = pw.TextField(null=True)
    state = pw.TextField()  # held | scheduled | queued | sending | sent | refused | uncertain | bounced | cancelled
    claimed = pw.BooleanField(default=False)  # some delivery was claimed once: no undo any more (R16)
    message_id = pw.TextField(unique=True)
    from_address = pw.TextField()
    subject = pw.TextField()
    blob = pw.TextField()
    size = pw.IntegerField()
    queued_at = InstantField()
    queued_seq = pw.IntegerField()
    claimed_seq = pw.IntegerField(null=True)
    leave_at = InstantField()
    sent_at = InstantField(null=True)


class Delivery(Row):
    """One envelope recipient of one mail (R14)."""

    id = pw.TextField(primary_key=True)
    mail = pw.TextField(index=True)
    interaction = pw.BigIntegerField()
    role = pw.TextField()  # to | cc | bcc
    address = pw.TextField()
    address_key = pw.TextField(index=True)
    # queued | claimed | transmitting | accepted | deferred | refused | uncertain | bounced | cancelled
    state = pw.TextField()
    attempt = pw.TextField(null=True)
    attempts = pw.IntegerField(default=0)
    lease_until = InstantField(null=True)
    first_at = InstantField(null=True)
    next_at = InstantField(null=True)
    publish_at = InstantField(null=True)
    published = pw.IntegerField(default=0)
    reply_code = pw.IntegerField(null=True)
    reply_text = pw.TextField(null=True)
    server = pw.TextField(null=True)
    settled_at = InstantField(null=True)
    held = pw.TextField(null=True)  # the recipient domain whose limit holds it back until ``next_at``


class ClockRow(Row):
    """A clock; it runs while ``due_at`` is set, which is never later than the truth the policy computes (R28)."""

    interaction = pw.BigIntegerField()
    kind = pw.TextField()
    due_at = InstantField(null=True)
    message_at = InstantField(null=True)  # when the one message on its way arrives
    publish_at = InstantField(null=True)  # when the sweeper, and nobody before, looks at it
    published = pw.IntegerField(default=0)

    class Meta:
        table_name = "clock"
        primary_key = pw.CompositeKey("interaction", "kind")


class Incoming(Row):
    """A mail that came in: the raw bytes are a blob, this is what was understood of them (R17-R22)."""

    id = pw.TextField(primary_key=True)
    blob = pw.TextField()
    shown = pw.TextField(unique=True)  # digest without trace headers, and where: copies are shown once (R21)
    envelope_from = pw.TextField()
    envelope_to = pw.TextField()
    interaction = pw.BigIntegerField(null=True, index=True)
    kind = pw.TextField()  # human | automatic | bounce | complaint | delivery_note | list
    state = pw.TextField()  # matched | unmatched | ignored
    third_party = pw.BooleanField(default=False)
    stopped = pw.TextField(default="")  # own_mail | too_many: it went in circles, nothing follows from it
    sender_check = pw.TextField(default="unknown")  # pass | fail | unknown: what our own border says of From (R21)
    authentication = JsonField(default=dict)  # its results by method: spf, dkim, dmarc
    matched_by = pw.TextField(null=True)
    from_address = pw.TextField(default="")
    from_name = pw.TextField(default="")
    subject = pw.TextField(default="")
    message_id = pw.TextField(null=True, index=True)
    text = pw.TextField(default="")
    quoted = pw.TextField(default="")
    html = pw.TextField(default="")
    attachments = JsonField(default=list)
    copies = JsonField(default=list)  # digests of the same mail's bytes that came with other trace headers (R21)
    received_at = InstantField()

    class Meta:
        indexes = ((("state", "received_at"), False), (("from_address", "received_at"), False))

    @property
    def blobs(self) -> set[str]:
        """Digests of all bytes that came with it."""
        return {self.blob, *self.copies, *(part["blob"] for part in self.attachments)} - {""}


class Blob(Row):
    """Bytes by their SHA-256; the same bytes are stored once."""

    sha256 = pw.TextField(primary_key=True)
    media_type = pw.TextField(default="application/octet-stream")
    size = pw.IntegerField()
    data = pw.BlobField()
    created_at = InstantField()


class BlobUse(Row):
    """Which conversation needs which bytes, so that erasing one (R39) takes no other's. Zero: mail not matched yet."""

    blob = pw.TextField()
    interaction = pw.BigIntegerField(index=True)

    class Meta:
        primary_key = pw.CompositeKey("blob", "interaction")


class Event(Row):
    """History and feed in one: every change, its cause, and the fields it changed (R31, R32)."""

    id = pw.BigAutoField()
    interaction = pw.BigIntegerField(null=True)
    seq = pw.IntegerField(null=True)  # gapless per interaction
    type = pw.TextField()
    at = InstantField()
    actor = pw.TextField(null=True)
    cause = pw.TextField()  # command | clock | mail | delivery
    cause_id = pw.TextField(null=True)
    why = pw.TextField()
    changes = JsonField(null=True)  # {field: [before, after]} of the interaction; replaying them rebuilds it
    data = JsonField(null=True)  # references only, never words or addresses (R39)
    announced = pw.BooleanField(default=False)

    class Meta:
        indexes = ((("interaction", "seq"), True),)


class Note(Row):
    id = pw.TextField(primary_key=True)
    interaction = pw.BigIntegerField(index=True)
    author = pw.TextField()
    text = pw.TextField()
    written_at = InstantField()


class Template(Row):
    name = pw.TextField(primary_key=True)
    subject = pw.TextField(default="")
    text = pw.TextField(default="")
    html = pw.TextField(default="")


class Suppression(Row):
    """An address that is not mailed, and why (R11, R20); a bounce that expires takes no unsubscription with it."""

    address_key = pw.TextField()
    scope = pw.TextField()  # all | reminders
    reason = pw.TextField()
    source = pw.TextField()
    created_at = InstantField()
    expires_at = InstantField(null=True)

    class Meta:
        primary_key = pw.CompositeKey("address_key", "scope")


class Pause(Row):
    """Sending stands still for a sending domain, or for all (``*``) (R38)."""

    domain = pw.TextField(primary_key=True)
    reason = pw.TextField()
    since_at = InstantField()


class Destination(Row):
    """The pace of mail to a recipient domain: by a limit of ours, or because its server asked for less (R14)."""

    domain = pw.TextField(primary_key=True)
    free_at = InstantField(null=True)  # when the next mail may leave
    line_ends_at = InstantField(null=True)  # when the last of those held back looks again
    slow_until = InstantField(null=True)
    slow_seconds = pw.IntegerField(default=0)  # between two mails until then
    said = pw.TextField(null=True)  # the code with which it asked


class DeadLetter(Row):
    """A message no handler could take, kept until somebody decides (R37)."""

    id = pw.TextField(primary_key=True)
    queue = pw.TextField()
    principal = pw.TextField(null=True)  # whose it is, where somebody had looked already
    amqp_user = pw.TextField(null=True)  # whom the broker vouched for; a name of the broker's, never one of ours
    body = pw.BlobField()
    reason = pw.TextField()
    died_at = InstantField()
    replayed_at = InstantField(null=True)


class Captured(Row):
    """What the built-in sink received, so that a demo shows what customers got."""

    id = pw.BigAutoField()
    envelope_from = pw.TextField()
    envelope_to = pw.TextField(index=True)
    data = pw.BlobField()
    captured_at = InstantField()


class Mailbox(Row):
    """How far a mailbox was read over IMAP, and which process reads it at present."""

    name = pw.TextField(primary_key=True)  # user@host:port/folder
    uid_validity = pw.BigIntegerField(null=True)  # other than the server's: it numbers its mails anew
    last_uid = pw.BigIntegerField(default=0)
    stuck = JsonField(default=dict)  # uid: why this mail could not be read; tried again with every new connection
    holder = pw.TextField(null=True)
    lease_until = InstantField(null=True)
    looked_at = InstantField(null=True)
    trouble = pw.TextField(null=True)  # why the latest attempt to read it ended


class SpentToken(Row):
    """A one-time token of a webhook and the mail it came with; with another mail it is a replay."""

    token = pw.TextField(primary_key=True)
    digest = pw.TextField()
    seen_at = InstantField(index=True)


class TurnedAway(Row):
    """How often a door for mail refused what came, and why: nobody else would ever tell."""

    door = pw.TextField()
    reason = pw.TextField()
    count = pw.IntegerField(default=1)
    latest_at = InstantField()

    class Meta:
        primary_key = pw.CompositeKey("door", "reason")


class Meta(Row):
    """Facts about this database itself, by name."""

    name = pw.TextField(primary_key=True)
    value = pw.TextField()


def number_of(interaction_id: int) -> str:
    """The readable number of R1."""
    return f"IMS{interaction_id:07d}"


def id_of(number: str) -> int:
    """The row of a readable number; 0, which no row has, for what is none."""
    return int(number[3:]) if _NUMBER.fullmatch(number) else 0


_NUMBER = re.compile("IMS[0-9]{1,18}")  # more digits fit into no column
SUBJECT_KEY = pw.fn.LOWER(pw.fn.SUBSTR(Interaction.subject, pw.SQL("1"), pw.SQL("80")))


def sort_key(name: str) -> str:
    """Short enough for any index, whatever somebody is called."""
    return name.lower()[:80]


def among(states: Iterable[State]) -> str:
    """As literal text: an index over some states is used only by who names them in the same words."""
    return f"IN ({', '.join(repr(state.value) for state in sorted(states))})"


def partial_index(model: type[Row], *fields: Any, name: str, where: str) -> pw.Index:
    """An index over the promises only: it stays small however much history there is."""
    return pw.ModelIndex(model, fields, name=name).where(pw.SQL(where))


ALL: tuple[type[Row], ...] = (
    Principal, BearerToken, Password, EndedSession, Command, Customer, CustomerAddress, Interaction, Draft, DraftAlias, Revision,
    Mail, Delivery, ClockRow, Incoming, Blob, BlobUse, Event, Note, Template, Suppression, Pause, Destination,
    DeadLetter, Captured, Mailbox, SpentToken, TurnedAway, Meta,
)  # fmt: skip

_OPEN, _CLOSED = f"state {among(OPEN)}", f"state {among(set(State) - OPEN)}"
PROMISES: tuple[pw.Index, ...] = (
    partial_index(Command, Command.publish_at, name="command_owed", where="state = 'accepted'"),
    partial_index(Command, Command.touches, name="command_touching", where="state = 'accepted'"),
    partial_index(Command, Command.waits_on, name="command_waiting", where="waits_on IS NOT NULL"),
    partial_index(Command, Command.id, name="command_unannounced", where="announced = false AND state <> 'accepted'"),
    partial_index(Delivery, Delivery.publish_at, name="delivery_owed", where="publish_at IS NOT NULL"),
    partial_index(Delivery, Delivery.lease_until, name="delivery_in_hand", where="lease_until IS NOT NULL"),
    partial_index(
        Delivery,
        Delivery.held,
        Delivery.next_at,
        name="delivery_held",
        where="held IS NOT NULL AND state IN ('queued', 'deferred')",
    ),
    partial_index(ClockRow, ClockRow.publish_at, name="clock_owed", where="publish_at IS NOT NULL"),
    partial_index(Event, Event.id, name="event_unannounced", where="announced = false"),
    partial_index(
        Interaction,
        Interaction.owner,
        Interaction.last_event_at,
        name="interaction_calling",
        where="unread > 0 OR attention IS NOT NULL",
    ),
    partial_index(Draft, Draft.author, Draft.touched_at, name="draft_at_work", where="state = 'open'"),
    partial_index(
        Interaction,
        Interaction.queue,
        Interaction.state,
        Interaction.last_event_at,
        name="interaction_queued",
        where="owner IS NULL",
    ),
    partial_index(Incoming, Incoming.received_at, Incoming.stopped, name="incoming_stopped", where="stopped <> ''"),
    partial_index(Interaction, Interaction.follows, name="interaction_following", where="follows IS NOT NULL"),
    partial_index(Interaction, Interaction.id, name="interaction_open", where=_OPEN),
    partial_index(Interaction, SUBJECT_KEY, Interaction.id, name="interaction_open_subject", where=_OPEN),
    partial_index(Interaction, SUBJECT_KEY, Interaction.id, name="interaction_closed_subject", where=_CLOSED),
)
