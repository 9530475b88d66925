"""Where handlers leave wake-ups when the broker is in this process; refuses nothing and holds nothing back.

For RabbitMQ the composition root hands in the producers' publisher instead: its window of confirms is four times as fast.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from dramatiq.broker import Broker

from models.clock import Clock
from models.wakes import Alarm, Wake
from workers.arrival import Arrival
from workers.broker import message_of

LONGEST = 2**28 - 1  # seconds; whoever is woken early goes to sleep again


class ClosingAlarm(Alarm, Protocol):
    """An alarm that can be asked to finish."""

    def close(self) -> None: ...


class DirectAlarm:
    """For a broker in this process, which is never away."""

    def __init__(self, broker: Broker, clock: Clock) -> None:
        self._broker, self._clock = broker, clock

    def wake(self, wake: Wake, at: datetime | None = None) -> None:
        self._broker.enqueue(message_of(Arrival.of(wake)), delay=milliseconds_until(at, self._clock))

    def close(self) -> None:
        """Nothing is held back here."""


def milliseconds_until(at: datetime | None, clock: Clock) -> int | None:
    """The delay for Dramatiq, or None for now."""
    if at is None:
        return None
    seconds = (at - clock.now()).total_seconds()
    return None if seconds <= 0 else round(min(seconds, LONGEST) * 1000) or None
