"""The command line's table of contents, and the one place where errors become exit codes.

0 done, 1 failed or rejected, 2 wrong usage or settings, 3 something does not answer. Nothing heavy is imported up here.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from cli import asking, operating, running
from cli.errors import FAILED, INTERRUPTED, UNREACHABLE, USAGE, Unreachable
from cli.surroundings import Surroundings
from models.errors import Misconfigured, PostroomError, Rejected


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run one command in these surroundings; answers its exit code."""
    try:
        typer.main.get_command(program()).main(list(arguments), prog_name="postroom", obj=Surroundings(environment))
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except PostroomError as error:
        return _told(error)
    except Exception as error:
        if _is_away(error):
            return _told(Unreachable(f"The database does not answer: {error}".strip()))
        raise
    return 0


def program() -> typer.Typer:
    """The whole command line, as its pages describe it too."""
    app = typer.Typer(
        name="postroom",
        help="Outbound email interactions over message queues.\n\nSettings come from POSTROOM_* in the environment; "
        "`postroom settings` lists them.",
        epilog="Exit codes: 0 done · 1 failed or rejected · 2 wrong usage or settings · 3 something does not answer",
        no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="markdown",
    )  # fmt: skip
    app.callback()(_every)
    running.register(app)
    asking.register(app)
    operating.register(app)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"postroom {version('postroom')}")
        raise typer.Exit


def _every(
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


def _told(error: PostroomError) -> int:
    words = f"{error.code}: {error.sentence}" if isinstance(error, Rejected) else str(error)
    print(f"postroom: {words}", file=sys.stderr)
    if isinstance(error, Misconfigured):
        return USAGE
    return UNREACHABLE if isinstance(error, Unreachable) else FAILED


def _is_away(error: Exception) -> bool:
    if "peewee" not in sys.modules:
        return False
    from models.database import AWAY

    return isinstance(error, AWAY)
