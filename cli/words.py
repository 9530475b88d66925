"""Options and help texts that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.surroundings import Surroundings

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
NumberArgument = Annotated[str, typer.Argument(metavar="IMS…", help="The interaction's number, as IMS0001042.")]


def examples(*lines: str) -> str:
    """The end of a help text: one example to a line."""
    return "**Examples**\n\n" + "\n\n".join(f"`{line}`" for line in lines)


def where_of(context: typer.Context) -> Surroundings:
    """The surroundings the command was started in."""
    where: Surroundings = context.obj
    return where
