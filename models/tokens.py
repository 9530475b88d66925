"""PURE. Signed names that come back in mail: reply addresses, Message-IDs, envelope senders; and the digests of bearer tokens.

A token is lower-case safe and never carries a secret; what does not verify is answered with None, never with a guess.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Literal

Purpose = Literal["reply", "bounce", "mail"]
_PREFIX: dict[Purpose, str] = {"reply": "reply", "bounce": "bounce", "mail": "pr"}
_SHAPE = re.compile(r"(reply|bounce|pr)\+([a-z0-9]{1,4})\.([a-z0-9]{1,26})\.([a-z2-7]{16})")
_PURPOSE: dict[str, Purpose] = {prefix: purpose for purpose, prefix in _PREFIX.items()}


@dataclass(frozen=True, slots=True)
class Token:
    """What a verified token names: a mail (``reply``, ``mail``) or a delivery (``bounce``), by the tail of its id."""

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


def _signature(secret: bytes, purpose: str, tail: str) -> str:
    digest = hmac.new(secret, f"{purpose}:{tail}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode().lower()


def bearer_digest(token: str) -> str:
    """How a bearer token is stored. Tokens are 160 random bits, so a plain hash cannot be searched."""
    return hashlib.sha256(token.encode()).hexdigest()
