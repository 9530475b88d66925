"""Goes through all checks and says what it found; decides nothing but the exit code."""

from __future__ import annotations

from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from cli.checks import CHECKS, Finding
from cli.errors import FAILED, OK
from cli.pages import say, table
from cli.surroundings import Surroundings

SIGNS = {"ok": ("ok", "green"), "note": ("note", "yellow"), "wrong": ("wrong", "bold red")}


def examine(where: Surroundings, as_json: bool) -> int:
    """Exit code 1 where anything is wrong. Raises `Misconfigured` where not even the settings can be read."""
    found: list[Finding] = []
    with Console(stderr=True).status("Looking…") as status:
        for check in CHECKS:
            status.update(f"Looking at {check.__name__.replace('_', ' ')}…")
            found += check(where)
    rows = [(Text(*SIGNS[each.verdict]), each.what, each.found, each.advice) for each in found]
    page = table("", ("", "what", "found", "what to do"), rows)
    say([asdict(each) for each in found], page, as_json, Console())
    return FAILED if any(each.verdict == "wrong" for each in found) else OK
