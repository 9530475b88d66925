"""Plays the demo on one engine or the other and answers its exit code; refuses to call anything a success that was not seen."""

from __future__ import annotations

import time

from rich.console import Console

from cli.demo import procedure, short_clocks
from cli.demo.stage import Trouble
from cli.demo.stages import embedded_stage, rabbit_engines, rabbit_stage
from cli.demo.telling import Telling
from cli.errors import FAILED, OK
from cli.surroundings import Surroundings
from models.errors import Misconfigured

ENGINES = ("embedded", "rabbitmq")


def play(where: Surroundings, engine: str) -> int:
    """0 when every step was as it should be, else 1. Raises `Misconfigured` for an unknown engine."""
    if engine not in ENGINES:
        raise Misconfigured(f"--engine: {engine!r} is neither {' nor '.join(ENGINES)}.")
    console = Console(soft_wrap=True, highlight=False)
    telling, began = Telling(console), time.monotonic()
    try:
        if engine == "embedded":
            _over_sqlite(where, telling)
        else:
            _over_rabbitmq(where, telling)
    except Trouble as trouble:
        telling.failed(str(trouble), trouble.logs)
        return FAILED
    console.print(f"\n[bold green]The demo is through:[/] {telling.checks} checks in {time.monotonic() - began:.1f} s.")
    return OK


def _over_sqlite(where: Surroundings, telling: Telling) -> None:
    with embedded_stage(where, telling) as stage:
        procedure.live(stage, telling)


def _over_rabbitmq(where: Surroundings, telling: Telling) -> None:
    with rabbit_engines(telling) as engines:
        with rabbit_stage(where, telling, engines) as stage:
            procedure.live(stage, telling)
        with rabbit_stage(where, telling, engines, short_clocks.SETTINGS) as stage:
            short_clocks.live(stage, telling)
