"""What a check has to say of one thing; nothing is decided here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "note", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """``advice`` is what to do; empty where nothing is to be done."""

    what: str
    verdict: Verdict
    found: str
    advice: str = ""
