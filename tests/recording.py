"""Handlers that write down what they were called with, and do what a test tells them to."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deploy.engines import wait_until
from models.clock import WallClock
from models.wakes import Alarm, Queue
from producers.publisher import Publisher
from workers.actors import WorkBroker
from workers.pool import Crew
from workers.world import World

Call = tuple[Any, ...]


class Recorder:
    """``on`` is called with every call and may raise; the call is kept whatever happens."""

    def __init__(self, on: Callable[[Call], None] | None = None) -> None:
        self.calls: list[Call] = []
        self.times: list[float] = []
        self.on = on or (lambda call: None)
        self._lock = threading.Lock()

    def receive(self, world: World, raw: bytes, amqp_user: str | None, redelivered: bool) -> None:
        self._note("receive", raw, amqp_user, redelivered)

    def resume(self, world: World, row_id: int, redelivered: bool = False) -> None:
        self._note("resume", row_id)

    def deliver(self, world: World, delivery_id: str) -> None:
        self._note("deliver", delivery_id)

    def fire(self, world: World, interaction_id: int, kind: str) -> None:
        self._note("fire", interaction_id, kind)

    def bury(self, world: World, queue: str, body: bytes, reason: str, amqp_user: str | None) -> None:
        self._note("bury", queue, body, reason, amqp_user)

    def await_calls(self, count: int, seconds: float = 10) -> list[Call]:
        wait_until(lambda: len(self.calls) >= count, seconds, f"{count} calls; there were {self.calls}")
        return list(self.calls)

    def _note(self, *call: Any) -> None:
        with self._lock:
            self.calls.append(call)
            self.times.append(time.monotonic())
        self.on(call)


class Diary:
    """The same in a file, for handlers in other processes: one line per call, process id first."""

    def __init__(self, path: Path, busy_while: Path) -> None:
        self.path, self.busy_while = path, busy_while

    def receive(self, world: World, raw: bytes, amqp_user: str | None, redelivered: bool) -> None:
        self._write(f"began {raw.decode()} {redelivered}")
        wait_until(lambda: not self.busy_while.exists(), 30, "the test lets go")
        self._write(f"ended {raw.decode()} {redelivered}")

    def resume(self, world: World, row_id: int, redelivered: bool = False) -> None:
        self._write(f"resume {row_id}")

    def deliver(self, world: World, delivery_id: str) -> None:
        self._write(f"deliver {delivery_id}")

    def fire(self, world: World, interaction_id: int, kind: str) -> None:
        self._write(f"fire {interaction_id} {kind}")

    def bury(self, world: World, queue: str, body: bytes, reason: str, amqp_user: str | None) -> None:
        self._write(f"bury {queue} {reason}")

    def lines(self, *words: str) -> list[list[str]]:
        """Entries that hold all these words, split."""
        if not self.path.exists():
            return []
        entries = [line.split() for line in self.path.read_text().splitlines()]
        return [entry for entry in entries if set(words) <= set(entry)]

    def _write(self, line: str) -> None:
        with self.path.open("a") as diary:
            diary.write(f"{os.getpid()} {line}\n")


def no_world(alarm: Alarm) -> Any:
    """Recording handlers touch nothing."""
    return alarm


def publishing_alarm(broker: WorkBroker) -> Publisher:
    """As the composition root wires it for RabbitMQ."""
    return Publisher(str(getattr(broker, "url", "")), WallClock(), "test worker")


def crew(url: str, handlers: Any, threads: int = 4, **changes: Any) -> Crew:
    values: dict[str, Any] = {
        "make_alarm": publishing_alarm,
        "queues": tuple(Queue),
        "threads": threads,
        "handlers": handlers,
    }
    return Crew(make_world=no_world, broker_url=url, **(values | changes))
