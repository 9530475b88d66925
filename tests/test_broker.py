"""One conformance suite over both brokers, and what only RabbitMQ can show: who sent it, what it counted, what it kept."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import peewee as pw
import pika
import pytest
from pika.exceptions import ChannelClosedByBroker

from deploy.engines import RabbitServer, wait_until
from models.clock import WallClock
from models.wakes import DEAD_QUEUE, Queue, Wake, clock_wake, command_wake, delivery_wake
from producers.publisher import Publisher, QueueDepths, route
from tests.recording import Recorder, crew
from workers import topology
from workers.actors import ATTEMPTS
from workers.alarm import DirectAlarm
from workers.arrival import Arrival
from workers.broker import RabbitBroker, message_of
from workers.embedded import InProcessBroker
from workers.pool import Working, start_work

ENVELOPE = json.dumps(
    {
        "queue_name": "postroom.delivery", "actor_name": "delivery", "args": ["d1"], "kwargs": {}, "options": {},
        "message_id": "1", "message_timestamp": 1,
    }
).encode()  # fmt: skip


@dataclass
class Post:
    """A broker with recording handlers at work."""

    working: Working
    recorder: Recorder
    publish_command: Callable[..., None]
    put: Callable[[str, bytes], None]  # straight into a queue, past the door

    def wake(self, wake: Wake, seconds: float = 0) -> None:
        self.working.alarm.wake(wake, datetime.now(UTC) + timedelta(seconds=seconds) if seconds else None)


@pytest.fixture(scope="module")
def one_vhost(rabbit: RabbitServer) -> str:
    """Declared once for the tests that leave their queues empty."""
    url = rabbit.new_vhost()
    RabbitBroker(url).ensure_topology()
    return url


@pytest.fixture
def on_rabbit(one_vhost: str) -> Iterator[Post]:
    recorder, publisher = Recorder(), Publisher(one_vhost, WallClock(), "test")
    with pika.BlockingConnection(pika.URLParameters(one_vhost)) as connection:
        for queue in Queue:
            connection.channel().queue_purge(queue.wire_name)
    working = start_work(crew(one_vhost, recorder))
    yield Post(working, recorder, publisher.publish_command, lambda queue, body: _put(one_vhost, queue, body))
    publisher.close()
    working.stop()


@pytest.fixture
def in_memory() -> Iterator[Post]:
    recorder, broker = Recorder(), InProcessBroker()
    alarm = DirectAlarm(broker, WallClock())
    working = start_work(crew("memory://", recorder, make_alarm=lambda broker: alarm), broker)
    yield Post(working, recorder, broker.publish_command, lambda queue, body: broker.put(Arrival(queue, body)))
    working.stop()


@pytest.fixture(params=["in_memory", "on_rabbit"])
def post(request: pytest.FixtureRequest) -> Post:
    found: Post = request.getfixturevalue(request.param)
    return found


def _put(url: str, queue: str, body: bytes) -> None:
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        connection.channel().basic_publish("", queue, body)


def test_each_wake_up_reaches_the_handler_of_its_queue(post: Post) -> None:
    for wake in (
        command_wake(7, "compose"),
        command_wake(8, "receive_mail"),
        delivery_wake("dl_1"),
        clock_wake(9, "reminder"),
    ):
        post.wake(wake)
    calls = post.recorder.await_calls(4)
    assert sorted(calls, key=str) == [("deliver", "dl_1"), ("fire", 9, "reminder"), ("resume", 7), ("resume", 8)]


def test_R28_a_delayed_wake_up_comes_when_it_is_due(post: Post) -> None:
    began = time.monotonic()
    for seconds in (3, 1, 2):
        post.wake(clock_wake(seconds, "reminder"), seconds)
    calls = post.recorder.await_calls(3)
    assert [number for _, number, _ in calls] == [1, 2, 3]
    for seconds, at in zip((1, 2, 3), post.recorder.times, strict=True):
        assert seconds - 0.05 <= at - began < seconds + 2, f"due after {seconds} s, came after {at - began:.2f} s"


def test_R2_nothing_from_the_door_is_taken_for_a_wake_up_or_an_actor_call(post: Post) -> None:
    looks = [ENVELOPE, delivery_wake("dl_1").encode(), command_wake(7, "compose").encode()]
    for body in looks:
        post.publish_command(body, "compose")
    calls = post.recorder.await_calls(3)
    assert sorted(calls) == sorted([("receive", body, None, False) for body in looks])


def test_R37_what_nobody_understands_is_buried_and_the_next_message_is_handled(post: Post) -> None:
    nonsense = [
        b"\xff\x00",
        b"",
        b"[]",
        b"17",
        b"{}",
        b"[" * 100_000,
        ENVELOPE,
        b'{"wake":"clocks","key":"1:reminder"}',
    ]
    for body in nonsense:
        post.put("postroom.delivery", body)
    calls = post.recorder.await_calls(len(nonsense))
    assert {call[:2] for call in calls} == {("bury", "postroom.delivery")}
    assert sorted(call[2] for call in calls) == sorted(nonsense)
    post.wake(delivery_wake("dl_1"))
    assert post.recorder.await_calls(len(nonsense) + 1)[-1] == ("deliver", "dl_1")


def test_R37_a_wake_up_without_sense_harms_nobody(post: Post) -> None:
    keys = ["", "x", "1:", "1:a", "-1", "²", "9" * 40]
    for key in keys:
        post.put("postroom.commands", Wake(Queue.COMMANDS, key).encode())
    calls = post.recorder.await_calls(len(keys))
    assert {call[:2] for call in calls} == {("bury", "postroom.commands")}
    post.wake(command_wake(7, "compose"))
    assert post.recorder.await_calls(len(keys) + 1)[-1] == ("resume", 7)


def test_R37_a_command_of_unknown_type_reaches_the_handler_that_refuses_it(post: Post) -> None:
    post.publish_command(b'{"type":"nonsense"}', "nonsense")
    assert post.recorder.await_calls(1) == [("receive", b'{"type":"nonsense"}', None, False)]


def test_R37_a_command_whose_handler_always_fails_is_buried_after_a_few_attempts(post: Post) -> None:
    post.recorder.on = _raise_on("receive", ValueError("a bug"))
    post.publish_command(b"poison", "compose")
    calls = post.recorder.await_calls(ATTEMPTS + 1)
    assert [call[0] for call in calls] == ["receive"] * ATTEMPTS + ["bury"]
    assert [call[3] for call in calls[:ATTEMPTS]] == [False] + [True] * (ATTEMPTS - 1)
    assert calls[-1][2] == b"poison"
    assert "ValueError('a bug')" in calls[-1][3]


def test_R28_a_wake_up_whose_handler_fails_is_done_with_because_its_row_repeats_it(post: Post) -> None:
    post.recorder.on = _raise_on("deliver", ValueError("a bug"))
    post.wake(delivery_wake("dl_1"))
    post.recorder.await_calls(1)
    post.wake(command_wake(7, "compose"), 1)
    assert post.recorder.await_calls(2) == [("deliver", "dl_1"), ("resume", 7)]


def test_R34_a_command_waits_inside_its_actor_while_the_database_is_away(post: Post) -> None:
    failures = iter([pw.OperationalError("away"), pw.InterfaceError("away"), pw.OperationalError("away")])

    def on(call: tuple[Any, ...]) -> None:
        error = next(failures, None)
        if error is not None:
            raise error

    post.recorder.on = on
    post.publish_command(b"c", "compose")
    assert post.recorder.await_calls(4) == [("receive", b"c", None, False)] * 4


def test_R34_who_is_told_to_stop_gives_back_what_waits_for_the_database(on_rabbit: Post, one_vhost: str) -> None:
    on_rabbit.recorder.on = _raise_on("receive", pw.OperationalError("away"))
    on_rabbit.publish_command(b"c", "compose")
    on_rabbit.recorder.await_calls(2)
    on_rabbit.working.stop()
    later = Recorder()
    working = start_work(crew(one_vhost, later))
    assert later.await_calls(1) == [("receive", b"c", None, True)]
    working.stop()


def test_R2_the_user_is_the_one_RabbitMQ_checked(on_rabbit: Post, one_vhost: str, rabbit: RabbitServer) -> None:
    crm = Publisher(rabbit.as_user(one_vhost, "crm"), WallClock(), "crm")
    crm.publish_command(b"stated", "compose", user_id="crm")
    crm.publish_command(b"unstated", "compose")
    calls = on_rabbit.recorder.await_calls(2)
    assert sorted(calls) == [("receive", b"stated", "crm", False), ("receive", b"unstated", None, False)]
    crm.close()


def test_R2_a_producer_with_the_documented_rights_reaches_nothing_but_the_door(
    on_rabbit: Post, one_vhost: str, rabbit: RabbitServer
) -> None:
    exchange, key = route("postroom.delivery", 60)
    for target in (("", "postroom.delivery"), (exchange, key), ("postroom.events", "event.composed")):
        connection = pika.BlockingConnection(pika.URLParameters(rabbit.as_user(one_vhost, "crm")))
        channel = connection.channel()
        channel.confirm_delivery()
        with pytest.raises(ChannelClosedByBroker, match="ACCESS_REFUSED"):
            channel.basic_publish(*target, delivery_wake("dl_1").encode())
        connection.close()


def test_R37_what_RabbitMQ_gave_up_on_is_buried_and_a_wake_up_among_it_is_let_go(amqp_url: str) -> None:
    broker = RabbitBroker(amqp_url)
    broker.ensure_topology()
    _put(amqp_url, "postroom.commands", b"deadly")
    _put(amqp_url, "postroom.commands", command_wake(7, "compose").encode())
    with pika.BlockingConnection(pika.URLParameters(amqp_url)) as connection:
        channel = connection.channel()
        for _ in range(2 * (topology.RETURNS_ALLOWED + 1)):
            method, _, _ = channel.basic_get("postroom.commands")
            assert method is not None
            channel.basic_reject(method.delivery_tag, requeue=True)
        wait_until(lambda: _count(channel, DEAD_QUEUE) == 2, 10, "both are in the queue of the dead")
    recorder = Recorder()
    working = start_work(crew(amqp_url, recorder, queues=(Queue.COMMANDS,)))
    (call,) = recorder.await_calls(1)
    assert call == ("bury", DEAD_QUEUE, b"deadly", "postroom.commands: delivery_limit", None)
    wait_until(lambda: _unfinished(amqp_url) == 0, 10, "the queue of the dead is empty")
    working.stop()
    assert len(recorder.calls) == 1


def test_dramatiq_itself_can_delay_durably_and_refuses_what_the_levels_cannot_hold(on_rabbit: Post) -> None:
    broker, message = on_rabbit.working.broker, message_of(Arrival.of(clock_wake(5, "reminder")))
    began = time.monotonic()
    broker.enqueue(message, delay=1)  # a millisecond is rounded up to a whole second
    on_rabbit.recorder.await_calls(1)
    assert on_rabbit.recorder.times[0] - began > 0.9
    with pytest.raises(ValueError, match="a delay is 1 to 268435455 seconds"):
        broker.enqueue(message, delay=2**28 * 1000)


@pytest.mark.parametrize("seconds", [1, 2, 3, 59, 60, 86_400, 30 * 86_400, 2**28 - 1])
def test_a_delay_enters_at_its_highest_level_and_passes_exactly_its_bits(seconds: int) -> None:
    exchange, key = topology.delayed_route("postroom.clocks", seconds)
    assert (exchange, key) == route("postroom.clocks", seconds)
    bits = key.split(".")[:28]
    level = int(exchange.rpartition("_")[2])
    assert sum(2 ** (27 - place) for place, bit in enumerate(bits) if bit == "1") == seconds
    assert bits.index("1") == 27 - level
    assert key.split(".")[28:] == ["postroom", "clocks"]


def test_a_delayed_message_reaches_its_own_queue_only(amqp_url: str) -> None:
    broker = RabbitBroker(amqp_url)
    broker.ensure_topology()
    with pika.BlockingConnection(pika.URLParameters(amqp_url)) as connection:
        channel = connection.channel()
        channel.queue_declare("clocks", exclusive=True)
        channel.queue_bind("clocks", topology.DELIVERY_EXCHANGE, topology.delayed_binding("clocks"))
        broker.enqueue(message_of(Arrival.of(clock_wake(5, "reminder"))), delay=1000)
        wait_until(lambda: _count(channel, "postroom.clocks") == 1, 10, "the message arrived")
        assert _count(channel, "clocks") == 0


def test_waiting_messages_survive_the_death_of_the_broker(amqp_url: str, rabbit: RabbitServer) -> None:
    broker = RabbitBroker(amqp_url)
    broker.ensure_topology()
    for number in range(20):
        broker.enqueue(message_of(Arrival.of(clock_wake(number, "reminder"))), delay=3000)
    rabbit.kill()
    rabbit.start()
    depths = QueueDepths(amqp_url)
    wait_until(lambda: (found := depths(Queue.CLOCKS)) and found.ready == 20, 300, "all twenty came through the kill")
    depths.close()


def test_R28_workers_go_on_with_a_broker_that_came_back_empty(amqp_url: str, rabbit: RabbitServer) -> None:
    recorder = Recorder()
    working = start_work(crew(amqp_url, recorder))
    wait_until(lambda: _again(working, recorder, command_wake(1, "compose")), 20, "work before the wipe")
    rabbit.wipe()
    wait_until(lambda: _again(working, recorder, command_wake(2, "compose")), 40, "work after the wipe")
    working.alarm.wake(clock_wake(3, "reminder"), datetime.now(UTC) + timedelta(seconds=1))
    wait_until(lambda: ("fire", 3, "reminder") in recorder.calls, 10, "a delay after the wipe")
    working.stop()


def _again(working: Working, recorder: Recorder, wake: Wake) -> bool:
    """Publish it once more, as the sweeper does, until somebody takes it up."""
    if ("resume", int(wake.key)) not in recorder.calls:
        working.alarm.wake(wake)
    return ("resume", int(wake.key)) in recorder.calls


def _raise_on(name: str, error: Exception) -> Callable[[tuple[Any, ...]], None]:
    def on(call: tuple[Any, ...]) -> None:
        if call[0] == name:
            raise error

    return on


def _count(channel: Any, queue: str) -> int:
    return int(channel.queue_declare(queue, passive=True).method.message_count)


def _unfinished(url: str) -> int:
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        return _count(connection.channel(), DEAD_QUEUE)
