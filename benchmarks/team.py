"""Worker processes under measurement: started, warmed, held still while a backlog is published, then let go at once.

A process that dies during a measurement makes it void; refuses to report a number then.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from multiprocessing.context import SpawnProcess
from typing import Any

from benchmarks.size import Size
from cli.assembly import crew_of
from deploy.engines import wait_until
from models.settings import Settings
from models.wakes import Queue
from workers.pool import serve


@dataclass
class Team:
    processes: list[SpawnProcess]

    def hold(self) -> None:
        """Nobody takes anything from now on."""
        self._signal(signal.SIGSTOP)

    def let_go(self) -> None:
        self._signal(signal.SIGCONT)

    def wait(self, holds: Callable[[], object], seconds: float, what: str) -> None:
        wait_until(lambda: holds() or self._nobody_died(), seconds, what)

    def stop(self) -> None:
        self._signal(signal.SIGCONT)
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.join(20)

    def _signal(self, number: signal.Signals) -> None:
        for process in self.processes:
            if process.pid and process.is_alive():
                os.kill(process.pid, number)

    def _nobody_died(self) -> bool:
        dead = [process.pid for process in self.processes if not process.is_alive()]
        if dead:
            raise RuntimeError(f"worker processes {dead} ended during the measurement; their output says why")
        return False


@contextmanager
def team_of(target: Callable[..., None], arguments: tuple[Any, ...], processes: int) -> Iterator[Team]:
    """This many fresh processes that run ``target(*arguments)``."""
    context = multiprocessing.get_context("spawn")
    team = Team([context.Process(target=target, args=arguments, daemon=True) for _ in range(processes)])
    for process in team.processes:
        process.start()
    try:
        yield team
    finally:
        team.stop()


def post_room(settings: Settings, queues: tuple[Queue, ...], size: Size) -> AbstractContextManager[Team]:
    """The product's own workers, as its pool starts them."""
    return team_of(serve, (crew_of(settings, queues, size.threads),), size.processes)
