"""PURE. The wire contract: one frozen type per command, versioned; the JSON Schema in the docs is made from these types.

Refuses to know doors, rows or rights: a value of these types is well-formed, nothing more.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from models import addresses, tokens
from models.errors import Malformed

VERSION = 1
TEXT_LIMIT = 1_000_000

Kind = Literal["contact", "consumer", "guest"]


def _one_line(value: str) -> str:
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in value):
        raise ValueError("must be one line without control characters")
    return value


def _writable(value: str) -> str:
    if "\x00" in value:
        raise ValueError("must not contain the NUL character")
    return value


Id = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]*$")]
Number = Annotated[str, Field(pattern=r"^IMS[0-9]{7,18}$", examples=["IMS0001042"])]
Line = Annotated[str, Field(max_length=998), AfterValidator(_one_line)]
Name = Annotated[str, Field(max_length=200), AfterValidator(_one_line)]
Text = Annotated[str, Field(max_length=TEXT_LIMIT), AfterValidator(_writable)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
# A half-typed address is a word of somebody's too: drafts take any line, `send` checks the addresses (R11).
Addresses = Annotated[
    tuple[Annotated[str, Field(max_length=320), AfterValidator(_one_line)], ...], Field(max_length=100)
]
OneAddress = Annotated[str, Field(min_length=3, max_length=320), AfterValidator(_one_line)]
NonNegative = Annotated[timedelta, Field(ge=timedelta(0), le=timedelta(days=366))]


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Attachment(Strict):
    """A reference to bytes uploaded before (``PUT /v1/blobs``); bytes never travel in commands."""

    blob: Sha256
    name: Name
    media_type: Annotated[str, Field(max_length=127, pattern=r"^[A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+$")] = (
        "application/octet-stream"
    )
    inline_id: Annotated[str, Field(max_length=100, pattern=r"^[A-Za-z0-9._-]+$")] | None = None


class Content(Strict):
    """What an agent writes. A field left out (or null) stays as it is in the draft."""

    from_address: OneAddress | None = None
    to: Addresses | None = None
    cc: Addresses | None = None
    bcc: Addresses | None = None
    subject: Line | None = None
    text: Text | None = None
    html: Text | None = None
    attachments: Annotated[tuple[Attachment, ...], Field(max_length=100)] | None = None


class Body(Strict):
    """Base of the bodies; ``type_name`` is the command's name on the wire."""

    type_name: ClassVar[str]

    def touches(self) -> str | None:
        """What accepted-but-undecided work this is about, for the clocks that must yield to it (R25)."""
        draft, number = getattr(self, "draft", None), getattr(self, "interaction", None)
        return f"draft:{draft}" if draft else f"interaction:{number}" if number else None


class Compose(Body):
    """Start, or join, the outbound interaction with a customer (R1, R4, R10); with content and ``send`` do it all (R33).

    Name the customer by id, or give a bare ``address``: its customer is found, or a guest is created.
    """

    type_name: ClassVar[str] = "compose"
    customer: Id | None = None
    address: OneAddress | None = None
    draft: Id | None = Field(default=None, description="An id of the producer's own choice for the draft.")
    new_draft: bool = False
    content: Content | None = None
    send: bool = False
    hold: NonNegative | None = None
    send_at: AwareDatetime | None = None
    from_address: OneAddress | None = None
    confirm: bool = False

    @model_validator(mode="after")
    def _names_someone(self) -> Compose:
        if self.customer is None and self.address is None:
            raise ValueError("give a customer or an address")
        return self

    def touches(self) -> str | None:
        return f"customer:{self.customer}" if self.customer else f"address:{addresses.key(str(self.address))}"


class OpenDraft(Body):
    """The agent looks at the draft in an editor: restarts the abandonment clock (R25) and refreshes R12's view."""

    type_name: ClassVar[str] = "open_draft"
    draft: Id
    seen: Annotated[int, Field(ge=0)] | None = Field(
        default=None,
        description="Up to which event of the interaction its author has read; left out: everything so far.",
    )


class SaveDraft(Body):
    """Keep what was written (R8, R9). ``base_revision`` is the number of the revision it was written on."""

    type_name: ClassVar[str] = "save_draft"
    draft: Id
    base_revision: Annotated[int, Field(ge=1, le=10_000_000)]
    content: Content


class DiscardDraft(Body):
    """Put the draft away; its revisions stay readable (R8). The last draft of an unsent interaction closes it (R25)."""

    type_name: ClassVar[str] = "discard_draft"
    draft: Id


class LeaveDraft(Body):
    """The composer was left: a draft in which nothing was ever written is discarded, any other stays (R25)."""

    type_name: ClassVar[str] = "leave_draft"
    draft: Id


class TakeOverDraft(Body):
    """Make a colleague's draft one's own, with all its revisions (R8)."""

    type_name: ClassVar[str] = "take_over_draft"
    draft: Id


class RestoreRevision(Body):
    """Make an earlier revision, or a conflicting text that was kept, the newest again (R8, R9)."""

    type_name: ClassVar[str] = "restore_revision"
    draft: Id
    revision: Id


class Send(Body):
    """Send the draft as it is in ``revision`` (R11-R16)."""

    type_name: ClassVar[str] = "send"
    draft: Id
    revision: Annotated[int, Field(ge=1, le=10_000_000)]
    hold: NonNegative | None = Field(default=None, description="Undo period; the workspace default if left out (R16).")
    send_at: AwareDatetime | None = None
    from_address: OneAddress | None = None
    confirm: bool = Field(default=False, description="Send although the conversation moved on meanwhile (R12).")


class CancelSend(Body):
    """Undo a send that no worker has claimed yet (R16)."""

    type_name: ClassVar[str] = "cancel_send"
    mail: Id

    def touches(self) -> str | None:
        return f"mail:{self.mail}"


class ComposeReply(Body):
    """A further draft on an interaction, with the customer's address and the thread's subject (R23)."""

    type_name: ClassVar[str] = "compose_reply"
    interaction: Number
    draft: Id | None = None
    new_draft: bool = False
    reply_all: bool = False
    content: Content | None = None
    send: bool = False
    hold: NonNegative | None = None
    send_at: AwareDatetime | None = None
    from_address: OneAddress | None = None
    confirm: bool = False

    def touches(self) -> str | None:
        return f"interaction:{self.interaction}"


class ReceiveMail(Body):
    """A mail has come in; its raw bytes are stored already, as ``blob`` (R17-R22)."""

    type_name: ClassVar[str] = "receive_mail"
    blob: Sha256
    envelope_from: Annotated[str, Field(max_length=320), AfterValidator(_one_line)] = ""
    envelope_to: Annotated[str, Field(max_length=320), AfterValidator(_one_line)]

    def touches(self) -> str | None:
        return tokens.hint(self.envelope_to)


class MarkRead(Body):
    """The owner has seen what came in: clears the unread counter (R18)."""

    type_name: ClassVar[str] = "mark_read"
    interaction: Number


class ResolveUncertain(Body):
    """An agent decides about a delivery nobody knows the end of: send again, or take it as sent (R14)."""

    type_name: ClassVar[str] = "resolve_uncertain"
    delivery: Id
    outcome: Literal["resend", "sent"]


class SkipReminder(Body):
    """The next reminder of this interaction is not sent (R24)."""

    type_name: ClassVar[str] = "skip_reminder"
    interaction: Number


class AttachUnmatched(Body):
    """Put an unmatched mail on an interaction, or on a new one of the agent's with whoever wrote it (R21)."""

    type_name: ClassVar[str] = "attach_unmatched"
    incoming: Id
    interaction: Number | None = Field(default=None, description="A new one, if left out.")


class IgnoreUnmatched(Body):
    """Take an unmatched mail off the list; it is kept (R21)."""

    type_name: ClassVar[str] = "ignore_unmatched"
    incoming: Id


class SuppressAddress(Body):
    """No mail to this address until lifted or expired (R11)."""

    type_name: ClassVar[str] = "suppress_address"
    address: OneAddress
    scope: Literal["all", "reminders"] = "all"
    reason: Name
    expires_at: AwareDatetime | None = None

    def touches(self) -> str | None:
        return f"address:{addresses.key(self.address)}"


class Unsubscribe(Body):
    """No reminders any more for whom a reminder went to, by the token in its link (RFC 8058); doors ask for it."""

    type_name: ClassVar[str] = "unsubscribe"
    token: Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_one_line)]


class LiftSuppression(Body):
    """Mail to this address is allowed again (R11)."""

    type_name: ClassVar[str] = "lift_suppression"
    address: OneAddress
    scope: Literal["all", "reminders"] | None = Field(
        default=None, description="Only this one; whatever there is, if left out."
    )

    def touches(self) -> str | None:
        return f"address:{addresses.key(self.address)}"


class Close(Body):
    """To wrap-up, or straight to Closed Abandoned if no mail was ever exchanged (R27)."""

    type_name: ClassVar[str] = "close"
    interaction: Number
    confirm: bool = Field(default=False, description="Cancel mail that is still on its way.")


class SubmitWrapUp(Body):
    """Close with a configured code (R27)."""

    type_name: ClassVar[str] = "submit_wrap_up"
    interaction: Number
    code: Name


class Transfer(Body):
    """Hand the interaction to an agent or to a queue (R29)."""

    type_name: ClassVar[str] = "transfer"
    interaction: Number
    to_agent: Id | None = None
    to_queue: Name | None = None

    @model_validator(mode="after")
    def _one_target(self) -> Transfer:
        if (self.to_agent is None) == (self.to_queue is None):
            raise ValueError("give exactly one of to_agent and to_queue")
        return self


class AddWorkNote(Body):
    """A note for colleagues, never seen by the customer (R29)."""

    type_name: ClassVar[str] = "add_work_note"
    interaction: Number
    text: Annotated[Text, Field(min_length=1)]


class Address(Strict):
    address: OneAddress
    primary: bool = False


class UpsertCustomer(Body):
    """Create or change a contact, consumer or guest record; the addresses given replace the former ones."""

    type_name: ClassVar[str] = "upsert_customer"
    customer: Id
    kind: Kind
    name: Name
    account: Name = ""
    phone: Annotated[str, Field(max_length=50), AfterValidator(_one_line)] = ""
    language: Annotated[str, Field(max_length=35, pattern=r"^[A-Za-z0-9-]*$")] = ""
    time_zone: Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_+/-]*$")] = ""
    addresses: Annotated[tuple[Address, ...], Field(max_length=20)] = ()

    def touches(self) -> str | None:
        return f"customer:{self.customer}"


class EraseCustomer(Body):
    """Erase texts and addresses of a customer; the history stays, it holds references only (R39)."""

    type_name: ClassVar[str] = "erase_customer"
    customer: Id

    def touches(self) -> str | None:
        return f"customer:{self.customer}"


class UpsertTemplate(Body):
    """A response template with ``$variables`` (R29), or the text of a reminder (name ``reminder.contact`` and so on, R24)."""

    type_name: ClassVar[str] = "upsert_template"
    name: Id
    subject: Line = ""
    text: Text = ""
    html: Text = ""


class UpsertPrincipal(Body):
    """Create or change who may act; an absent or inactive agent gets no replies of closed interactions (R2, R22)."""

    type_name: ClassVar[str] = "upsert_principal"
    principal: Id
    role: Literal["agent", "manager", "admin", "service"]
    name: Name
    address: Annotated[str, Field(max_length=320), AfterValidator(_one_line)] = ""
    signature: Text = ""
    amqp_user: Name | None = None
    active: bool = True
    absent: bool = False


class SetPresence(Body):
    """Say that an agent is away, or back: open work of who is away goes to the queue, and does not come back by itself."""

    type_name: ClassVar[str] = "set_presence"
    principal: Id | None = Field(default=None, description="The agent; whoever asks, if left out.")
    absent: bool


class DeactivateAgent(Body):
    """Refuse somebody at every door from now on; their open work goes to the queue, their drafts stay (R8)."""

    type_name: ClassVar[str] = "deactivate_agent"
    principal: Id


class ReleaseWork(Body):
    """Put what an absent or deactivated agent still owns into the queue, a batch at a time; the two above ask for it."""

    type_name: ClassVar[str] = "release_work"
    principal: Id


class SetSignature(Body):
    """The agent's own signature, below what they write from now on (R29)."""

    type_name: ClassVar[str] = "set_signature"
    signature: Annotated[Text, Field(max_length=5_000)]


class PauseSending(Body):
    """Stop all mail, or all mail from one sending domain, before the next claim (R38)."""

    type_name: ClassVar[str] = "pause_sending"
    domain: Annotated[str, Field(max_length=253), AfterValidator(_one_line)] = "*"
    reason: Name


class ResumeSending(Body):
    """Let paused mail go on (R38)."""

    type_name: ClassVar[str] = "resume_sending"
    domain: Annotated[str, Field(max_length=253), AfterValidator(_one_line)] = "*"


BODIES: dict[str, type[Body]] = {
    body.type_name: body
    for body in (
        Compose, OpenDraft, SaveDraft, DiscardDraft, LeaveDraft, TakeOverDraft, RestoreRevision,
        Send, CancelSend, ComposeReply, ReceiveMail, MarkRead, ResolveUncertain, SkipReminder,
        AttachUnmatched, IgnoreUnmatched, SuppressAddress, Unsubscribe, LiftSuppression, Close, SubmitWrapUp,
        Transfer, AddWorkNote, UpsertCustomer, EraseCustomer, UpsertTemplate, UpsertPrincipal, SetSignature,
        SetPresence, DeactivateAgent, ReleaseWork,
        PauseSending, ResumeSending,
    )
}  # fmt: skip


class Envelope(Strict):
    """What every command carries. The principal is never in it: the door knows who is asking (R2)."""

    version: Literal[1]
    id: Id = Field(
        description="Chosen by the producer, unique per principal; the same id again is the same command (R33)."
    )
    type: str
    agent: Id | None = Field(default=None, description="The agent a service acts for (R2).")
    body: dict[str, Any]


class Command(BaseModel):
    """A well-formed command."""

    model_config = ConfigDict(frozen=True)
    id: str
    type: str
    agent: str | None
    body: Body

    def as_json(self) -> str:
        """The one canonical text of this command: equal commands have equal texts, whatever the door."""
        body = self.body.model_dump(mode="json", exclude_defaults=True)
        wire = {"version": VERSION, "id": self.id, "type": self.type, "agent": self.agent, "body": body}
        return json.dumps(wire, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    def digest(self) -> str:
        """Tells the same command again from another one under its id (R33)."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()


def parse(raw: bytes | str) -> Command:
    """Read a command from JSON; raises `Malformed` with the field's path and a sentence."""
    try:
        text = raw.decode("utf-8") if isinstance(raw, bytes) else raw
        return read(json.loads(text, parse_constant=_no_constant))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Malformed(f"The message is no JSON in UTF-8: {error}.", code="not_json") from None


def read(wire: object) -> Command:
    """Read a command from decoded JSON; raises `Malformed` with the field's path and a sentence."""
    if not isinstance(wire, dict):
        raise Malformed("A command is a JSON object with version, id, type and body.")
    try:
        envelope = Envelope.model_validate(wire)
        body_type = BODIES.get(envelope.type)
        if body_type is None:
            raise Malformed(
                f"There is no command {envelope.type[:60]!r}; known are {', '.join(sorted(BODIES))}.",
                code="unknown_type", field="type",
            )  # fmt: skip
        body = body_type.model_validate_json(json.dumps(envelope.body))
    except ValidationError as error:
        raise _malformed(error, in_body="envelope" in locals()) from None
    return Command(id=envelope.id, type=envelope.type, agent=envelope.agent, body=body)


def command(type_name: str, id: str, agent: str | None = None, **body: Any) -> Command:
    """Build a command in Python; raises `Malformed` like any door would."""
    return read({"version": VERSION, "id": id, "type": type_name, "agent": agent, "body": body})


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of every command, by type name."""
    return {name: _schema_of(name, body) for name, body in sorted(BODIES.items())}


def _schema_of(name: str, body: type[Body]) -> dict[str, Any]:
    schema = Envelope.model_json_schema()
    inner = body.model_json_schema(ref_template="#/$defs/{model}")
    definitions = inner.pop("$defs", {})
    schema["title"], schema["description"] = name, (body.__doc__ or "").strip()
    schema["properties"] |= {"type": {"const": name, "type": "string"}, "body": inner}
    if definitions:
        schema["$defs"] = definitions
    return schema


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _malformed(error: ValidationError, in_body: bool) -> Malformed:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    path = ".".join(str(part) for part in first["loc"])
    field = f"body.{path}".rstrip(".") if in_body else path or None
    code = "wrong_version" if field == "version" else "malformed"
    return Malformed(f"{field or 'command'}: {first['msg']}.", code=code, field=field)
