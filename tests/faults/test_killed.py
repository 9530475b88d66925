"""Workers die by SIGKILL at any moment: nothing stays undecided, nothing is lost, no mail leaves twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from deploy.engines import wait_until
from models import tables as t
from models.commands import Command
from tests.plant import Plant, wish
from tests.sink import Sink

PAIRS, KILLS = 2000, 20
PROCESSES, THREADS = 4, 4
ROUND = 1.5  # seconds in which a share of the commands comes and one worker dies


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Takes its time, so that there is always a mail in transmission."""
    with Sink(slowness=0.1) as sink:
        yield sink


def test_R14_R34_twenty_kills_during_two_thousand_composes_and_sends(
    open_plant: Callable[..., Plant],
) -> None:
    plant = open_plant(delivery_lease="PT5S", unknown_wait="PT5M", command_attempts="30")
    customers = [f"c{n}" for n in range(PAIRS)]
    plant.customers(customers)
    pool = plant.workers(PROCESSES, THREADS)
    plant.sweeper()
    chance, under_way = random.Random(14), set[str]()
    for share in range(KILLS):
        with plant.publishing(pairs(customers[share::KILLS])):
            moment = chance.uniform(0, ROUND)
            threading.Event().wait(moment)
            under_way |= kill_the_eldest(plant, pool)
            threading.Event().wait(ROUND - moment)
    plant.decided(2 * PAIRS, 300)
    plant.clock.advance(timedelta(minutes=15))  # whoever held a claim when it died holds none any more
    wait_until(lambda: not on_their_way(), 180, "every mail has an end")

    assert plant.rejected() == []
    states = {row.id: row.state for row in t.Mail.select()}
    assert len(states) == PAIRS and set(states.values()) <= {"sent", "uncertain"}
    unsure = [row for row in t.Delivery.select() if row.state == "uncertain"]
    print(f"outcomes: {len(unsure)} uncertain after {KILLS} kills, {len(under_way)} were seen in transmission")
    assert {row.id for row in unsure} <= under_way and len(unsure) <= KILLS * THREADS
    copies = plant.sink.copies()
    assert set(copies.values()) == {1}
    assert mails("accepted") <= set(copies) <= mails("accepted") | mails("uncertain")
    assert plant.broken() == []


def pairs(customers: list[str]) -> list[Command]:
    found = []
    for n, customer in enumerate(customers):
        agent, words = f"agent{n % 50}", {"subject": "Your order", "text": f"Hello {customer}."}
        found.append(
            wish("compose", f"{customer}.begin", agent, customer=customer, draft=f"d.{customer}", content=words)
        )
        found.append(wish("send", f"{customer}.send", agent, draft=f"d.{customer}", revision=1))
    return found


def kill_the_eldest(plant: Plant, pool: subprocess.Popen[bytes]) -> set[str]:
    """Answers the deliveries in transmission at that moment."""
    wait_until(lambda: len(plant.members(pool)) >= 2, 60, "the pool replaces who died")
    os.kill(plant.members(pool)[0], signal.SIGKILL)
    return {row.id for row in t.Delivery.select().where(t.Delivery.state == "transmitting")}


def on_their_way() -> int:
    return int(t.Delivery.select().where(t.Delivery.publish_at.is_null(False)).count())


def mails(state: str) -> set[str]:
    """Message-ID and address of every delivery in this state."""
    ids = {row.id: row.message_id for row in t.Mail.select()}
    return {f"{ids[row.mail]} {row.address}" for row in t.Delivery.select().where(t.Delivery.state == state)}
