"""``python -m benchmarks.mail --corpus FOLDER``: every line of the table; says loudly when the corpus is not there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks.mail import corpus as c
from benchmarks.mail.hostile import judge_hostile, judge_speed
from benchmarks.mail.judging import judge_addresses, judge_replies, judge_reports
from benchmarks.mail.lines import Line

LAYOUT = "A corpus has the folders reports/, bounced_addresses/ and replies/, each with mails/ and its truth."


def main(
    corpus: Annotated[Path | None, typer.Option(envvar="POSTROOM_CORPUS", help=LAYOUT)] = None,
    misses: Annotated[bool, typer.Option(help="Name every mail that was not right.")] = False,
) -> None:
    """Exit code 0: every aim met; 1: some missed; 2: no corpus."""
    console = Console(width=None if Console().is_terminal else 150)
    try:
        lines = _measured(corpus)
    except c.Missing as missing:
        console.print(f"[bold red]NOTHING WAS MEASURED.[/] {escape(str(missing))} {LAYOUT}")
        raise typer.Exit(2) from None
    _show(console, lines)
    if misses:
        for line in lines:
            for miss in line.misses:
                console.print(f"[bold]{escape(line.what)}[/]: {escape(miss)}", soft_wrap=True)
    raise typer.Exit(0 if all(line.met is not False for line in lines) else 1)


def _measured(corpus: Path | None) -> list[Line]:
    if corpus is None or not corpus.is_dir():
        where = f"There is no corpus at {corpus}" if corpus else "No corpus was named"
        raise c.Missing(f"{where}: name its folder with --corpus or POSTROOM_CORPUS.")
    reports, addresses, replies = c.reports(corpus), c.bounced_addresses(corpus), c.replies(corpus)
    lines = [*judge_reports(reports), *judge_addresses(addresses), *judge_replies(replies), *judge_hostile()]
    return lines + judge_speed([sample.raw for sample in (*reports, *addresses, *replies)])


def _show(console: Console, lines: list[Line]) -> None:
    table = Table("measured", "found", "aim", "")
    for line in lines:
        verdict = "" if line.met is None else "[green]met[/]" if line.met else "[bold red]missed[/]"
        table.add_row(escape(line.what), escape(line.found), line.aim, verdict)
    console.print(table)


if __name__ == "__main__":
    typer.run(main)
