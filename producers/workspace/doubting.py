"""PURE. What a person may have forgotten, said once before a mail leaves. Refuses to forbid anything: that is for `send` (R11)."""

from __future__ import annotations

import re
from typing import Any

_ATTACHMENT = re.compile(
    r"\b(attach(ed|ment|ments|ing)?|enclosed|anhang|anbei|angehängt|beigefügt|ci-joint|pièce jointe|adjunt\w*|allegat\w*)\b",
    re.IGNORECASE,
)
_BLANK = re.compile(r"\$\{?[a-z_]{2,40}\}?")
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)


def doubts(content: dict[str, Any]) -> list[str]:
    """Sentences to be shown beside *Send all the same*; none where nothing looks forgotten."""
    own = own_words(str(content.get("text") or ""))
    found = []
    if not str(content.get("subject") or "").strip():
        found.append("The mail has no subject.")
    if not own.strip():
        found.append("Nothing is written in it.")
    if (named := _ATTACHMENT.search(own)) and not content.get("attachments"):
        found.append(f"It says “{named[0]}”, but nothing is attached.")
    if left := _BLANK.search(str(content.get("subject") or "") + "\n" + own):
        found.append(f"It still has the blank {left[0]} of a template.")
    return found


def own_words(text: str) -> str:
    """Without the signature and without what is quoted of others."""
    before = _SIGNATURE.split(text, maxsplit=1)[0]
    return "\n".join(line for line in before.split("\n") if not line.startswith(">"))
