"""Every change and every decision goes out: at least once, in its interaction's order, by one voice."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pika
import pika.exceptions
import pytest

from deploy.engines import RabbitServer, wait_until
from models import tables as t
from models.clock import WallClock
from models.store import Store, open_store
from producers.announcer import Announcement, Announcer, LocalFeed
from producers.publisher import Away, Publisher
from workers.broker import RabbitBroker

AT = datetime(2026, 3, 2, 9, 0, 0, 120_000, tzinfo=UTC)
TOLD = "2026-03-02T09:00:00.120000+00:00"


class Feed:
    """Keeps what was published; fails when told to."""

    def __init__(self) -> None:
        self.heard: list[Announcement] = []
        self.failing = False

    def __call__(self, batch: Sequence[Announcement]) -> None:
        if self.failing:
            raise Away("RabbitMQ is away")
        self.heard.extend(batch)

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body, _ in self.heard]


def happened(store: Store, *numbers: tuple[int, int]) -> None:
    """Events: interaction and number of each."""
    with store.transaction():
        for interaction, seq in numbers:
            store.add(
                t.Event(
                    interaction=interaction, seq=seq, type="composed", at=AT, actor="anna", cause="command",
                    cause_id="anna/c1", why="because", changes={"owner": [None, "anna"]}, data={"draft": "dr_1"},
                )
            )  # fmt: skip


def decided(store: Store, id: str, state: str = "done", **values: Any) -> None:
    row = {
        "principal": "crm", "command_id": id, "type": "compose", "digest": "d", "door": "amqp", "state": state,
        "accepted_at": AT, "decided_at": None if state == "accepted" else AT, "announced": False,
    }  # fmt: skip
    with store.transaction():
        store.add(t.Command(**(row | values)))


@contextmanager
def announcing(store: Store, url: str) -> Iterator[None]:
    """An announcer at work in a thread."""
    publisher, stop = Publisher(url, WallClock(), "test"), threading.Event()
    thread = threading.Thread(target=Announcer(store, publisher.publish_events).run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
        publisher.close()


def test_R32_an_event_and_a_decision_are_told_once_in_the_documented_form(store: Store) -> None:
    feed = Feed()
    happened(store, (1042, 3))
    decided(store, "c-1", result={"interaction": "IMS0001042"}, interaction=1042, through=3)
    decided(store, "c-2", "rejected", code="no_address", sentence="There is no address.")
    decided(store, "c-3", "accepted")
    announcer = Announcer(store, feed)
    assert (announcer.run_once(), announcer.run_once()) == (3, 0)
    assert [key for key, _, _ in feed.heard] == ["event.composed", "decision.done.compose", "decision.rejected.compose"]
    event, done, rejected = feed.bodies()
    assert event == {
        "version": 1, "kind": "event", "id": event["id"], "interaction": "IMS0001042", "number": 3, "type": "composed",
        "at": TOLD, "actor": "anna", "cause": "command", "cause_id": "anna/c1", "why": "because",
        "changes": {"owner": [None, "anna"]}, "data": {"draft": "dr_1"},
    }  # fmt: skip
    assert done == {
        "version": 1, "kind": "decision", "principal": "crm", "id": "c-1", "type": "compose", "state": "done",
        "code": None, "sentence": None, "result": {"interaction": "IMS0001042"}, "interaction": "IMS0001042",
        "through": 3, "at": TOLD,
    }  # fmt: skip
    assert (rejected["code"], rejected["interaction"]) == ("no_address", None)


def test_R32_each_interaction_is_told_in_its_order_over_many_batches(store: Store) -> None:
    feed = Feed()
    for seq in range(1, 8):
        happened(store, (1, seq), (2, seq), (3, seq))
    announcer = Announcer(store, feed, batch=4)
    while announcer.run_once():
        pass
    bodies = feed.bodies()
    assert len(bodies) == 21
    for interaction in ("IMS0000001", "IMS0000002", "IMS0000003"):
        assert [body["number"] for body in bodies if body["interaction"] == interaction] == list(range(1, 8))


def test_R32_ids_against_the_numbers_change_no_order(store: Store) -> None:
    feed, happenings = Feed(), [(11, 1, 3), (12, 2, 1), (13, 1, 2), (14, 1, 1), (15, 2, 2)]
    for id, interaction, seq in happenings:
        with store.transaction():
            store.add(t.Event(id=id, interaction=interaction, seq=seq, type="composed", at=AT, cause="clock", why="w"))
    announcer = Announcer(store, feed, batch=2)
    while announcer.run_once():
        pass
    told = [(body["interaction"], body["number"]) for body in feed.bodies()]
    assert [number for name, number in told if name == "IMS0000001"] == [1, 2, 3]
    assert [number for name, number in told if name == "IMS0000002"] == [1, 2]


def test_R32_what_could_not_be_published_is_told_later_under_the_same_message_id(store: Store) -> None:
    feed = Feed()
    happened(store, (1, 1))
    announcer = Announcer(store, feed)
    feed.failing = True
    with pytest.raises(Away):
        announcer.run_once()
    feed.failing = False
    assert announcer.run_once() == 1
    assert feed.heard[0][2] == f"event-{t.Event.get().id}"


def test_R32_an_announcer_that_dies_after_publishing_repeats_rather_than_forgets(store: Store) -> None:
    heard: list[Announcement] = []

    def dying(batch: Sequence[Announcement]) -> None:
        heard.extend(batch)
        raise KeyboardInterrupt

    happened(store, (1, 1))
    with pytest.raises(KeyboardInterrupt):
        Announcer(store, dying).run_once()
    feed = Feed()
    Announcer(store, feed).run_once()
    assert feed.heard == heard


def test_R32_only_one_announcer_speaks_at_a_time(postgres_url: str) -> None:
    store = open_store(postgres_url)
    happened(store, (1, 1))
    speaking, may_end, quiet = threading.Event(), threading.Event(), Feed()

    def slow(batch: Sequence[Announcement]) -> None:
        speaking.set()
        assert may_end.wait(20)

    counts: list[int] = []
    thread = threading.Thread(target=lambda: counts.append(Announcer(store, slow).run_once()))
    thread.start()
    assert speaking.wait(20)
    assert Announcer(store, quiet).run_once() == 0
    may_end.set()
    thread.join(20)
    assert (counts, quiet.heard) == ([1], [])
    assert Announcer(store, quiet).run_once() == 0
    store.close()


def test_R32_an_example_consumer_hears_changes_and_answers_over_rabbitmq(store: Store, amqp_url: str) -> None:
    RabbitBroker(amqp_url).ensure_topology()
    with pika.BlockingConnection(pika.URLParameters(amqp_url)) as connection:
        channel = connection.channel()
        channel.queue_declare("crm-feed", exclusive=True)
        for key in ("event.#", "decision.*.compose"):
            channel.queue_bind("crm-feed", "postroom.events", key)
        happened(store, (1, 1), (1, 2))
        decided(store, "c-1", interaction=1, through=2)
        with announcing(store, amqp_url):
            wait_until(lambda: _unannounced(store) == 0, 20, "all three are out")
        got = [channel.basic_get("crm-feed", auto_ack=True) for _ in range(3)]
    events = [json.loads(body)["number"] for method, _, body in got if method.routing_key == "event.composed"]
    assert events == [1, 2]
    assert [method.routing_key for method, _, _ in got].count("decision.done.compose") == 1


def test_R32_a_broker_killed_in_the_middle_costs_repeats_and_never_the_order(
    postgres_url: str, amqp_url: str, rabbit: RabbitServer
) -> None:
    store = open_store(postgres_url)
    RabbitBroker(amqp_url).ensure_topology()
    with pika.BlockingConnection(pika.URLParameters(amqp_url)) as connection:
        channel = connection.channel()
        # A classic queue: after a kill a quorum queue of RabbitMQ 3.10 can refuse reads for minutes.
        channel.queue_declare("crm-feed", durable=True)
        channel.queue_bind("crm-feed", "postroom.events", "event.#")
    happened(store, *((1, seq) for seq in range(1, 2001)))
    with announcing(store, amqp_url):
        wait_until(lambda: _unannounced(store) < 2000, 20, "the first batch is out")
        rabbit.kill()
        rabbit.start()
        wait_until(lambda: _unannounced(store) == 0, 60, "all are out")
    heard: list[int] = []
    wait_until(lambda: _heard_to(2000, heard, amqp_url), 60, "the consumer has heard the last event")
    assert list(dict.fromkeys(heard)) == list(range(1, 2001))
    store.close()


def _unannounced(store: Store) -> int:
    with store.reading():
        untold = t.Event.select().where(~t.Event.announced).count()
        return int(untold + t.Command.select().where(~t.Command.announced).count())


def _heard_to(last: int, heard: list[int], amqp_url: str) -> bool:
    """Whether the last number was heard; a queue that is still recovering closes the connection, and is asked again."""
    try:
        with pika.BlockingConnection(pika.URLParameters(amqp_url)) as connection:
            for _, _, body in _emptied(connection.channel(), "crm-feed"):
                heard.append(json.loads(body)["number"])
    except pika.exceptions.AMQPError:
        return False
    return last in heard


def _emptied(channel: Any, queue: str) -> Iterator[Any]:
    while (got := channel.basic_get(queue, auto_ack=True))[0] is not None:
        yield got


def test_R32_without_rabbitmq_subscribers_in_the_process_hear_it(sqlite_url: str) -> None:
    store, feed = open_store(sqlite_url), LocalFeed()
    heard: list[str] = []
    unsubscribe = feed.subscribe(lambda key, body: heard.append(key))
    happened(store, (1, 1))
    Announcer(store, feed).run_once()
    unsubscribe()
    happened(store, (1, 2))
    assert Announcer(store, feed).run_once() == 1
    assert heard == ["event.composed"]
    store.close()
