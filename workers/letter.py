"""PURE. Builds the mail from facts: the same facts give the same bytes, and nothing is looked up here.

Refuses a header that would not survive: line breaks, NUL, an address that would read as two.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

import idna

from models import plaintext

_LINE_LIMIT = 998  # RFC 5322 2.1.1
_REFERENCES = 40
_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_PLAIN = re.compile(r"[!-~]{1,60}(?: [!-~]{1,60})*")
_LOCAL = re.compile(r'[^\x00-\x20\x7f-\xa0()<>\[\]:;@\\,"\s]+|"(?:[^\x00-\x1f\x7f"\\\s]|[ ]|\\[\x20-\x7e])*"')
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[!-Z^-~]+\]")
_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")


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
    """The finished bytes with CRLF line ends. Raises `ValueError` for a header that would not survive.

    Seven-bit throughout, unless an address itself needs SMTPUTF8.
    """
    body = _body(letter)
    mail = _entity()
    for name, value in (*_headers(letter), *body.items()):
        mail[name] = value
    mail.set_payload(body.get_payload())
    data: bytes = mail.as_bytes(policy=_POLICY).removesuffix(b"\r\n") + b"\r\n"
    if any(len(line) > _LINE_LIMIT for line in data.split(b"\r\n")):
        raise ValueError(f"A header of this mail does not fit into lines of {_LINE_LIMIT} characters.")
    return data


def wire_address(address: str) -> str:
    """The address as it travels: its domain in ASCII. Raises `ValueError` where it could be read as anything else."""
    local, at, domain = address.rpartition("@")
    if not domain.isascii():
        domain = _ascii_domain(domain, address)
    if not at or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise ValueError(f"{address[:200]!r} is no mail address.")
    try:
        address.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{address[:200]!r} is no mail address: it holds half a character.") from None
    return f"{local}@{domain}"


class _AsGiven(EmailPolicy):
    """Header values are written as they are: they were folded and encoded here, where the rules for each are known.

    The stdlib's own folding makes encoded words of long ids, which Outlook drops, and differs between Python versions.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return name, value

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        return value

    def fold_binary(self, name: str, value: Any) -> bytes:
        return f"{name}: {value}\r\n".encode()


_POLICY = _AsGiven(linesep="\r\n", cte_type="7bit")


def _entity(**headers: str) -> EmailMessage:
    entity = EmailMessage(policy=_POLICY)
    for name, value in headers.items():
        entity[name.replace("_", "-")] = value
    return entity


def _headers(letter: Letter) -> list[tuple[str, str]]:
    if letter.date.tzinfo is None:
        raise ValueError(f"Date: an instant needs a time zone, got {letter.date!r}.")
    found = [
        ("Date", format_datetime(letter.date.astimezone(UTC))),
        ("From", _mailbox(letter.from_name, letter.from_address)),
        ("Reply-To", wire_address(letter.reply_to) if letter.reply_to else ""),
        ("To", _addresses(letter.to) or ("" if letter.cc else "undisclosed-recipients:;")),
        ("Cc", _addresses(letter.cc)),
        ("Subject", _words("Subject", letter.subject)),
        *_thread(letter),
    ]
    if letter.automatic:
        found += [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")]
    found.append(("MIME-Version", "1.0"))
    return [(name, value) for name, value in found if value or name == "Subject"]


def _thread(letter: Letter) -> list[tuple[str, str]]:
    """Ids stand bare and one to a line. Our own is among References: some relays (SES) replace Message-ID."""
    own, answered = _clean("Message-ID", letter.message_id), _clean("In-Reply-To", letter.in_reply_to or "")
    if not _ID.fullmatch(own):
        raise ValueError(f"Message-ID: {own[:200]!r} is no message id.")
    chain = [_clean("References", reference) for reference in letter.references]
    # A stranger's id that is no id cannot be cited; refusing the whole answer for it would help nobody.
    known = list(dict.fromkeys(i for i in (*chain, answered) if _ID.fullmatch(i) and i != own))
    if len(known) > _REFERENCES:
        known = [known[0], *known[1 - _REFERENCES :]]
    return [
        ("Message-ID", own),
        ("In-Reply-To", answered if _ID.fullmatch(answered) else ""),
        ("References", "\r\n ".join([*known, own])),
    ]


def _clean(name: str, value: str) -> str:
    if any(character in value for character in "\r\n\x00"):
        raise ValueError(f"{name}: a line break or NUL in {value[:200]!r} would forge headers.")
    return value


def _words(name: str, value: str) -> str:
    """Unstructured text; anything but plain single-spaced ASCII travels as encoded words (RFC 2047)."""
    _clean(name, value)
    if not value or (_PLAIN.fullmatch(value) and "=?" not in value):
        return _folded(value.split(" "), len(name) + 2)
    return _encoded(value)


def _folded(words: list[str], used: int) -> str:
    lines, width = [words[0]], used + len(words[0])
    for word in words[1:]:
        if width + 1 + len(word) > 76:
            lines.append(word)
            width = 1 + len(word)
        else:
            lines[-1] += " " + word
            width += 1 + len(word)
    return "\r\n ".join(lines)


def _encoded(value: str) -> str:
    """Encoded words of at most 75 characters, none of which ends within a character."""
    chunks, chunk = [], b""
    for character in value:
        octets = character.encode("utf-8", "replace")
        if len(chunk) + len(octets) > 42:
            chunks.append(chunk)
            chunk = b""
        chunk += octets
    return "\r\n ".join(f"=?utf-8?B?{base64.b64encode(piece).decode()}?=" for piece in (*chunks, chunk))


def _mailbox(name: str, address: str) -> str:
    _clean("From", name)
    if not name:
        return wire_address(address)
    if len(name) <= 60 and re.fullmatch(r"[ -~]+", name) and "=?" not in name and name == name.strip():
        quoted = re.sub(r'([\\"])', r"\\\1", name)
        return f'"{quoted}" <{wire_address(address)}>'
    return f"{_encoded(name)}\r\n <{wire_address(address)}>"


def _addresses(addresses: tuple[str, ...]) -> str:
    return ",\r\n ".join(wire_address(address) for address in addresses)


def _ascii_domain(domain: str, address: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        raise ValueError(f"{address[:200]!r} is no mail address: its domain has no ASCII form.") from None


def _body(letter: Letter) -> EmailMessage:
    inline = [part for part in letter.parts if letter.html and part.inline_id]
    attached = [part for part in letter.parts if not (letter.html and part.inline_id)]
    body = _text(letter.text or plaintext.from_html(letter.html), "plain")
    if letter.html:
        html = _text(letter.html, "html")
        shown = _multipart(letter, "related", [html, *map(_inline, inline)]) if inline else html
        body = _multipart(letter, "alternative", [body, shown])
    return _multipart(letter, "mixed", [body, *map(_attachment, attached)]) if attached else body


def _multipart(letter: Letter, subtype: str, entities: Iterable[EmailMessage]) -> EmailMessage:
    # "=_" occurs in neither transfer encoding used below, so no content can end a part.
    boundary = "=_" + hashlib.sha256(f"{subtype}:{letter.message_id}".encode()).hexdigest()[:32]
    whole = _entity(Content_Type=f'multipart/{subtype};\r\n boundary="{boundary}"')
    for entity in entities:
        whole.attach(entity)
    return whole


def _text(text: str, subtype: str) -> EmailMessage:
    octets = re.sub(r"\r?\n", "\r\n", text).encode("utf-8", "replace")
    quoted, coded = _quoted_printable(octets), base64.encodebytes(octets).decode()
    encoding, payload = ("quoted-printable", quoted) if len(quoted) <= len(coded) + 200 else ("base64", coded)
    entity = _entity(Content_Type=f"text/{subtype}; charset=utf-8", Content_Transfer_Encoding=encoding)
    entity.set_payload(payload)
    return entity


def _quoted_printable(octets: bytes) -> str:
    """Line by line and never in text mode: a lone CR is content, not a line end."""
    lines = (binascii.b2a_qp(line, istext=False).decode() for line in octets.split(b"\r\n"))
    return "\n".join(map(_guarded, "\n".join(lines).split("\n")))


def _guarded(line: str) -> str:
    """Nothing for a careless relay to unstuff or an mbox to mark."""
    if not line.startswith((".", "From ")):
        return line
    first = f"={ord(line[0]):02X}"
    return first + line[1:] if len(line) <= 74 else f"{first}=\n{line[1:]}"


def _attachment(part: Part) -> EmailMessage:
    return _file(part, "attachment")


def _inline(part: Part) -> EmailMessage:
    entity = _file(part, "inline")
    content_id = f"<{_clean('Content-ID', part.inline_id or '')}>"
    if not _ID.fullmatch(content_id):
        raise ValueError(f"Content-ID: {part.inline_id!r} is no content id.")
    entity["Content-ID"] = content_id
    return entity


def _file(part: Part, disposition: str) -> EmailMessage:
    if not _TYPE.fullmatch(_clean("Content-Type", part.media_type)):
        raise ValueError(f"Content-Type: {part.media_type!r} is no media type.")
    # RFC 2046 forbids base64 for these, and without it their bytes would not survive.
    composite = part.media_type.lower().startswith(("message/", "multipart/"))
    entity = _entity(
        Content_Type="application/octet-stream" if composite else part.media_type,
        Content_Transfer_Encoding="base64",
        Content_Disposition=disposition + _filename(_clean("file name", part.name)),
    )
    entity.set_payload(base64.encodebytes(part.data).decode())
    return entity


def _filename(name: str) -> str:
    """RFC 2183 where it fits, else RFC 2231 in pieces, cut between characters' octets."""
    if not name:
        return ""
    if len(name) <= 60 and re.fullmatch(r"[ !#-\[\]-~]+", name) and name == name.strip() and "=?" not in name:
        return f';\r\n filename="{name}"'
    coded = quote(name.encode("utf-8", "replace"), safe="!#$&+-.^_`|~")
    pieces = re.findall(r"(?:%[0-9A-F]{2}|[^%]){1,20}", coded)
    if len(pieces) == 1:
        return f";\r\n filename*=utf-8''{coded}"
    pieces[0] = f"utf-8''{pieces[0]}"
    return "".join(f";\r\n filename*{number}*={piece}" for number, piece in enumerate(pieces))
