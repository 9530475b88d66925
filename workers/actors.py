"""One short actor per queue. Says which handler a message is for, and waits while an engine is away; decides nothing.

No message stops a worker: what nobody understands, and what keeps failing, is buried as a dead letter (R37).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from itertools import count
from typing import Protocol

import dramatiq

from models.database import AWAY
from models.wakes import DEAD_QUEUE, Queue, Wake
from workers.arrival import Arrival, read_wake
from workers.broker import Again, RabbitBroker, actor_name
from workers.embedded import InProcessBroker
from workers.world import World

_log = logging.getLogger(__name__)
PATIENCE = 15 * 60.0  # seconds an actor waits for the database; below the time limit of 20 minutes
LONGEST_PAUSE = 10.0
ATTEMPTS = 3  # of a raw command that fails for a reason nobody foresaw

WorkBroker = RabbitBroker | InProcessBroker


class Handlers(Protocol):
    """What `workers.handlers` offers; each call commits before it returns and may be repeated."""

    def receive(self, world: World, raw: bytes, amqp_user: str | None, redelivered: bool) -> None: ...
    def resume(self, world: World, row_id: int, redelivered: bool = False) -> None: ...
    def deliver(self, world: World, delivery_id: str) -> None: ...
    def fire(self, world: World, interaction_id: int, kind: str) -> None: ...
    def bury(self, world: World, queue: str, body: bytes, reason: str, amqp_user: str | None) -> None: ...


def declare(broker: WorkBroker, world: World, handlers: Handlers, queues: Iterable[Queue] = tuple(Queue)) -> None:
    """Actors for these queues on this broker; who works on commands also empties the queue of the dead."""
    names = [queue.wire_name for queue in queues]
    if Queue.COMMANDS.wire_name in names:
        names.append(DEAD_QUEUE)
    for name in names:
        _actor(broker, name, Taking(world, handlers, broker.stopping))


def _actor(broker: WorkBroker, queue_name: str, taking: Taking) -> None:
    @dramatiq.actor(broker=broker, queue_name=queue_name, actor_name=actor_name(queue_name), throws=(Again,))
    def take(arrival: Arrival) -> None:
        taking.take(arrival)


class Taking:
    """How a message is taken: tell its kind, call its handler, be patient with engines and short with what is broken."""

    def __init__(self, world: World, handlers: Handlers, stopping: threading.Event) -> None:
        self._world, self._handlers, self._stopping = world, handlers, stopping

    def take(self, arrival: Arrival) -> None:
        try:
            tries = count()
            # A repeat counts as one attempt, however often an engine that is away makes us begin again.
            self._patiently(lambda: self._hand_over(arrival, arrival.redelivered and next(tries) == 0))
        except Again:
            raise
        except Exception as error:
            self._failed(arrival, error)

    def _hand_over(self, arrival: Arrival, redelivered: bool) -> None:
        wake = arrival.wake()
        if wake is not None:
            self._wake(wake, redelivered)
        elif arrival.is_command:
            self._handlers.receive(self._world, arrival.body, arrival.amqp_user, redelivered)
        else:
            self._bury(arrival, arrival.died or "neither a wake-up nor a command from the door of commands")

    def _wake(self, wake: Wake, redelivered: bool) -> None:
        if wake.queue is Queue.DELIVERY:
            self._handlers.deliver(self._world, wake.key)
        elif wake.queue is Queue.CLOCKS:
            number, _, kind = wake.key.partition(":")
            self._handlers.fire(self._world, int(number), kind)
        else:
            self._handlers.resume(self._world, int(wake.key), redelivered)

    def _bury(self, arrival: Arrival, reason: str) -> None:
        if arrival.is_dead and any(read_wake(arrival.body, queue.wire_name) for queue in Queue):
            return  # a wake-up that died: its row goes on promising, or is dead itself
        self._handlers.bury(self._world, arrival.queue, arrival.body, reason, arrival.amqp_user)

    def _failed(self, arrival: Arrival, error: Exception) -> None:
        """A mistake of ours. The row of a wake-up counts and repeats it; a raw command is tried again, then buried."""
        _log.error("%r failed", arrival, exc_info=error)
        if arrival.wake() is not None:
            return
        if arrival.attempt + 1 < ATTEMPTS:
            self._stopping.wait(0.2 * 2**arrival.attempt)
            raise Again(f"attempt {arrival.attempt + 1} failed: {error!r}") from error
        self._patiently(lambda: self._bury(arrival, f"failed {ATTEMPTS} times, last with {error!r}"))

    def _patiently(self, step: Callable[[], None]) -> None:
        """Repeat ``step`` with growing pauses while the database is away; after 15 minutes give the message back."""
        waited, pause = 0.0, 0.05
        while True:
            try:
                return step()
            except AWAY as error:
                if waited >= PATIENCE or self._stopping.wait(pause):
                    raise Again(f"the database is away: {error}") from error
                if waited < 1 <= waited + pause:
                    _log.warning("the database is away, waiting: %s", error)
                waited, pause = waited + pause, min(pause * 2, LONGEST_PAUSE)
