"""Where handlers leave wake-ups: nobody waits here, and nothing that goes wrong here is raised.

A wake-up that is lost costs seconds, because the sweeper finds its row (R28); refuses to hold up a decision for it.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from datetime import datetime

from dramatiq.broker import Broker
from dramatiq.errors import ConnectionClosed

from models.clock import Clock
from models.wakes import Wake
from workers.arrival import Arrival
from workers.broker import message_of
from workers.topology import LONGEST_DELAY

Ring = tuple[Wake, datetime | None]


class DirectAlarm:
    """For a broker in this process, which is never away."""

    def __init__(self, broker: Broker, clock: Clock) -> None:
        self._broker, self._clock = broker, clock

    def wake(self, wake: Wake, at: datetime | None = None) -> None:
        self._broker.enqueue(message_of(Arrival.of(wake)), delay=milliseconds_until(at, self._clock))

    def close(self, seconds: float = 0) -> None:
        """Nothing is held back here."""


class QueuedAlarm:
    """For RabbitMQ: hands wake-ups to threads of its own, which publish them confirmed.

    While the broker is away they wait here; what finds no room is dropped and counted in the log.
    """

    def __init__(self, broker: Broker, clock: Clock, room: int = 20_000, threads: int = 2) -> None:
        self._broker, self._clock = broker, clock
        self._rings: queue.Queue[Ring | None] = queue.Queue(room)
        self._closing = threading.Event()
        self._dropped = 0
        self._log = logging.getLogger(__name__)
        self._threads = [threading.Thread(target=self._run, name=f"alarm-{n}", daemon=True) for n in range(threads)]
        for thread in self._threads:
            thread.start()

    def wake(self, wake: Wake, at: datetime | None = None) -> None:
        try:
            self._rings.put_nowait((wake, at))
        except queue.Full:
            self._dropped += 1
            if self._dropped % 1000 == 1:
                self._log.warning("%d wake-ups found no room; the sweeper will repeat them", self._dropped)

    def close(self, seconds: float = 2) -> None:
        """Publish what is still here, for at most this long."""
        with contextlib.suppress(queue.Full):
            for _ in self._threads:
                self._rings.put(None, timeout=seconds)
        for thread in self._threads:
            thread.join(seconds / len(self._threads))
        self._closing.set()

    def _run(self) -> None:
        while (ring := self._rings.get()) is not None and not self._closing.is_set():
            self._leave(ring)

    def _leave(self, ring: Ring) -> None:
        wake, at = ring
        message, quiet = message_of(Arrival.of(wake)), False
        while not self._closing.is_set():
            try:
                self._broker.enqueue(message, delay=milliseconds_until(at, self._clock))
                return
            except ConnectionClosed as error:
                if not quiet:
                    self._log.warning("RabbitMQ is away, wake-ups wait: %r", error)
                quiet = True
                self._closing.wait(1)
            except Exception:
                self._log.exception("dropped %s; the sweeper will repeat it", wake)
                return


def milliseconds_until(at: datetime | None, clock: Clock) -> int | None:
    """The delay for Dramatiq. Beyond eight years it is cut: who is woken early goes to sleep again."""
    if at is None:
        return None
    seconds = (at - clock.now()).total_seconds()
    return None if seconds <= 0 else round(min(seconds, LONGEST_DELAY) * 1000) or None
