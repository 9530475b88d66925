"""Goes through all checks and says what it found; decides nothing but the exit code."""

from __future__ import annotations

from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from cli.checks import CHECKS, Check
from cli.errors import FAILED, OK
from cli.findings import Finding
from cli.pages import say, table
from cli.surroundings import Surroundings
from models.errors import Misconfigured

SIGNS = {"ok": ("ok", "green"), "note": ("note", "yellow"), "wrong": ("wrong", "bold red")}


def examine(where: Surroundings, only: str | None, strict: bool, as_json: bool) -> int:
    """Exit code 1 where anything is wrong; with ``strict`` also where anything is only noted. Raises `Misconfigured`."""
    found: list[Finding] = []
    with Console(stderr=True).status("Looking…") as status:
        for check in _wanted(only):
            status.update(f"Looking at {_name(check)}…")
            found += check(where)
    rows = [(Text(*SIGNS[each.verdict]), each.what, each.found, each.advice) for each in found]
    page = table("", ("", "what", "found", "what to do"), rows)
    say([asdict(each) for each in found], page, as_json, Console())
    bad = ("wrong", "note") if strict else ("wrong",)
    return FAILED if any(each.verdict in bad for each in found) else OK


def _wanted(only: str | None) -> list[Check]:
    if only is None:
        return list(CHECKS)
    names = [name.strip() for name in only.split(",")]
    known = {_name(check): check for check in CHECKS}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Misconfigured(f"--only: there is no check {unknown[0]!r}; there are {', '.join(known)}.")
    return [known[name] for name in names]


def _name(check: Check) -> str:
    return check.__name__.replace("_", "-")
