"""PURE. Reads raw mail into one normalised value; refuses to guess where the mail does not say, and never loses a word."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Literal

from models import plaintext
from workers import absence, mime, notices, quoting, reports, robots
from workers.reports import Report, Told

# A delivery note is a delay, an arrival or a receipt; list mail is what a mailing list sent unasked.
Kind = Literal["human", "automatic", "bounce", "complaint", "delivery_note", "list"]


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
    envelope_id: str  # of the mail a report is about
    away_until: datetime | None  # stated by an automatic reply
    feedback: str  # the type of a complaint: abuse, opt-out, … (RFC 5965)
    about: str | None  # whose complaint it is
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
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"]{1,200}@[^\s<>()\[\]:;,\"]{1,255}")


def understand(raw: bytes, received_at: datetime, mark: str = "") -> Understood:
    """Never raises for any bytes; a mail without sense is a human mail with empty fields. ``mark``: "reply above this line"."""
    mail = mime.parse(raw)
    body = _Body()
    body.take(mail)
    read = "\n".join(body.texts)
    sender, subject = _sender(mail), mime.words(mail.first("subject"))
    told = _told(mail, sender, subject, read)
    kind = told.kind if told else robots.robot(mail, subject, _null_path(mail)) or "human"
    text, quoted = quoting.split(read, mark) if kind in ("human", "automatic", "list") else (read.rstrip(), "")
    return Understood(
        kind=kind,
        from_address=sender[1],
        from_name=sender[0],
        to=_recipients(mail),
        subject=subject,
        message_id=_message_id(mail),
        in_reply_to=_ids(mail, "in-reply-to"),
        references=_ids(mail, "references"),
        text=text,
        quoted=quoted,
        html="\n".join(body.htmls),
        attachments=tuple(body.attachments),
        reports=told.reports if told else (),
        returned_message_id=_returned_id(mail, read) if told else None,
        envelope_id=reports.envelope_id(mail) if told else "",
        away_until=absence.until(f"{subject}\n{text}", received_at) if kind == "automatic" else None,
        feedback=told.feedback if told else "",
        about=_complainer(mail, told),
        same=_same(mail),
    )


def _told(mail: mime.Entity, sender: tuple[str, str], subject: str, text: str) -> Told | None:
    """By structure first; where that names nobody, the words beside it may."""
    by_fields = None if notices.forwarded(mail, sender, subject) else reports.told(mail)
    if by_fields and (by_fields.reports or by_fields.kind != "bounce"):
        return by_fields
    by_words = notices.told(mail, sender, subject, text)
    return by_words if by_words and (by_words.reports or not by_fields) else by_fields


def _null_path(mail: mime.Entity) -> bool:
    return mail.first("return-path").strip() == "<>"


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


def _complainer(mail: mime.Entity, told: Told | None) -> str | None:
    """Named by the report, or else the one to whom the mail went that came back."""
    if told is None or told.kind != "complaint":
        return None
    back = reports.returned(mail)
    return told.about or (reports.address_in(back.first("to")) if back else None)


def _returned_id(mail: mime.Entity, text: str) -> str | None:
    """Of the mail that came back: attached as such, or pasted below a notice in prose."""
    back = reports.returned(mail)
    found = _message_id(back) if back else None
    if found:
        return found
    _, pasted = notices.cut(text)
    return _message_id(mime.head(pasted.encode("utf-8", "replace"))) if pasted else None


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


def _same(mail: mime.Entity) -> str:
    digest = hashlib.sha256()
    for name, value in mail.fields:
        if not _TRACE.fullmatch(name):
            digest.update(name.encode() + b":" + b" ".join(value.split()) + b"\n")
    digest.update(b"\n" + mail.body.replace(b"\r\n", b"\n").rstrip(b"\n"))
    return digest.hexdigest()
