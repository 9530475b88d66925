"""How late abandonment clocks fire that fall due all over one minute: real delays, real handlers, no sweeper to help.

Armed half a minute ahead one by one, as their interactions would have been; and, as the worst case, all in one burst.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import psycopg

from benchmarks.figures import Aim, Reading, percentile
from benchmarks.ground import BATCH, Ground, Place, agent
from benchmarks.size import Size
from benchmarks.team import post_room
from models import tables as t
from models.clock import WallClock
from models.policy import ClockKind
from models.wakes import Queue, clock_wake
from producers.publisher import Publisher

AHEAD = timedelta(seconds=30)  # so long before it is due a clock is armed
HEAD_START = AHEAD + timedelta(seconds=12)  # the rows are there and the workers are up before the first one is armed
PATIENCE = 60.0
CLOSED = "SELECT count(*) FROM interaction WHERE state = 'closed_abandoned'"
LATE = """
    SELECT extract(epoch FROM i.closed_at - i.activity_at - make_interval(secs => %s))::float8
    FROM interaction i WHERE i.state = 'closed_abandoned'
"""


def measure(ground: Ground, size: Size) -> list[Reading]:
    one_by_one = _late(ground, size, at_once=False)
    burst = _late(ground, size, at_once=True)
    number = f"{size.clocks:,} clocks over {size.clock_seconds:g} s"
    return [
        Reading(f"{number}: late, p50", percentile(one_by_one, 50), "seconds"),
        Reading(f"{number}: late, p99", percentile(one_by_one, 99), "seconds", Aim(below=2)),
        Reading(f"{number}: late, most", max(one_by_one), "seconds"),
        Reading(f"{number}, armed in one burst: late, p99", percentile(burst, 99), "seconds"),
    ]


def _late(ground: Ground, size: Size, at_once: bool) -> list[float]:
    """Seconds from due to closed, of every clock."""
    with ground.place() as place:
        period = place.settings().abandonment_after
        with post_room(place.settings(), (Queue.CLOCKS,), size) as team, psycopg.connect(place.database_url) as rows:
            rows.autocommit = True
            _rows(place, size, WallClock().now() + HEAD_START, period)
            due = rows.execute("SELECT interaction, due_at FROM clock ORDER BY due_at").fetchall()
            _arm(place, due, at_once)
            most = HEAD_START.total_seconds() + size.clock_seconds + PATIENCE
            team.wait(lambda: _closed(rows) == size.clocks, most, f"{size.clocks} clocks fired")
            return [row[0] for row in rows.execute(LATE, (period.total_seconds(),)).fetchall()]


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


def _arm(place: Place, due: list[tuple[int, datetime]], at_once: bool) -> None:
    """By the product's own publisher, which rounds up to whole seconds."""
    clock = WallClock()
    publisher = Publisher(place.broker_url, clock, "benchmark")
    for number, due_at in due:
        early = (due_at - AHEAD - clock.now()).total_seconds()
        if early > 0 and not at_once:
            time.sleep(early)
        publisher.wake(clock_wake(number, ClockKind.ABANDONMENT), due_at)
    publisher.close(PATIENCE)


def _closed(connection: psycopg.Connection) -> int:
    time.sleep(0.2)
    row = connection.execute(CLOSED).fetchone()
    return int(row[0]) if row else 0
