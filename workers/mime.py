"""PURE. A raw mail as header fields and parts, in linear time and within limits; takes any bytes and never raises.

Not the stdlib's parser: that one is quadratic, or recurses without end, on mail made to hurt.
"""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from workers.charsets import clean, text_in

PARTS_LIMIT = 200
FIELDS_LIMIT = 2_000
DEPTH_LIMIT = 50
_VALUE_READ = 200_000
_DECODED = 8_000  # characters of one header in which encoded words are looked for
_LOOKED_THROUGH = 8  # times its own length a mail is searched for the ends of its parts
_AT_LEAST = 4_000_000
_NAME = re.compile(rb"([!-9;-~]{1,200}+)[ \t]*+:")
_LAST_LINE = re.compile(rb"\n(?![ \t])")  # the end of a field's last line
_MBOX = re.compile(rb">?From [^\n:][^\n]*\n(?=[!-9;-~]{1,200}[ \t]*:)")
_EMPTY, _EMPTY_NEXT = re.compile(rb"\r*(?:\n|\Z)"), re.compile(rb"\n\r*(?:\n|\Z)")
_NO_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
_META = re.compile(rb"<meta[^<>]{1,200}charset\s{0,5}=\s{0,5}[\"']?([\w.:-]{1,60})", re.IGNORECASE)
_WORD = re.compile(r"=\?([^?\s]{1,100})\?([bBqQ])\?(.*?)\?=")
_WORDS = re.compile(r"((?:=\?[^?\s]{1,100}\?[bBqQ]\?.*?\?=)+)")
_BETWEEN = re.compile(r"(\?=)[ \t]+(=\?[^?\s]{1,100}\?[bBqQ]\?)")  # blanks that only part encoded words (RFC 2047, 6.2)


@dataclass(slots=True)
class Entity:
    """A mail or a part of one. Children only where it is a multipart that could be taken apart."""

    fields: list[tuple[str, bytes]]  # names in lower case, values unfolded
    body: bytes
    children: list[Entity] = field(default_factory=list)
    charset: str = ""  # of the first text in the mail: what raw octets in its headers are most likely in
    _by_name: dict[str, list[bytes]] = field(init=False)

    def __post_init__(self) -> None:
        self._by_name = {}
        for name, value in self.fields:
            self._by_name.setdefault(name, []).append(value)

    def all(self, name: str) -> list[str]:
        """Every field of this name as it stands, undecoded."""
        return [text_in(value[:_VALUE_READ], "", self.charset).strip() for value in self._by_name.get(name, ())]

    def first(self, name: str) -> str:
        values = self._by_name.get(name)
        return text_in(values[0][:_VALUE_READ], "", self.charset).strip() if values else ""

    @property
    def media_type(self) -> str:
        found = re.match(r"\s*([\w.+-]+/[\w.+-]+)", self.first("content-type"))
        return found[1].lower() if found else "text/plain"

    def parameter(self, header: str, name: str) -> str:
        """A parameter of Content-Type or Content-Disposition, decoded; empty if there is none."""
        carrier = Message()
        carrier["content-type"] = re.sub(r"[\x00-\x1f\x7f]+", " ", self.first(header)[:2_000])
        try:
            found = carrier.get_param(name, "")
        except (ValueError, LookupError, TypeError, AttributeError):
            return ""
        if isinstance(found, tuple):
            return text_in(str(found[2]).encode("latin-1", "replace"), found[0] or "")
        return words(str(found or ""))

    @property
    def filename(self) -> str:
        return self.parameter("content-disposition", "filename") or self.parameter("content-type", "name")

    @property
    def disposition(self) -> str:
        return self.first("content-disposition").partition(";")[0].strip().lower()

    def content(self) -> bytes:
        """The body with its transfer encoding undone, as far as that goes."""
        encoding = re.sub(r"\(.*|[\s\"';]", "", self.first("content-transfer-encoding")[:200]).lower()
        if encoding == "base64":
            return unbased(self.body)
        return binascii.a2b_qp(self.body) if encoding == "quoted-printable" else self.body

    def text(self) -> str:
        octets, charset = self.content(), self.parameter("content-type", "charset")
        if not charset and self.media_type == "text/html" and (named := _META.search(octets[:4_000])):
            charset = named[1].decode("ascii")
        return text_in(octets, charset, self.charset).replace("\r\n", "\n")

    def leaves(self) -> Iterator[Entity]:
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


def parse(raw: bytes) -> Entity:
    """The whole mail; what lies beyond the limits stays in one piece."""
    raw = raw.removeprefix(codecs.BOM_UTF8)  # a mail kept as a text file on Windows
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    mail = _entity(raw, 0, len(raw), 0, _Left(PARTS_LIMIT, max(_LOOKED_THROUGH * len(raw), _AT_LEAST)))
    if not raw.isascii():
        _tell(mail, next(filter(None, (leaf.parameter("content-type", "charset") for leaf in mail.leaves())), ""))
    return mail


def head(raw: bytes) -> Entity:
    """The header fields only, and everything after them as the body."""
    fields, start = _fields(raw, 0, len(raw))
    return Entity(fields, raw[start:])


def words(value: str) -> str:
    """A header value for people: encoded words decoded (RFC 2047), on one line, without control characters.

    Not the stdlib's ``decode_header``: beside an encoded word it turns "回" into the six characters ``\\u56de``.
    """
    value = re.sub(r"\r?\n", "", value)
    read = _BETWEEN.sub(r"\1\2", value[:_DECODED])
    decoded = "".join(map(_piece, _WORDS.split(read)))
    return clean(re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]+", " ", decoded + value[_DECODED:])).strip()


def _piece(piece: str) -> str:
    """Plain text, or a run of encoded words of one charset: some programs cut within a character."""
    if not piece.startswith("=?"):
        return piece
    octets = b""
    charset = ""
    read = ""
    for found in _WORD.finditer(piece):
        if found[1].lower() != charset:
            read, octets, charset = read + text_in(octets, charset), b"", found[1].lower()
        octets += _unworded(found[2], found[3])
    return read + text_in(octets, charset) if charset else piece


def _unworded(encoding: str, letters: str) -> bytes:
    octets = letters.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(octets, header=True)
    return unbased(octets)


def unbased(octets: bytes) -> bytes:
    """Base64 as far as it goes."""
    letters = octets.translate(None, _NO_BASE64)
    letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _tell(entity: Entity, charset: str) -> None:
    entity.charset = charset
    for child in entity.children:
        _tell(child, charset)


def _fields(raw: bytes, start: int, end: int) -> tuple[list[tuple[str, bytes]], int]:
    """The header fields, and where the body starts: after an empty line, or at the first line that is no field."""
    found: list[tuple[str, bytes]] = []
    if mbox := _MBOX.match(raw, start, end):
        start = mbox.end()
    while match := _NAME.match(raw, start, end):
        if len(found) == FIELDS_LIMIT:
            return found, _after_head(raw, start, end)
        last = _LAST_LINE.search(raw, match.end(), end)
        stop = last.start() if last else end
        found.append((match[1].decode("ascii").lower(), _unfolded(raw[match.end() : stop])))
        start = min(stop + 1, end)
    empty = _EMPTY.match(raw, start, end)
    return found, empty.end() if empty else start


def _unfolded(value: bytes) -> bytes:
    return value.rstrip(b"\r").replace(b"\r\n", b"").replace(b"\n", b"")


def _after_head(raw: bytes, start: int, end: int) -> int:
    """Past the fields that nobody reads any more."""
    empty = _EMPTY_NEXT.search(raw, start, end)
    return empty.end() if empty else end


@dataclass(slots=True)
class _Left:
    """What may still be spent on one mail. A multipart that lies within many others is not looked through once for each."""

    parts: int
    octets: int


def _entity(raw: bytes, start: int, end: int, depth: int, left: _Left) -> Entity:
    left.parts -= 1
    fields, at = _fields(raw, start, end)
    entity = Entity(fields, b"")
    if entity.media_type.startswith("multipart/") and depth < DEPTH_LIMIT and left.octets > 0:
        boundary = entity.parameter("content-type", "boundary").encode("utf-8", "replace")
        left.octets -= end - at
        for first, last in _pieces(raw, at, end, boundary, left.parts) if boundary else ():
            if left.parts <= 0:
                entity.children.append(_unread(raw[first:last]))
                break
            entity.children.append(_entity(raw, first, last, depth + 1, left))
    if depth == 0 or not entity.children:
        entity.body = raw[at:end]
    return entity


def _pieces(raw: bytes, start: int, end: int, boundary: bytes, most: int) -> list[tuple[int, int]]:
    """Where what stands between the delimiters begins and ends; the last one of ``most`` keeps all the rest."""
    delimiter = re.compile(rb"\n--" + re.escape(boundary[:200]) + rb"(--)?[ \t]*+\r?(?=\n|\Z)")
    pieces: list[tuple[int, int]] = []
    first: int | None = None
    for match in delimiter.finditer(raw, start - 1, end):  # the line before a body ends where it begins
        if first is not None:
            last = max(first, match.start())
            pieces.append((first, last - (last > first and raw[last - 1] == 13)))
        if match[1]:
            return pieces
        first = min(match.end() + 1, end)
        if len(pieces) >= most:
            break
    return pieces if first is None else [*pieces, (first, end)]


def _unread(piece: bytes) -> Entity:
    return Entity([("content-type", b"application/octet-stream; name=unread-parts.eml")], piece)
