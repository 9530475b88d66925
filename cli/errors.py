"""What ends a command of the command line, and with which exit code; the sentence always says what to do next."""

from __future__ import annotations

from models.errors import PostroomError

OK, FAILED, USAGE, UNREACHABLE, INTERRUPTED = 0, 1, 2, 3, 130


class Failed(PostroomError):
    """The answer is no: something was found wrong."""


class Unreachable(PostroomError):
    """What the command has to speak with does not answer."""
