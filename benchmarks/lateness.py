"""How late abandonment clocks fire that fall due all over one minute: real delays, real handlers, no sweeper to help."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import psycopg

from benchmarks.backlog import publish
from benchmarks.figures import Aim, Reading, percentile
from benchmarks.ground import BATCH, Ground, Place, agent
from benchmarks.size import Size
from benchmarks.team import post_room
from models import tables as t
from models.clock import WallClock
from models.policy import ClockKind
from models.wakes import Queue, clock_wake
from producers.publisher import route
from producers.window import Letter

HEAD_START = timedelta(seconds=12)  # everything is armed and the workers are up before the first one is due
PATIENCE = 60.0
CLOSED = "SELECT count(*) FROM interaction WHERE state = 'closed_abandoned'"
LATE = """
    SELECT extract(epoch FROM i.closed_at - i.activity_at - make_interval(secs => %s))::float8
    FROM interaction i WHERE i.state = 'closed_abandoned'
"""


def measure(ground: Ground, size: Size) -> list[Reading]:
    place = ground.new_place()
    period = place.settings().abandonment_after
    with post_room(place.settings(), (Queue.CLOCKS,), size) as team, psycopg.connect(place.database_url) as connection:
        connection.autocommit = True
        _rows(place, size, WallClock().now() + HEAD_START, period)
        publish(place.broker_url, _wakes(connection, period))
        most = HEAD_START.total_seconds() + size.clock_seconds + PATIENCE
        team.wait(lambda: _closed(connection) == size.clocks, most, f"{size.clocks} clocks fired")
        late = [row[0] for row in connection.execute(LATE, (period.total_seconds(),)).fetchall()]
    number = f"{size.clocks:,} clocks over {size.clock_seconds:g} s"
    return [
        Reading(f"{number}: late, p50", percentile(late, 50), "seconds"),
        Reading(f"{number}: late, p99", percentile(late, 99), "seconds", Aim(below=2)),
        Reading(f"{number}: late, most", max(late), "seconds"),
    ]


def _rows(place: Place, size: Size, first: datetime, period: timedelta) -> None:
    """Unsent interactions with one draft each, last touched just so long ago."""
    with place.rows() as store, store.transaction():
        for start in range(0, size.clocks, BATCH):
            some = range(start, min(start + BATCH, size.clocks))
            due = {number: first + timedelta(seconds=size.clock_seconds * number / size.clocks) for number in some}
            t.Interaction.insert_many([_interaction(number, due[number] - period) for number in some]).execute()
        store.db.execute_sql(_DRAFTS)
        store.db.execute_sql(_CLOCKS, (period.total_seconds(),))


_DRAFTS = """
    INSERT INTO draft (id, interaction, author, state, revision, written, composed_seq, seen_seq, created_at, touched_at)
    SELECT 'dr_' || id, id, owner, 'open', 1, true, 0, 0, activity_at, activity_at FROM interaction
"""
_CLOCKS = """
    INSERT INTO clock (interaction, kind, due_at, message_at, publish_at, published)
    SELECT id, 'abandonment', due, due, due, 0
    FROM interaction, LATERAL (SELECT activity_at + make_interval(secs => %s) + interval '1 microsecond' AS due) d
"""


def _interaction(number: int, touched_at: datetime) -> dict[str, object]:
    return {
        "customer": f"c{number}", "kind": "contact", "state": "work_in_progress", "owner": agent(number),
        "created_at": touched_at, "activity_at": touched_at, "last_event_at": touched_at,
    }  # fmt: skip


def _wakes(connection: psycopg.Connection, period: timedelta) -> Iterator[Letter]:
    for number, touched_at in connection.execute("SELECT id, activity_at FROM interaction ORDER BY id").fetchall():
        seconds = (touched_at + period - WallClock().now()).total_seconds()
        exchange, key = route(Queue.CLOCKS.wire_name, max(1, int(seconds) + 1))
        yield Letter(exchange, key, clock_wake(number, ClockKind.ABANDONMENT).encode(), str(number))


def _closed(connection: psycopg.Connection) -> int:
    time.sleep(0.2)
    row = connection.execute(CLOSED).fetchone()
    return int(row[0]) if row else 0
