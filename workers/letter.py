"""PURE. Builds the mail from facts: the same facts give the same bytes, and nothing is looked up here.

Refuses a header that would not survive: line breaks, NUL, an address that would read as two.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

from models import plaintext
from workers import styles
from workers.headers import address_list, clean, filename, is_id, mailbox, uri_list, words
from workers.headers import wire_address as wire_address

_LINE_LIMIT = 998  # RFC 5322 2.1.1
_REFERENCES = 40
_CID = re.compile(r"cid:([A-Za-z0-9._@-]+)")
_BODY = re.compile(r"<body(?:\s[^<>]*)?>", re.IGNORECASE)
_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")


@dataclass(frozen=True, slots=True)
class Part:
    """An attachment, or an inline image where ``inline_id`` is set and the HTML shows it."""

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
    unsubscribe: tuple[str, ...] = ()  # URIs; an http one first is one-click (RFC 8058)
    mark: str = ""  # the line above which answers are to stand (R18)


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


class _AsGiven(EmailPolicy):
    """Header values are written as they are: they were folded and encoded where the rules for each are known."""

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
        ("From", mailbox(letter.from_name, letter.from_address)),
        ("Reply-To", wire_address(letter.reply_to) if letter.reply_to else ""),
        ("To", address_list(letter.to) or ("" if letter.cc else "undisclosed-recipients:;")),
        ("Cc", address_list(letter.cc)),
        ("Subject", words("Subject", letter.subject)),
        *_thread(letter),
    ]
    if letter.automatic:
        found += [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")]
    found.append(("List-Unsubscribe", uri_list(letter.unsubscribe)))
    if letter.unsubscribe and letter.unsubscribe[0].startswith("http"):
        found.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    found.append(("MIME-Version", "1.0"))
    return [(name, value) for name, value in found if value or name == "Subject"]


def _thread(letter: Letter) -> list[tuple[str, str]]:
    """Ids stand bare and one to a line. Our own is among References: some relays (SES) replace Message-ID."""
    own, answered = clean("Message-ID", letter.message_id), clean("In-Reply-To", letter.in_reply_to or "")
    if not is_id(own):
        raise ValueError(f"Message-ID: {own[:200]!r} is no message id.")
    chain = [clean("References", reference) for reference in letter.references]
    # A stranger's id that is no id cannot be cited; refusing the whole answer for it would help nobody.
    known = list(dict.fromkeys(i for i in (*chain, answered) if is_id(i) and i != own))
    if len(known) > _REFERENCES:
        known = [known[0], *known[1 - _REFERENCES :]]
    return [
        ("Message-ID", own),
        ("In-Reply-To", answered if is_id(answered) else ""),
        ("References", "\r\n ".join([*known, own])),
    ]


def _body(letter: Letter) -> EmailMessage:
    inline, attached = _sorted(letter)
    text = letter.text or plaintext.from_html(letter.html)
    body = _text(f"{letter.mark}\n\n{text}" if letter.mark else text, "plain")
    if letter.html:
        page = _text(_page(letter), "html")
        shown = _multipart(letter, "related", [page, *map(_inline, inline)]) if inline else page
        body = _multipart(letter, "alternative", [body, shown])
    return _multipart(letter, "mixed", [body, *map(_attachment, attached)]) if attached else body


def _sorted(letter: Letter) -> tuple[list[Part], list[Part]]:
    """Images the HTML shows, each once, and all other files: a picture nobody sees would be lost."""
    shown = set(_CID.findall(letter.html))
    inline: dict[str, Part] = {}
    for part in letter.parts:
        if part.inline_id in shown and part.inline_id:
            inline.setdefault(part.inline_id, part)
    return [*inline.values()], [part for part in letter.parts if all(part is not each for each in inline.values())]


def _page(letter: Letter) -> str:
    page = styles.inlined(letter.html)
    if not letter.mark:
        return page
    line = f'<p style="color:#888888">{html.escape(letter.mark)}</p>'
    begin = _BODY.search(page)
    return page[: begin.end()] + line + page[begin.end() :] if begin else line + page


def _multipart(letter: Letter, subtype: str, entities: Iterable[EmailMessage]) -> EmailMessage:
    # "=_" occurs in neither transfer encoding used below, so no content can end a part.
    boundary = "=_" + hashlib.sha256(f"{subtype}:{letter.message_id}".encode()).hexdigest()[:32]
    root = ' type="text/html";' if subtype == "related" else ""  # RFC 2387 3.1
    whole = _entity(Content_Type=f'multipart/{subtype};{root}\r\n boundary="{boundary}"')
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
    return _file(part, "inline")


def _file(part: Part, disposition: str) -> EmailMessage:
    if not _TYPE.fullmatch(clean("Content-Type", part.media_type)):
        raise ValueError(f"Content-Type: {part.media_type!r} is no media type.")
    # RFC 2046 forbids base64 for these, and without it their bytes would not survive.
    composite = part.media_type.lower().startswith(("message/", "multipart/"))
    entity = _entity(
        Content_Type="application/octet-stream" if composite else part.media_type,
        Content_Transfer_Encoding="base64",
        Content_Disposition=disposition + filename(clean("file name", part.name)),
    )
    if part.inline_id:
        entity["Content-ID"] = _content_id(part.inline_id)
    entity.set_payload(base64.encodebytes(part.data).decode())
    return entity


def _content_id(inline_id: str) -> str:
    content_id = f"<{clean('Content-ID', inline_id)}>"
    if not is_id(content_id):
        raise ValueError(f"Content-ID: {inline_id!r} is no content id.")
    return content_id
