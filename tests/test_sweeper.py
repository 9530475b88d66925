"""What was promised and not kept is published again, by rows, on both engines; an outage kills nothing."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from deploy.engines import wait_until
from models import settings as configuration
from models import tables as t
from models.clock import StillClock
from models.commands import command
from models.store import Store, accept, open_store
from models.wakes import Queue, Wake, clock_wake, command_wake, delivery_wake
from producers.sweeper import Depth, Sweeper

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TAKEN = Depth(ready=0, consumers=2)  # whatever was published, somebody took it up


@dataclass
class Bells:
    """Keeps what was rung."""

    rung: list[Wake] = field(default_factory=list)

    def wake(self, wake: Wake, at: datetime | None = None) -> None:
        self.rung.append(wake)


@dataclass
class Room:
    """A sweeper over a store; tests move its clock and say how full the queues are."""

    store: Store
    clock: StillClock = field(default_factory=lambda: StillClock(START))
    bells: Bells = field(default_factory=Bells)
    depth: Depth | None = TAKEN
    given: dict[str, str] = field(default_factory=dict)

    @property
    def sweeper(self) -> Sweeper:
        settings = configuration.from_mapping({f"POSTROOM_{name}": value for name, value in self.given.items()})
        return Sweeper(settings, self.clock, self.store, self.bells, lambda queue: self.depth)

    def sweep(self, after: timedelta = timedelta(0)) -> list[Wake]:
        """What is rung by one look, that much later."""
        self.clock.advance(after)
        self.bells.rung.clear()
        self.sweeper.run_once()
        return list(self.bells.rung)

    def accepted(self, id: str, type: str = "mark_read", **body: Any) -> t.Command:
        with self.store.transaction():
            wish = command(type, id, **(body or {"interaction": "IMS0001001"}))
            row = accept(self.store, wish, "anna", "http", self.clock.now())
        return t.Command.get_by_id(row.id)


@pytest.fixture
def room(store: Store) -> Room:
    return Room(store)


def _again(row: t.Command) -> t.Command:
    found: t.Command = t.Command.get_by_id(row.id)
    return found


def test_R34_an_accepted_command_is_published_again_when_it_is_overdue_and_not_before(room: Room) -> None:
    row = room.accepted("c1")
    assert row.publish_at == START + 2 * SECOND
    assert room.sweep(3 * SECOND) == []
    assert room.sweep(SECOND) == [command_wake(row.id, "mark_read")]
    assert room.sweep() == []


def test_R28_repeats_come_at_doubling_distances_up_to_a_minute(room: Room) -> None:
    room.accepted("c1")
    room.given = {"COMMAND_ATTEMPTS": "100"}
    rung = [second for second in range(300) if room.sweep(SECOND)]
    distances = [later - earlier for earlier, later in pairwise(rung)]
    assert distances[:6] == [3, 7, 15, 31, 59, 59]


def test_R37_a_command_that_is_taken_up_and_never_decided_is_dead_after_its_attempts(room: Room) -> None:
    row = room.accepted("c1")
    rung = [wake for _ in range(400) for wake in room.sweep(SECOND)]
    dead = _again(row)
    assert len(rung) == 7, "the door published the first of eight"
    assert (dead.state, dead.code, dead.attempts, dead.publish_at, dead.announced) == (
        "dead",
        "gave_up",
        8,
        None,
        False,
    )
    assert dead.decided_at is not None
    assert dead.sentence == "Given up after 8 attempts: whoever took it up never came to a decision"


@pytest.mark.parametrize(
    "depth", [Depth(ready=5, consumers=0), Depth(ready=0, consumers=0), Depth(ready=5, consumers=2)]
)
def test_R34_no_command_dies_of_workers_that_are_away_or_behind(room: Room, depth: Depth) -> None:
    row, room.depth = room.accepted("c1"), depth
    repeats = len([wake for _ in range(300) for wake in room.sweep(SECOND)])
    assert 5 <= repeats <= 12, "not counted as attempts, and still at doubling distances"
    assert (_again(row).state, _again(row).attempts) == ("accepted", 1)


def test_R34_while_the_broker_is_away_rows_stay_as_they_are(room: Room) -> None:
    row, room.depth = room.accepted("c1"), None
    assert room.sweep(timedelta(hours=1)) == []
    assert _again(row).publish_at == row.publish_at
    room.depth = TAKEN
    assert room.sweep() == [command_wake(row.id, "mark_read")]


def test_R36_a_command_that_waits_for_a_record_is_looked_at_every_second(room: Room) -> None:
    row = room.accepted("c1")
    with room.store.transaction():
        room.store.change(row, waits_on="interaction:IMS0001001", publish_at=START)
    room.sweep(2 * SECOND)
    assert len([wake for _ in range(30) for wake in room.sweep(SECOND)]) == 10, "every second, each time overdue by two"
    assert _again(row).attempts == 1


def test_a_backlog_does_not_feed_itself(room: Room) -> None:
    for number in range(12):
        room.accepted(f"c{number}")
    room.given, room.depth = {"QUEUE_DEPTH": "10"}, Depth(ready=7, consumers=1)
    assert len(room.sweep(timedelta(minutes=1))) == 3
    room.depth = Depth(ready=10, consumers=1)
    assert room.sweep(timedelta(minutes=1)) == []


def test_decided_commands_and_stopped_clocks_are_left_alone(room: Room) -> None:
    row = room.accepted("c1")
    with room.store.transaction():
        room.store.change(row, state="done", publish_at=None)
        room.store.add(t.ClockRow(interaction=1, kind="reminder", due_at=None, publish_at=None))
    assert room.sweep(timedelta(days=400)) == []


def test_incoming_mail_goes_to_its_own_queue(room: Room) -> None:
    row = room.accepted("m1", "receive_mail", blob="0" * 64, envelope_to="care@postroom.example")
    (wake,) = room.sweep(timedelta(minutes=1))
    assert wake == command_wake(row.id, "receive_mail")
    assert wake.queue is Queue.INBOUND


def test_R28_overdue_clocks_and_deliveries_are_rung_again_and_counted(room: Room) -> None:
    with room.store.transaction():
        room.store.add(t.ClockRow(interaction=5, kind="reminder", due_at=START, publish_at=START))
        room.store.add(
            t.Delivery(
                id="dl_1", mail="ml_1", interaction=5, role="to", address="a@b.c", address_key="a@b.c", state="claimed",
                lease_until=START, publish_at=START,
            )
        )  # fmt: skip
    assert room.sweep(2 * SECOND) == [delivery_wake("dl_1"), clock_wake(5, "reminder")]
    clock, delivery = t.ClockRow.get(), t.Delivery.get()
    assert (clock.published, clock.publish_at, clock.due_at) == (1, START + 3 * SECOND, START)
    assert (delivery.published, delivery.publish_at, delivery.state) == (1, START + 3 * SECOND, "claimed")


def test_sweepers_beside_each_other_share_the_rows(postgres_url: str) -> None:
    stores = [open_store(postgres_url) for _ in range(2)]
    room = Room(stores[1])
    ids = {room.accepted(f"c{number}").id for number in range(60)}
    with room.store.transaction():
        held = {row.id for row in t.Command.select(t.Command.id).order_by(t.Command.id).limit(20).for_update()}
        swept: list[Wake] = []
        beside = threading.Thread(target=lambda: swept.extend(Room(stores[1]).sweep(timedelta(minutes=1))))
        beside.start()
        beside.join(20)
    assert {int(wake.key) for wake in swept} == ids - held
    for store in stores:
        store.close()


def test_R28_a_running_sweeper_moves_clocks_whose_setting_changed_and_rings_them(room: Room) -> None:
    since = START - timedelta(days=10)
    with room.store.transaction():
        room.store.add(
            t.Interaction(
                id=1001, customer="c1", kind="contact", state="work_in_progress", created_at=since, activity_at=since,
                last_event_at=since,
            )
        )  # fmt: skip
    room.given = {"ABANDONMENT_AFTER": "P5D", "SWEEP_EVERY": "PT0.05S"}
    stop = threading.Event()
    thread = threading.Thread(target=room.sweeper.run, args=(stop,))
    thread.start()
    try:
        wait_until(
            lambda: clock_wake(1001, "abandonment") in room.bells.rung, 10, "the clock is overdue by the new setting"
        )
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


def test_R39_what_is_on_no_conversation_is_forgotten_after_its_time(room: Room) -> None:
    letter = t.DeadLetter(id="dead_1", queue="commands", body=b"words", reason="malformed", died_at=START)
    with room.store.transaction():
        room.store.add(letter)
    room.clock.advance(timedelta(days=11))
    assert room.sweeper.forget() == 0 and t.DeadLetter.select().count() == 1
    room.given["RETENTION_AFTER"] = "P10D"
    sweeper = room.sweeper
    assert sweeper.forget() == 1 and sweeper.forget() == 0
    assert t.DeadLetter.select().count() == 0
    with room.store.transaction():
        room.store.add(t.DeadLetter(**letter.__data__))
    assert sweeper.forget() == 0  # it looked a moment ago
    room.clock.advance(timedelta(hours=1))
    assert sweeper.forget() == 1
