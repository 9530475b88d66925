"""Commands that run something until they are told to stop: the embedded product, each process of the production shape."""

from __future__ import annotations

import gc
from typing import Annotated

import typer

from cli.words import examples, where_of


def register(app: typer.Typer) -> None:
    app.command(epilog=examples("postroom run", "POSTROOM_HTTP_PORT=8080 postroom run"))(run)
    app.command(epilog=examples("postroom demo", "postroom demo --engine rabbitmq"))(demo)
    app.command()(api)
    app.command(epilog=examples("postroom worker --queues delivery --processes 2 --threads 8"))(worker)
    app.command()(mailroom)
    app.command()(sweeper)
    app.command(epilog=examples("postroom sink --host 0.0.0.0 --port 1025"))(sink)


def run(context: typer.Context) -> None:
    """Run everything in one process: SQLite, queues in memory, mailroom, a mail sink, the HTTP API. No server needed.

    The first start makes sample customers and agents and prints their tokens. Ctrl-C stops it; killed at any moment
    and started again, it loses nothing that was accepted.
    """
    gc.disable()  # until everything is up: imports make no garbage, and looking for some is a tenth of the start

    from cli.embedded import run

    run(where_of(context))


def demo(
    context: typer.Context,
    engine: Annotated[
        str, typer.Option(help="embedded (one process) or rabbitmq (private RabbitMQ and PostgreSQL).")
    ] = "embedded",
) -> None:
    """Live through a whole interaction with real processes and real SMTP on loopback, and check every step."""
    from cli.demo import play

    raise typer.Exit(play(where_of(context), engine))


def api(context: typer.Context) -> None:
    """The HTTP API of the production shape."""
    from cli.processes import api

    api(where_of(context).settings)


def worker(
    context: typer.Context,
    queues: Annotated[
        str, typer.Option(help="Comma list of commands, delivery, clocks, inbound.")
    ] = "commands,delivery,clocks,inbound",
    processes: Annotated[int, typer.Option(min=1, max=64, help="Worker processes; one that dies is replaced.")] = 1,
    threads: Annotated[int, typer.Option(min=1, max=256, help="Threads of each process.")] = 8,
) -> None:
    """Workers over some of the queues; start as many pools on as many machines as there is work."""
    from cli.processes import worker

    raise typer.Exit(worker(where_of(context).settings, queues, processes, threads))


def mailroom(context: typer.Context) -> None:
    """Where mail comes in: an SMTP or LMTP listener that keeps the raw mail before it says yes."""
    from cli.processes import mailroom

    mailroom(where_of(context).settings)


def sweeper(context: typer.Context) -> None:
    """Publishes overdue promises again, and events for other systems. Any number may run."""
    from cli.processes import sweeper

    sweeper(where_of(context).settings)


def sink(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; POSTROOM_SINK_PORT if left out.")] = None,
) -> None:
    """A mail server that keeps every mail and sends none on. For demos: refused in the profile production."""
    from cli.processes import sink

    sink(where_of(context).settings, host, port)
