"""Clocks fire through the broker's own delay, without a sweeper: not early, and less than two seconds late (R28)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pika
from kombu.transport.native_delayed_delivery import MAX_NUMBER_OF_BITS_TO_USE, level_name

from deploy.engines import wait_until
from models import tables as t
from models.wakes import DELAY_PREFIX
from tests.plant import Plant, wish

HELLO = {"subject": "Your order", "text": "Hello."}
TEN = range(10)


def test_R24_R25_R28_reminders_and_abandonments_of_two_seconds_come_within_two_seconds(
    open_plant: Callable[..., Plant],
) -> None:
    plant = open_plant(reminder_after="PT2S", abandonment_after="PT2S")
    plant.customers([f"sent{n}" for n in TEN] + [f"left{n}" for n in TEN])
    plant.workers(1, 8)
    plant.publish([wish("compose", f"s{n}", "agent1", customer=f"sent{n}", content=HELLO, send=True) for n in TEN])
    plant.publish([wish("compose", f"l{n}", "agent2", customer=f"left{n}") for n in TEN])
    wait_until(lambda: len(fired("reminder_queued")) == len(fired("closed")) == len(TEN), 30, "every clock fired")
    late = [at - row.agent_mail_at - timedelta(seconds=2) for row, at in fired("reminder_queued")]
    late += [at - row.activity_at - timedelta(seconds=2) for row, at in fired("closed")]
    print(f"outcomes: lateness {min(late).total_seconds():.2f} to {max(late).total_seconds():.2f} s")
    assert timedelta(0) <= min(late) and max(late) < timedelta(seconds=2)
    wait_until(lambda: len(plant.sink.taken) == 2 * len(TEN), 30, "ten mails and ten reminders left")
    assert set(plant.sink.copies().values()) == {1}
    assert plant.broken() == []


def test_R25_a_draft_opened_in_time_is_closed_that_much_later(open_plant: Callable[..., Plant]) -> None:
    plant = open_plant(abandonment_after="PT3S")
    plant.customers(["carl"])
    plant.workers(1, 4)
    plant.publish([wish("compose", "first", "agent1", customer="carl", draft="d1")])
    plant.decided(1, 30)
    begun = t.Interaction.get().activity_at
    wait_until(lambda: plant.clock.now() > begun + timedelta(seconds=1.5), 10, "half of the time has passed")
    plant.publish([wish("open_draft", "look", "agent1", draft="d1")])
    wait_until(lambda: fired("closed"), 30, "the abandonment")
    ((row, at),) = fired("closed")
    assert row.activity_at > begun + timedelta(seconds=1.5) and row.state == "closed_abandoned"
    assert timedelta(0) <= at - row.activity_at - timedelta(seconds=3) < timedelta(seconds=2)
    assert plant.broken() == []


def test_R25_opening_a_draft_again_and_again_leaves_one_message_waiting(open_plant: Callable[..., Plant]) -> None:
    plant = open_plant(abandonment_after="PT1H")
    plant.customers(["carl", "cora"])
    plant.workers(1, 4, queues="commands")
    plant.publish([wish("compose", "first", "agent1", customer="carl", draft="d1")])
    wait_until(lambda: waiting(plant) == 1, 30, "one message waits")
    plant.publish([wish("open_draft", f"look{n}", "agent1", draft="d1") for n in range(20)])
    plant.decided(21, 30)
    # Published after whatever the openings published, on the same line: once it waits, all of theirs would wait.
    plant.publish([wish("compose", "second", "agent1", customer="cora")])
    wait_until(lambda: waiting(plant) >= 2, 30, "the message of the second interaction waits")
    assert waiting(plant) == 2
    assert plant.broken() == []


def fired(type_name: str) -> list[tuple[t.Interaction, datetime]]:
    """Interactions on which this happened, with the time of it."""
    events = t.Event.select().where(t.Event.type == type_name, t.Event.cause == "clock")
    return [(t.Interaction.get_by_id(event.interaction), event.at) for event in events]


def waiting(plant: Plant) -> int:
    """Messages on any level of the broker's delay."""
    with pika.BlockingConnection(pika.URLParameters(plant.amqp_url)) as connection:
        channel = connection.channel()
        levels = [level_name(level, DELAY_PREFIX) for level in range(MAX_NUMBER_OF_BITS_TO_USE)]
        return sum(channel.queue_declare(level, passive=True).method.message_count for level in levels)
