"""The broker inside one process: the same actors behind queues in memory, with delays kept by one thread.

Loses everything when the process ends, and may: every message is a hint to a row. Refuses to be shared by processes.
"""

from __future__ import annotations

import heapq
import itertools
import queue
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from dramatiq import Message
from dramatiq.broker import Broker, Consumer, MessageProxy

from models.wakes import COMMAND_EXCHANGE, queue_of
from workers.arrival import Arrival
from workers.broker import message_of, middleware

FAR_OFF = 100_000  # so many delays are kept in memory; the sweeper finds the rows of all others


class InProcessBroker(Broker):
    """Same contract as `RabbitBroker`: acknowledged after the actor returned, given back when it asks for it."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        super().__init__(middleware=middleware(self.stopping))
        self.queues: dict[str, queue.Queue[Arrival]] = {}
        self._timer = Timer(self.put)

    def declare_queue(self, queue_name: str) -> None:
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues[queue_name] = queue.Queue()
            self.emit_after("declare_queue", queue_name)

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 30_000) -> Consumer:
        return MemoryConsumer(self.queues[queue_name], prefetch, timeout / 1000)

    def enqueue(self, message: Message[Any], *, delay: int | None = None) -> Message[Any]:
        arrival: Arrival = message.args[0]
        if delay:
            self._timer.at(time.monotonic() + delay / 1000, arrival)
        else:
            self.put(arrival)
        return message

    def publish_command(self, raw: bytes, type_name: str, user_id: str | None = None) -> None:
        """Raw bytes through the door of commands, as a publisher on RabbitMQ would send them."""
        name = queue_of(type_name).wire_name
        self.put(Arrival(name, raw, exchange=COMMAND_EXCHANGE, amqp_user=user_id))

    def put(self, arrival: Arrival) -> None:
        """Into its queue; one that nobody declared is dropped, as its row will be found."""
        if arrival.queue in self.queues:
            self.queues[arrival.queue].put(arrival)

    def depth(self, queue_name: str) -> int:
        return self.queues[queue_name].qsize() if queue_name in self.queues else 0

    def close(self) -> None:
        self._timer.stop()


class MemoryConsumer(Consumer):
    """Takes at most ``prefetch`` messages out of the queue that nobody has finished with."""

    def __init__(self, source: queue.Queue[Arrival], prefetch: int, timeout: float) -> None:
        self._source, self._timeout = source, timeout
        self._slots = threading.Semaphore(prefetch)

    def __next__(self) -> MessageProxy | None:
        if not self._slots.acquire(timeout=self._timeout):
            return None
        try:
            return MessageProxy(message_of(self._source.get(timeout=self._timeout)))
        except queue.Empty:
            self._slots.release()
            return None

    def ack(self, message: MessageProxy) -> None:
        self._slots.release()

    def nack(self, message: MessageProxy) -> None:
        arrival: Arrival = message.args[0]
        self._source.put(replace(arrival, redelivered=True, attempt=arrival.attempt + 1))
        self._slots.release()

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        for message in messages:
            self._source.put(message.args[0])
            self._slots.release()


class Timer:
    """Hands each thing to ``due`` when its time comes; one thread, started with the first thing."""

    def __init__(self, due: Any) -> None:
        self._due = due
        self._heap: list[tuple[float, int, Any]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._stopped = False
        self._thread: threading.Thread | None = None

    def at(self, moment: float, thing: Any) -> None:
        """``moment`` is of `time.monotonic`."""
        with self._changed:
            if len(self._heap) >= FAR_OFF or self._stopped:
                return
            heapq.heappush(self._heap, (moment, next(self._order), thing))
            self._changed.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="timer", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify()

    def _run(self) -> None:
        while not self._stopped:
            for thing in self._wait():
                self._due(thing)

    def _wait(self) -> list[Any]:
        with self._changed:
            pause = self._heap[0][0] - time.monotonic() if self._heap else None
            if not self._stopped and (pause is None or pause > 0):
                self._changed.wait(pause)
            ready = []
            while self._heap and self._heap[0][0] <= time.monotonic() and not self._stopped:
                ready.append(heapq.heappop(self._heap)[2])
            return ready
