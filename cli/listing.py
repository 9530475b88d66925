"""Every setting with its value, unit, default and meaning, on the terminal."""

from __future__ import annotations

from rich.console import Console, Group
from rich.text import Text

from cli.pages import say
from cli.surroundings import Surroundings
from models.in_force import entries


def show(where: Surroundings, as_json: bool) -> None:
    found = entries(where.settings)
    say(found, Group(*(_page(each) for each in found)), as_json, Console())


def _page(entry: dict[str, str]) -> Text:
    changed = entry["value"] != entry["default"]
    default = f"default {entry['default'] or 'empty'}"
    return Text.assemble(
        (entry["setting"], "cyan"), "=", (entry["value"], "bold" if changed else ""),
        (f"\n    {entry['meaning']} [{entry['unit']}; {default}]", "dim" if not changed else ""),
    )  # fmt: skip
