"""What we compare with: Dramatiq as its documentation shows it, one actor, one minimal peewee transaction.

Default middleware, classic queues, plain peewee over the same psycopg: an insert and an update, nothing of ours.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from urllib.parse import urlparse

import dramatiq
import peewee as pw
from dramatiq.brokers.rabbitmq import RabbitmqBroker

from producers.window import Letter

QUEUE, ACTOR = "bare", "bare_actor"


class Entry(pw.Model):
    id = pw.BigAutoField()
    number = pw.IntegerField()
    text = pw.TextField()


class Tally(pw.Model):
    number = pw.IntegerField(primary_key=True)
    count = pw.IntegerField(default=0)


TABLES = (Entry, Tally)
COUNTER = "entry_id_seq"


def database(url: str) -> pw.PostgresqlDatabase:
    parts = urlparse(url)
    return pw.PostgresqlDatabase(
        parts.path[1:], host=parts.hostname, port=parts.port, user=parts.username, prefer_psycopg3=True
    )


def prepare(broker_url: str, database_url: str, rows: int) -> None:
    """The queue, the tables, and a row to update for each message."""
    broker, own = RabbitmqBroker(url=broker_url), database(database_url)
    broker.declare_queue(QUEUE, ensure=True)
    broker.close()
    with own.bind_ctx(TABLES):
        own.create_tables(TABLES)
        with own.atomic():
            for start in range(0, rows, 1000):
                Tally.insert_many([{"number": number} for number in range(start, min(rows, start + 1000))]).execute()
    own.close()


def letters(start: int, stop: int, text: str) -> Iterator[Letter]:
    """Messages for the actor, in Dramatiq's own envelope."""
    for number in range(start, stop):
        message: dramatiq.Message[None] = dramatiq.Message(QUEUE, ACTOR, (number, text), {}, {})
        yield Letter("", QUEUE, message.encode(), message.message_id)


def serve(broker_url: str, database_url: str, threads: int) -> None:
    """One worker process, until SIGTERM."""
    broker, own = RabbitmqBroker(url=broker_url), database(database_url)
    own.bind(TABLES)

    @dramatiq.actor(broker=broker, queue_name=QUEUE, actor_name=ACTOR)
    def bare_actor(number: int, text: str) -> None:
        with own.atomic():
            Entry.create(number=number, text=text)
            Tally.update(count=Tally.count + 1).where(Tally.number == number).execute()

    asked = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    worker = dramatiq.Worker(broker, worker_threads=threads)
    worker.start()
    asked.wait()
    worker.stop()
    broker.close()
