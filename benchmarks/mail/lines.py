"""One line of the table: what was measured, what came out, what was aimed at."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    what: str
    found: str
    aim: str = ""
    met: bool | None = None
    misses: tuple[str, ...] = field(default=())


def share(what: str, right: int, of: int, least: float, misses: list[str]) -> Line:
    """So many right of so many, and the least share aimed at."""
    part = right / of if of else 0.0
    return Line(what, f"{right} of {of} ({part:.1%})", f"at least {least:.0%}", part >= least, tuple(misses))


def none(what: str, found: list[str]) -> Line:
    """What must not happen at all."""
    return Line(what, str(len(found)), "0", not found, tuple(found))
