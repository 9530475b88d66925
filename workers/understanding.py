"""PURE. Reads raw mail into one normalised value; refuses to guess where the mail does not say, and never loses a word."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from typing import Literal

from workers import mime, plaintext, quoting

Kind = Literal["human", "automatic", "bounce"]


@dataclass(frozen=True, slots=True)
class Report:
    """What a delivery status notification says of one recipient (RFC 3464)."""

    address: str | None
    permanent: bool
    status: str
    diagnostic: str
    final: bool = False  # the server gave up (Action: failed), whatever the class of its status


@dataclass(frozen=True, slots=True)
class Attached:
    name: str
    media_type: str
    data: bytes
    inline_id: str | None


@dataclass(frozen=True, slots=True)
class Understood:
    """One incoming mail. ``text`` is what the person wrote, ``quoted`` what they quoted; ids are with angle brackets."""

    kind: Kind
    from_address: str
    from_name: str
    to: tuple[str, ...]  # every address in To, Cc, Delivered-To and the like
    subject: str
    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    text: str
    quoted: str
    html: str
    attachments: tuple[Attached, ...]
    reports: tuple[Report, ...]
    returned_message_id: str | None  # of the mail that bounced
    away_until: datetime | None  # stated by an automatic reply
    same: str  # digest without trace headers: copies of one mail have the same (R21)


_TRACE = re.compile(
    r"received(-spf)?|return-path|delivered-to|envelope-to|dkim-.*|arc-.*|authentication-results|domainkey-signature|x-.*"
)
_RECIPIENTS = (
    "to",
    "cc",
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-forwarded-to",
    "resent-to",
)
_HTML_READ = 2_000_000
_ID = re.compile(r"<[^<>\s]{1,900}>")
_RETURNED = frozenset({"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"})
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"]{1,200}@[^\s<>()\[\]:;,\"]{1,255}")
_DATE = r"\s{1,5}(?:the\s{1,5})?(\d{4}-\d\d-\d\d)\b"
_AWAY_THROUGH = re.compile(rf"\b(?:until|till|through){_DATE}", re.IGNORECASE)
_BACK_ON = re.compile(rf"\b(?:back|return|returning)(?:\s{{1,5}}(?:on|by))?{_DATE}", re.IGNORECASE)
_LONGEST_ABSENCE = timedelta(days=366)


def understand(raw: bytes, received_at: datetime) -> Understood:
    """Never raises for any bytes; a mail without sense is a human mail with empty fields."""
    mail = mime.parse(raw)
    body = _Body()
    body.take(mail)
    text, quoted = quoting.split("\n".join(body.texts))
    reports, final = _reports(mail)
    kind: Kind = "bounce" if final else "automatic" if _automatic(mail) else "human"
    from_name, from_address = _sender(mail)
    return Understood(
        kind=kind,
        from_address=from_address,
        from_name=from_name,
        to=_recipients(mail),
        subject=mime.words(mail.first("subject")),
        message_id=_message_id(mail),
        in_reply_to=_ids(mail, "in-reply-to"),
        references=_ids(mail, "references"),
        text=text,
        quoted=quoted,
        html="\n".join(body.htmls),
        attachments=tuple(body.attachments),
        reports=reports,
        returned_message_id=_returned_id(mail) if final else None,
        away_until=_away_until(text, received_at) if kind == "automatic" else None,
        same=_same(mail),
    )


class _Body:
    """What there is to read, gathered part by part in the order of the mail."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.htmls: list[str] = []
        self.attachments: list[Attached] = []

    def take(self, part: mime.Entity) -> None:
        if part.media_type == "multipart/alternative" and part.children:
            self._take_one_of(part.children)
        elif part.children:
            for child in part.children:
                self.take(child)
        elif part.media_type == "text/html" and not _is_file(part):
            self.htmls.append(part.text())
            self.texts.append(plaintext.from_html(self.htmls[-1][:_HTML_READ]))
        elif part.media_type.startswith(("text/plain", "multipart/")) and not _is_file(part):
            self.texts.append(part.text())
        else:
            self.attachments.append(_attached(part))

    def _take_one_of(self, children: list[mime.Entity]) -> None:
        """The same words twice: the plain text is read, the HTML kept; if the plain text is empty, the HTML is read."""
        read: list[list[str]] = []
        for child in children:
            version = _Body()
            version.take(child)
            self.htmls += version.htmls
            self.attachments += version.attachments
            if any(text.strip() for text in version.texts):
                read.append(version.texts)
        self.texts += read[0] if read else []


def _is_file(part: mime.Entity) -> bool:
    return part.disposition == "attachment" or bool(part.filename)


def _attached(part: mime.Entity) -> Attached:
    named = re.sub(r'[\x00-\x1f\x7f/\\:"<>|?*]+', "_", part.filename)[-200:].strip(". ")
    name = named or ("message.eml" if part.media_type == "message/rfc822" else "unnamed")
    inline_id = mime.clean(part.first("content-id").strip("<> "))[:200] or None
    return Attached(name, part.media_type, part.content(), inline_id)


def _automatic(mail: mime.Entity) -> bool:
    """What says of itself that no person wrote it, for this very reader (RFC 3834 and its older relatives)."""
    submitted = re.match(r"[\w-]*", mail.first("auto-submitted").lower())
    if submitted and submitted[0] not in ("", "no"):
        return True
    if any(mail.first(name) not in ("", "no") for name in ("x-autoreply", "x-autorespond", "x-autoresponder")):
        return True
    if mail.media_type == "multipart/report":
        return True
    precedence = mail.first("precedence").lower()
    if precedence in ("bulk", "junk", "auto_reply"):
        return True
    # A person can answer through a mailing list; what comes from one unasked is no answer.
    listed = precedence == "list" or bool(mail.first("list-id"))
    return listed and not (mail.first("in-reply-to") or mail.first("references"))


def _reports(mail: mime.Entity) -> tuple[tuple[Report, ...], bool]:
    """What a delivery status notification says, and whether it is one about mail that did not arrive (RFC 3464)."""
    if mail.media_type != "multipart/report":
        return (), False
    told = [
        leaf
        for leaf in mail.leaves()
        if leaf.media_type in ("message/delivery-status", "message/global-delivery-status")
    ]
    announced = mail.parameter("content-type", "report-type").lower() == "delivery-status"
    blocks = [block for leaf in told for block in re.split(rb"\r?\n[ \t]*\r?\n", leaf.content())[:1000]]
    recipients = [
        fields for fields in map(mime.head, blocks) if fields.first("action") or fields.first("final-recipient")
    ]
    missed = [
        fields for fields in recipients if fields.first("action").lower() not in ("delivered", "relayed", "expanded")
    ]
    return tuple(map(_report, missed)), bool(missed) or (announced and not recipients)


def _report(fields: mime.Entity) -> Report:
    status = re.search(r"\b[245]\.\d{1,3}\.\d{1,3}\b", fields.first("status"))
    found = status[0] if status else ""
    failed = fields.first("action").lower().startswith("failed")
    address = _status_address(fields.first("final-recipient")) or _status_address(fields.first("original-recipient"))
    diagnostic = mime.words(fields.first("diagnostic-code").partition(";")[2] or fields.first("diagnostic-code"))
    # "failed" with a 4.x.x status is a server that gave up, not an address that is wrong.
    return Report(address, failed and not found.startswith("4"), found, diagnostic[:1000], failed)


def _status_address(value: str) -> str | None:
    found = _ADDRESS.search((value.partition(";")[2] or value)[:1_000])
    return mime.clean(found[0]) if found else None


def _returned_id(mail: mime.Entity) -> str | None:
    for leaf in mail.leaves():
        if leaf.media_type in _RETURNED:
            found = _message_id(mime.head(leaf.content().lstrip()))
            if found:
                return found
    return None


def _sender(mail: mime.Entity) -> tuple[str, str]:
    """Display name and address of the first author; empty where the header makes no sense."""
    value = re.sub(r"\s+", " ", mail.first("from"))[:2_000]
    try:
        name, address = parseaddr(value)
    except (ValueError, IndexError, RecursionError):
        name, address = "", ""
    if "@" not in address:
        found = _ADDRESS.search(value)
        address = found[0] if found else ""
    return mime.words(name)[:200], mime.clean(address)[:320]


def _recipients(mail: mime.Entity) -> tuple[str, ...]:
    values = ", ".join(value for name in _RECIPIENTS for value in mail.all(name))[:100_000]
    return tuple(dict.fromkeys(map(mime.clean, _ADDRESS.findall(values))))[:1_000]


def _message_id(mail: mime.Entity) -> str | None:
    value = mail.first("message-id")
    found = _ID.search(value)
    if found:
        return mime.clean(found[0])
    bare = value.strip("<> ")
    return f"<{mime.clean(bare)}>" if bare and len(bare) <= 900 and not re.search(r"[\s<>]", bare) else None


def _ids(mail: mime.Entity, name: str) -> tuple[str, ...]:
    found = (mime.clean(one) for value in mail.all(name)[:20] for one in _ID.findall(value))
    return tuple(dict.fromkeys(found))[:1_000]


def _away_until(text: str, received_at: datetime) -> datetime | None:
    """The first instant after a stated absence: no header says so, but some people write ISO dates."""
    through, back = _AWAY_THROUGH.search(text), _BACK_ON.search(text)
    stated = [(back, timedelta(0)), (through, timedelta(days=1))]
    for match, after in stated:
        day = _day(match[1]) if match else None
        if day is not None and timedelta(0) < day + after - received_at <= _LONGEST_ABSENCE:
            return day + after
    return None


def _day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def _same(mail: mime.Entity) -> str:
    digest = hashlib.sha256()
    for name, value in mail.fields:
        if not _TRACE.fullmatch(name):
            digest.update(name.encode() + b":" + b" ".join(value.split()) + b"\n")
    digest.update(b"\n" + mail.body.replace(b"\r\n", b"\n").rstrip(b"\n"))
    return digest.hexdigest()
