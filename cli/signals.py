"""SIGTERM and SIGINT as an event to wait for; a second one ends the process at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

LOOK_SECONDS = 0.5


class Asked(threading.Event):
    """An endless wait looks up now and then: a signal the kernel hands to another thread does not end a wait in this one."""

    def wait(self, timeout: float | None = None) -> bool:
        while timeout is None and not super().wait(LOOK_SECONDS):
            pass
        return super().wait(timeout)


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """The event that the first signal sets."""
    asked = Asked()

    def on_signal(number: int, _: FrameType | None) -> None:
        asked.set()
        signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
