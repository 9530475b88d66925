"""PURE. What stands in subjects besides people's words: one "Re:", and the number where the setting asks for it (R13)."""

from __future__ import annotations

import re

from models.settings import Settings

_AROUND = re.compile(r"\[[A-Z]{2,5}\d{7,18}\]|^(?:\s*(?:re|aw|antw|sv|odp|vs|r|fwd?|wg)\s*[:：])+", re.IGNORECASE)


def answering(subject: str) -> str:
    """The subject of a further mail in the thread; an empty one stays empty."""
    return subject if not subject or subject.lower().startswith("re:") else f"Re: {subject}"


def numbered(subject: str, number: str, settings: Settings) -> str:
    """The subject with the interaction's number in it, if the setting says so."""
    if not settings.number_in_subject or number in subject:
        return subject
    return f"{subject} [{number}]".strip()


def bare(subject: str) -> str:
    """What is left to compare: without "Re:", number and case."""
    return " ".join(_AROUND.sub(" ", subject).split()).casefold()
