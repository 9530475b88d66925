"""PURE. How much of everything one run does: enough for a verdict, or little enough to try something out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """``clock_seconds`` is the time over which the clocks of the lateness measurement are spread; ``listed`` is how many
    interactions there are to be listed."""

    repetitions: int
    commands: int
    http_seconds: float
    pending: int
    clocks: int
    clock_seconds: float
    listed: int
    processes: int = 2
    threads: int = 8


FULL = Size(
    repetitions=5, commands=4_000, http_seconds=15, pending=200_000, clocks=10_000, clock_seconds=60, listed=1_000_000
)
QUICK = Size(
    repetitions=3, commands=1_000, http_seconds=4, pending=20_000, clocks=2_000, clock_seconds=12, listed=100_000
)
