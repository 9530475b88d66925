"""Leaves wake-ups with the broker beside the answers: a broker that is away delays nobody and loses nothing (R34)."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from models.wakes import Alarm, Wake

WAITING = 2_000
SLOW_SECONDS = 1.0
REST_SECONDS = 3.0


class Waker:
    """One thread, one line of wake-ups. What is dropped here, the sweeper finds by its row a second later."""

    def __init__(self, alarm: Alarm, monotonic: Callable[[], float]) -> None:
        self._alarm, self._monotonic = alarm, monotonic
        self._line: queue.Queue[Wake | None] = queue.Queue(WAITING)
        self._resting_until = 0.0
        self._thread = threading.Thread(target=self._run, name="http-waker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """What still stands in line goes first, unless the broker is away."""
        try:
            self._line.put(None, timeout=SLOW_SECONDS)
        except queue.Full:
            return
        self._thread.join(5)

    def wake(self, wake: Wake) -> None:
        """Never blocks and never fails."""
        if self.resting:
            return
        try:
            self._line.put_nowait(wake)
        except queue.Full:
            return

    @property
    def resting(self) -> bool:
        """Whether the broker was found slow or away within the last seconds."""
        return self._monotonic() < self._resting_until

    def _run(self) -> None:
        while (wake := self._line.get()) is not None:
            if self.resting:
                continue
            began = self._monotonic()
            self._alarm.wake(wake)
            if self._monotonic() - began > SLOW_SECONDS:
                self._resting_until = self._monotonic() + REST_SECONDS
