"""Commands, wake-ups and events on their way to RabbitMQ, confirmed; the only kombu of the producers' side.

Declares nothing: the workers' side does, so that nobody can declare a queue in two ways.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, wait
from datetime import datetime

from kombu import Connection
from kombu.exceptions import KombuError
from kombu.transport.native_delayed_delivery import MAX_NUMBER_OF_BITS_TO_USE, calculate_routing_key, level_name

from models.clock import Clock
from models.wakes import COMMAND_EXCHANGE, DELAY_PREFIX, EVENT_EXCHANGE, Queue, Wake, routing_key
from producers.line import Line
from producers.sweeper import Depth
from producers.window import CONFIRM_SECONDS, Away, Letter, Undeliverable

__all__ = ["Away", "Publisher", "QueueDepths", "Undeliverable"]

LONGEST_DELAY = int(2**MAX_NUMBER_OF_BITS_TO_USE) - 1
PATIENCE_SECONDS = 2 * CONFIRM_SECONDS + 5

Announcement = tuple[str, bytes, str]  # routing key, body, message id


class Publisher:
    """Thread-safe; connects on first use and again whenever it must."""

    def __init__(self, url: str, clock: Clock, name: str = "postroom producer") -> None:
        self._line, self._clock = Line(url, name), clock

    def publish_command(self, raw: bytes, type_name: str, user_id: str | None = None) -> None:
        """One command, confirmed. Raises `Away` or `Undeliverable`; the same command may always be published again."""
        letter = Letter(COMMAND_EXCHANGE, routing_key(type_name), raw, self._line.number(), user_id)
        self._hand_in([letter])

    def publish_events(self, batch: Sequence[Announcement]) -> None:
        """All of them, in order; returns when each is confirmed. Nobody needs to be listening. Raises `Away`."""
        self._hand_in([Letter(EVENT_EXCHANGE, key, body, name, mandatory=False) for key, body, name in batch])

    def wake(self, wake: Wake, at: datetime | None = None) -> None:
        """Leave a wake-up and go on: it is confirmed behind the caller's back, or found by the sweeper (R28)."""
        exchange, key = route(wake.queue.wire_name, self._seconds_until(at))
        self._line.put(Letter(exchange, key, wake.encode(), self._line.number(), patient=True))

    def state(self) -> str:
        """``ok``, or what RabbitMQ's absence looks like from here."""
        return f"away: {self._line.away}" if self._line.away else "ok"

    def close(self, seconds: float = 3.0) -> None:
        self._line.close(seconds)

    def _hand_in(self, letters: Sequence[Letter]) -> None:
        if not letters:
            return
        if not self._line.put(*letters):
            raise Away("too many messages wait for RabbitMQ; publish again under the same id")
        settled: Iterable[Future[None]] = [letter.settled for letter in letters]
        done, late = wait(settled, timeout=PATIENCE_SECONDS)
        if late:
            raise Away(f"RabbitMQ did not confirm {len(late)} messages in time; publish again under the same id")
        for each in done:
            each.result()

    def _seconds_until(self, at: datetime | None) -> int:
        if at is None:
            return 0
        return min(LONGEST_DELAY, max(0, math.ceil((at - self._clock.now()).total_seconds())))


def route(queue_name: str, seconds: int) -> tuple[str, str]:
    """Exchange and key: the queue itself, or the highest delay level these seconds need (which saves the hops before it)."""
    if seconds == 0:
        return "", queue_name
    if not 0 < seconds <= LONGEST_DELAY:
        raise ValueError(f"a delay is at most {LONGEST_DELAY} seconds, not {seconds}")
    return str(level_name(seconds.bit_length() - 1, DELAY_PREFIX)), str(calculate_routing_key(seconds, queue_name))


class QueueDepths:
    """Asks RabbitMQ how full its queues are, over a connection of its own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._asking = threading.Lock()
        self._connection: Connection | None = None

    def __call__(self, queue: Queue) -> Depth | None:
        """None where RabbitMQ is away, or came back empty and no worker has declared the queue yet."""
        with self._asking:
            connection = self._connection or Connection(self._url, connect_timeout=5)
            errors = (KombuError, OSError, *connection.connection_errors, *connection.channel_errors)
            try:
                connection.ensure_connection(max_retries=1, interval_start=0)
                with connection.channel() as channel:
                    found = channel.queue_declare(queue.wire_name, passive=True)
                self._connection = connection
                return Depth(found.message_count, found.consumer_count)
            except errors:
                self._connection = None
                connection.release()
                return None

    def close(self) -> None:
        with self._asking:
            if self._connection is not None:
                self._connection.release()
                self._connection = None


def trouble_at(url: str, seconds: float = 3) -> str | None:
    """Why nobody can speak with RabbitMQ there, in its own words; None where one can."""
    with Connection(url, connect_timeout=seconds) as connection:
        try:
            connection.connect()
        except (KombuError, OSError, *connection.connection_errors, *connection.channel_errors) as error:
            return f"{type(error).__name__}: {error}".splitlines()[0]
    return None
