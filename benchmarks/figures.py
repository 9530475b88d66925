"""PURE. Readings of several repetitions become figures: median, least, most, and whether the aim was met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Aim:
    """What we want of a median; exactly one bound."""

    at_least: float | None = None
    below: float | None = None

    def met_by(self, value: float) -> bool:
        return (self.at_least is None or value >= self.at_least) and (self.below is None or value < self.below)

    def __str__(self) -> str:
        return f"≥ {self.at_least:g}" if self.at_least is not None else f"< {self.below:g}"


@dataclass(frozen=True, slots=True)
class Reading:
    """One number of one repetition."""

    name: str
    value: float
    unit: str
    aim: Aim | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """All repetitions of one number."""

    name: str
    unit: str
    values: tuple[float, ...]
    aim: Aim | None

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def met(self) -> bool | None:
        return None if self.aim is None else self.aim.met_by(self.median)


def figures(readings: Iterable[Reading]) -> list[Figure]:
    """In the order in which the names first appeared."""
    found: dict[str, list[Reading]] = {}
    for reading in readings:
        found.setdefault(reading.name, []).append(reading)
    return [Figure(name, rows[0].unit, tuple(row.value for row in rows), rows[0].aim) for name, rows in found.items()]


def percentile(values: list[float], percent: int) -> float:
    """The value below which this percentage of the values lies; of fewer than two, the one."""
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]
