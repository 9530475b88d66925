"""PURE. What is said of one mail before its body: MAIL and RCPT with what this server offers, or why it cannot take it.

Refuses to send more than seven bits where more were not offered (RFC 6152, 6531).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from models import tokens


@dataclass(frozen=True, slots=True)
class Job:
    """One mail for one recipient, ready for the wire."""

    sender: str
    recipient: str
    data: bytes
    before_body: Callable[[], None]

    @property
    def needs_utf8(self) -> bool:
        """Whether an address, in the envelope or in a header, cannot be written in ASCII (RFC 6531)."""
        return not (self.sender + self.recipient).isascii() or not self.data.partition(b"\r\n\r\n")[0].isascii()


class Server(Protocol):
    """What the server said of itself."""

    @property
    def size_limit(self) -> int | None: ...

    def offers(self, extension: str) -> bool: ...


def impossible(server: Server, job: Job) -> str | None:
    """Why this server cannot take this mail at all, as a sentence; asked before anything is sent."""
    limit = server.size_limit
    if limit is not None and len(job.data) > limit:
        return f"The mail has {len(job.data)} bytes and the server takes {limit}: send less, or smaller attachments."
    if job.needs_utf8 and not server.offers("smtputf8"):
        return "An address of this mail is not ASCII and the server does not offer SMTPUTF8: use an ASCII address."
    if not job.data.isascii() and not server.offers("8bitmime"):
        return "This mail holds bytes beyond ASCII and the server does not offer 8BITMIME: it would arrive damaged."
    return None


def commands(server: Server, job: Job) -> tuple[str, str]:
    """MAIL and RCPT."""
    return (
        f"MAIL FROM:<{job.sender}>{_joined(_of_mail(server, job))}",
        f"RCPT TO:<{job.recipient}>{_joined(_of_recipient(server, job))}",
    )


def _of_mail(server: Server, job: Job) -> list[str]:
    options = [f"SIZE={len(job.data)}"] if server.offers("size") else []
    if not job.data.isascii():
        options.append("BODY=8BITMIME")
    if job.needs_utf8:
        options.append("SMTPUTF8")
    if server.offers("dsn") and job.sender:
        options += ["RET=HDRS", f"ENVID={_xtext(tokens.envelope_id(job.sender))}"]
    return options


def _of_recipient(server: Server, job: Job) -> list[str]:
    """A report of failure or delay, never of success; with the address as we know it, whoever forwards it (RFC 3461 4.2)."""
    if not (server.offers("dsn") and job.sender):
        return []
    original = [f"ORCPT=rfc822;{_xtext(job.recipient)}"] if job.recipient.isascii() else []
    return ["NOTIFY=FAILURE,DELAY", *original]


def _joined(options: list[str]) -> str:
    return "".join(f" {option}" for option in options)


def _xtext(value: str) -> str:
    """RFC 3461 4: everything printable but ``+`` and ``=`` stands for itself."""
    return re.sub(r"[^!-*,-<>-~]", lambda found: "".join(f"+{octet:02X}" for octet in found[0].encode()), value)
