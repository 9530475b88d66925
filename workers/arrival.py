"""PURE. What came out of a queue, with what the broker itself vouches for; the body is never believed about who sent it.

Refuses to take anything that came through the door of commands for a wake-up, whatever it looks like (R2).
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from models.wakes import COMMAND_EXCHANGE, DEAD_QUEUE, UNROUTED_EXCHANGE, Queue, Wake

DOORS = frozenset({COMMAND_EXCHANGE, UNROUTED_EXCHANGE})


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message. ``amqp_user`` was checked by RabbitMQ; None where the publisher did not state one."""

    queue: str
    body: bytes
    exchange: str = ""
    amqp_user: str | None = None
    redelivered: bool = False
    attempt: int = 0  # how often it was given back before
    died: str | None = None  # where and why, for what RabbitMQ itself gave up on

    @staticmethod
    def of(wake: Wake) -> Arrival:
        """The message that carries a wake-up."""
        return Arrival(wake.queue.wire_name, wake.encode())

    @property
    def is_command(self) -> bool:
        return self.exchange in DOORS and self.died is None

    @property
    def is_dead(self) -> bool:
        return self.queue == DEAD_QUEUE

    def wake(self) -> Wake | None:
        """The wake-up this is, or None: only our own side can reach the queues other than through the door."""
        if self.is_command or self.is_dead:
            return None
        return read_wake(self.body, self.queue)

    def __repr__(self) -> str:
        return f"Arrival({self.queue}, {len(self.body)} bytes, attempt {self.attempt})"  # words never reach a log


def read_wake(body: bytes, queue: str) -> Wake | None:
    """A wake-up for exactly this queue, or None."""
    try:
        wire = json.loads(body)
        wake = Wake(Queue(wire["wake"]), wire["key"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    fits = wake.queue.wire_name == queue and isinstance(wake.key, str) and wire == wake.as_wire()
    return wake if fits and _has_sense(wake) else None


def _has_sense(wake: Wake) -> bool:
    if wake.queue is Queue.DELIVERY:
        return bool(wake.key)
    number, colon, kind = wake.key.partition(":")
    is_clock = wake.queue is Queue.CLOCKS
    return number.isascii() and number.isdigit() and len(number) < 19 and bool(colon) is bool(kind) is is_clock
