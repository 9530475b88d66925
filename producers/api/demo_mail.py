"""PURE. What a customer, a robot or a mail server would write back to a captured mail, as real MIME."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, parseaddr
from typing import Literal

from models.addresses import NULL_SENDER

Kind = Literal["normal", "out_of_office", "bounce"]
_POLICY = policy.SMTP.clone(max_line_length=998)


@dataclass(frozen=True, slots=True)
class Answered:
    """A raw mail with its envelope."""

    raw: bytes
    envelope_from: str
    envelope_to: str


def answer(
    data: bytes, envelope_from: str, envelope_to: str, text: str, kind: Kind, now: datetime, unique: str
) -> Answered:
    """The answer of ``envelope_to``, who received ``data``; ``unique`` goes into its Message-ID."""
    original = message_from_bytes(data, policy=policy.default)
    named = {
        "Date": format_datetime(now),
        "Message-ID": f"<{unique}@{envelope_to.rpartition('@')[2] or 'customer.example'}>",
    }
    if kind == "bounce":
        return Answered(_bounce(original, named, envelope_from, envelope_to, text), NULL_SENDER, envelope_from)
    return _reply(original, named, envelope_from, envelope_to, text, kind)


def words_of(mail: Message) -> str:
    """The readable words of a mail; empty where there are none, or none anybody can decode."""
    part = mail.get_body(preferencelist=("plain", "html")) if isinstance(mail, EmailMessage) else None
    try:
        return str(part.get_content()) if part is not None else ""
    except (LookupError, ValueError):
        return ""


def _reply(
    original: Message, named: dict[str, str], envelope_from: str, envelope_to: str, text: str, kind: Kind
) -> Answered:
    back_to = parseaddr(str(original["Reply-To"] or original["From"] or envelope_from))[1]
    cited, subject = str(original["Message-ID"] or "").strip(), str(original["Subject"] or "")
    mail = EmailMessage(policy=_POLICY)
    for name, value in named.items():
        mail[name] = value
    mail["From"], mail["To"] = envelope_to, back_to
    mail["Subject"] = f"Automatic reply: {subject}" if kind == "out_of_office" else f"Re: {subject}"
    if cited:
        mail["In-Reply-To"] = cited
        mail["References"] = " ".join([*str(original["References"] or "").split(), cited])
    if kind == "out_of_office":
        mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(text + "\n\n" + _quoted(original))
    return Answered(mail.as_bytes(), envelope_to, back_to)


def _quoted(original: Message) -> str:
    lines = "\n".join(f"> {line}" for line in words_of(original).splitlines())
    return f"On {original['Date']}, {original['From']} wrote:\n{lines}\n"


def _bounce(original: Message, named: dict[str, str], envelope_from: str, envelope_to: str, text: str) -> bytes:
    """A delivery status notification of RFC 3464."""
    domain = envelope_to.rpartition("@")[2]
    report = MIMEMultipart("report", policy=_POLICY)
    report.set_param("report-type", "delivery-status")
    for name, value in named.items():
        report[name] = value
    report["From"], report["To"] = f"Mail Delivery System <mailer-daemon@{domain}>", envelope_from
    report["Subject"], report["Auto-Submitted"] = "Undelivered Mail Returned to Sender", "auto-replied"
    report.attach(MIMEText(text or f"The address {envelope_to} does not exist.", policy=_POLICY))
    report.attach(_status(domain, envelope_to, text))
    report.attach(_returned(original))
    return report.as_bytes()


def _status(domain: str, address: str, text: str) -> MIMEBase:
    server, recipient = Message(), Message()
    server["Reporting-MTA"] = f"dns; mx.{domain}"
    recipient["Final-Recipient"] = f"rfc822; {address}"
    recipient["Action"], recipient["Status"] = "failed", "5.1.1"
    words = " ".join(text.split()).encode("ascii", "replace").decode()
    recipient["Diagnostic-Code"] = f"smtp; 550 5.1.1 {words or 'no such mailbox'}"
    status = MIMEBase("message", "delivery-status", policy=_POLICY)
    status.set_payload([server, recipient])
    return status


def _returned(original: Message) -> MIMENonMultipart:
    names = ("Message-ID", "From", "To", "Subject", "Date", "In-Reply-To", "References")
    kept = EmailMessage(policy=_POLICY)
    for name in names:
        if original[name]:
            kept[name] = str(original[name])
    headers = MIMENonMultipart("text", "rfc822-headers", policy=_POLICY)
    headers.set_payload(kept.as_bytes().decode("ascii"))
    return headers
