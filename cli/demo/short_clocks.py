"""One reminder of two real seconds and one abandonment of three, woken by the broker's own delay.

No sweeper runs here: what fires can only have waited in RabbitMQ, for moved time cannot move the broker's clocks.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cli.demo.procedure import ADA
from cli.demo.stage import Stage, Trouble
from cli.demo.telling import Telling

SETTINGS = {"REMINDER_AFTER": "PT2S", "ABANDONMENT_AFTER": "PT3S"}
LATEST = 2.0  # seconds after its time, in normal running (R28)


def live(stage: Stage, telling: Telling) -> None:
    """Raises `Trouble` where a clock does not fire, or not in time."""
    telling.step("Clocks of seconds, through RabbitMQ's durable delay, with no sweeper running")
    words = {"subject": "A question", "text": "Which day suits you?"}
    sent = stage.give("anna", "compose", customer="ada", send=True, content=words)["interaction"]
    left = stage.give("ben", "compose", customer="carlo", content={"text": "Buongiorno"})["interaction"]
    stage.await_that("the reminder is in the sink", lambda: stage.post_of(ADA), lambda post: len(post) > 1)
    mail = stage.see(sent)["mails"]
    telling.good(f"the reminder of two seconds arrived {_late(telling, mail[1]['queued_at'], mail[0]['sent_at'], 2)}")
    found = stage.await_that("it is closed", lambda: stage.see(left), lambda seen: seen["closed_at"])
    if found["state"] != "closed_abandoned":
        raise Trouble(f"expected closed_abandoned, found {found['state']}")
    telling.good(
        f"the draft of three seconds is Closed Abandoned {_late(telling, found['closed_at'], found['activity_at'], 3)}"
    )


def _late(telling: Telling, fired: str, anchor: str, period: int) -> str:
    late = (_instant(fired) - _instant(anchor)).total_seconds() - period
    if not 0 <= late <= LATEST:
        raise Trouble(f"a clock of {period} s fired {late:.2f} s after its time; allowed are {LATEST:g}")
    return f"({late:.2f} s after its time)"


def _instant(text: Any) -> datetime:
    return datetime.fromisoformat(text)
