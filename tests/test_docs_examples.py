"""The examples of the docs run as they are written: real RabbitMQ with the documented permissions, worker, sweeper, SMTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pika
import pytest
from jsonschema import Draft202012Validator
from pika.exceptions import ChannelClosedByBroker

from deploy.engines import CONFIGURATION, PostgresServer, RabbitServer, _listens, free_port, wait_until
from docs.writers.events import decision_schema, event_schema
from tests.scripted_smtp import ScriptedSmtp
from workers.broker import RabbitBroker

HOUSE = Path(__file__).resolve().parents[1]
EXAMPLES = HOUSE / "docs" / "examples"
PLUGINS = (
    "rabbit-*", "rabbitmq_management-*", "rabbitmq_management_agent-*", "rabbitmq_web_dispatch-*", "amqp_client-*",
    "cowboy-*", "cowlib-*", "jose-*", "base64url-*", "jsx-*", "oauth2_client-*",
)  # fmt: skip


class ManagedRabbit(RabbitServer):
    """RabbitMQ with its management plugin, which `rabbitmqadmin` speaks to."""

    def _write_configuration(self) -> None:
        self.http = free_port()
        (self.folder / "plugins").mkdir()
        stock = Path(self.program).resolve().parent.parent / "plugins"
        for found in (path for pattern in PLUGINS for path in stock.glob(pattern)):
            (self.folder / "plugins" / found.name).symlink_to(found.resolve())
        self._write("enabled_plugins", "[rabbitmq_management].\n")
        self._write("rabbitmq-env.conf", "")
        listener = f'{{rabbitmq_management, [{{listener, [{{port, {self.http}}}, {{ip, "127.0.0.1"}}]}}]}}'
        self._write("rabbitmq.config", CONFIGURATION.rstrip().removesuffix("].") + f", {listener}].\n")


@dataclass
class Running:
    """A program that was started, and every line it printed so far."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def read(self) -> None:
        for line in self.process.stdout or ():
            self.lines.append(line.rstrip("\n"))

    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in list(self.lines) if line.startswith('{"version"')]


@dataclass
class House:
    """The production shape: a worker pool and a sweeper over private engines; ``crm`` may do what the docs allow it."""

    rabbit: ManagedRabbit
    url: str
    environment: dict[str, str]
    mails: ScriptedSmtp
    consumer: Running = field(init=False)

    @property
    def vhost(self) -> str:
        return urlsplit(self.url).path[1:]

    @property
    def crm(self) -> str:
        return self.rabbit.as_user(self.url, "crm")

    def decision(self, command_id: str) -> dict[str, Any]:
        """The one decision on this command, as the example consumer heard it."""
        wait_until(lambda: self._decisions(command_id), 30, f"the decision on {command_id} is heard")
        (found,) = self._decisions(command_id)
        return found

    def events(self, interaction: str) -> list[dict[str, Any]]:
        return [e for e in self.consumer.messages() if e["kind"] == "event" and e["interaction"] == interaction]

    def _decisions(self, command_id: str) -> list[dict[str, Any]]:
        return [e for e in self.consumer.messages() if e["kind"] == "decision" and e["id"] == command_id]


@pytest.fixture(scope="module")
def house(postgres: PostgresServer, postgres_template: str) -> Iterator[House]:
    rabbit = ManagedRabbit()
    rabbit.start()
    url = rabbit.new_vhost()
    RabbitBroker(url).ensure_topology()
    with ScriptedSmtp() as mails, ExitStack() as running:
        environment = {
            "PATH": os.environ["PATH"], "PYTHONPATH": str(HOUSE), "POSTROOM_PROFILE": "test",
            "POSTROOM_BROKER_URL": url, "POSTROOM_DATABASE_URL": postgres.new_database(postgres_template),
            "POSTROOM_SMTP_URL": mails.url, "POSTROOM_UNDO_HOLD": "PT0S",
        }  # fmt: skip
        house = House(rabbit, url, environment, mails)
        _introduce(house)
        programs = [
            running.enter_context(_running(environment, *program))
            for program in (
                (str(EXAMPLES / "consume_events.py"), house.crm, "crm.postroom"),
                ("-m", "postroom", "worker", "--threads", "4"),
                ("-m", "postroom", "sweeper"),
            )
        ]
        house.consumer = programs[0]
        wait_until(lambda: any("listening" in line for line in house.consumer.lines), 30, "the consumer listens")
        yield house
        for program in programs:  # all at once, then each is waited for
            program.process.terminate()
    rabbit.discard()


def test_R32_R35_the_pika_example_sends_a_mail_and_the_consumer_example_hears_of_it(house: House) -> None:
    arguments = [house.crm, "anna", "kim@somewhere.example", "Your order", "It left today."]
    published = _run([sys.executable, str(EXAMPLES / "publish_pika.py"), *arguments], house.environment)
    decision = house.decision(published.stdout.strip())
    assert (decision["state"], decision["principal"]) == ("done", "crm")
    mine = decision["interaction"]
    wait_until(lambda: any(e["type"] == "delivery_accepted" for e in house.events(mine)), 30, "the mail was accepted")
    assert any(b"It left today." in body for body in house.mails.bodies)
    numbers = [each["number"] for each in house.events(mine)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert decision["through"] in numbers


def test_R35_rabbitmqadmin_publishes_a_command_as_its_own_user(house: House) -> None:
    wire = {"version": 1, "id": "shell-1", "type": "compose", "agent": "anna", "body": {"address": "pat@x.example"}}
    wait_until(lambda: _listens(house.rabbit.http), 30, "the management plugin listens")
    _run(
        ["rabbitmqadmin", "--host=127.0.0.1", f"--port={house.rabbit.http}", "--username=crm", "--password=crm",
         f"--vhost={house.vhost}", "publish", "exchange=postroom.commands", "routing_key=command.compose",
         'properties={"user_id": "crm", "delivery_mode": 2}', f"payload={json.dumps(wire)}"],
        house.environment,
    )  # fmt: skip
    assert house.decision("shell-1")["state"] == "done"


def test_R35_the_command_line_publishes_too_and_a_no_is_heard_as_a_decision(house: House) -> None:
    wire = {"version": 1, "id": "shell-2", "type": "compose", "agent": "nobody", "body": {"address": "pat@x.example"}}
    environment = house.environment | {"POSTROOM_BROKER_URL": house.crm}
    _run([sys.executable, "-m", "postroom", "publish", "--amqp"], environment, json.dumps(wire))
    decision = house.decision("shell-2")
    assert (decision["state"], decision["code"], decision["result"]) == ("rejected", "forbidden", {"field": "agent"})


def test_R32_what_is_announced_fits_the_published_schemas(house: House) -> None:
    """After the tests before it: changes, a yes and a no."""
    heard = house.consumer.messages()
    assert {each["kind"] for each in heard} == {"event", "decision"}
    assert {each.get("state") for each in heard} >= {"done", "rejected"}
    for each in heard:
        schema = event_schema() if each["kind"] == "event" else decision_schema()
        Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(each)


@pytest.mark.parametrize(
    ("exchange", "key"), [("", "postroom.delivery"), ("postroom.events", "event.composed"), ("postroom.dead", "")]
)
def test_R2_the_documented_permissions_let_an_upstream_system_do_no_more_than_ask(
    house: House, exchange: str, key: str
) -> None:
    with pika.BlockingConnection(pika.URLParameters(house.crm)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        with pytest.raises(ChannelClosedByBroker, match="ACCESS_REFUSED"):
            channel.basic_publish(exchange, key, b"x")
        with pytest.raises(ChannelClosedByBroker, match="ACCESS_REFUSED"):
            connection.channel().basic_get("postroom.commands")


def _introduce(house: House) -> None:
    """What docs/howto/production.md says: permissions of an upstream system, and the principals."""
    house.rabbit.ctl(
        "set_permissions", "-p", house.vhost, "crm",
        r"^crm\..*$", r"^(postroom\.commands|crm\..*)$", r"^(postroom\.events|crm\..*)$",
    )  # fmt: skip
    house.rabbit.ctl("set_user_tags", "crm", "management")
    postroom = [sys.executable, "-m", "postroom", "token", "create"]
    _run([*postroom, "crm", "--role", "service", "--name", "CRM", "--amqp-user", "crm"], house.environment)
    _run([*postroom, "anna", "--role", "agent", "--name", "Anna Bauer"], house.environment)


@contextmanager
def _running(environment: dict[str, str], *arguments: str) -> Iterator[Running]:
    """A program beside the test, ended politely."""
    process = subprocess.Popen(
        [sys.executable, "-u", *arguments],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=HOUSE,
    )  # fmt: skip
    running = Running(process)
    reader = threading.Thread(target=running.read, daemon=True)
    reader.start()
    try:
        yield running
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)
        reader.join(5)


def _run(
    arguments: list[str], environment: dict[str, str], text: str | None = None
) -> subprocess.CompletedProcess[str]:
    found = subprocess.run(
        arguments, env=environment, input=text, capture_output=True, text=True, timeout=90, cwd=HOUSE, check=False
    )
    assert found.returncode == 0, found
    return found
