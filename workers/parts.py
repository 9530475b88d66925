"""PURE. What there is to read in a mail, and its files, gathered part by part; refuses to drop a part or to open what is sealed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from models import plaintext
from workers import mime, sealed
from workers.charsets import clean

_PICTURE = re.compile(r"data:image/[\w.+-]{1,60};base64,[A-Za-z0-9+/=]{100,}+")  # no word, wherever its tag ends
_STUB_WORDS = 80
_NAMES = {"message/rfc822": "message.eml", "text/calendar": "invitation.ics"}


@dataclass(frozen=True, slots=True)
class Attached:
    name: str
    media_type: str
    data: bytes
    inline_id: str | None


class Parts:
    """Texts, HTML and files in the order of the mail."""

    def __init__(self, care: plaintext.Care) -> None:
        self._care = care
        self.texts: list[str] = []
        self.htmls: list[str] = []
        self.attachments: list[Attached] = []
        self._unsealed = False

    def take(self, part: mime.Entity) -> None:
        if part.media_type == "multipart/alternative" and part.children:
            self._take_one_of(part.children)
        elif part.children:
            for child in part.children:
                self.take(child)
        elif part.media_type == "text/html" and not _is_file(part):
            self.htmls.append(part.text())
            self.texts.append(plaintext.from_html(_PICTURE.sub("", self.htmls[-1]), self._care))
        elif part.media_type.startswith(("text/plain", "multipart/")) and not _is_file(part):
            self.texts.append(part.text())
        else:
            self.attachments.append(_attached(part))
            self._unseal(part)

    def _unseal(self, part: mime.Entity) -> None:
        """Signed as a whole: its words are read, the sealed file stays beside them. A seal within a seal stays closed."""
        if part.media_type in sealed.MEDIA_TYPES and not self._unsealed:
            self._unsealed = True
            if content := sealed.signed_content(part.content()):
                self.take(mime.parse(content))

    def _take_one_of(self, children: list[mime.Entity]) -> None:
        """The same words twice: the plain text is read, the HTML kept; if the plain text is empty or a stub, the HTML is read."""
        versions: list[list[str]] = []
        for child in children:
            version = Parts(self._care)
            version.take(child)
            self.htmls += version.htmls
            self.attachments += version.attachments
            if any(text.strip() for text in version.texts):
                versions.append(version.texts)
        if len(versions) > 1 and _is_stub("\n".join(versions[0]), "\n".join(versions[1])):
            del versions[0]
        self.texts += versions[0] if versions else []


def read(mail: mime.Entity) -> Parts:
    parts = Parts(plaintext.Care())
    parts.take(mail)
    return parts


def _is_stub(plain: str, other: str) -> bool:
    """ "Your program shows no HTML", in any language: a few words about HTML, most of which the HTML itself does not have."""
    words = plain.split()
    if len(words) > _STUB_WORDS or "html" not in plain.lower():
        return False
    there = set(other.split())
    return sum(word in there for word in words) * 2 < len(words)


def _is_file(part: mime.Entity) -> bool:
    return part.disposition == "attachment" or bool(part.filename)


def _attached(part: mime.Entity) -> Attached:
    named = re.sub(r'[\x00-\x1f\x7f/\\:"<>|?*]+', "_", part.filename)[-200:].strip(". ")
    inline_id = clean(part.first("content-id").strip("<> "))[:200] or None
    return Attached(named or _NAMES.get(part.media_type, "unnamed"), part.media_type, part.content(), inline_id)
