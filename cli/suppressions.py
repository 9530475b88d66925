"""Addresses that are not mailed, from the keyboard: listed with reason, source and expiry, and lifted by the operator's command."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from cli.pages import say, table
from cli.sources import door_of, source_of
from cli.surroundings import Surroundings


def show_all(where: Surroundings, as_json: bool) -> None:
    found = source_of(where).suppressions()
    heads = ("address", "scope", "reason", "source", "since (UTC)", "until (UTC)")
    rows = [
        (each["address"], each["scope"], each["reason"], each["source"], _at(each["created_at"]), _at(each["expires_at"]))
        for each in found
    ]  # fmt: skip
    page = table("Suppressed addresses", heads, rows) if rows else Text("No address is suppressed.")
    say(found, page, as_json, Console())


def lift(where: Surroundings, address: str, scope: str | None, as_json: bool) -> None:
    """Raises `Rejected` where there is nothing to lift."""
    body = {"address": address, **({"scope": scope} if scope else {})}
    door = door_of(where)
    lifted = _asked(door, body) if door else _decided(where, body)
    words = Text(f"{lifted['address']} is mailed again ({', '.join(lifted['lifted'])}).")
    say(lifted, words, as_json, Console())


def _asked(door: Any, body: dict[str, str]) -> dict[str, Any]:
    from cli.errors import Unreachable
    from cli.publishing import wire_of

    wire = wire_of("lift_suppression", [f"{name}={value}" for name, value in body.items()], None, None, "")
    answer = door.give(wire)
    if answer["state"] != "done":
        raise Unreachable(f"The command {answer['id']} is kept, and nobody has decided it yet; is a worker running?")
    result: dict[str, Any] = answer["result"]
    return result


def _decided(where: Surroundings, body: dict[str, str]) -> dict[str, Any]:
    from cli.assembly import opened, world_of
    from cli.deciding import Unheard, decide_here
    from models.commands import command

    with opened(where.settings) as store:
        world = world_of(where.settings, store, Unheard())
        row = decide_here(world, command("lift_suppression", world.ids.new("cm"), **body))
    result: dict[str, Any] = row.result
    return result


def _at(text: str | None) -> str:
    return text[:16].replace("T", " ") if text else "-"
