"""The processes of the production shape, one function each: they open their own rows and queues and run until a signal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cli import logs
from cli.assembly import app_of, clock_of, crew_of, opened, publisher_of
from cli.signals import stopping
from cli.threads import beside
from models.errors import Misconfigured
from models.settings import Settings

if TYPE_CHECKING:
    from producers.publisher import Publisher


def api(settings: Settings) -> None:
    """The HTTP API; a signal lets it answer what was begun."""
    from producers.api import HttpServer

    _begin(settings, "api")
    with opened(settings, make=True) as store, _publisher(settings, "postroom api") as publisher:
        app = app_of(settings, store, publisher, publisher.state)
        HttpServer(app, settings.http_host, settings.http_port).serve()


def worker(settings: Settings, queues: str, processes: int, threads: int) -> int:
    """A pool over these queues; answers its exit code."""
    from workers.pool import names, run_pool

    _begin(settings, "worker")
    wanted = names(name.strip() for name in queues.split(",") if name.strip())
    return run_pool(crew_of(settings, wanted, threads), processes)


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
