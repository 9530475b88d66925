"""The only reader of wall time; everything else is handed an instant and refuses to ask for one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from models.errors import Misconfigured


class Clock(Protocol):
    """Tells the present as an aware UTC instant."""

    def now(self) -> datetime: ...


class WallClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovedClock:
    """Wall time plus an offset in seconds read from a file, so that several processes move together.

    Only the profiles ``demo`` and ``test`` may use it: moving the time of real customers would mail them.
    """

    def __init__(self, path: Path, profile: str) -> None:
        if profile not in ("demo", "test"):
            raise Misconfigured(
                f"A clock offset is refused in profile {profile!r}: unset POSTROOM_CLOCK_FILE "
                "or use the profile 'demo' or 'test'."
            )
        self._path = path

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset()

    def offset(self) -> timedelta:
        """The present offset; a missing or empty file means none."""
        try:
            return timedelta(seconds=float(self._path.read_text() or 0))
        except FileNotFoundError:
            return timedelta(0)

    def advance(self, by: timedelta) -> timedelta:
        """Move time forward by ``by`` for every process that shares the file; answers the new offset."""
        if by < timedelta(0):
            raise Misconfigured("Time moves forward only: give a positive duration.")
        moved = self.offset() + by
        fresh = self._path.with_suffix(".new")
        fresh.write_text(str(moved.total_seconds()))
        fresh.replace(self._path)
        return moved


class StillClock:
    """A clock that stands still until it is moved: the seam for tests and simulations."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by
