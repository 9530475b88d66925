"""An interaction on the screen, and the reasons for what it is."""

from __future__ import annotations

from rich.console import Console

from cli import pages
from cli.sources import source_of
from cli.surroundings import Surroundings


def show(where: Surroundings, number: str, as_json: bool) -> None:
    from cli.assembly import clock_of

    source = source_of(where)
    found, events = source.interaction(number), source.history(number)
    waiting = any(clock["kind"] == "reminder" for clock in found["clocks"])
    found["reminder"] = source.reminder(number) if waiting else None
    now = clock_of(where.settings).now()
    pages.say({**found, "history": events}, pages.interaction(found, events, now), as_json, Console())


def why(where: Surroundings, number: str, field: str, as_json: bool) -> None:
    found = source_of(where).because(number, field)
    pages.say(found, pages.because(found), as_json, Console())
