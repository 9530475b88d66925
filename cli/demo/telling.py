"""What the audience sees: numbered steps and what was checked in each."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from cli.demo.stage import Trouble


class Telling:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._steps = 0
        self.checks = 0

    def step(self, title: str) -> None:
        self._steps += 1
        self._console.print(f"\n[bold cyan]{self._steps}. {escape(title)}[/]")

    def aside(self, words: str) -> None:
        self._console.print(f"   [dim]{escape(words)}[/]")

    def good(self, words: str) -> None:
        """A check that held."""
        self.checks += 1
        self._console.print(f"   [green]✓[/] {escape(words)}")

    def failed(self, words: str, logs: str) -> None:
        self._console.print(f"   [bold red]✗ {escape(words)}[/]")
        if logs:
            self._console.print(f"\n[dim]{escape(logs)}[/]")
        self._console.print("\n[bold red]The demo failed.[/]")


def same(telling: Telling, what: str, found: object, wanted: object) -> None:
    """A check. Raises `Trouble` where it does not hold."""
    if found != wanted:
        raise Trouble(f"{what}: expected {wanted!r}, found {found!r}")
    telling.good(what)
