"""A delivery worker is frozen longer than its claim lasts, another one takes over, it wakes: the mail leaves once (R14)."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from datetime import timedelta

from deploy.engines import wait_until
from models import tables as t
from tests.plant import Plant, wish
from tests.sink import Gate

HELLO = {"subject": "Your order", "text": "Hello."}


def test_R14_frozen_before_the_body_it_must_not_send_beside_its_successor(open_plant: Callable[..., Plant]) -> None:
    plant, pool, gate = one_mail_stands_at(open_plant, "RCPT")
    frozen = freeze(plant, pool)
    gate.let_go()
    plant.workers(1, 2, queues="delivery")
    plant.clock.advance(timedelta(minutes=6))  # the claim lasts five
    wait_until(lambda: mail().state == "sent", 60, "the successor sends it")
    os.kill(frozen, signal.SIGCONT)
    wait_until(lambda: "ran out before DATA" in plant.logs(), 60, "the one that was frozen finds its claim gone")
    assert list(plant.sink.copies().values()) == [1]
    assert (delivery().state, delivery().attempts, interaction().state) == ("accepted", 2, "on_hold")
    assert plant.broken() == []


def test_R14_frozen_after_the_body_the_mail_is_uncertain_until_the_late_answer_wins(
    open_plant: Callable[..., Plant],
) -> None:
    plant, pool, gate = one_mail_stands_at(open_plant, "DATA")
    frozen = freeze(plant, pool)
    plant.workers(1, 2, queues="delivery")
    plant.clock.advance(timedelta(minutes=12))  # the last answer may take ten, and one more to write it down
    wait_until(lambda: mail().state == "uncertain", 60, "the successor finds it uncertain")
    assert (interaction().attention, list(plant.sink.copies().values())) == ("uncertain", [1])
    gate.let_go()
    os.kill(frozen, signal.SIGCONT)
    wait_until(lambda: mail().state == "sent", 60, "the late answer is recorded")
    assert (delivery().state, delivery().attempts, interaction().state) == ("accepted", 1, "on_hold")
    assert interaction().attention is None and list(plant.sink.copies().values()) == [1]
    assert plant.broken() == []


def one_mail_stands_at(open_plant: Callable[..., Plant], stage: str) -> tuple[Plant, subprocess.Popen[bytes], Gate]:
    """A plant whose only delivery worker waits for the server's answer at this stage."""
    plant = open_plant()
    plant.customers(["carl"])
    plant.workers(1, 2, queues="commands")
    pool = plant.workers(1, 1, queues="delivery")
    plant.sweeper()
    gate = plant.sink.hold(stage)
    plant.publish([wish("compose", "only", "agent1", customer="carl", content=HELLO, send=True)])
    assert gate.reached.wait(60), f"nobody came to {stage}"
    return plant, pool, gate


def freeze(plant: Plant, pool: subprocess.Popen[bytes]) -> int:
    (member,) = plant.members(pool)
    os.kill(member, signal.SIGSTOP)
    return member


def mail() -> t.Mail:
    found: t.Mail = t.Mail.get()
    return found


def delivery() -> t.Delivery:
    found: t.Delivery = t.Delivery.get()
    return found


def interaction() -> t.Interaction:
    found: t.Interaction = t.Interaction.get()
    return found
