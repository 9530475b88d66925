"""PURE. What customers, robots and mail servers write back in the demo, as real MIME; refuses to send anything itself."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, make_msgid, parseaddr


def reply(mail: EmailMessage, sender: str, words: str, now: datetime) -> EmailMessage:
    """An answer as mail programs write it: threaded, with the mail quoted below."""
    quoted = "\n".join(f"> {line}" for line in text_of(mail).splitlines())
    made = EmailMessage()
    made["Message-ID"] = make_msgid(domain="customer.example")
    made["Date"] = format_datetime(now)
    made["From"], made["To"] = sender, parseaddr(str(mail["Reply-To"]))[1]
    made["Subject"] = f"Re: {mail['Subject']}"
    made["In-Reply-To"] = str(mail["Message-ID"]).strip()
    made["References"] = f"{mail['References'] or ''} {mail['Message-ID']}".strip()
    made.set_content(f"{words}\n\nOn {mail['Date']}, {mail['From']} wrote:\n{quoted}\n")
    return made


def out_of_office(mail: EmailMessage, sender: str, words: str, now: datetime) -> EmailMessage:
    """A robot's note (RFC 3834)."""
    made = reply(mail, sender, words, now)
    made.replace_header("Subject", f"Automatic reply: {mail['Subject']}")
    made["Auto-Submitted"] = "auto-replied"
    made.set_content(f"{words}\n")
    return made


def bounce(mail: EmailMessage, envelope_from: str, address: str, now: datetime) -> MIMEMultipart:
    """A mail server's report that nobody lives there (RFC 3464)."""
    report = MIMEMultipart("report")
    report.set_param("report-type", "delivery-status")
    report["Message-ID"], report["Date"] = make_msgid(domain="mx.example"), format_datetime(now)
    report["From"], report["To"] = "Mail Delivery System <mailer-daemon@mx.example>", envelope_from
    report["Subject"], report["Auto-Submitted"] = "Undelivered Mail Returned to Sender", "auto-replied"
    report.attach(MIMEText(f"The address {address} does not exist."))
    report.attach(_status(address))
    returned = MIMEText(
        f"Message-ID: {str(mail['Message-ID']).strip()}\nSubject: {mail['Subject']}\n", "rfc822-headers"
    )
    report.attach(returned)
    return report


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""


def _status(address: str) -> MIMEBase:
    server, recipient = Message(), Message()
    server["Reporting-MTA"] = "dns; mx.example"
    recipient["Final-Recipient"] = f"rfc822; {address}"
    recipient["Action"], recipient["Status"] = "failed", "5.1.1"
    recipient["Diagnostic-Code"] = "smtp; 550 5.1.1 no such mailbox"
    status = MIMEBase("message", "delivery-status")
    status.set_payload([server, recipient])
    return status
