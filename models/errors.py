"""PURE. One small tree of errors in which the class says what happens next; no error is caught here."""

from __future__ import annotations

from typing import Any


class PostroomError(Exception):
    """Base of every error this product raises on purpose."""


class Rejected(PostroomError):
    """An answer, not a failure (R37): recorded on the command with a code and a sentence, never retried."""

    def __init__(self, code: str, sentence: str, *, field: str | None = None, **data: Any) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.field = field
        self.data = data

    def as_result(self) -> dict[str, Any]:
        """The machine-readable part of the answer; ``field`` is a path into the command's body."""
        found = dict(self.data)
        if self.field is not None:
            found["field"] = self.field
        return found


class Malformed(Rejected):
    """What arrived is no command of this contract; at a door with no place for answers it becomes a dead letter."""

    def __init__(self, sentence: str, *, code: str = "malformed", field: str | None = None, **data: Any) -> None:
        super().__init__(code, sentence, field=field, **data)


class Unknown(PostroomError):
    """A record named by the command is not known *yet* (R36): wait a bounded time, then reject as ``not_found``.

    ``key`` names what is waited for, so that its arrival wakes the command at once.
    """

    def __init__(self, key: str, sentence: str) -> None:
        super().__init__(sentence)
        self.key = key
        self.sentence = sentence


class Transient(PostroomError):
    """Something around us is away for the moment; the same step may be repeated safely."""


class Stale(PostroomError):
    """The attempt, lease or wake-up this step belonged to is no longer ours: stop without a trace."""


class Misconfigured(PostroomError):
    """A setting is missing or impossible; the sentence names it and says what to write instead."""
