"""RabbitMQ is stopped or comes back empty, PostgreSQL restarts: what was accepted is decided, clocks fire, workers come back."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from deploy.engines import PostgresServer, RabbitServer, wait_until
from models import tables as t
from models.commands import Command
from models.wakes import Queue
from producers.publisher import Away
from tests.plant import Plant, wire, wish

OUTAGE_SECONDS = 30
RECOVERY_SECONDS = 60
HELLO = {"subject": "Your order", "text": "Hello."}
BEFORE, DURING, AFTER = range(10), range(10, 20), range(20, 25)


class Story:
    """A person who asks by HTTP and a system that publishes by AMQP, each for customers of their own, half of whom they mail."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        plant.customers([f"{door}{n}" for door in ("http", "amqp") for n in range(AFTER.stop)])
        self.pool = plant.workers(2, 4)
        plant.sweeper()
        self.client: httpx.Client = plant.api()
        self.accepted: list[str] = []
        self.refused: list[str] = []
        self.published: dict[str, Command] = {}
        self.crew = plant.members(self.pool)

    def ask(self, numbers: range) -> None:
        """By HTTP; what was accepted must be decided."""
        for n in numbers:
            each = self._command("http", n)
            answer = self.client.post("/v1/commands", json=wire(each))
            (self.accepted if answer.status_code == 202 else self.refused).append(each.id)

    def publish(self, numbers: range) -> None:
        """By AMQP; what nobody decided is published again, whether it was confirmed or not."""
        for n in numbers:
            each = self._command("amqp", n)
            self.published[each.id] = each
            self._publish(each)

    def ends_well(self, recovered_at: datetime) -> None:
        """Everything is decided and every clock fires within a minute of the recovery; each mail left once."""
        wait_until(self._all_decided, RECOVERY_SECONDS, "every command is decided")
        assert self.plant.rejected() == []
        count = len(self.accepted) + len(self.published)
        try:
            wait_until(lambda: self._ended() == count, RECOVERY_SECONDS, "every clock fired and every mail left")
        except TimeoutError as error:
            raise AssertionError(f"{error}: {count} wanted, there are {self._standing()}") from None
        late = [at for at in self._fired_at() if at > recovered_at + timedelta(seconds=RECOVERY_SECONDS)]
        assert late == []
        assert self.plant.members(self.pool) == self.crew, "the workers reconnect by themselves"
        assert set(self.plant.sink.copies().values()) == {1}
        assert self.plant.broken() == []

    def _command(self, door: str, n: int) -> Command:
        more = {"content": HELLO, "send": True} if n % 2 else {}
        return wish("compose", f"{door}{n}", f"agent{n}", customer=f"{door}{n}", **more)

    def _publish(self, each: Command) -> bool:
        try:
            self.plant.publish([each], abreast=1)
        except Away:
            return False
        return True

    def _all_decided(self) -> bool:
        known = {row.command_id for row in t.Command.select() if row.state != "accepted"}
        for name in self.published.keys() - known:
            self._publish(self.published[name])
        return not (self.published.keys() | set(self.accepted)) - known

    def _ended(self) -> int:
        """Interactions that were mailed and reminded of, or left alone and closed."""
        reminded = {row.interaction for row in t.Mail.select().where(t.Mail.kind == "reminder", t.Mail.state == "sent")}
        rows = list(t.Interaction.select())
        return sum(row.state == "closed_abandoned" or (row.state == "on_hold" and row.id in reminded) for row in rows)

    def _standing(self) -> list[str]:
        """Where every interaction stands, for a failing test's reader."""
        found = []
        for row in t.Interaction.select().order_by(t.Interaction.id):
            mails = [(mail.kind, mail.state) for mail in t.Mail.select().where(t.Mail.interaction == row.id)]
            clocks = [
                (c.kind, c.due_at, c.publish_at) for c in t.ClockRow.select().where(t.ClockRow.interaction == row.id)
            ]
            found.append(f"{row.customer} {row.state} {mails} {clocks}")
        return found

    def _fired_at(self) -> list[datetime]:
        return [event.at for event in t.Event.select().where(t.Event.cause == "clock")]


@pytest.fixture
def story(open_plant: Callable[..., Plant]) -> Story:
    return Story(open_plant(reminder_after="PT3S", abandonment_after="PT4S", delivery_lease="PT5S"))


def now() -> datetime:
    return datetime.now(UTC)


def test_R28_R34_rabbitmq_stopped_for_a_while(story: Story, rabbit: RabbitServer) -> None:
    story.ask(BEFORE)
    story.publish(BEFORE)
    rabbit.stop()
    story.ask(DURING)
    story.publish(DURING)
    threading.Event().wait(OUTAGE_SECONDS)
    rabbit.start()
    recovered_at = now()
    story.ask(AFTER)
    story.publish(AFTER)
    assert story.refused == []
    story.ends_well(recovered_at)


def test_R28_R34_rabbitmq_comes_back_empty(story: Story, rabbit: RabbitServer) -> None:
    story.ask(BEFORE)
    story.publish(BEFORE)
    for member in story.crew:
        os.kill(member, signal.SIGSTOP)
    story.ask(DURING)
    story.publish(DURING)  # confirmed, not taken, and lost
    rabbit.wipe()
    for member in story.crew:
        os.kill(member, signal.SIGCONT)
    recovered_at = now()
    story.plant.consuming(Queue.COMMANDS, len(story.crew))
    story.ask(AFTER)
    story.publish(AFTER)
    assert story.refused == []
    story.ends_well(recovered_at)


def test_R28_R34_postgresql_restarted(story: Story, postgres: PostgresServer) -> None:
    story.ask(BEFORE)
    story.publish(BEFORE)
    postgres.stop()
    story.publish(DURING)
    story.ask(DURING)
    assert len(story.refused) == len(DURING), "what is not kept is not accepted"
    postgres.start()
    recovered_at = now()
    story.plant.store.db.abandon()
    wait_until(lambda: story.client.get("/readyz").status_code == 200, 30, "the API is ready again")
    story.ask(AFTER)
    story.publish(AFTER)
    story.ends_well(recovered_at)
