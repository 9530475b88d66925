"""The page of all commands: their fields from the contract, who may give them from the rights, and every code of a no."""

from __future__ import annotations

import json

from docs.writers.fields import fields
from docs.writers.markdown import code, sentence, table, whole
from docs.writers.meanings import explained
from docs.writers.source import rejections
from models.commands import BODIES, Body
from models.rights import AGENTS, ALLOWED
from models.wakes import queue_of
from producers.api.problems import STATUS

_INTRO = """
A command is one JSON object. The same object goes through every door: HTTP (`POST /v1/commands`), AMQP (exchange
`postroom.commands`, routing key `command.<type>`), the command line (`postroom publish`). Unknown fields are refused.

```json
{"version": 1, "id": "order-4711", "type": "compose", "agent": "anna",
 "body": {"customer": "ada", "content": {"subject": "Your order", "text": "It left today."}, "send": true}}
```

`id` is yours to choose, unique among your own commands: the same id again is the same command and has the same answer,
other content under it is `id_reused` (R33). `agent` names the agent a service acts for; leave it out when you are the
agent (R2). Who *you* are is never in the message: the bearer token says it, or the broker user.

`content` leaves out what shall stay as it is. An instant is ISO 8601 with a zone, a duration ISO 8601 (`PT10S`).
The machine-readable contract is [asyncapi.yaml](../asyncapi.yaml) and [openapi.json](../openapi.json).
"""

EXAMPLES: dict[str, dict[str, object]] = {
    "compose": {
        "customer": "ada", "content": {"subject": "Your order", "text": "Dear Ada, it left today."}, "send": True,
    },
    "save_draft": {"draft": "order-4711", "base_revision": 1, "content": {"text": "Dear Ada, thank you."}},
    "send": {"draft": "order-4711", "revision": 2, "hold": "PT10S"},
    "compose_reply": {"interaction": "IMS0001042", "content": {"text": "Gladly."}, "send": True},
    "close": {"interaction": "IMS0001042"},
    "upsert_customer": {
        "customer": "ada", "kind": "contact", "name": "Ada Marsh", "account": "Marsh Instruments Ltd",
        "addresses": [{"address": "ada.marsh@customer.example", "primary": True}],
    },
}  # fmt: skip

RESULTS: dict[str, str] = {
    "compose": "interaction, draft, revision, created, new_draft, owner; with `send` also mail, state, leave_at",
    "compose_reply": "as `compose`",
    "open_draft": "draft, revision, interaction",
    "save_draft": "draft, revision, interaction; a `conflict` carries kept (the revision your text became) and revision",
    "discard_draft": "interaction, state",
    "leave_draft": "interaction, discarded",
    "take_over_draft": "draft, revision, interaction, from",
    "restore_revision": "draft, revision, interaction",
    "send": "mail, interaction, state (held, scheduled, queued), leave_at",
    "cancel_send": "mail, draft, interaction",
    "receive_mail": "interaction, incoming, kind, matched_by; `copy` if shown already, `unmatched` if it matches nothing",
    "mark_read": "interaction",
    "resolve_uncertain": "delivery, mail, interaction, state",
    "skip_reminder": "interaction, skipped",
    "attach_unmatched": "interaction, incoming, copy (true where the same mail lies there already; this one leaves the list)",
    "ignore_unmatched": "incoming",
    "suppress_address": "address, scope",
    "unsubscribe": "interaction, addresses (how many), stopped (interactions whose reminders stop)",
    "lift_suppression": "address, lifted (the scopes)",
    "close": "interaction, state",
    "submit_wrap_up": "interaction, state, code",
    "transfer": "interaction, owner, queue",
    "add_work_note": "interaction, note",
    "upsert_customer": "customer, created",
    "erase_customer": "customer, interactions",
    "upsert_template": "template",
    "upsert_principal": "principal",
    "set_signature": "principal",
    "set_presence": "principal, absent, release (id of the house's own command that moves the open work, if any)",
    "deactivate_agent": "principal, active, release",
    "release_work": "principal, moved, next (id of the command for the next batch, if any)",
    "pause_sending": "domain",
    "resume_sending": "domain",
}

CODES: dict[str, str] = {
    "absent": "The agent is away and gets no new work.",
    "already_sent": "The mail was claimed or has left; it cannot be held back any more.",
    "amqp_user_taken": "The broker user already stands for another principal.",
    "bad_cursor": "A page cursor that this list did not give out (HTTP reading only).",
    "closed": "The interaction is closed, and stays as it is.",
    "conflict": "The draft moved on since the revision you named; a saved text is kept as a revision beside the chain.",
    "draft_id_taken": "The draft id you chose already stands for another draft of yours.",
    "draft_not_open": "The draft is on its way, was sent or was discarded.",
    "erased": "The customer's data was erased.",
    "forbidden": "Your role, or the lack of a mapping from your broker user, does not allow this.",
    "gave_up": "The command failed each time it was tried; its state is `dead`.",
    "id_reused": "The id already stands for another command of yours.",
    "in_wrap_up": "The interaction is in wrap-up; give the code, or wait for the customer.",
    "invalid_address": "The bare address to compose to is no address.",
    "invalid_recipient": "A recipient of the draft is no address; `field` says which.",
    "mail_pending": "Mail is still on its way; `confirm: true` cancels what nobody claimed.",
    "malformed": "A field is missing, too long or of the wrong kind; `field` names it.",
    "no_address": "The customer has no mail address.",
    "no_recipient": "The draft has no recipient.",
    "no_reminder": "No reminder is waiting.",
    "not_allowed": "The recipient is not on the allow-list of this system.",
    "not_found": "What the command names did not become known within the bounded wait.",
    "not_in_wrap_up": "Only an interaction in wrap-up takes a code.",
    "not_json": "The message is no JSON in UTF-8.",
    "not_owner": "Only the owner's look clears the owner's counter.",
    "not_paused": "Sending from this domain is not paused.",
    "not_suppressed": "The address is not suppressed.",
    "not_uncertain": "The delivery's end is known; nothing is to be decided.",
    "not_unmatched": "That mail is attached or ignored already.",
    "not_your_draft": "The draft belongs to a colleague; take it over first.",
    "open_interactions": "The customer still has open interactions; close them first.",
    "present": "The agent is here and keeps what is theirs.",
    "reserved": "The name belongs to the product itself.",
    "stale": "A colleague sent, or the customer wrote, since you opened the draft; `confirm: true` sends anyway.",
    "restored": "It was undecided in a backup and could not be decided after the restore; its mail may have left.",
    "sender_not_allowed": "This agent may not write from this address.",
    "suppressed": "A recipient is not mailed, and why.",
    "too_large": "The finished mail is larger than the limit.",
    "too_many_recipients": "More recipients than one mail may have.",
    "unknown_agent": "There is no active agent of this name.",
    "unknown_blob": "An attachment's bytes were never uploaded.",
    "unknown_code": "The wrap-up code is not among the configured ones.",
    "unknown_time_zone": "No time zone of this name is known here.",
    "unknown_token": "The token names no reminder of ours.",
    "unknown_type": "There is no such command.",
    "unsendable": "This cannot be written as a mail.",
    "weak_password": "A password is too short or too long (`postroom password set`, no command).",
    "wrong_version": "Only version 1 of the contract is spoken here.",
}  # fmt: skip


def page() -> str:
    index = table(("Command", "Who may", "Queue", "What it does"), [_line(name, body) for name, body in BODIES.items()])
    parts = [_INTRO, "## All commands", index]
    parts += [_section(name, body) for name, body in BODIES.items()]
    return whole("Commands", *parts, "## Shared kinds", *_shared(), "## Rejections", _REJECTIONS, _codes())


_REJECTIONS = """
A rejection is an answer: it is recorded on the command with a code, a sentence and often the field, and is never tried
again (R37). Over HTTP it comes as a problem document with the status below; what is malformed never becomes a command
there, and over AMQP becomes a dead letter.
"""


def _line(name: str, body: type[Body]) -> tuple[str, str, str, str]:
    return (f"[`{name}`](#{name})", _who(name), code(queue_of(name).wire_name), sentence(body.__doc__))


def _who(name: str) -> str:
    order = ("agent", "manager", "admin", "service")
    return ", ".join(role for role in order if role in ALLOWED.get(name, AGENTS))


def _section(name: str, body: type[Body]) -> str:
    schema = explained(name, body.model_json_schema())
    listed = fields(schema, schema.get("$defs", {}))
    example = f"```json\n{json.dumps(EXAMPLES[name])}\n```" if name in EXAMPLES else ""
    parts = [f"### {name}", sentence(body.__doc__), listed, example, f"*Answer*: {RESULTS[name]}."]
    return "\n\n".join(part for part in parts if part)


def _shared() -> list[str]:
    found: dict[str, dict[str, object]] = {}
    for name, body in BODIES.items():
        found |= explained(name, body.model_json_schema()).get("$defs", {})
    return [
        f"### {name}\n\n{sentence(str(schema.get('description', '')))}\n\n{fields(schema, found)}"
        for name, schema in sorted(found.items())
    ]


def _codes() -> str:
    found = rejections()
    rows = [(code(name), str(status(name, found[name])), CODES[name]) for name in sorted(found)]
    return table(("Code", "HTTP", "Meaning"), rows)


def status(name: str, has_field: bool) -> int:
    """The HTTP status of a rejection: what names a field is the asker's to mend, the rest is a conflict with what is."""
    return STATUS.get(name, 422 if has_field else 409)
