"""PURE. Builds the mail from facts: the same facts give the same bytes, and nothing is looked up here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Part:
    """An attachment, or an inline image when ``inline_id`` is set."""

    name: str
    media_type: str
    data: bytes
    inline_id: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """The facts of one mail; ids are with angle brackets, ``date`` is aware."""

    message_id: str
    date: datetime
    from_name: str
    from_address: str
    reply_to: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    text: str
    html: str
    parts: tuple[Part, ...] = ()
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    automatic: bool = False  # a reminder: says so to other robots (RFC 3834)


def build(letter: Letter) -> bytes:
    """The finished bytes with CRLF line ends. Raises `ValueError` for a header that would not survive."""
    raise NotImplementedError
