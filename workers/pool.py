"""A pool of worker processes over some queues: whoever dies is replaced, SIGTERM lets everybody finish.

Knows nothing of commands or mail; refuses to go on where a process cannot even start.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from typing import Any

from dramatiq import Worker

from models.errors import Misconfigured
from models.wakes import Alarm, Queue
from workers.actors import Handlers, WorkBroker, declare
from workers.alarm import ClosingAlarm
from workers.broker import RabbitBroker
from workers.embedded import InProcessBroker
from workers.world import World

_log = logging.getLogger(__name__)
LEFT, KILLED, MISCONFIGURED = 0, 1, 2  # exit codes
MakeAlarm = Callable[[WorkBroker], ClosingAlarm]
MakeWorld = Callable[[Alarm], World]
FINISH_MS = 11 * 60_000  # the final dot of a mail may be answered after ten minutes (RFC 5321)
LOOK = 0.25
SOON = 5.0  # a process that dies younger than this is replaced with growing pauses


@dataclass(frozen=True, slots=True)
class Crew:
    """What one process of the pool needs; travels to it by pickle, so its functions are plain ones or partials."""

    make_alarm: MakeAlarm
    make_world: MakeWorld
    broker_url: str
    queues: tuple[Queue, ...]
    threads: int = 8
    handlers: Handlers | None = None  # None: the product's own


class Working:
    """Actors at work in this process, until `stop`."""

    def __init__(self, broker: WorkBroker, alarm: ClosingAlarm, world: World, threads: int) -> None:
        self.broker, self.alarm, self.world = broker, alarm, world
        self._worker = Worker(broker, worker_threads=threads, worker_timeout=round(LOOK * 1000))
        broker.emit_after("process_boot")
        self._worker.start()

    def stop(self, finish_ms: int = FINISH_MS) -> None:
        """Finish what is running, leave the rest to others."""
        self._worker.stop(timeout=finish_ms)
        self.alarm.close()
        self.broker.close()


def open_broker(url: str, name: str = "postroom worker") -> WorkBroker:
    """``memory://`` is this process; ``amqp://`` and ``amqps://`` are RabbitMQ. Connects on first use."""
    if url.startswith("memory:"):
        return InProcessBroker()
    if url.startswith(("amqp:", "amqps:")):
        logging.getLogger("pika").setLevel(logging.CRITICAL)  # it reports as errors what is handled here
        return RabbitBroker(url, name)
    raise Misconfigured(f"POSTROOM_BROKER_URL: {url.split(':')[0]}:// is neither amqp:// nor memory://.")


def start_work(crew: Crew, broker: WorkBroker | None = None) -> Working:
    """Consume in threads of this process; for the embedded product, tests, and each process of a pool."""
    own = broker or open_broker(crew.broker_url)
    alarm = crew.make_alarm(own)
    world = crew.make_world(alarm)
    declare(own, world, crew.handlers or _product(), crew.queues)
    return Working(own, alarm, world, crew.threads)


def run_pool(crew: Crew, processes: int) -> int:
    """Keep this many processes at work until SIGTERM or SIGINT; a second signal kills. Answers the exit code."""
    return Pool(crew, processes).run()


def _product() -> Handlers:
    from workers import handlers  # here, so that a pool of other handlers needs none of ours

    return handlers


@dataclass(slots=True)
class Member:
    process: SpawnProcess
    born: float


@dataclass
class Pool:
    """The master: it only starts, replaces and ends processes."""

    crew: Crew
    size: int
    members: list[Member] = field(default_factory=list)
    signals: int = 0
    code: int = LEFT
    early_deaths: int = 0
    next_birth: float = 0.0

    def run(self) -> int:
        previous = {each: signal.signal(each, self._on_signal) for each in (signal.SIGTERM, signal.SIGINT)}
        try:
            while not self.signals and self.code == LEFT:
                self._fill()
                self._look()
            self._let_finish()
        finally:
            for each, handler in previous.items():
                signal.signal(each, handler)
        return KILLED if self.signals > 1 else self.code

    def _fill(self) -> None:
        while len(self.members) < self.size and time.monotonic() >= self.next_birth and not self.signals:
            process = multiprocessing.get_context("spawn").Process(target=serve, args=(self.crew,))
            process.start()
            self.members.append(Member(process, time.monotonic()))

    def _look(self) -> None:
        wait([member.process.sentinel for member in self.members], timeout=LOOK)
        for member in [member for member in self.members if member.process.exitcode is not None]:
            self.members.remove(member)
            self._lost(member)

    def _lost(self, member: Member) -> None:
        code, age = member.process.exitcode, time.monotonic() - member.born
        if self.signals:
            return
        if code == MISCONFIGURED:
            self.code = MISCONFIGURED
            return
        self.early_deaths = self.early_deaths + 1 if age < SOON else 0
        pause = min(30.0, 0.5 * 2**self.early_deaths) if self.early_deaths else 0.0
        self.next_birth = time.monotonic() + pause
        _log.error("worker %s ended with %s after %.0f s; replaced in %.1f s", member.process.pid, code, age, pause)

    def _let_finish(self) -> None:
        for member in self.members:
            member.process.terminate()
        while self.members:
            if self.signals > 1:
                for member in self.members:
                    member.process.kill()
            self._look()

    def _on_signal(self, number: int, frame: Any) -> None:
        self.signals += 1


def serve(crew: Crew) -> None:
    """One process of the pool: works until SIGTERM, or until its master is gone."""
    stop = _Stop()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the master passes on what it means
    signal.signal(signal.SIGTERM, stop.on_signal)
    try:
        working = start_work(crew)
    except Misconfigured as error:
        logging.getLogger(__name__).critical("%s", error)
        raise SystemExit(MISCONFIGURED) from None
    gc.freeze()  # looking through all that was imported held up messages by 25 to 45 ms now and then
    master = multiprocessing.parent_process()
    while not stop.asked and not (master and wait([master.sentinel], timeout=LOOK)):
        if master is None:
            time.sleep(LOOK)
    working.stop()


class _Stop:
    def __init__(self) -> None:
        self.asked = False

    def on_signal(self, number: int, frame: Any) -> None:
        self.asked = True


def names(queues: Iterable[str]) -> tuple[Queue, ...]:
    """Queues by the names of the command line; raises `Misconfigured` for others."""
    try:
        return tuple(Queue(name) for name in queues)
    except ValueError as error:
        raise Misconfigured(f"--queues: {error}; there are {', '.join(Queue)}.") from None
