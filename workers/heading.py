"""PURE. Who wrote to whom, and which mails are cited, from header fields as they come: folded, commented, without brackets.

Refuses to take for an address or id what does not look like one; never raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from models.addresses import NULL_SENDER
from workers import mime
from workers.charsets import clean

_RECIPIENTS = (
    "to",
    "cc",
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-forwarded-to",
    "resent-to",
)
_NULL_NAMES = ("<MAILER-DAEMON>", "<null>")  # as old servers wrote it
_ID_LENGTH = 900
_IDS_READ = 100_000
_FROM_READ = 2_000
# A quoted string, a comment, an address in brackets, what ends a mailbox, a word.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.){0,500}+"|\((?:[^()\\]|\\.){0,500}+\)|<[^<>]{0,500}>?|[^"(<,;:]+|.')
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"]{1,200}@[^\s<>()\[\]:;,\"]{1,255}")


def sender(mail: mime.Entity) -> tuple[str, str]:
    """Display name and address of the first author; the address is empty where there is none ("MAILER-DAEMON <>").

    An address in angle brackets before any other: ``victim@us.example <x@evil.example>`` is what x@evil.example wrote.
    """
    found = authors(mail) or [(re.sub(r'<[^<>]{0,500}>|["\s]+', " ", mail.first("from")[:_FROM_READ]), "", False)]
    name, address, _ = next((each for each in found if each[2]), found[0])
    return mime.words(name)[:200], clean(address)[:320]


def authors(mail: mime.Entity) -> list[tuple[str, str, bool]]:
    """Name and address of each, and whether that stood in angle brackets. More than one is no proof of any."""
    values = (re.sub(r"\s+", " ", value)[:_FROM_READ] for value in mail.all("from")[:5])
    return [found for value in values for found in _mailboxes(value)]


def null_path(mail: mime.Entity, envelope_from: str) -> bool:
    """Whether nobody may answer it (RFC 5321, 4.5.5): by the envelope, or by what the delivering server noted of it."""
    return NULL_SENDER in (envelope_from, mail.first("return-path")) or mail.first("return-path") in _NULL_NAMES


def recipients(mail: mime.Entity) -> tuple[str, ...]:
    return _addresses(value for name in _RECIPIENTS for value in mail.all(name))


def reply_to(mail: mime.Entity) -> tuple[str, ...]:
    return _addresses(mail.all("reply-to"))


def message_id(mail: mime.Entity) -> str | None:
    """Its own id, in angle brackets even where its program left them out."""
    return next(iter(_ids_in(mail.first("message-id"), bare=True)), None)


def cited(mail: mime.Entity, name: str) -> tuple[str, ...]:
    """Every id in In-Reply-To or References, in order. Old programs write a phrase there, others forget the brackets."""
    found = (one for value in mail.all(name)[:20] for one in _ids_in(value))
    return tuple(dict.fromkeys(found))[:1_000]


def _mailboxes(value: str) -> Iterator[tuple[str, str, bool]]:
    """Cut at commas and at the ends of groups; a piece without an address belongs to the next one's name ("Marsh, Ada <…>")."""
    before: list[str] = []
    words: list[str] = []
    notes: list[str] = []
    angled: list[str] = []
    for token in (*(match[0] for match in _TOKEN.finditer(value)), ","):
        if token[0] == "<":
            angled += _ADDRESS.findall(token)[-1:]
        elif token[0] == "(":
            notes.append(token.strip("() "))
        elif token in ",;":
            if found := angled or _ADDRESS.findall(" ".join(words)):
                name = re.sub(r"\s+", " ", "".join((*before, *words))).strip(" ,") if angled else " ".join(notes)
                yield from ((name, address, bool(angled)) for address in found)
                before, notes, angled = [], [], []
            elif words:
                before += [*words, ", "]
            words = []
        elif token == ":" and value.rstrip().endswith(";"):
            words = []  # the name of a group (RFC 5322, 3.4)
        else:
            words.append(re.sub(r"\\(.)", r"\1", token[1:-1]) if token[0] == '"' and len(token) > 1 else token)


def _ids_in(value: str, bare: bool = False) -> list[str]:
    """What stands in brackets, blanks from folding taken out; else the words that have an @, or any one word."""
    found, rest = [], []
    for piece in value[:_IDS_READ].split("<"):
        inside, closed, outside = piece.partition(">")
        inside = "".join(inside.split())
        if closed and inside:
            found.append(inside)
        rest += (outside if closed else piece).replace(",", " ").replace(";", " ").split()
    words = [word.strip("<>()\"'") for word in rest]
    found = found or [word for word in words if "@" in word] or (words[:1] if bare and len(words) == 1 else [])
    return [f"<{clean(one)}>" for one in found if 0 < len(one) <= _ID_LENGTH]


def _addresses(values: Iterable[str]) -> tuple[str, ...]:
    joined = ", ".join(values)[:100_000]
    return tuple(dict.fromkeys(map(clean, _ADDRESS.findall(joined))))[:1_000]
