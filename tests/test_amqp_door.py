"""Whatever is published to the exchange of commands: decided, rejected or a dead letter, and nothing else; the workers go on."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import Any

import pika
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from deploy.engines import RabbitServer, wait_until
from models import commands
from models import tables as t
from models.clock import WallClock
from models.errors import Malformed
from models.store import Store, find_command, open_store
from models.wakes import COMMAND_EXCHANGE, UNROUTED_EXCHANGE, Queue
from tests.harness import House
from tests.invariants import broken
from tests.recording import publishing_alarm
from workers import handlers
from workers.actors import Taking
from workers.arrival import Arrival
from workers.broker import RabbitBroker
from workers.pool import Crew, start_work

BOUNDED = settings(
    deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], derandomize=True, database=None
)
scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=30)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)
values = st.sampled_from(["carl", "cora", "anna", "x@y.example", "IMS0001001", "dr_none"]) | anything
SENSIBLE: dict[str, dict[str, Any]] = {
    "compose": {"customer": "carl", "content": {"text": "hé\n", "to": ["a@b.example"]}, "send": True},
    "open_draft": {"draft": "dr_none"}, "close": {"interaction": "IMS0001001"}, "set_signature": {"signature": "s"},
    "add_note": {"interaction": "IMS0001001", "text": "n"}, "save_template": {"name": "t", "text": "x"},
    "upsert_customer": {"customer": "carl", "kind": "contact", "name": "C"},
}  # fmt: skip
ENVELOPE = {"agent": scalars | st.just("anna"), "id": scalars, "version": scalars, "more": scalars}


@st.composite
def wires(draw: st.DrawFn) -> bytes:
    """Bytes, JSON, a command, or what would be one but for a field or two."""
    kind = draw(st.sampled_from(["noise", "command", "command", "nearly", "nearly", "hardly"]))
    if kind == "noise":
        return draw(st.binary(max_size=200) | anything.map(lambda value: json.dumps(value).encode()))
    type_name = draw(st.sampled_from([*commands.BODIES, "explode"] if kind == "hardly" else [*SENSIBLE]))
    body, number = SENSIBLE.get(type_name, {}), draw(st.integers(1, 200))
    wire: dict[str, Any] = {"version": 1, "id": f"c{number}", "type": type_name, "body": body}
    if kind != "command":
        known = commands.BODIES.get(type_name, commands.BODIES["compose"]).model_fields
        wire["body"] = body | draw(st.dictionaries(st.sampled_from([*known, "odd"]), values, max_size=2))
    if kind == "hardly":
        wire |= draw(st.fixed_dictionaries({}, optional=ENVELOPE))
    return json.dumps(wire).encode()


users = st.sampled_from([None, "anna", "bert", "root", "root", "crm", "nobody"]) | st.text(
    "abc:é '%\\", min_size=1, max_size=20
)
arrivals = st.builds(
    Arrival, queue=st.sampled_from([queue.wire_name for queue in Queue]), body=wires(),
    exchange=st.sampled_from([COMMAND_EXCHANGE, UNROUTED_EXCHANGE]), amqp_user=users, redelivered=st.booleans(),
    attempt=st.integers(-3, 300),
)  # fmt: skip


@settings(BOUNDED, max_examples=70)
@given(arriving=st.lists(arrivals, min_size=1, max_size=3))
def _anything_arrives(house: House, arriving: list[Arrival]) -> None:
    taking, before = Taking(house.world, handlers, threading.Event()), counts()
    for arrival in arriving:
        taking.take(arrival)
        after = counts()
        _is_answered(arrival, {name: count - before[name] for name, count in after.items() if count != before[name]})
        before = after


def _is_answered(arrival: Arrival, changed: dict[str, int]) -> None:
    command = _command(arrival.body)
    if command is None or changed == {"DeadLetter": 1}:
        assert changed == {"DeadLetter": 1} and _buried(arrival.body)
        assert command is None or any("id_reused" in reason for reason in _buried(arrival.body))
        return
    row = _row(arrival.amqp_user, command.id)
    assert row is not None and row.state in ("done", "rejected", "accepted"), row
    if row.state != "done":
        assert changed in ({}, {"Command": 1}), (row.code, changed)


def counts() -> dict[str, int]:
    """Of each table, in one question."""
    asked = (f"SELECT '{model.__name__}', COUNT(*) FROM \"{model._meta.table_name}\"" for model in t.ALL)
    return dict(t.Command._meta.database.execute_sql(" UNION ALL ".join(asked)).fetchall())


def _command(body: bytes) -> commands.Command | None:
    try:
        return commands.parse(body)
    except Malformed:
        return None


def _row(user: str | None, command_id: str) -> t.Command | None:
    known = t.Principal.get_or_none(t.Principal.amqp_user == user) if user else None
    return find_command(known.id if known else f"amqp:{user or 'anonymous'}", command_id)


def test_R37_whatever_arrives_is_decided_rejected_or_a_dead_letter_and_nothing_else_changes(store: Store) -> None:
    house = House(store)
    house.populate()
    _anything_arrives(house)
    states = [str(row.state) for row in t.Command.select()]
    assert min(t.DeadLetter.select().count(), states.count("rejected"), states.count("done")) > 5
    assert house.compose("bert", "cora")["interaction"]
    assert broken(house) == []


headers = st.dictionaries(
    st.text("abcx-", min_size=1, max_size=10) | st.sampled_from(["x-delivery-count", "x-death", "x-first-death-queue"]),
    st.booleans() | st.integers(-(2**31), 2**31 - 1) | st.text("abé", max_size=20) | st.none(), max_size=4,
)  # fmt: skip
keys = st.text("ab.#*é", max_size=40) | st.sampled_from([f"command.{name}" for name in commands.BODIES])
messages = st.tuples(wires(), keys, headers, st.sampled_from([None, "guest"]), st.integers(0, 9))


def test_R37_the_exchange_takes_anything_and_the_workers_go_on(
    amqp_url: str, rabbit: RabbitServer, sqlite_url: str
) -> None:
    store = open_store(sqlite_url)
    house = House(store)
    house.populate()
    t.Principal.update(amqp_user="guest").where(t.Principal.id == "crm").execute()
    RabbitBroker(amqp_url).ensure_topology()
    crew = Crew(
        publishing_alarm, lambda alarm: replace(house.world, clock=WallClock(), alarm=alarm), amqp_url, tuple(Queue), 4
    )
    working = start_work(crew)
    published: list[bytes] = []
    try:
        _anything_is_published(amqp_url, published)
        good = commands.command("compose", "a-good-one", "bert", customer="cora").as_json().encode()
        _publish(amqp_url, [(good, "command.compose", {}, "guest", 0)])
        wait_until(lambda: _state("crm", "a-good-one") == "done", 20, "the good one is decided")
        hopeless = [body for body in published if _command(body) is None]
        wait_until(lambda: all(map(_buried, hopeless)), 20, "what is no command is a letter")
        rows = list(t.Command.select())
        assert len(hopeless) > 10 < len(rows) and {row.state for row in rows} <= {"done", "rejected", "accepted"}
        with pika.BlockingConnection(pika.URLParameters(amqp_url)) as connection:
            left = connection.channel().queue_declare(Queue.COMMANDS.wire_name, passive=True).method.message_count
        assert left == 0
    finally:
        working.stop()
        store.close()


@settings(BOUNDED, max_examples=8)
@given(batch=st.lists(messages, min_size=4, max_size=10))
def _anything_is_published(url: str, published: list[bytes], batch: list[Any]) -> None:
    _publish(url, batch)
    published += [body for body, *_ in batch]


def _publish(url: str, batch: list[Any]) -> None:
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        for body, key, table, user, priority in batch:
            properties = pika.BasicProperties(headers=table, user_id=user, priority=priority, content_type="x/y")
            channel.basic_publish(COMMAND_EXCHANGE, key, body, properties, mandatory=True)


def _state(principal: str, command_id: str) -> str | None:
    row = find_command(principal, command_id)
    return str(row.state) if row is not None else None


def _buried(body: bytes) -> list[str]:
    """Of what it died, each time."""
    return [str(row.reason) for row in t.DeadLetter.select().where(t.DeadLetter.body == body)]


def test_R2_nobody_publishes_under_another_name(amqp_url: str) -> None:
    RabbitBroker(amqp_url).ensure_topology()
    with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="user_id"):
        _publish(amqp_url, [(b"{}", "command.compose", {}, "crm", 0)])
