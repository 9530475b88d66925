"""PURE. How long the reading of one mail may take. Nobody is interrupted: who reads asks between lines, and gives up by itself.

Refuses signals and threads of its own; one line alone is short enough by other limits.
"""

from __future__ import annotations

from collections.abc import Callable


class Over(Exception):
    """The time is over; what was not understood by now is a person's words."""


class Patience:
    """``seconds`` is the processor's time of this thread, so that a busy machine gives up no sooner than an idle one."""

    def __init__(self, seconds: Callable[[], float], most: float) -> None:
        self._seconds = seconds
        self._until = seconds() + most

    def ask(self) -> None:
        """Raises `Over` when it is."""
        if self._seconds() > self._until:
            raise Over


ENDLESS = Patience(lambda: 0.0, 1.0)
