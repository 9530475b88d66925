"""Everything the HTTP door is handed from outside; the door makes none of it and keeps no globals."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.bell import Bell
from models.clock import Clock, MovedClock
from models.ids import Ids
from models.settings import Settings
from models.store import Store
from models.wakes import Alarm, Queue

if TYPE_CHECKING:
    from producers.sweeper import Depth

DEMO_PROFILES = ("demo", "test", "embedded")
CLOCK_PROFILES = ("demo", "test")


@dataclass(frozen=True, slots=True)
class Deps:
    """``bell`` is started and stopped by the app; ``pending_migrations`` names those not applied yet.

    ``depths`` asks the broker, and answers none where it does not know.
    """

    settings: Settings
    clock: Clock
    ids: Ids
    store: Store
    alarm: Alarm
    bell: Bell
    monotonic: Callable[[], float] = time.monotonic
    moved_clock: MovedClock | None = None
    publisher_state: Callable[[], str] = lambda: "unknown"
    depths: Callable[[Queue], Depth | None] = lambda _: None
    pending_migrations: Callable[[], list[str]] = list
