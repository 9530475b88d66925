"""Signs finished letters with DKIM (RFC 6376), one key per sending domain, read from files once at the start.

Refuses a key it cannot use, and any clock but the letter's own: the same letter under the same key is the same bytes.
"""

from __future__ import annotations

import base64
import logging
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from models import addresses
from models.errors import Misconfigured
from models.settings import Settings
from workers import letter
from workers.headers import wire_address
from workers.letter import Letter

_log = logging.getLogger(__name__)
WEAK_BITS = 2048
_LEAST_BITS = 1024  # RFC 8301 3.2: verifiers take no less


@dataclass(frozen=True, slots=True)
class Seal:
    """One key: ``name`` and ``record`` belong into DNS as a TXT record."""

    domain: str
    selector: str
    path: Path
    pem: bytes
    bits: int
    public: str

    @property
    def name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        return f"v=DKIM1; k=rsa; p={self.public}"

    @property
    def exposed(self) -> bool:
        """Whether other users of the machine can read the key."""
        return bool(self.path.stat().st_mode & 0o007)

    def signature(self, raw: bytes, at: datetime) -> bytes:
        """The header line to put before ``raw``; it covers both headers of RFC 8058."""
        # Here, not above: dkimpy brings a whole DNS library, a tenth of a second at the start of every house without keys.
        from workers.signing import signature

        return signature(raw, at, self.selector, self.domain, self.pem)


class Seals:
    """The keys of a house; ``build`` is what the world builds letters with."""

    def __init__(self, seals: tuple[Seal, ...]) -> None:
        self.every = seals

    def build(self, facts: Letter) -> bytes:
        """The finished bytes, signed where there is a key for the sender's domain. Raises `ValueError` as `letter.build`."""
        raw = letter.build(facts)
        seal = self.of(facts.from_address)
        return raw if seal is None else seal.signature(raw, facts.date) + raw

    def of(self, address: str) -> Seal | None:
        """The first key of the address's domain, or of the nearest domain above it, which DMARC takes as aligned."""
        domain = addresses.domain_of(address)
        while domain:
            for seal in self.every:
                if seal.domain == domain:
                    return seal
            domain = domain.partition(".")[2]
        return None


def read_seals(settings: Settings) -> Seals:
    """Raises `Misconfigured` for a key that cannot be used, and where keys are set but none is for the sender."""
    seals = Seals(tuple(open_seal(*each) for each in settings.dkim))
    for seal in seals.every:
        if seal.exposed:
            _log.warning("others on this machine can read the DKIM key %s: chmod 600 it", seal.path)
    if seals.every and seals.of(settings.sender_address) is None:
        raise Misconfigured(
            f"POSTROOM_DKIM_KEYS: no key is for the domain of {settings.sender_address}, so its mail would leave unsigned."
        )
    return seals


def open_seal(domain: str, selector: str, path: Path) -> Seal:
    """Read one key and try it. Raises `Misconfigured` that says what is wrong with it."""
    try:
        wire = wire_address(f"x@{domain}").rpartition("@")[2].lower()
        if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?", selector):
            raise ValueError(f"{selector!r} is no selector.")
        key = _key(path.read_bytes())
    except OSError as error:
        raise Misconfigured(f"POSTROOM_DKIM_KEYS: cannot read {path}: {error.strerror or error}.") from None
    except ValueError as error:
        raise Misconfigured(f"POSTROOM_DKIM_KEYS, {domain}:{selector}:{path}: {error}") from None
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return Seal(wire, selector, path, pem, key.key_size, base64.b64encode(public).decode())


def _key(pem: bytes) -> RSAPrivateKey:
    try:
        key = serialization.load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("this is no RSA private key in PEM without a password; `openssl genrsa 2048` makes one.")
    if key.key_size < _LEAST_BITS:
        raise ValueError(
            f"the key has {key.key_size} bits; receivers take no less than {_LEAST_BITS}, better {WEAK_BITS}."
        )
    return key
