"""What producers hand to RabbitMQ is confirmed, or they are told; a broker that is away holds up nobody."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pika
import pytest

from deploy.engines import RabbitServer, free_port, wait_until
from models.clock import WallClock
from models.wakes import COMMAND_EXCHANGE, EVENT_EXCHANGE, Queue, clock_wake, command_wake
from producers.publisher import Away, Publisher, QueueDepths, Undeliverable, route
from workers.broker import RabbitBroker


@pytest.fixture
def publisher(amqp_url: str) -> Iterator[Publisher]:
    publisher = Publisher(amqp_url, WallClock(), "test")
    yield publisher
    publisher.close()


@pytest.fixture
def depths(amqp_url: str) -> Iterator[QueueDepths]:
    depths = QueueDepths(amqp_url)
    yield depths
    depths.close()


def _ready(depths: QueueDepths, queue: Queue = Queue.COMMANDS) -> int:
    found = depths(queue)
    return found.ready if found else -1


def test_before_any_worker_ran_a_command_is_refused_and_not_lost(publisher: Publisher, amqp_url: str) -> None:
    with pytest.raises(Undeliverable, match=r"NOT_FOUND - no exchange 'postroom\.commands'"):
        publisher.publish_command(b"{}", "compose")
    RabbitBroker(amqp_url).ensure_topology()
    publisher.publish_command(b"{}", "compose")


def test_a_command_that_no_queue_takes_is_an_error(publisher: Publisher, amqp_url: str) -> None:
    with pika.BlockingConnection(pika.URLParameters(amqp_url)) as connection:
        connection.channel().exchange_declare(COMMAND_EXCHANGE, "topic", durable=True)
        with pytest.raises(Undeliverable, match=r"no queue takes postroom\.commands/command\.compose: .*NO_ROUTE"):
            publisher.publish_command(b"{}", "compose")


def test_one_bad_letter_in_a_window_harms_no_other(
    publisher: Publisher, amqp_url: str, depths: QueueDepths, rabbit: RabbitServer
) -> None:
    RabbitBroker(amqp_url).ensure_topology()
    publisher.publish_command(b"warm", "compose")
    errors: list[Exception] = []

    def publish(number: int) -> None:
        try:
            publisher.publish_command(b"{}", "compose", user_id="crm" if number % 7 == 0 else "guest")
        except Undeliverable as error:
            errors.append(error)

    threads = [threading.Thread(target=publish, args=(number,)) for number in range(1, 36)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(errors) == 5
    assert all("user_id" in str(error) for error in errors)
    assert _ready(depths) >= 31, "a repeat after a closed channel may double a message, never lose one"


def test_R32_events_need_no_listener_and_come_in_order_to_one(publisher: Publisher, amqp_url: str) -> None:
    RabbitBroker(amqp_url).ensure_topology()
    publisher.publish_events([("event.composed", b"nobody", "e0")])
    with pika.BlockingConnection(pika.URLParameters(amqp_url)) as connection:
        channel = connection.channel()
        channel.queue_declare("feed", exclusive=True)
        channel.queue_bind("feed", EVENT_EXCHANGE, "event.#")
        publisher.publish_events([("event.composed", str(number).encode(), f"e{number}") for number in range(600)])
        got = [channel.basic_get("feed", auto_ack=True) for _ in range(600)]
    assert [body for _, _, body in got] == [str(number).encode() for number in range(600)]
    assert [properties.message_id for _, properties, _ in got[:2]] == ["e0", "e1"]
    assert {properties.delivery_mode for _, properties, _ in got} == {2}


def test_R34_without_RabbitMQ_a_wake_up_costs_nothing_and_a_command_is_told() -> None:
    publisher = Publisher(f"amqp://guest:guest@127.0.0.1:{free_port()}/", WallClock(), "test")
    began = time.monotonic()
    for number in range(1000):
        publisher.wake(command_wake(number, "compose"))
    assert time.monotonic() - began < 1
    with pytest.raises(Away, match="publish again under the same id"):
        publisher.publish_command(b"{}", "compose")
    assert time.monotonic() - began < 5
    assert publisher.state().startswith("away")
    publisher.close()


def test_R34_a_broker_that_accepts_and_says_nothing_holds_up_no_wake_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        publisher = Publisher(f"amqp://guest:guest@127.0.0.1:{mute.getsockname()[1]}/", WallClock(), "test")
        began = time.monotonic()
        for number in range(1_000):
            publisher.wake(command_wake(number, "compose"))
        assert time.monotonic() - began < 1
        publisher.close(seconds=0)


def test_R28_wake_ups_wait_for_a_broker_that_was_killed(
    publisher: Publisher, amqp_url: str, depths: QueueDepths, rabbit: RabbitServer
) -> None:
    RabbitBroker(amqp_url).ensure_topology()
    publisher.wake(command_wake(1, "compose"))
    wait_until(lambda: _ready(depths) == 1, 10, "the first is there")
    rabbit.kill()
    publisher.wake(command_wake(2, "compose"))
    with pytest.raises(Away):
        publisher.publish_command(b"{}", "compose")
    assert depths(Queue.COMMANDS) is None
    rabbit.start()
    wait_until(lambda: _ready(depths) == 2, 30, "the second came after the restart")
    assert publisher.state() == "ok"


def test_what_is_in_the_line_at_the_end_is_published(amqp_url: str, depths: QueueDepths) -> None:
    RabbitBroker(amqp_url).ensure_topology()
    publisher = Publisher(amqp_url, WallClock(), "test")
    for number in range(500):
        publisher.wake(command_wake(number, "compose"))
    publisher.close()
    wait_until(lambda: _ready(depths) == 500, 10, "all are there")


def test_R28_a_wake_up_in_the_past_comes_now_and_one_beyond_the_levels_comes_early(
    publisher: Publisher, amqp_url: str, depths: QueueDepths
) -> None:
    RabbitBroker(amqp_url).ensure_topology()
    now = datetime.now(UTC)
    publisher.wake(clock_wake(1, "reminder"), now - timedelta(days=1))
    publisher.wake(clock_wake(2, "reminder"), now + timedelta(days=365 * 20))
    wait_until(lambda: _ready(depths, Queue.CLOCKS) == 1, 10, "the past one")
    with pika.BlockingConnection(pika.URLParameters(amqp_url)) as connection:
        longest, _ = route("postroom.clocks", 2**27)
        channel = connection.channel()
        wait_until(lambda: channel.queue_declare(longest, passive=True).method.message_count == 1, 10, "the far one")
