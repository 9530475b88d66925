"""PURE. Reads raw mail into one normalised value; refuses to guess where the mail does not say, and never loses a word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Report:
    """What a delivery status notification says of one recipient (RFC 3464)."""

    address: str | None
    permanent: bool
    status: str
    diagnostic: str


@dataclass(frozen=True, slots=True)
class Attached:
    name: str
    media_type: str
    data: bytes
    inline_id: str | None


@dataclass(frozen=True, slots=True)
class Understood:
    """One incoming mail. ``text`` is what the person wrote, ``quoted`` what they quoted; ids are with angle brackets."""

    kind: Literal["human", "automatic", "bounce"]
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


def understand(raw: bytes, received_at: datetime) -> Understood:
    """Never raises for any bytes; a mail without sense is a human mail with empty fields."""
    raise NotImplementedError
