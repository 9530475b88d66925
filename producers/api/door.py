"""The running parts of the door, made when the app is made and started with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from models.commands import Command
from models.principals import Identity
from models.rights import AGENTS, FEEDERS, OPERATORS
from models.store import accept
from models.tables import Command as CommandRow
from models.wakes import command_wake
from producers.api.access import Guard, asker
from producers.api.decisions import Decisions
from producers.api.deps import Deps
from producers.api.feed import Feed
from producers.api.rows import Rows


@dataclass(frozen=True, slots=True)
class Door:
    deps: Deps
    rows: Rows
    guard: Guard
    decisions: Decisions
    feed: Feed

    async def accept(self, command: Command, principal: str, by: str = "http") -> CommandRow:
        """Keep the command for good, then wake a worker. Raises `Rejected` ``id_reused`` (R33, R34)."""
        row = await self.rows(lambda: self._keep(command, principal, by))
        self.wake(row)
        return row

    def wake(self, row: CommandRow) -> None:
        """Have it decided, if it still is to be. The alarm never blocks: a broker that is away delays nobody (R34)."""
        if row.state == "accepted":
            self.deps.alarm.wake(command_wake(row.id, row.type))

    def _keep(self, command: Command, principal: str, by: str) -> CommandRow:
        with self.deps.store.transaction():
            return accept(self.deps.store, command, principal, by, self.deps.clock.now())

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Everything that runs beside the requests, from the first to the last."""
        self.deps.bell.start()
        watching = [asyncio.create_task(self.decisions.watch()), asyncio.create_task(self.feed.watch())]
        try:
            yield
        finally:
            for task in watching:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await asyncio.to_thread(self._stop)

    def _stop(self) -> None:
        self.deps.bell.stop()
        self.rows.close()


def make_door(deps: Deps) -> Door:
    rows = Rows(deps.store)
    return Door(
        deps=deps,
        rows=rows,
        guard=Guard(deps, rows),
        decisions=Decisions(deps.bell, rows),
        feed=Feed(deps.bell, rows, deps.monotonic),
    )


async def door_of(request: Request) -> Door:
    """A coroutine for speed alone: FastAPI would send a plain function through a thread, a fifth of a request's time."""
    door: Door = request.app.state.door
    return door


TheDoor = Annotated[Door, Depends(door_of)]
Anyone = Annotated[Identity, Depends(asker())]
Person = Annotated[Identity, Depends(asker(among=AGENTS))]
Operator = Annotated[Identity, Depends(asker(among=OPERATORS))]
Feeder = Annotated[Identity, Depends(asker(among=FEEDERS))]
