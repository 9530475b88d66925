"""PURE. Wake-ups: the hint in the queue that some row promises something, and which queue carries what.

A wake-up holds no truth; lost, doubled, early or forged it does no harm (R28).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

COMMAND_EXCHANGE = "postroom.commands"
UNROUTED_EXCHANGE = "postroom.unrouted"
EVENT_EXCHANGE = "postroom.events"
DELAY_PREFIX = "postroom"


class Queue(StrEnum):
    """The work queues; each can be consumed by a pool of its own."""

    COMMANDS = "commands"
    DELIVERY = "delivery"
    CLOCKS = "clocks"
    INBOUND = "inbound"

    @property
    def wire_name(self) -> str:
        return f"postroom.{self.value}"


DEAD_QUEUE = "postroom.dead"


@dataclass(frozen=True, slots=True)
class Wake:
    """Look at this row. ``key`` is a command's row id, a delivery's id, or ``interaction:kind`` of a clock."""

    queue: Queue
    key: str

    def as_wire(self) -> dict[str, Any]:
        return {"wake": self.queue.value, "key": self.key}

    def encode(self) -> bytes:
        return json.dumps(self.as_wire(), separators=(",", ":")).encode()


class Alarm(Protocol):
    """Where wake-ups are left, at once, however the broker is. Raises nothing a caller must handle: a lost wake-up is
    found by the sweeper."""

    def wake(self, wake: Wake, at: datetime | None = None) -> None:
        """Deliver the wake-up now, or durably not before ``at`` (rounded up to whole seconds)."""


def queue_of(command_type: str) -> Queue:
    """Incoming mail is slow to understand and never holds up the agents' commands."""
    return Queue.INBOUND if command_type == "receive_mail" else Queue.COMMANDS


def routing_key(command_type: str) -> str:
    return f"command.{command_type}"


def command_wake(row_id: int, command_type: str) -> Wake:
    return Wake(queue_of(command_type), str(row_id))


def delivery_wake(delivery_id: str) -> Wake:
    return Wake(Queue.DELIVERY, delivery_id)


def clock_wake(interaction_id: int, kind: str) -> Wake:
    return Wake(Queue.CLOCKS, f"{interaction_id}:{kind}")
