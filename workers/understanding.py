"""PURE. Reads raw mail into one normalised value; refuses to guess where the mail does not say, and never loses a word."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from models import subjects
from workers import absence, autoreplies, border, heading, interleaved, mime, notices, parts, quoting, reports, robots
from workers.border import Authentication
from workers.parts import Attached
from workers.patience import ENDLESS, Over, Patience
from workers.reports import Report, Told

# A delivery note is a delay, an arrival or a receipt; list mail is what a mailing list sent unasked; whether it asks to
# unsubscribe is said by where it came in, not by the mail.
Kind = Literal["human", "automatic", "bounce", "complaint", "delivery_note", "list", "unsubscribe"]


@dataclass(frozen=True, slots=True)
class Understood:
    """One incoming mail. ``text`` is what the person wrote, ``quoted`` what they quoted; ids are with angle brackets."""

    kind: Kind
    declared: bool  # it says itself that it is no person's, by its structure, headers, subject or words
    from_address: str
    from_name: str
    to: tuple[str, ...]  # every address in To, Cc, Delivered-To and the like
    subject: str
    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    reply_to: tuple[str, ...]
    text: str
    quoted: str
    html: str
    attachments: tuple[Attached, ...]
    reports: tuple[Report, ...]
    returned_message_id: str | None  # of the mail that bounced
    envelope_id: str  # of the mail a report is about
    away_until: datetime | None  # stated by an automatic reply, or by what may be one
    passed_on: bool  # automatic, but perhaps a person's words that a help desk or a forwarding rule sent
    feedback: str  # the type of a complaint: abuse, opt-out, … (RFC 5965)
    about: str | None  # whose complaint it is
    authentication: Authentication  # what our own border found out about the sender
    same: str  # digest without trace headers: copies of one mail have the same (R21)


_TRACE = re.compile(
    r"received(-spf)?|return-path|delivered-to|envelope-to|dkim-.*|arc-.*|authentication-results|domainkey-signature|x-.*"
)
_FOLDED_AT_MOST = 100_000  # a longer field than this is compared as it stands


def understand(
    raw: bytes, received_at: datetime, mark: str = "", authserv_id: str = "", envelope_from: str = "",
    own: tuple[str, ...] = (), patience: Patience = ENDLESS,
) -> Understood:  # fmt: skip
    """Never raises for any bytes; a mail without sense is a human mail with empty fields, and one that takes too long is what
    its headers say, with all its words.

    ``mark`` is our "reply above this line", ``authserv_id`` the name of our mail border (RFC 8601), ``envelope_from`` the
    sender in the envelope: ``<>`` if there was none, empty where the door did not know, ``own`` the domains of our addresses.
    """
    mail = mime.parse(raw)
    body = parts.read(mail)
    read = "\n".join(body.texts)
    sender, subject = heading.sender(mail), mime.words(mail.first("subject"))
    null_path = heading.null_path(mail, envelope_from)
    told = _told_in_time(mail, sender, subject, read, null_path, patience)
    declared = told.kind if told else robots.robot(mail, subject, own)
    kind = declared or ("automatic" if null_path else "human")  # RFC 3834, 3.3: answers that nobody may answer
    text, quoted = (
        quoting.split(read, mark, patience) if kind in ("human", "automatic", "list") else (read.rstrip(), "")
    )
    return Understood(
        kind=kind,
        declared=declared is not None,
        from_address=sender[1],
        from_name=sender[0],
        to=heading.recipients(mail),
        subject=subject,
        message_id=heading.message_id(mail),
        in_reply_to=heading.cited(mail, "in-reply-to"),
        references=heading.cited(mail, "references"),
        reply_to=heading.reply_to(mail),
        text=text,
        quoted=quoted,
        html="\n".join(body.htmls),
        attachments=tuple(body.attachments),
        reports=told.reports if told else (),
        returned_message_id=_returned_id(mail, read) if told else None,
        envelope_id=reports.envelope_id(mail) if told else "",
        away_until=absence.until(f"{subject}\n{text}", received_at, absence.offset_of(mail.first("date")))
        if kind == "automatic" or autoreplies.about(subject)
        else None,
        passed_on=declared == "automatic" and not null_path and robots.passed_on(mail, subject),
        feedback=told.feedback if told else "",
        about=_complainer(mail, told),
        authentication=border.authentication(mail, authserv_id, sender[1], len(heading.authors(mail))),
        same=_same(mail),
    )


def at_return_address(mail: Understood) -> Understood:
    """The same mail, sent to a signed envelope sender of ours (R20): only programs write there.

    From the null path, and with no sign of an absence, it is a bounce in words that no table here knows.
    """
    if mail.kind in ("human", "list"):
        return replace(mail, kind="automatic")
    if mail.kind == "automatic" and not mail.declared and mail.away_until is None:
        return replace(mail, kind="bounce", reports=(notices.unread(mail.text),))
    return mail


def in_answer_to(mail: Understood, ours: str) -> Understood:
    """The same mail, now that the subject of ours is known: a robot repeats it behind "Auto:" or "Abwesenheit:" (RFC 3834)."""
    about = autoreplies.about(mail.subject)
    repeats = bool(about) and subjects.bare(about) == subjects.bare(ours)
    return replace(mail, kind="automatic") if mail.kind == "human" and repeats else mail


def beside_ours(mail: Understood, ours: bytes) -> Understood:
    """The same mail, now that ours is known which it quotes: where answers stand between its lines, nothing is folded (R18)."""
    if not interleaved.answered(mail.quoted, "\n".join(parts.read(mime.parse(ours)).texts)):
        return mail
    return replace(mail, text=f"{mail.text}\n\n{mail.quoted}".strip("\n"), quoted="")


def _told_in_time(
    mail: mime.Entity, sender: tuple[str, str], subject: str, text: str, null_path: bool, patience: Patience
) -> Told | None:
    try:
        patience.ask()
        return _told(mail, sender, subject, text, null_path, patience)
    except Over:
        return None


def _told(
    mail: mime.Entity, sender: tuple[str, str], subject: str, text: str, null_path: bool, patience: Patience
) -> Told | None:
    """By structure first; where that names nobody, the words beside it may."""
    by_fields = None if notices.forwarded(mail, sender, subject) else reports.told(mail)
    if by_fields and (by_fields.reports or by_fields.kind != "bounce"):
        return by_fields
    by_words = notices.told(mail, sender, subject, text, null_path, patience)
    return by_words if by_words and (by_words.reports or not by_fields) else by_fields


def _complainer(mail: mime.Entity, told: Told | None) -> str | None:
    """Named by the report, or else the one to whom the mail went that came back."""
    if told is None or told.kind != "complaint":
        return None
    back = reports.returned(mail)
    return told.about or (reports.address_in(back.first("to")) if back else None)


def _returned_id(mail: mime.Entity, text: str) -> str | None:
    """Of the mail that came back: attached as such, or pasted below a notice in prose."""
    back = reports.returned(mail)
    found = heading.message_id(back) if back else None
    if found:
        return found
    _, pasted = notices.cut(text)
    return heading.message_id(mime.head(pasted.encode("utf-8", "replace"))) if pasted else None


def _same(mail: mime.Entity) -> str:
    digest = hashlib.sha256()
    for name, value in mail.fields:
        if not _TRACE.fullmatch(name):
            short = value if len(value) > _FOLDED_AT_MOST else b" ".join(value.split())
            digest.update(name.encode() + b":" + short + b"\n")
    digest.update(b"\n")
    digest.update(mail.body.replace(b"\r\n", b"\n").rstrip(b"\n"))
    return digest.hexdigest()
