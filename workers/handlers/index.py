"""The index of the whole application: every command and the one function that decides it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workers.handlers import (
    around,
    closing,
    composing,
    customers,
    discarding,
    drafting,
    inbound,
    people,
    presence,
    sending,
    suppressing,
    unmatched,
    unsubscribing,
)
from workers.handlers.outcome import Refusal
from workers.turn import Turn

Handler = Callable[[Turn, Any], dict[str, Any] | Refusal]

HANDLERS: dict[str, Handler] = {
    "compose": composing.compose,
    "compose_reply": composing.compose_reply,
    "open_draft": drafting.open_draft,
    "save_draft": drafting.save_draft,
    "discard_draft": discarding.discard_draft,
    "leave_draft": discarding.leave_draft,
    "take_over_draft": drafting.take_over_draft,
    "restore_revision": drafting.restore_revision,
    "send": sending.send,
    "cancel_send": sending.cancel_send,
    "resolve_uncertain": sending.resolve_uncertain,
    "skip_reminder": around.skip_reminder,
    "receive_mail": inbound.receive_mail,
    "attach_unmatched": unmatched.attach_unmatched,
    "ignore_unmatched": unmatched.ignore_unmatched,
    "mark_read": around.mark_read,
    "transfer": around.transfer,
    "add_work_note": around.add_work_note,
    "close": closing.close,
    "submit_wrap_up": closing.submit_wrap_up,
    "suppress_address": suppressing.suppress_address,
    "lift_suppression": suppressing.lift_suppression,
    "unsubscribe": unsubscribing.unsubscribe,
    "upsert_customer": customers.upsert_customer,
    "erase_customer": customers.erase_customer,
    "upsert_template": people.upsert_template,
    "upsert_principal": people.upsert_principal,
    "set_signature": people.set_signature,
    "set_presence": presence.set_presence,
    "deactivate_agent": presence.deactivate_agent,
    "release_work": presence.release_work,
    "pause_sending": people.pause_sending,
    "resume_sending": people.resume_sending,
}
