"""The live feed of events: read once for all listeners, from the rows, in the order of their ids, at least once.

Ids are given before they are committed, so a smaller id may appear after a larger one: gaps are remembered and looked
at again, and nobody is told to resume behind a gap.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from models.bell import Bell
from models.queries import history
from models.queries.views import EventView
from models.tables import Event
from producers.api.problems import Problem
from producers.api.rows import Rows

LOOK_SECONDS = 0.3
LEAST_SECONDS = 0.03
GAP_SECONDS = 120.0  # longer than a transaction can live
GAPS_SEEDED = 200
BATCH = 500
BEHIND = 2_000


@dataclass(frozen=True, slots=True)
class Passing:
    """An event, whom it concerns, and the id from which a listener may safely resume."""

    event: EventView
    concerns: frozenset[str]
    resume: int


@dataclass(eq=False, slots=True)
class Listener:
    """A place in the feed. ``since`` is the id up to which the rows have to be read by the listener itself."""

    since: int
    line: asyncio.Queue[Passing | None] = field(default_factory=lambda: asyncio.Queue(BEHIND))


class Feed:
    """Reads nothing while nobody listens."""

    def __init__(self, bell: Bell, rows: Rows, monotonic: Callable[[], float]) -> None:
        self._bell, self._rows, self._monotonic = bell, rows, monotonic
        self._listeners: list[Listener] = []
        self._news = asyncio.Event()
        self._opening = asyncio.Lock()
        self._last = 0
        self._gaps: dict[int, float] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    async def join(self) -> Listener:
        async with self._opening:
            if not self._listeners:
                await self._begin()
            listener = Listener(since=self._last)
            self._listeners.append(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        if listener in self._listeners:
            self._listeners.remove(listener)

    async def backlog(self, after: int, upto: int) -> list[Passing]:
        """A batch of older events for one who resumes."""
        found = await self._rows(lambda: history.after_id(after, BATCH, upto))
        return [Passing(event, concerns, self._safe(event.id)) for event, concerns in found]

    def resume_point(self, last: int) -> int:
        return self._safe(last)

    async def watch(self) -> None:
        """Runs as long as the door is open."""
        loop = self._loop = asyncio.get_running_loop()
        unsubscribe = self._bell.subscribe(lambda key: self._ring(loop))
        try:
            while True:
                await self._pause()
                if self._listeners:
                    await self._look()
        finally:
            unsubscribe()
            self._end_all()

    def close(self) -> None:
        """End every stream; from any thread. Streams never end by themselves, and would hold up a stop."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end_all)

    def _end_all(self) -> None:
        for listener in list(self._listeners):
            self._end(listener)

    def _ring(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._listeners and not self._news.is_set() and not loop.is_closed():
            loop.call_soon_threadsafe(self._news.set)

    async def _pause(self) -> None:
        await asyncio.sleep(LEAST_SECONDS)
        try:
            await asyncio.wait_for(self._news.wait(), LOOK_SECONDS - LEAST_SECONDS)
        except TimeoutError:
            return
        self._news.clear()

    async def _begin(self) -> None:
        """Start at the newest event; ids missing shortly before it may still be on their way."""
        newest = await self._rows(history.newest_id)
        oldest = max(newest - GAPS_SEEDED, 0)
        found = await self._rows(lambda: history.after_id(oldest, GAPS_SEEDED, newest))
        known = {event.id for event, _ in found}
        now = self._monotonic()
        self._last = newest
        self._gaps = {missing: now for missing in range(oldest + 1, newest) if missing not in known}

    async def _look(self) -> None:
        gaps = list(self._gaps)
        where = (Event.id > self._last) | Event.id.in_(gaps) if gaps else Event.id > self._last
        try:
            found = await self._rows(lambda: history.with_owner(where, BATCH))
        except Problem:
            return  # the database is away: looked at again
        for event, concerns in found:
            self._note(event.id)
            self._pass_on(Passing(event, concerns, self._safe(event.id)))
        self._forget_old_gaps()
        if len(found) == BATCH:
            self._news.set()

    def _note(self, event_id: int) -> None:
        self._gaps.pop(event_id, None)
        if event_id > self._last:
            now = self._monotonic()
            missing = range(max(self._last + 1, event_id - GAPS_SEEDED), event_id)
            self._gaps |= {gap: now for gap in missing}
            self._last = event_id

    def _safe(self, event_id: int) -> int:
        return min([event_id, *(gap - 1 for gap in self._gaps)])

    def _forget_old_gaps(self) -> None:
        old = self._monotonic() - GAP_SECONDS
        for gap in [gap for gap, since in self._gaps.items() if since < old]:
            del self._gaps[gap]

    def _pass_on(self, passing: Passing) -> None:
        for listener in list(self._listeners):
            try:
                listener.line.put_nowait(passing)
            except asyncio.QueueFull:
                self._end(listener)

    def _end(self, listener: Listener) -> None:
        """The stream ends; the listener comes back and resumes after what it was really sent."""
        self.leave(listener)
        while not listener.line.empty():
            listener.line.get_nowait()
        listener.line.put_nowait(None)
