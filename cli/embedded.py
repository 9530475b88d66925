"""The whole product in one process: rows in SQLite, queues in memory, and whatever a newcomer needs to see it work.

Parts start in the order in which they need each other and stop in the opposite one; killed instead, nothing is lost.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import FrameType

from cli import logs
from cli.assembly import app_of, clock_of, opened, world_of
from cli.folder import Folder
from cli.surroundings import Surroundings
from models.errors import Misconfigured
from models.settings import Settings
from models.wakes import Queue

THREADS = 8


@dataclass(frozen=True, slots=True)
class House:
    """An embedded product at work."""

    settings: Settings  # with the ports that were really taken
    url: str
    fresh_tokens: dict[str, str]


def run(where: Surroundings) -> None:
    """Until SIGTERM or SIGINT. Raises `Misconfigured` where somebody else holds the data folder."""
    settings = where.settings
    if not settings.embedded:
        raise Misconfigured(
            "POSTROOM_BROKER_URL: `postroom run` keeps its queues in memory; over RabbitMQ start `postroom api`, "
            "`worker`, `mailroom` and `sweeper`."
        )
    logs.configure(settings.profile, settings.log_level)
    folder = Folder(settings.data_dir)
    since = clock_of(settings).now().isoformat(timespec="seconds")
    with stopping() as stop, folder.hold(since) as word, opened_house(settings, folder) as house:
        folder.say_where(word, since, house.url)
        _welcome(house, folder)
        stop.wait()


@contextmanager
def opened_house(settings: Settings, folder: Folder) -> Iterator[House]:
    """Everything at work, for as long as the block lasts."""
    from cli import samples
    from models.migrate import migrate
    from producers.api import HttpServer
    from workers.pool import Crew, open_broker, start_work
    from workers.alarm import DirectAlarm

    with ExitStack() as stack:
        store = stack.enter_context(opened(settings, make=True))
        migrate(store, settings.number_start)
        broker = open_broker(settings.broker_url)
        alarm = DirectAlarm(broker, clock_of(settings))
        world = world_of(settings, store, alarm)
        fresh = {} if folder.tokens() else samples.make(world)
        if fresh:
            folder.keep_tokens(fresh)
        crew = Crew(lambda _: alarm, lambda _: world, settings.broker_url, tuple(Queue), THREADS)
        working = start_work(crew, broker)
        stack.callback(working.stop)
        server = HttpServer(app_of(settings, store, alarm, lambda: "ok"), settings.http_host, settings.http_port)
        server.start()
        stack.callback(server.stop)
        yield House(settings, server.url, fresh)


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """An event that the first SIGTERM or SIGINT sets; a second one ends the process at once."""
    asked = threading.Event()

    def on_signal(number: int, _: FrameType | None) -> None:
        asked.set()
        signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _welcome(house: House, folder: Folder) -> None:
    from rich.console import Console

    console = Console(soft_wrap=True, highlight=False)
    console.print(house.url)
