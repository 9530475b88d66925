"""Waiting for decisions: woken by the bell, and looking all 250 ms for everybody at once in case a ring was missed.

Waiting holds no thread and no connection; a decision that does not come in time is simply not there yet.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from models import tables as t
from models.bell import Bell
from models.queries import commands
from producers.api.problems import Problem
from producers.api.rows import Rows

LOOK_SECONDS = 0.25


@dataclass(eq=False, slots=True)
class Expected:
    """One command somebody waits for; ``row_id`` is known once it was accepted."""

    row_id: int | None = None
    rung: bool = False
    answer: asyncio.Future[t.Command] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Decisions:
    def __init__(self, bell: Bell, rows: Rows) -> None:
        self._bell, self._rows = bell, rows
        self._expected: dict[str, list[Expected]] = {}
        self._news = asyncio.Event()

    async def watch(self) -> None:
        """Runs as long as the door is open."""
        loop = asyncio.get_running_loop()
        unsubscribe = self._bell.subscribe(lambda key: self._ring(loop, key))
        try:
            while True:
                late = await self._pause()
                await self._look(everybody=late)
        finally:
            unsubscribe()

    @contextmanager
    def expecting(self, principal: str, command_id: str) -> Iterator[Expected]:
        """Listen for this command from now on, before it is accepted, so that no ring comes too early."""
        key, expected = f"{principal} {command_id}", Expected()
        self._expected.setdefault(key, []).append(expected)
        try:
            yield expected
        finally:
            self._expected[key].remove(expected)
            if not self._expected[key]:
                del self._expected[key]

    async def wait(self, expected: Expected, row_id: int, seconds: float) -> t.Command | None:
        """The decided command, or None when the time is over."""
        expected.row_id = row_id
        if expected.rung:
            self._news.set()
        with suppress(TimeoutError):
            return await asyncio.wait_for(asyncio.shield(expected.answer), seconds)
        return None

    def _ring(self, loop: asyncio.AbstractEventLoop, key: str | None) -> None:
        if (key is None or key in self._expected) and not loop.is_closed():
            loop.call_soon_threadsafe(self._heard, key)

    def _heard(self, key: str | None) -> None:
        concerned = [self._expected.get(key, [])] if key is not None else list(self._expected.values())
        for expected in (one for several in concerned for one in several):
            expected.rung = True
        self._news.set()

    async def _pause(self) -> bool:
        """Until the bell rings, or a while; whether it was a while."""
        try:
            await asyncio.wait_for(self._news.wait(), LOOK_SECONDS)
        except TimeoutError:
            return True
        self._news.clear()
        return False

    async def _look(self, everybody: bool) -> None:
        """One query for all that rang, however many they are."""
        waiting = [one for several in self._expected.values() for one in several if not one.answer.done()]
        wanted = [one for one in waiting if one.row_id is not None and (everybody or one.rung)]
        if not wanted:
            return
        for one in wanted:
            one.rung = False
        ids = {one.row_id for one in wanted if one.row_id is not None}
        try:
            found = {row.id: row for row in await self._rows(lambda: commands.decided(ids))}
        except Problem:
            return  # the database is away: they are looked for again
        for one in wanted:
            if one.row_id in found and not one.answer.done():
                one.answer.set_result(found[one.row_id])
