"""An operator's command, kept and decided in this very process: for a house where no worker need be running.

The handler is the product's own, and its command row and history are like everybody's; only the door is ``cli``.
"""

from __future__ import annotations

from datetime import datetime

from models import tables as t
from models.commands import Command
from models.errors import Rejected
from models.store import accept
from models.wakes import Wake
from workers.handlers import resume
from workers.world import World

CONSOLE = "console"  # the built-in administrator behind the keyboard


class Unheard:
    """An alarm nobody hears: what follows from here is found by the sweeper within seconds."""

    def wake(self, wake: Wake, at: datetime | None = None) -> None:
        return None


def decide_here(world: World, wish: Command) -> t.Command:
    """The decided row. Raises `Rejected` where the answer is no, or where it is another command under this id."""
    with world.store.transaction():
        row = accept(world.store, wish, CONSOLE, "cli", world.clock.now())
    resume(world, row.id)
    decided: t.Command = t.Command.get_by_id(row.id)
    if decided.state != "done":
        raise Rejected(decided.code or decided.state, decided.sentence or f"It failed: {decided.error}.")
    return decided
