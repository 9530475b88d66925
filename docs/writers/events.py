"""The page of what goes out: the two kinds of announcements as schemas, and what each event type means."""

from __future__ import annotations

from typing import Any

from docs.writers.fields import fields
from docs.writers.markdown import code, table, whole
from docs.writers.source import recorded
from models.commands import BODIES
from models.wakes import EVENT_EXCHANGE

STATES = ("done", "rejected", "dead")

MEANINGS: dict[str, str] = {
    "automatic_reply_received": "An automatic reply was put on the interaction; it is no answer, and the state stays (R19).",
    "bounce_noted": "A report of a failure that may pass, or of none of our recipients (R20).",
    "bounced": "Mail to a recipient came back for good; `status` is the enhanced status code (R20).",
    "closed": "Closed Complete or Closed Abandoned; `changes` and `why` say which and by what (R25-R27).",
    "complaint_received": "A recipient complained, or a system reported feedback; reminders stop, the state stays (R20).",
    "composed": "An agent composed: the interaction began (`created`) or was joined; the agent owns it now (R4, R5).",
    "conflict_kept": "A text saved on an old revision, or after the draft was taken over, sent or put away, was kept (R8, R9).",
    "delivery_accepted": "The mail server took the mail for one recipient; the first one sends it (R14, R15).",
    "delivery_deferred": "The server said come back later; tried again at `again_at` (R14).",
    "delivery_held_back": "Its domain gets no more at a time; it leaves in its turn, at the latest tried at `again_at` (R14).",
    "delivery_refused": "The server refused one recipient for good, or the time for retries is over (R14).",
    "delivery_requeued": "An agent decided to send again what was uncertain (R14).",
    "delivery_uncertain": "Nobody knows whether the mail left; an agent decides (R14).",
    "delivery_noted": "A delay, an arrival or a read receipt (R20).",
    "draft_discarded": "A draft was put away; its revisions stay (R5, R8).",
    "draft_opened": "A draft was looked at in an editor (R12, R25).",
    "draft_saved": "A new revision (R8).",
    "draft_taken_over": "A draft changed its author (R8).",
    "erased": "Texts and addresses were erased (R39).",
    "list_mail_received": "A mailing list's mail was put on the interaction; it is no answer (R19).",
    "loop_stopped": "Our own mail came back, or a robot does not stop (`reason`); kept, and the state stays (R19).",
    "mail_cancelled": "A mail was taken back before anybody claimed it (R16).",
    "mail_held_back": "The customer wrote before a mail had left; it is a draft again (R16).",
    "mail_queued": "A draft was sent: it will leave at `leave_at` of the mail (R11-R16).",
    "note_added": "A work note (R29).",
    "read": "The owner has seen what came in (R18).",
    "reminder_dropped": "A queued reminder was no longer wanted (R24).",
    "reminder_queued": "A reminder is on its way; `step` counts from 1 (R24).",
    "reminder_skipped": "A reminder of the sequence is not sent (R24).",
    "reply_composed": "An agent began a further mail (R23).",
    "reply_received": "A person answered; `third_party` if nobody of the conversation (R18, R21).",
    "time_zone_changed": "The customer's record names another time zone; reminders follow it (R24).",
    "transferred": "A new owner, or a queue (R29); `from` and `to` where the owner is away or deactivated.",
    "unsubscribed": "Whoever was reminded wants no reminders any more; those that wait stop, the state stays (R24).",
    "wrap_up_begun": "The interaction was closed by its agent and waits for a code (R27).",
}

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_INSTANT: dict[str, Any] = {"type": "string", "format": "date-time"}
_NUMBER: dict[str, Any] = {"type": "string", "pattern": "^IMS[0-9]{7,18}$"}


def event_schema() -> dict[str, Any]:
    """JSON Schema of one change."""
    return _object(
        "One change of an interaction, with its cause. At least once, in the order of `number`.",
        version={"const": 1},
        kind={"const": "event"},
        id={"type": "integer", "description": "Names the event for good; the AMQP message id is `event-<id>`."},
        interaction=_NUMBER,
        number={"type": "integer", "minimum": 1, "description": "Counts the interaction's events without a gap (R32)."},
        type={"enum": sorted(MEANINGS)},
        at=_INSTANT,
        actor={**_MAYBE_TEXT, "description": "Whose act it was; `postroom` for what happens by itself."},
        cause={"enum": ["command", "clock", "mail", "delivery", "operator"]},
        cause_id={**_MAYBE_TEXT, "description": "Of a command: `<principal>/<command id>`."},
        why={**_TEXT, "description": "A sentence for people."},
        changes={
            "type": ["object", "null"],
            "description": "{field: [before, after]} of the interaction; replaying them rebuilds it (R31).",
            "additionalProperties": {"type": "array", "minItems": 2, "maxItems": 2},
        },
        data={"type": ["object", "null"], "description": "References only, never words or addresses (R39)."},
    )


def decision_schema() -> dict[str, Any]:
    """JSON Schema of the answer to a command."""
    return _object(
        "The decision on a command. At least once, after the events up to `through`.",
        version={"const": 1},
        kind={"const": "decision"},
        principal={**_TEXT, "description": "Who gave the command; `amqp:<user>` for a broker user without a mapping."},
        id={**_TEXT, "description": "The id its producer chose."},
        type={"enum": sorted(BODIES)},
        state={"enum": list(STATES)},
        code={**_MAYBE_TEXT, "description": "Why not, for machines."},
        sentence={**_MAYBE_TEXT, "description": "Why not, for people."},
        result={"type": ["object", "null"], "description": "What it led to; of a rejection, `field` and more."},
        interaction={**_NUMBER, "type": ["string", "null"]},
        through={
            "type": ["integer", "null"],
            "description": "Number of the interaction's last event when this was decided: wait for it to see the effect.",
        },
        at=_INSTANT,
    )


_INTRO = f"""
Everything that happens is told on the topic exchange `{EVENT_EXCHANGE}`, as JSON: each change of an interaction, and each
decision on a command. Bind a durable queue of your own; nobody else's is touched. An example consumer is
[consume_events.py](../examples/consume_events.py), the how-to is [publish.md](../howto/publish.md#hear-what-happened).

| Routing key | Tells | AMQP message id |
| --- | --- | --- |
| `event.<type>` | one change | `event-<id>` |
| `decision.<state>.<command>` | one decision: done, rejected or dead | `decision-<row>` |

At least once: a message may come again, with the same message id. In order: one voice announces, an interaction's events
come by `number`, without a gap. If you bind before the first command, you miss nothing; what was announced while nobody was
bound is not kept for you (ask `GET /v1/interactions/{{number}}/history`). The same changes come over HTTP as server-sent
events: `GET /v1/events`.
"""


def page() -> str:
    types = [(code(f"event.{name}"), _keys(keys), MEANINGS[name]) for name, keys in sorted(recorded().items())]
    return whole(
        "Events", _INTRO,
        "## A change", fields(event_schema(), {}, "Always there"),
        "## A decision", fields(decision_schema(), {}, "Always there"),
        "## What happens", "`notify` in the data lists the agents who should be told.",
        table(("Routing key", "In `data`", "Meaning"), types),
    )  # fmt: skip


def _keys(keys: set[str]) -> str:
    return ", ".join(code(key) for key in sorted(keys))


def _object(description: str, **properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object", "description": description, "additionalProperties": False,
        "required": list(properties), "properties": properties,
    }  # fmt: skip
