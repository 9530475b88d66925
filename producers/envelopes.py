"""PURE. What a mailbox no longer knows: the envelope of a mail, read from its head; and a mail that stands in for one too large.

Refuses to guess a recipient that is not ours.
"""

from __future__ import annotations

import hashlib
import re

from models.addresses import NULL_SENDER
from producers.admission import Admission

# What the sender addressed (Postfix, Exim, qmail and others) says more than the name of the mailbox it ended in.
_TRACES = (
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-rcpt-to",
    "x-forwarded-to",
    "x-delivered-to",
    "delivered-to",
)
_NAMED = ("to", "cc", "resent-to", "resent-cc", "apparently-to")
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]]{1,128}@[^\s<>,;:\"()\[\]]{1,190}")
_LONGEST_HEAD = 200_000
BEGINNING = 200_000  # octets of a mail too large that are read all the same
_OF_THE_BODY = re.compile(rb"(content-[a-z-]+|mime-version)\s*:", re.IGNORECASE)
_NOTE = (
    "This mail is too large to be taken in: it has {size} bytes, and {limit} are allowed. "
    "It lies untouched in the mailbox {where}, marked there.\r\n"
)


def sender(head: bytes) -> str:
    """The envelope sender as the delivering server noted it, which may be the null one; empty if it noted none."""
    noted = " ".join(_values(head, ("return-path",))[:1])
    found = _ADDRESS.search(noted)
    return found[0] if found else NULL_SENDER if noted == NULL_SENDER else ""


def recipients(head: bytes, ours: Admission, otherwise: str) -> list[str]:
    """To whom it was delivered, of our own addresses: a signed one before any other, a trace before what the writer named."""
    traced = _addresses(head, _TRACES)
    named = _addresses(head, _NAMED)
    for signed in (
        [each for each in traced if ours.is_token(each)][:1],
        [each for each in named if ours.is_token(each)],
    ):
        if signed:
            return signed[:100]
    known = [each for each in (*traced, *named) if ours.refusal(each) is None]
    return known[:1] or [otherwise]


def stand_in(beginning: bytes, size: int, limit: int, where: str) -> bytes:
    """The mail's own head and first words, below a note: it still finds its conversation, and a report still says of whom."""
    head, _, body = beginning.replace(b"\r\n", b"\n").partition(b"\n\n")
    fields = _fields(head)
    of_body = [field for field in fields if _OF_THE_BODY.match(field)]
    boundary = f"large-{hashlib.sha256(beginning).hexdigest()[:24]}".encode()
    note = _NOTE.format(size=size, limit=limit, where=where).encode()
    parts = [b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + note]
    if words := _first_words(of_body, body):
        parts.append(b"".join(of_body) + b"\r\n" + words)
    typed = [b"MIME-Version: 1.0\r\n", b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\r\n\r\n']
    kept = [field for field in fields if field not in of_body]
    lines = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return b"".join([*kept, *typed]) + lines + b"--" + boundary + b"--\r\n"


def _first_words(of_body: list[bytes], body: bytes) -> bytes:
    """Text as far as it goes, and every part that is whole; half a file is none."""
    typed = next((field for field in of_body if field.lower().startswith(b"content-type")), b"content-type: text/plain")
    if re.search(rb":\s*multipart/", typed, re.IGNORECASE):
        body = body[: (b"\n" + body).rfind(b"\n--")] if b"--" in body else b""
    elif not re.search(rb":\s*text/", typed, re.IGNORECASE):
        return b""
    return body.replace(b"\n", b"\r\n")


def _fields(head: bytes) -> list[bytes]:
    """Each with the lines it continues on."""
    lines = head[:_LONGEST_HEAD].replace(b"\r\n", b"\n").replace(b"\r", b"\n").partition(b"\n\n")[0].split(b"\n")
    found: list[bytes] = []
    for line in lines:
        if line[:1] in (b" ", b"\t") and found:
            found[-1] += line + b"\r\n"
        elif line:
            found.append(line + b"\r\n")
    return found


def _values(head: bytes, names: tuple[str, ...]) -> list[str]:
    """In the order of the names, and of the lines."""
    found = [field.partition(b":") for field in _fields(head)]
    return [
        value.decode("utf-8", "replace").strip()
        for name in names
        for field, _, value in found
        if field.decode("latin-1").strip().lower() == name
    ]


def _addresses(head: bytes, names: tuple[str, ...]) -> list[str]:
    found = [address for value in _values(head, names) for address in _ADDRESS.findall(value)]
    return list(dict.fromkeys(found))[:1_000]
