"""``python -m benchmarks``: private servers once, every measurement several times in turn, then a table, a plot and raw numbers."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks import answering, lateness, lists, pending, starting, throughput
from benchmarks.figures import Reading, figures
from benchmarks.ground import Ground
from benchmarks.machine import describe, stolen
from benchmarks.report import show, write
from benchmarks.size import FULL, QUICK, Size

MEASUREMENTS = {
    "throughput": throughput.measure,
    "answering": answering.measure,
    "lateness": lateness.measure,
    "pending": pending.measure,
    "starting": starting.measure,
    "lists": lists.measure,
}
LONG = ("lateness", "pending", "lists")  # minutes each: two repetitions are enough


def main(
    quick: Annotated[bool, typer.Option(help="A minute or two; enough to try something out.")] = False,
    only: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(MEASUREMENTS)}; may be repeated.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for the results.")] = Path("benchmarks/results"),
    repetitions: Annotated[int | None, typer.Option(min=1, help="Instead of 5, or 3 with --quick.")] = None,
) -> None:
    """Measure on this machine, on private RabbitMQ and PostgreSQL servers that vanish afterwards."""
    chosen = _chosen(only)
    size = QUICK if quick else FULL
    console, readings = Console(), []
    logging.getLogger("pika").setLevel(logging.CRITICAL)
    ground = Ground()
    try:
        with console.status("starting RabbitMQ and PostgreSQL"):
            ground.start()
        machine = describe(ground)
        for turn in range(repetitions or size.repetitions):
            for name in (name for name in chosen if turn < 2 or name not in LONG):
                with console.status(f"{name}, repetition {turn + 1} of {repetitions or size.repetitions}"):
                    readings += _measured(name, ground, size)
    finally:
        ground.discard()
    found = figures(readings)
    show(console, machine, found)
    write(out, machine, found)
    console.print(f"Written to {out}/")


def _measured(name: str, ground: Ground, size: Size) -> list[Reading]:
    """Its readings, and how much of the processors was not ours meanwhile: a virtual machine shares them."""
    stolen_before, all_before = stolen()
    readings = MEASUREMENTS[name](ground, size)
    stolen_after, all_after = stolen()
    share = 100 * (stolen_after - stolen_before) / max(1, all_after - all_before)
    return [*readings, Reading(f"{name}: processor time given to other machines", share, "percent")]


def _chosen(only: list[str] | None) -> list[str]:
    unknown = set(only or ()) - set(MEASUREMENTS)
    if unknown:
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: there are {', '.join(MEASUREMENTS)}.")
    return only or list(MEASUREMENTS)


if __name__ == "__main__":
    typer.run(main)
