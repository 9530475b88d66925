"""Dramatiq over RabbitMQ with durable delays: a message is acknowledged after its actor returned, or given back.

Refuses Dramatiq's own delay queues, dead-letter queues and envelope: nothing waits unacknowledged, no sender names an actor.
"""

from __future__ import annotations

import math
import threading
from typing import Any

import pika
from dramatiq import Message
from dramatiq.broker import Broker, Consumer, MessageProxy
from dramatiq.brokers.rabbitmq import RabbitmqBroker, _RabbitmqConsumer, _RabbitmqMessage
from dramatiq.errors import ConnectionClosed
from dramatiq.middleware import Middleware, TimeLimit
from pika.exceptions import AMQPChannelError, AMQPConnectionError, UnroutableError

from models.wakes import DEAD_QUEUE, Queue
from workers import topology
from workers.arrival import Arrival

TIME_LIMIT_MS = 20 * 60_000  # below RabbitMQ's consumer timeout of 30 minutes
GONE = (AMQPConnectionError, AMQPChannelError)


class Again(Exception):
    """Give this message back to its queue."""


class GiveBack(Middleware):
    """A message whose actor raised: a wake-up is done with (its row repeats it), anything else goes back to the queue.

    When the worker is to stop, ``stopping`` is set, so that nobody goes on waiting for an engine that is away.
    """

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping

    @property
    def actor_options(self) -> set[str]:
        return {"throws"}

    def before_worker_shutdown(self, broker: Broker, worker: Any) -> None:
        self._stopping.set()

    def after_process_message(
        self, broker: Broker, message: MessageProxy, *, result: Any = None, exception: BaseException | None = None
    ) -> None:
        if exception is not None and (isinstance(exception, Again) or message.args[0].wake() is None):
            message.fail()


def middleware(stopping: threading.Event) -> list[Middleware]:
    """All of it; Dramatiq's defaults (retries, age limits, pipelines, an HTTP server for metrics) are not wanted."""
    return [TimeLimit(time_limit=TIME_LIMIT_MS), GiveBack(stopping)]


def actor_name(queue_name: str) -> str:
    """Each queue has one actor, named like it without the prefix."""
    return queue_name.removeprefix("postroom.")


def message_of(arrival: Arrival) -> Message[Any]:
    """What Dramatiq carries through a worker; the arrival is the only argument."""
    return Message(arrival.queue, actor_name(arrival.queue), (arrival,), {}, {})


class RabbitBroker(RabbitmqBroker):
    """Quorum queues, confirms, durable delays. One connection per publishing thread, one per consumed queue."""

    def __init__(self, url: str, name: str = "postroom") -> None:
        self.stopping = threading.Event()
        super().__init__(url=url, confirm_delivery=True, middleware=middleware(self.stopping))
        self.url = url
        self.parameters = topology.connection_parameters(url, name)
        self._declared = False
        self._declaring = threading.Lock()

    @property
    def consumer_class(self) -> type[Consumer]:
        return RawConsumer

    def declare_queue(self, queue_name: str, *, ensure: bool = False) -> None:
        """Known at once, declared in RabbitMQ when first needed; no delay queue, no dead-letter queue beside it."""
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues.add(queue_name)
            self.emit_after("declare_queue", queue_name)
        if ensure:
            self.ensure_topology()

    def ensure_topology(self) -> None:
        """Declare everything, once for each time the broker may have forgotten it."""
        with self._declaring:
            if self._declared:
                return
            try:
                with pika.BlockingConnection(self.parameters) as connection:
                    topology.declare(self.url, connection.channel())
            except (*GONE, OSError) as error:
                raise ConnectionClosed(error) from None  # type: ignore[no-untyped-call]
            self._declared = True

    def forget_topology(self) -> None:
        """The connection was lost or something is missing: the broker may have come back empty."""
        self._declared = False

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> Consumer:
        """Mails take minutes: nothing is fetched for later while others have idle hands."""
        if queue_name == Queue.DELIVERY.wire_name:
            prefetch = max(1, prefetch // 2)
        return super().consume(queue_name, prefetch, timeout)

    def enqueue(self, message: Message[Any], *, delay: int | None = None) -> Message[Any]:
        """Publish, confirmed, now or not before ``delay`` milliseconds; tried twice, then `ConnectionClosed`.

        Raises `ValueError` for a delay kombu's levels cannot hold.
        """
        arrival: Arrival = message.args[0]
        exchange, key = self._route(arrival.queue, delay)
        try:
            self._publish(exchange, key, arrival.body)
        except GONE:
            self._publish_anew(exchange, key, arrival.body)
        return message

    def _route(self, queue_name: str, delay: int | None) -> tuple[str, str]:
        seconds = math.ceil((delay or 0) / 1000)
        return topology.delayed_route(queue_name, seconds) if seconds > 0 else ("", queue_name)

    def _publish(self, exchange: str, key: str, body: bytes) -> None:
        properties = pika.BasicProperties(delivery_mode=2, content_type="application/json")
        self.channel.basic_publish(exchange, key, body, properties, mandatory=True)

    def _publish_anew(self, exchange: str, key: str, body: bytes) -> None:
        try:
            del self.connection
            self.forget_topology()
            self.ensure_topology()
            self._publish(exchange, key, body)
        except (*GONE, UnroutableError) as error:
            raise ConnectionClosed(error) from None  # type: ignore[no-untyped-call]


class RawConsumer(_RabbitmqConsumer):
    """Hands on every message as it is, with what the broker says of it; what is in it is the actor's business."""

    def __next__(self) -> MessageProxy | None:
        try:
            method, properties, body = next(self.iterator)
        except (AssertionError, *GONE) as error:
            self.broker.forget_topology()
            raise ConnectionClosed(error) from None  # type: ignore[no-untyped-call]
        if method is None:
            return None
        self.known_tags.add(method.delivery_tag)
        message = message_of(_arrival(self.queue_name, method, properties, body))
        return _RabbitmqMessage(method.redelivered, method.delivery_tag, message)  # type: ignore[no-untyped-call]

    def _nack(self, tag: int) -> None:
        """Back to the queue, which counts the returns; only RabbitMQ itself ever declares a message dead.

        By reject, because from RabbitMQ 4.3 on a nack is no failure and is not counted (rabbitmq.com/docs/4.3/nack).
        """

        def give_back() -> None:
            self.channel.basic_reject(tag, requeue=True)

        self.connection.add_callback_threadsafe(give_back)


def _arrival(queue_name: str, method: Any, properties: Any, body: bytes) -> Arrival:
    headers = properties.headers or {}
    count = headers.get("x-delivery-count", 0)
    return Arrival(
        queue=queue_name,
        body=body,
        exchange=method.exchange,
        amqp_user=properties.user_id,
        redelivered=bool(method.redelivered),
        attempt=count if isinstance(count, int) else 0,
        died=_death(headers) if queue_name == DEAD_QUEUE else None,
    )


def _death(headers: dict[str, Any]) -> str:
    """Which queue gave it up and why, in RabbitMQ's words."""
    return f"{headers.get('x-first-death-queue', 'unknown')}: {headers.get('x-first-death-reason', 'unknown')}"
