"""What the fields of commands mean, in a line each, for fields whose type does not say it itself. Refuses to leave one out."""

from __future__ import annotations

from typing import Any

FIELDS: dict[str, str] = {
    "absent": "Away: open work goes to the queue, and so do replies to closed interactions (R22).",
    "account": "The company a contact works for.",
    "active": "An inactive principal is refused, and owns nothing new.",
    "address": "A mail address.",
    "addresses": "All of them; the primary one first, or marked.",
    "amqp_user": "The broker account this principal publishes as (R2).",
    "attachments": "In their order; the whole list replaces the former one.",
    "base_revision": "Number of the revision this was written on (R9).",
    "bcc": "Addresses nobody else is told of.",
    "blob": "SHA-256 of bytes uploaded before (`PUT /v1/blobs`).",
    "cc": "Addresses.",
    "code": "One of `POSTROOM_WRAP_UP_CODES`.",
    "confirm": "Send although the conversation moved on meanwhile (R12).",
    "content": "What is written; fields left out stay as they are.",
    "customer": "The customer's id, chosen by whoever created the record.",
    "delivery": "The delivery's id, `dl_…`.",
    "domain": "A sending domain; `*` is all.",
    "draft": "The draft's id, `dr_…` or the one its producer chose.",
    "envelope_from": "The sender in the envelope: `<>` for the null one of bounces and robots, empty where it is not known.",
    "envelope_to": "The one recipient in the envelope this is about.",
    "expires_at": "From then on it is mailed again; never, if left out.",
    "from_address": "One of those the agent may write from (`POSTROOM_SENDER_ADDRESSES`); if left out the draft's, "
    "or else the usual one.",
    "hold": "Undo period; the workspace default if left out (R16).",
    "html": "The HTML part; empty for none.",
    "incoming": "The incoming mail's id, `in_…`.",
    "inline_id": "For images inside the HTML: its `cid:` without the prefix.",
    "interaction": "The interaction's number.",
    "kind": "Contact of an account, private consumer, or guest with only an address.",
    "language": "BCP 47, as `en-GB`.",
    "mail": "The mail's id, `ml_…`.",
    "media_type": "What the bytes are.",
    "name": "As people write it.",
    "new_draft": "Another draft although there is one already (R10).",
    "outcome": "`resend`, or take it as `sent`.",
    "phone": "As people write it; found by its digits.",
    "primary": "The address a compose takes if none was clicked.",
    "principal": "Its id.",
    "reason": "Told to whoever is stopped by it.",
    "reply_all": "To everybody of the latest mail, not only its sender.",
    "revision": "Number of the revision that is meant; a newer one is a `conflict` (R11).",
    "role": "What it may ask for (R2).",
    "scope": "All mail, or only reminders.",
    "send": "Send it in the same step: these words alone, whatever one's open draft held; that stays as a revision (R10).",
    "send_at": "Leave then, not now (R16).",
    "signature": "Below what the agent writes, and `$signature` in templates (R29).",
    "subject": "One line.",
    "text": "The plain text part.",
    "time_zone": "IANA name, as `Europe/Rome`.",
    "token": "What stands behind the last slash of the link, or before the @ of the address.",
    "to": "Addresses; a half-typed one may be saved, `send` checks them.",
    "to_agent": "An active agent.",
    "to_queue": "The queue's name; nobody owns it until somebody takes it.",
    "Attachment.name": "The file's name, as the customer sees it.",
    "add_work_note.text": "The note.",
    "compose.address": "A bare address, whose customer is found or made a guest (R1); with `customer`: the one that was clicked.",
    "compose.customer": "The customer's id; or give an `address`.",
    "lift_suppression.address": "The address that was suppressed.",
    "restore_revision.revision": "The revision's id, `rv_…`.",
    "upsert_principal.address": "The principal's own mail address.",
    "upsert_template.name": "Its name; `reminder.contact` (`.consumer`, `.guest`) is the reminder, with `.2` the second one (R24).",
}


def explained(place: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a command's body, or of a part of it, with every field described. Raises `KeyError` for one unknown here."""
    properties = {
        name: found if "description" in found else {**found, "description": _meaning(place, name)}
        for name, found in schema.get("properties", {}).items()
    }
    inner = {name: explained(name, found) for name, found in schema.get("$defs", {}).items()}
    return schema | ({"properties": properties} if properties else {}) | ({"$defs": inner} if inner else {})


def _meaning(place: str, name: str) -> str:
    return FIELDS[f"{place}.{name}"] if f"{place}.{name}" in FIELDS else FIELDS[name]
