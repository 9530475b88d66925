"""PURE. What machine-readable reports say: RFC 3464 (DSN), RFC 5965 (ARF), RFC 8098 (MDN), Amazon SNS.

Refuses to guess beyond their fields.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from workers import mime
from workers.charsets import clean
from workers.failures import Failure, failure

Said = Literal["bounce", "complaint", "delivery_note"]


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says of one recipient whom the mail did not reach, or not yet."""

    address: str | None  # to whom we wrote, as far as it says
    status: str = ""
    diagnostic: str = ""
    final: bool = False  # the server gave up, whatever the reason; otherwise it goes on trying
    failure: Failure = "unknown"
    behind: str | None = None  # where it went from there: an alias's target, a member of a group

    @property
    def permanent(self) -> bool:
        """The address itself is wrong: no mail to it will ever arrive."""
        return self.final and self.failure == "address"


@dataclass(frozen=True, slots=True)
class Told:
    """One report as a whole. ``feedback`` is the type of a complaint (RFC 5965), ``about`` who complained."""

    kind: Said
    reports: tuple[Report, ...] = ()
    feedback: str = ""
    about: str | None = None


BLOCKS_LIMIT = 100  # recipients; each of our mails has one
_BETWEEN = re.compile(rb"\n[ \t\r]*+\n")
_DSN = frozenset({"message/delivery-status", "message/global-delivery-status"})
_MDN = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
_RETURNED = frozenset(
    {"message/rfc822", "text/rfc822-headers", "text/rfc822-header", "message/global", "message/global-headers"}
)
_ARRIVED = ("delivered", "relayed", "expanded")  # RFC 3464, 2.3.3
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"=]{1,200}@\w[\w.-]{0,253}")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")


# A report whose parts cannot be read is still one.
_ANNOUNCED = {
    "feedback-report": Told("complaint", feedback="abuse"),
    "delivery-status": Told("bounce"),
    "disposition-notification": Told("delivery_note"),
}


def told(mail: mime.Entity) -> Told | None:
    """What this mail reports, if it is a report by its own structure."""
    leaves = [leaf for leaf in mail.leaves()]
    if any(leaf.media_type == "message/feedback-report" for leaf in leaves):
        return _complaint(leaves)
    if any(leaf.media_type in _MDN for leaf in leaves):
        return _receipt(leaves)
    if any(leaf.media_type in _DSN for leaf in leaves):
        return _statuses(leaves)
    if mail.first("x-apple-unsubscribe").lower() == "true":  # Apple Mail's button; the person asked for silence
        return Told("complaint", feedback="opt-out", about=address_in(mail.first("from")))
    if announced := _ANNOUNCED.get(mail.parameter("content-type", "report-type").lower()):
        return announced
    if junked := _junked(leaves):
        return junked
    if "sns.amazonaws.com" in mail.first("from").lower():
        return _notified(mail)
    return None


def returned(mail: mime.Entity) -> mime.Entity | None:
    """Header fields of the mail that came back with a report, as far as they were attached."""
    for leaf in mail.leaves():
        if leaf.media_type in _RETURNED:
            found = mime.head(leaf.content().lstrip())
            if found.fields:
                return found
    return None


def envelope_id(mail: mime.Entity) -> str:
    """The ENVID under which the mail was handed over, if a report repeats it (RFC 3464 2.2.1)."""
    leaves = list(mail.leaves())
    return next(filter(None, (f.first("original-envelope-id") for f in _fields(leaves, _DSN))), "")[:200]


def address_in(value: str) -> str | None:
    """The first thing that is an address by RFC 5321, not only by its looks."""
    for found in _ADDRESS.finditer(value[:2_000]):
        local, _, domain = found[0].rpartition("@")
        if not (local.startswith(".") or local.endswith(".") or ".." in local or ".." in domain):
            return clean(found[0].rstrip("."))
    return None


def status_in(text: str) -> str:
    found = _STATUS.search(text[:2_000])
    return found[1] if found else ""


def _fields(leaves: list[mime.Entity], media_types: frozenset[str]) -> Iterator[mime.Entity]:
    contents = (leaf.content().lstrip() for leaf in leaves if leaf.media_type in media_types)
    blocks = (block for content in contents for block in _BETWEEN.split(content, BLOCKS_LIMIT)[:BLOCKS_LIMIT])
    yield from islice((group for block in blocks for group in _groups(mime.head(block).fields)), BLOCKS_LIMIT)


def _groups(fields: list[tuple[str, bytes]]) -> Iterator[mime.Entity]:
    """AOL leaves out the empty line between recipients: a field that comes again begins the next one."""
    group: list[tuple[str, bytes]] = []
    for name, value in fields:
        if name in ("final-recipient", "action") and any(name == known for known, _ in group[-30:]):
            yield mime.Entity(group, b"")
            group = []
        group.append((name, value))
    yield mime.Entity(group, b"")


def _statuses(leaves: list[mime.Entity]) -> Told:
    """RFC 3464. No recipient named: something did not arrive. All arrived: good news. All still tried: a delay."""
    blocks = [f for f in _fields(leaves, _DSN) if f.first("action") or f.first("final-recipient")]
    missed = [f for f in blocks if not f.first("action").lower().startswith(_ARRIVED)]
    reports = tuple(map(_report, missed))
    if not blocks or any(report.final for report in reports):
        return Told("bounce", reports)
    return Told("delivery_note", reports)


def _report(fields: mime.Entity) -> Report:
    code = status_in(fields.first("status"))
    said = mime.words(fields.first("diagnostic-code").partition(";")[2] or fields.first("diagnostic-code"))[:1_000]
    action = fields.first("action").lower()
    final = action.startswith("failed") or (not action.startswith("delayed") and not code.startswith("4"))
    # Servers that number everything 5.0.0 (Exim) repeat the real code in the diagnostic.
    vague = code in ("", "5.0.0") or code.startswith("5.0.")
    # The original one is whom we wrote to; the final one may be an alias behind it.
    original, last = _typed(fields.first("original-recipient")), _typed(fields.first("final-recipient"))
    behind = last if original and last and original.lower() != last.lower() else None
    why: Failure = (
        "temporary" if action.startswith("delayed") else failure((status_in(said) or code) if vague else code, said)
    )
    return Report(original or last, code, said, final, why, behind)


def _typed(value: str) -> str | None:
    """``rfc822; someone@example``; Domino and X.400 gateways write other types, or none."""
    return address_in(value.partition(";")[2]) or address_in(value)


def _receipt(leaves: list[mime.Entity]) -> Told:
    """RFC 8098. Read, or thrown away: noted. Sieve's and Dovecot's "reject" also use this form (RFC 5429): refused."""
    for fields in _fields(leaves, _MDN):
        disposition = fields.first("disposition").lower()
        prose = "".join(leaf.text() for leaf in leaves[:1])[:2_000]
        if "automatic-action" in disposition and "deleted" in disposition and "reject" in prose.lower():
            address = _typed(fields.first("final-recipient")) or _typed(fields.first("original-recipient"))
            return Told("bounce", (Report(address, "", prose.strip()[:1_000], True, failure("", prose)),))
    return Told("delivery_note")


def _complaint(leaves: list[mime.Entity]) -> Told:
    fields = next(_fields(leaves, frozenset({"message/feedback-report"})), mime.head(b""))
    named = (fields.first(name) for name in ("original-rcpt-to", "removal-recipient"))
    about = next(filter(None, map(address_in, named)), None)
    return Told("complaint", feedback=fields.first("feedback-type").lower() or "abuse", about=about)


def _junked(leaves: list[mime.Entity]) -> Told | None:
    """Microsoft's Junk Mail Reporting Partner Program sends the mail itself with a field of its own, and no ARF."""
    for leaf in leaves:
        if leaf.media_type == "message/rfc822":
            about = address_in(mime.head(leaf.content().lstrip()).first("x-hmxmroriginalrecipient"))
            if about:
                return Told("complaint", feedback="abuse", about=about)
    return None


def _notified(mail: mime.Entity) -> Told | None:
    """Amazon SNS by mail: JSON about a bounce, a complaint or a delivery of Amazon SES."""
    text = "".join(leaf.text() for leaf in mail.leaves())[:200_000]
    text = re.sub(r"\n ?", "", text[max(text.find("{"), 0) :])  # long lines were wrapped, within strings too
    try:
        outer, _ = json.JSONDecoder(strict=False).raw_decode(text)
        message = json.loads(outer["Message"]) if isinstance(outer.get("Message"), str) else outer
        return _of_ses(message) if isinstance(message, dict) else None
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return None


def _of_ses(message: dict[str, Any]) -> Told | None:
    kind = str(message.get("notificationType") or message.get("eventType") or "").lower()
    if kind == "complaint":
        found = message["complaint"]
        about = [address_in(str(one.get("emailAddress", ""))) for one in found["complainedRecipients"]]
        return Told("complaint", feedback=str(found.get("complaintFeedbackType") or "abuse"), about=about[0])
    if kind == "bounce":
        found = message["bounce"]
        lasting = found.get("bounceType") == "Permanent"
        return Told("bounce", tuple(_bounced(one, lasting) for one in found["bouncedRecipients"][:BLOCKS_LIMIT]))
    return Told("delivery_note") if kind == "delivery" else None


def _bounced(recipient: dict[str, Any], lasting: bool) -> Report:
    code, said = str(recipient.get("status", ""))[:20], clean(str(recipient.get("diagnosticCode", "")))[:1_000]
    why = failure(code, said)
    return Report(address_in(str(recipient.get("emailAddress", ""))), code, said, True, why if lasting else "temporary")
