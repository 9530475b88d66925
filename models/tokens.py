"""PURE. Signed names that come back: reply addresses, Message-IDs, envelope senders, ways to unsubscribe; bearer digests.

A token is lower-case safe and never carries a secret; what does not verify is answered with None, never with a guess.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Literal

Purpose = Literal["reply", "bounce", "mail", "unsubscribe"]
_PREFIX: dict[Purpose, str] = {"reply": "reply", "bounce": "bounce", "mail": "pr", "unsubscribe": "unsubscribe"}
_SHAPE = re.compile(r"(reply|bounce|pr|unsubscribe)\+([a-z0-9]{1,4})\.([a-z0-9]{1,26})\.([a-z2-7]{8,16})")
_PURPOSE: dict[str, Purpose] = {prefix: purpose for purpose, prefix in _PREFIX.items()}
# A Message-ID stays under 60 characters; what it names is random already, so 40 bits on top of that suffice.
_LENGTH: dict[Purpose, int] = {"reply": 16, "bounce": 16, "mail": 8, "unsubscribe": 16}


@dataclass(frozen=True, slots=True)
class Token:
    """What a verified token names, by the tail of its id: a delivery (``bounce``), or a mail (all others)."""

    purpose: Purpose
    tail: str


def sign(purpose: Purpose, record_id: str, keys: tuple[tuple[str, bytes], ...]) -> str:
    """The local part naming ``record_id`` (``ml_…`` or ``dl_…``), signed with the newest key; at most 64 octets."""
    key_id, secret = keys[0]
    tail = record_id.partition("_")[2]
    return f"{_PREFIX[purpose]}+{key_id}.{tail}.{_signature(secret, purpose, tail)}"


def verify(local_part: str, keys: tuple[tuple[str, bytes], ...]) -> Token | None:
    """The token in a local part, whatever its case; None if it is no token of ours or was altered (R17)."""
    match = _SHAPE.fullmatch(local_part.lower())
    secret = dict(keys).get(match[2]) if match else None
    if match is None or secret is None:
        return None
    purpose = _PURPOSE[match[1]]
    expected = _signature(secret, purpose, match[3])
    return Token(purpose, match[3]) if hmac.compare_digest(expected, match[4]) else None


def hint(text: str) -> str | None:
    """``mail:ml_…`` or ``delivery:dl_…`` that the first token in a text would name. Unverified: to wait by, never to believe."""
    found = _SHAPE.search(text.lower())
    if found is None:
        return None
    return f"delivery:dl_{found[3]}" if _PURPOSE[found[1]] == "bounce" else f"mail:ml_{found[3]}"


def envelope_id(envelope_sender: str) -> str:
    """The ENVID of a mail (RFC 3461 4.4): the token of its envelope sender in letters that need no escaping anywhere."""
    return envelope_sender.partition("@")[0].replace("+", ".", 1)[:100]


def verify_envelope_id(value: str, keys: tuple[tuple[str, bytes], ...]) -> Token | None:
    """The token in the Original-Envelope-Id of a report (RFC 3464 2.2.1)."""
    return verify(value.strip().replace(".", "+", 1), keys)


def _signature(secret: bytes, purpose: Purpose, tail: str) -> str:
    digest = hmac.new(secret, f"{purpose}:{tail}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode().lower()[: _LENGTH[purpose]]


def bearer_digest(token: str) -> str:
    """How a bearer token is stored. Tokens are 160 random bits, so a plain hash cannot be searched."""
    return hashlib.sha256(token.encode()).hexdigest()
