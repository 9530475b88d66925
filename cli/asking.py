"""Commands that ask: publish a wish, show what is true and why, check that everything answers."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from cli.words import AsJson, NumberArgument, examples, where_of


def register(app: typer.Typer) -> None:
    app.command(
        epilog=examples(
            "postroom publish compose customer=ada --as anna",
            "postroom publish compose address=kim@home.example content.subject=Hello content.text='It left.' send=true",
            "postroom publish < command.json",
            "postroom publish close interaction=IMS0001000 --amqp",
        )
    )(publish)
    app.command(epilog=examples("postroom show IMS0001000", "postroom show IMS0001000 --json | jq .clocks"))(show)
    app.command(epilog=examples("postroom why IMS0001000", "postroom why IMS0001000 --field owner"))(why)
    app.command(epilog=examples("postroom doctor", "postroom doctor --only database,broker --strict"))(doctor)
    app.command(epilog=examples("postroom settings", "postroom settings --json"))(settings)


def publish(
    context: typer.Context,
    type_name: Annotated[
        str | None, typer.Argument(metavar="TYPE", help="The command's type; left out: JSON on standard input.")
    ] = None,
    fields: Annotated[
        list[str] | None, typer.Argument(metavar="FIELD=VALUE", help="The body; dots reach inside, values may be JSON.")
    ] = None,
    id: Annotated[str | None, typer.Option(help="The command's id; the same again is the same command.")] = None,
    agent: Annotated[str | None, typer.Option(help="The agent a service acts for.")] = None,
    speaker: Annotated[
        str, typer.Option("--as", help="Beside the embedded product: whose sample token to use.")
    ] = "admin",
    wait: Annotated[int, typer.Option(min=0, max=30, help="Seconds to wait for the decision; 0: do not.")] = 15,
    amqp: Annotated[bool, typer.Option("--amqp", help="Publish to POSTROOM_BROKER_URL instead of over HTTP.")] = False,
    as_json: AsJson = False,
) -> None:
    """Give a command, over HTTP (POSTROOM_URL with POSTROOM_TOKEN, or the embedded product running here) or AMQP."""
    from cli import publishing

    where = where_of(context)
    wire = publishing.wire_of(type_name, fields or [], id, agent, "" if type_name else sys.stdin.read())
    if amqp:
        publishing.over_amqp(where, wire, as_json)
    else:
        publishing.over_http(where, wire, speaker, wait, as_json)


def show(context: typer.Context, number: NumberArgument, as_json: AsJson = False) -> None:
    """An interaction: its state, its clocks with the time each is due and why, its mails, its history."""
    from cli import showing

    showing.show(where_of(context), number, as_json)


def why(
    context: typer.Context,
    number: NumberArgument,
    field: Annotated[str, typer.Option(help="state, owner, queue, unread, …")] = "state",
    as_json: AsJson = False,
) -> None:
    """Why an interaction is as it is: the chain of events that made the field what it is, oldest first."""
    from cli import showing

    showing.why(where_of(context), number, field, as_json)


def doctor(
    context: typer.Context,
    only: Annotated[str | None, typer.Option(help="Comma list of checks, as database,broker; all if left out.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="A mere note counts as wrong; for health checks.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check settings, data folder, database, schema, queues, mail server, mailroom and API, and say what to do.

    The exit code is 1 if anything is wrong.
    """
    from cli import doctor

    raise typer.Exit(doctor.examine(where_of(context), only, strict, as_json))


def settings(context: typer.Context, as_json: AsJson = False) -> None:
    """Every setting with its present value, its default and its meaning; secrets are not shown."""
    from cli import listing

    listing.show(where_of(context), as_json)
