"""Overdue promises are published again: the rows are the truth, and whatever the queue lost costs seconds (R28, R34).

Refuses to decide anything, and to feed a backlog: it fills at most the room under the queue-depth limit.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import peewee as pw

from models import clocks, forgetting
from models import tables as t
from models.clock import Clock
from models.database import AWAY
from models.policy import publish_again_at
from models.settings import Settings
from models.store import Store, give_up
from models.wakes import Alarm, Queue, Wake, clock_wake, command_wake, delivery_wake

_log = logging.getLogger(__name__)
BATCH = 500
LONGEST_PAUSE = 5.0
SOONEST = timedelta(seconds=1)
FORGETTING = timedelta(hours=1)
WAITING = timedelta(seconds=1)  # a command that waits for a record is looked at every second (R36)


@dataclass(frozen=True, slots=True)
class Depth:
    """Messages in a queue that nobody has taken yet, and how many consumers there are to take them."""

    ready: int
    consumers: int


Depths = Callable[[Queue], Depth | None]  # None: the broker is away


class Sweeper:
    """Any number may run at once: each row is claimed, moved and committed before it is published."""

    def __init__(self, settings: Settings, clock: Clock, store: Store, alarm: Alarm, depths: Depths) -> None:
        self._settings, self._clock, self._store = settings, clock, store
        self._alarm, self._depths = alarm, depths
        self._forgot_at: datetime | None = None

    def run(self, stop: threading.Event) -> None:
        """Sweep until told to stop; an engine that is away is waited for."""
        pause, priced = 0.0, False
        while not stop.wait(pause):
            try:
                priced = priced or self.reprice()
                self.run_once()
                self.forget()
                pause = self._settings.sweep_every.total_seconds()
            except AWAY as error:
                pause = min(LONGEST_PAUSE, max(0.1, pause * 2))
                _log.warning("sweeping waits for the database: %s", error)
            except Exception:
                pause = LONGEST_PAUSE
                _log.exception("a sweep failed; the next one tries again")
        self._store.close()

    def forget(self) -> int:
        """A batch of what is older than the retention and on no conversation, whose own clock takes it (R39); once nothing
        is left, again after an hour."""
        now = self._clock.now()
        if self._forgot_at is not None and now < self._forgot_at + FORGETTING:
            return 0
        found = forgetting.forget(self._store, self._settings, now)
        self._forgot_at = None if found else now
        return found

    def reprice(self) -> bool:
        """A setting that changed since the last run moves the clocks that run already (R28)."""
        moved = clocks.reprice(self._store, self._settings)
        if moved:
            _log.info("%d clocks moved because their settings changed", moved)
        return True

    def run_once(self) -> dict[str, int]:
        """One look at everything; answers how many promises were published again, by queue, and how many commands died."""
        counts: dict[str, int] = {}
        for queue in Queue:
            depth = self._depths(queue)
            if depth is None:
                continue  # nobody could hear it; the rows wait as they are
            room = min(BATCH, self._settings.queue_depth - depth.ready)
            if room <= 0:
                continue
            wakes = self._claim(queue, depth, room, counts)
            for wake in wakes:
                self._alarm.wake(wake)
            if wakes:
                counts[queue.value] = len(wakes)
        return counts

    def _claim(self, queue: Queue, depth: Depth, room: int, counts: dict[str, int]) -> list[Wake]:
        now = self._clock.now()
        overdue = now - self._settings.sweep_grace
        if queue is Queue.DELIVERY:
            return self._claim_deliveries(now, overdue, room)
        if queue is Queue.CLOCKS:
            return self._claim_clocks(now, overdue, room)
        return self._claim_commands(queue, depth, now, overdue, room, counts)

    def _claim_deliveries(self, now: datetime, overdue: datetime, room: int) -> list[Wake]:
        row = t.Delivery
        owed = row.select(row.id, row.published).where(_due(row.publish_at, overdue)).order_by(row.publish_at)
        return self._claim_published(row, owed.limit(room), now, lambda each: delivery_wake(each.id))

    def _claim_clocks(self, now: datetime, overdue: datetime, room: int) -> list[Wake]:
        row = t.ClockRow
        owed = row.select(row.interaction, row.kind, row.published).where(_due(row.publish_at, overdue))
        query = owed.order_by(row.publish_at).limit(room)
        return self._claim_published(row, query, now, lambda each: clock_wake(each.interaction, each.kind))

    def _claim_published(
        self, model: type[t.Row], owed: Any, now: datetime, wake_of: Callable[[Any], Wake]
    ) -> list[Wake]:
        if not _any(self._store, owed):
            return []
        with self._store.transaction():
            rows = list(_unclaimed(self._store, owed))
            for each in rows:
                published = each.published + 1
                self._store.change(each, published=published, publish_at=self._again_at(now, published))
        return [wake_of(each) for each in rows]

    def _claim_commands(
        self, queue: Queue, depth: Depth, now: datetime, overdue: datetime, room: int, counts: dict[str, int]
    ) -> list[Wake]:
        row = t.Command
        of_queue = row.type == "receive_mail" if queue is Queue.INBOUND else row.type != "receive_mail"
        owed = row.select(
            row.id, row.type, row.attempts, row.accepted_at, row.waits_on, row.error, row.principal, row.command_id
        )  # fmt: skip
        # Written out, not as a parameter: only so does the planner see that the partial index fits.
        query = owed.where(pw.SQL("state = 'accepted'"), row.publish_at <= overdue, of_queue)
        query = query.order_by(row.publish_at).limit(room)
        if not _any(self._store, query):
            return []
        with self._store.transaction():
            rows = list(_unclaimed(self._store, query))
            alive = [each for each in rows if self._attempt(each, depth, now)]
        if len(alive) < len(rows):
            counts["dead"] = counts.get("dead", 0) + len(rows) - len(alive)
        return [command_wake(each.id, each.type) for each in alive]

    def _attempt(self, row: t.Command, depth: Depth, now: datetime) -> bool:
        """Count, move, and say whether it is published again.

        A wake-up that still lies in the queue, or that nobody is there to take, was no attempt: an outage kills no command.
        """
        if row.waits_on is not None:
            self._store.change(row, publish_at=now + WAITING)
            return True
        was_taken = depth.consumers > 0 and depth.ready == 0 and row.error is None  # failures count themselves
        attempts = row.attempts + 1 if was_taken else row.attempts
        if attempts > self._settings.command_attempts:
            give_up(self._store, row, row.error or "whoever took it up never came to a decision", now)
            return False
        repeats = max(attempts, int((now - row.accepted_at).total_seconds()).bit_length() - 1)
        self._store.change(row, attempts=attempts, publish_at=self._again_at(now, repeats))
        return True

    def _again_at(self, now: datetime, repeats: int) -> datetime:
        """Doubling, and early enough that grace and the pause between sweeps fit into the longest distance of a minute."""
        slack = self._settings.sweep_grace + self._settings.sweep_every
        return max(now + SOONEST, publish_again_at(now, repeats) - slack)


def _due(field: pw.Field, overdue: datetime) -> pw.Expression:
    return field.is_null(False) & (field <= overdue)


def _any(store: Store, query: Any) -> bool:
    """A look without a transaction, so that an idle sweeper never holds SQLite's only pen."""
    with store.reading():
        return bool(query.exists())


def _unclaimed(store: Store, query: Any) -> Iterable[Any]:
    """Rows that no other sweeper has in hand; on SQLite nobody else can have any."""
    found: Iterable[Any] = query.for_update(skip_locked=True) if store.db.locks_rows else query
    return found
