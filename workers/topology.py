"""What must exist in RabbitMQ before work flows: exchanges, work queues, and the durable delays of kombu.

Declares only, as often as anyone likes; refuses to publish or consume.
"""

from __future__ import annotations

import pika
from kombu import Connection
from kombu.exceptions import KombuError
from kombu.transport.native_delayed_delivery import (
    MAX_NUMBER_OF_BITS_TO_USE,
    calculate_routing_key,
    declare_native_delayed_delivery_exchanges_and_queues,
    level_name,
)
from pika.adapters.blocking_connection import BlockingChannel

from models.commands import BODIES
from models.wakes import (
    COMMAND_EXCHANGE,
    DEAD_QUEUE,
    DELAY_PREFIX,
    EVENT_EXCHANGE,
    UNROUTED_EXCHANGE,
    Queue,
    queue_of,
    routing_key,
)

DEAD_EXCHANGE = DEAD_QUEUE
DELIVERY_EXCHANGE = f"{DELAY_PREFIX}_celery_delayed_delivery"
LONGEST_DELAY = 2**MAX_NUMBER_OF_BITS_TO_USE - 1  # seconds; one more and kombu's key is silently malformed
RETURNS_ALLOWED = 200  # then RabbitMQ calls a message dead: it took that many workers with it
WORK_QUEUE = {
    "x-queue-type": "quorum",
    "x-delivery-limit": RETURNS_ALLOWED,
    "x-dead-letter-exchange": DEAD_EXCHANGE,
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",  # at-least-once dead-lettering requires it
}


def declare(url: str, channel: BlockingChannel) -> None:
    """Everything, whether it was there or not; bindings come before anybody can publish through them."""
    declare_delays(url)
    _declare_dead(channel)
    _declare_doors(channel)
    for queue in Queue:
        channel.queue_declare(queue.wire_name, durable=True, arguments=WORK_QUEUE)
        channel.queue_bind(queue.wire_name, DELIVERY_EXCHANGE, delayed_binding(queue.wire_name))
    for type_name in BODIES:
        channel.queue_bind(queue_of(type_name).wire_name, COMMAND_EXCHANGE, routing_key(type_name))
    channel.queue_bind(Queue.COMMANDS.wire_name, UNROUTED_EXCHANGE)


def declare_delays(url: str) -> None:
    """The 28 levels: 1 s, 2 s, 4 s … in durable quorum queues that hold what waits. Raises `ConnectionError`."""
    with Connection(url, connect_timeout=8) as connection:
        try:
            declare_native_delayed_delivery_exchanges_and_queues(connection, "quorum", DELAY_PREFIX)
        except (KombuError, *connection.connection_errors, *connection.channel_errors) as error:
            raise ConnectionError(f"declaring the delays at {connection.as_uri()}: {error}") from error


def delayed_binding(queue_name: str) -> str:
    """Exactly one word per level: kombu's own ``#.name`` would also take what is meant for ``other.name``."""
    return ".".join(["*"] * MAX_NUMBER_OF_BITS_TO_USE + [queue_name])


def delayed_route(queue_name: str, seconds: int) -> tuple[str, str]:
    """Exchange and routing key for a delay: enters at the highest level it needs, which saves the hops before it."""
    if not 1 <= seconds <= LONGEST_DELAY:
        raise ValueError(f"a delay is 1 to {LONGEST_DELAY} seconds, not {seconds}")
    key: str = calculate_routing_key(seconds, queue_name)
    return str(level_name(seconds.bit_length() - 1, DELAY_PREFIX)), key


def _declare_dead(channel: BlockingChannel) -> None:
    channel.exchange_declare(DEAD_EXCHANGE, "fanout", durable=True)
    channel.queue_declare(DEAD_QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
    channel.queue_bind(DEAD_QUEUE, DEAD_EXCHANGE)


def _declare_doors(channel: BlockingChannel) -> None:
    channel.exchange_declare(UNROUTED_EXCHANGE, "fanout", durable=True)
    unrouted = {"alternate-exchange": UNROUTED_EXCHANGE}
    channel.exchange_declare(COMMAND_EXCHANGE, "topic", durable=True, arguments=unrouted)
    channel.exchange_declare(EVENT_EXCHANGE, "topic", durable=True)


def connection_parameters(url: str, name: str) -> pika.URLParameters:
    """A connection that notices a dead server within seconds and shows its name in the broker's list."""
    parameters = pika.URLParameters(url)
    parameters.heartbeat = 30
    parameters.connection_attempts = 1
    parameters.socket_timeout = 8
    parameters.stack_timeout = 12
    parameters.blocked_connection_timeout = 10
    parameters.client_properties = {"connection_name": name}
    parameters.tcp_options = {"TCP_USER_TIMEOUT": 20_000}
    return parameters
