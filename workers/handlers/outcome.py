"""An answer of a handler that is a rejection *with* effects, such as a conflicting text that is kept (R9)."""

from __future__ import annotations

from dataclasses import dataclass

from models.errors import Rejected


@dataclass(frozen=True, slots=True)
class Refusal:
    """Commit what was written, and answer with this rejection. (A raised `Rejected` undoes everything.)"""

    rejection: Rejected
