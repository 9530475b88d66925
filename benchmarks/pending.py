"""Many clocks of thirty days waiting in RabbitMQ: how fast they are armed, what they weigh, how long a restart takes."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pika

from benchmarks.backlog import publish
from benchmarks.figures import Reading
from benchmarks.ground import Ground, Place
from benchmarks.size import Size
from deploy.engines import wait_until
from models.policy import ClockKind
from models.wakes import Queue, clock_wake
from producers.publisher import route
from producers.window import Letter

PERIOD = timedelta(days=30)
LEVEL_QUEUE = "postroom_celery_delayed_21"  # 2^21 s is the greatest power of two within thirty days
PATIENCE = 120.0


def measure(ground: Ground, size: Size) -> list[Reading]:
    with ground.place() as place:
        return _measure(ground, place, size)


def _measure(ground: Ground, place: Place, size: Size) -> list[Reading]:
    before = _resident(ground)
    began = time.perf_counter()
    publish(place.broker_url, _clocks(size.pending))
    armed = time.perf_counter() - began
    wait_until(lambda: _waiting(place) == size.pending, PATIENCE, f"{size.pending} clocks wait in {LEVEL_QUEUE}")
    memory, resident = _queue_memory(ground, place), _resident(ground) - before
    restart = _restart(ground, place, size.pending)
    number = f"{size.pending:,} pending clocks"
    return [
        Reading(f"{number}: armed", size.pending / armed, "per second"),
        Reading(f"{number}: memory of their queue", memory / 2**20, "MiB"),
        Reading(f"{number}: growth of RabbitMQ", resident / 2**20, "MiB"),
        Reading(f"{number}: RabbitMQ restarted and all there", restart, "seconds"),
    ]


def _clocks(number: int) -> Iterator[Letter]:
    exchange, key = route(Queue.CLOCKS.wire_name, round(PERIOD.total_seconds()))
    for interaction in range(number):
        yield Letter(exchange, key, clock_wake(interaction, ClockKind.ABANDONMENT).encode(), str(interaction))


def _restart(ground: Ground, place: Place, number: int) -> float:
    began = time.perf_counter()
    ground.rabbit.restart()
    wait_until(lambda: _waiting(place) == number, PATIENCE, f"{number} clocks are there again")
    return time.perf_counter() - began


def _waiting(place: Place) -> int | None:
    """How many messages the level holds; None while RabbitMQ is not ready to say."""
    try:
        with pika.BlockingConnection(pika.URLParameters(place.broker_url)) as connection:
            found = connection.channel().queue_declare(LEVEL_QUEUE, passive=True)
            return int(found.method.message_count)
    except (pika.exceptions.AMQPError, OSError):
        return None


def _queue_memory(ground: Ground, place: Place) -> int:
    vhost = place.broker_url.rpartition("/")[2]
    rows = ground.rabbit.ctl("list_queues", "-p", vhost, "name", "memory").splitlines()
    return next(int(row.split("\t")[1]) for row in rows if row.startswith(f"{LEVEL_QUEUE}\t"))


def _resident(ground: Ground) -> int:
    """Bytes of RabbitMQ's process in memory."""
    pid = ground.rabbit.processes[-1].pid
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
