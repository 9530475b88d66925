"""PURE. Header fields as they travel, folded and encoded by the rules of each; refuses what would forge another field.

The stdlib's own folding makes encoded words of long ids, which Outlook drops, and differs between Python versions.
"""

from __future__ import annotations

import base64
import re
from urllib.parse import quote

import idna

_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_URI = re.compile(r"[!-;=?-~]{1,900}")
_PLAIN = re.compile(r"[!-~]{1,60}(?: [!-~]{1,60})*")
_LOCAL = re.compile(r'[^\x00-\x20\x7f-\xa0()<>\[\]:;@\\,"\s]+|"(?:[^\x00-\x1f\x7f"\\\s]|[ ]|\\[\x20-\x7e])*"')
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[!-Z^-~]+\]")


def clean(name: str, value: str) -> str:
    """The value itself; raises `ValueError` where it would end the field and begin another."""
    if any(character in value for character in "\r\n\x00"):
        raise ValueError(f"{name}: a line break or NUL in {value[:200]!r} would forge headers.")
    return value


def is_id(value: str) -> bool:
    """Whether it can stand where a message id is cited."""
    return _ID.fullmatch(value) is not None


def words(name: str, value: str) -> str:
    """Unstructured text; anything but plain single-spaced ASCII travels as encoded words (RFC 2047)."""
    clean(name, value)
    if not value or (_PLAIN.fullmatch(value) and "=?" not in value):
        return _folded(value.split(" "), len(name) + 2)
    return _encoded(value)


def mailbox(name: str, address: str) -> str:
    """A name, if there is one, and its address."""
    clean("From", name)
    if not name:
        return wire_address(address)
    if len(name) <= 60 and re.fullmatch(r"[ -~]+", name) and "=?" not in name and name == name.strip():
        quoted = re.sub(r'([\\"])', r"\\\1", name)
        return f'"{quoted}" <{wire_address(address)}>'
    return f"{_encoded(name)}\r\n <{wire_address(address)}>"


def address_list(addresses: tuple[str, ...]) -> str:
    return ",\r\n ".join(wire_address(address) for address in addresses)


def uri_list(uris: tuple[str, ...]) -> str:
    """Angled URIs (RFC 2369); raises `ValueError` for what would end one early."""
    for uri in uris:
        if not _URI.fullmatch(uri):
            raise ValueError(f"{uri[:200]!r} is no URI that a header can carry.")
    return ",\r\n ".join(f"<{uri}>" for uri in uris)


def wire_address(address: str) -> str:
    """The address as it travels: its domain in ASCII. Raises `ValueError` where it could be read as anything else.

    A local part beyond ASCII stays as it is: then, and only then, the mail needs a server with SMTPUTF8 (RFC 6531).
    """
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


def filename(name: str) -> str:
    """The parameter of a disposition: RFC 2183 where it fits, else RFC 2231 in pieces, cut between characters' octets."""
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


def _ascii_domain(domain: str, address: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        raise ValueError(f"{address[:200]!r} is no mail address: its domain has no ASCII form.") from None
