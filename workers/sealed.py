"""PURE. The mail within an opaquely signed one (S/MIME signed-data, RFC 8551; CMS, RFC 5652), read without its signature.

Refuses to verify, and to open what is encrypted: what a signature is worth is not said here.
"""

from __future__ import annotations

MEDIA_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_SEQUENCE, _OCTETS, _OCTETS_IN_PIECES, _EXPLICIT = 0x30, 0x04, 0x24, 0xA0
_DEPTH_LIMIT = 20
_PIECES_LIMIT = 50_000  # OpenSSL and Outlook write a thousand octets and more into each


def signed_content(ber: bytes) -> bytes | None:
    """What was signed; None where it is not within, or is no such thing."""
    try:
        at = _into(ber, 0, _SEQUENCE)
        if not ber.startswith(_SIGNED_DATA, at):
            return None
        at = _into(ber, _into(ber, at + len(_SIGNED_DATA), _EXPLICIT), _SEQUENCE)
        at = _into(ber, _after(ber, _after(ber, at)), _SEQUENCE)  # past version and digests
        return _octets(ber, _into(ber, _after(ber, at), _EXPLICIT))
    except (ValueError, IndexError):
        return None


def _element(ber: bytes, at: int) -> tuple[int, int, int | None]:
    """Tag, where its content begins and ends; no end where only a mark of two noughts says so (BER)."""
    tag, length, start = ber[at], ber[at + 1], at + 2
    if length == 0x80:
        return tag, start, None
    if length > 0x80:
        count = length & 0x7F
        length, start = int.from_bytes(ber[start : start + min(count, 8)], "big"), start + count
    if start + length > len(ber):
        raise ValueError("cut off")
    return tag, start, start + length


def _into(ber: bytes, at: int, wanted: int) -> int:
    tag, start, _ = _element(ber, at)
    if tag != wanted:
        raise ValueError(f"{tag:#x} where {wanted:#x} was expected")
    return start


def _after(ber: bytes, at: int, depth: int = 0) -> int:
    _, start, end = _element(ber, at)
    if end is not None:
        return end
    if depth == _DEPTH_LIMIT:
        raise ValueError("too deep")
    while ber[start : start + 2] != b"\0\0":
        start = _after(ber, start, depth + 1)
    return start + 2


def _octets(ber: bytes, at: int) -> bytes:
    tag, start, end = _element(ber, at)
    if tag == _OCTETS and end is not None:
        return ber[start:end]
    if tag != _OCTETS_IN_PIECES:
        raise ValueError("no octets")
    pieces: list[bytes] = []
    while ber[start : start + 2] != b"\0\0" if end is None else start < end:
        piece = _into(ber, start, _OCTETS)
        start = _after(ber, start)
        pieces.append(ber[piece:start])
        if len(pieces) > _PIECES_LIMIT:
            raise ValueError("too many pieces")
    return b"".join(pieces)
