"""The processes of the production shape, one function each: they open their own rows and queues and run until a signal."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Protocol

from cli import logs
from cli.assembly import app_of, clock_of, crew_of, opened, polling_of, publisher_of
from cli.signals import stopping
from cli.threads import beside
from models.errors import Misconfigured
from models.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from producers.publisher import Publisher


def api(settings: Settings) -> None:
    """The HTTP API; a signal lets it answer what was begun."""
    from producers.publisher import QueueDepths

    _begin(settings, "api")
    with opened(settings, make=True) as store, _publisher(settings, "postroom api") as publisher:
        depths = QueueDepths(settings.broker_url)
        app = app_of(settings, store, publisher, publisher.state, depths)
        with stopping() as stop, closing(depths), answering(app, settings):
            gc.freeze()  # looking through all that was imported held up requests by 25 to 45 ms now and then
            stop.wait()


def worker(settings: Settings, queues: str, processes: int, threads: int) -> int:
    """A pool over these queues; answers its exit code."""
    from workers.pool import names, run_pool

    _begin(settings, "worker")
    wanted = names(name.strip() for name in queues.split(",") if name.strip())
    return run_pool(crew_of(settings, wanted, threads), processes)


def mailroom(settings: Settings) -> None:
    """Where mail comes in."""
    from producers.mailroom import Mailroom

    _begin(settings, "mailroom")
    with opened(settings, make=True) as store, _publisher(settings, "postroom mailroom") as publisher:
        room = Mailroom(settings, clock_of(settings), store, publisher)
        polling = polling_of(settings, store, publisher)
        with stopping() as stop, beside(**polling), listening(room, "POSTROOM_INBOUND_PORT"):
            stop.wait()


def sink(settings: Settings, host: str, port: int | None) -> None:
    """A mail server that keeps all and sends nothing on."""
    from producers.sink import Sink

    logs.configure(settings.profile, settings.log_level)
    if settings.profile == "production":
        raise Misconfigured("POSTROOM_PROFILE: the sink swallows mail and is refused in production.")
    chosen = settings if port is None else settings.model_copy(update={"sink_port": port})
    with opened(settings, make=True) as store, stopping() as stop, ExitStack() as stack:
        kept = Sink(chosen, clock_of(settings), store, host)
        taken = stack.enter_context(listening(kept, "POSTROOM_SINK_PORT"))
        print(f"mail sink at {host}:{taken}", flush=True)
        stop.wait()


def sweeper(settings: Settings) -> None:
    """Overdue promises, and the announcements to other systems, in one process."""
    from producers.announcer import Announcer
    from producers.publisher import QueueDepths
    from producers.sweeper import Sweeper

    _begin(settings, "sweeper")
    with opened(settings, make=True) as store, _publisher(settings, "postroom sweeper") as publisher:
        sweeping = Sweeper(settings, clock_of(settings), store, publisher, QueueDepths(settings.broker_url))
        announcing = Announcer(store, publisher.publish_events)
        with stopping() as stop, beside(sweeper=sweeping.run, announcer=announcing.run):
            stop.wait()


class Listens(Protocol):
    def start(self) -> int: ...
    def stop(self) -> None: ...


@contextmanager
def naming(setting: str) -> Iterator[None]:
    """A port that cannot be taken is the setting's fault. Raises `Misconfigured`."""
    try:
        yield
    except OSError as error:
        words = error.strerror or str(error)
        raise Misconfigured(f"{setting}: {words}; choose another port, 0 takes a free one.") from None


@contextmanager
def answering(app: FastAPI, settings: Settings) -> Iterator[str]:
    """The URL at which requests are answered, for as long as the block lasts."""
    from producers.api import HttpServer

    with naming("POSTROOM_HTTP_PORT"):
        server = HttpServer(app, settings.http_host, settings.http_port, settings.proxies)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


@contextmanager
def listening(listener: Listens, setting: str) -> Iterator[int]:
    """The port it listens on, for as long as the block lasts."""
    with naming(setting):
        port = listener.start()
    try:
        yield port
    finally:
        listener.stop()


@contextmanager
def _publisher(settings: Settings, name: str) -> Iterator[Publisher]:
    publisher = publisher_of(settings, name)
    try:
        yield publisher
    finally:
        publisher.close()


def _begin(settings: Settings, name: str) -> None:
    """Logs, and the refusal of an in-memory broker, which a process of its own could share with nobody."""
    logs.configure(settings.profile, settings.log_level)
    if settings.embedded:
        raise Misconfigured(
            f"POSTROOM_BROKER_URL: `postroom {name}` needs a broker, as amqp://user:password@host:5672/vhost; "
            "everything in one process is `postroom run`."
        )
