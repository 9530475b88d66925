"""Where the door's database work runs: a fixed set of threads, each with one connection, beside the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from models.database import AWAY
from models.store import Store
from producers.api.problems import Problem

THREADS = 16
T = TypeVar("T")


class Rows:
    """Runs work that is safe to repeat: a connection that turns out to be broken costs a second try, not an error."""

    def __init__(self, store: Store, threads: int = THREADS) -> None:
        self._store = store
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="http-rows")

    async def __call__(self, work: Callable[[], T]) -> T:
        """The work's answer. Raises a `Problem` 503 when the database is away."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._twice, work)

    def close(self) -> None:
        """Close every thread's connection."""
        together = threading.Barrier(self._threads)
        for _ in range(self._threads):
            self._pool.submit(self._close_one, together)
        self._pool.shutdown(wait=True)

    def _twice(self, work: Callable[[], T]) -> T:
        try:
            return self._once(work)
        except AWAY:
            pass
        try:
            return self._once(work)
        except AWAY:
            raise Problem(
                503, "database_away", "The database is away for the moment; try again.", {"Retry-After": "2"}
            ) from None

    def _once(self, work: Callable[[], T]) -> T:
        with self._store.reading():
            return work()

    def _close_one(self, together: threading.Barrier) -> None:
        with suppress(threading.BrokenBarrierError):
            together.wait(5)
        self._store.close()
