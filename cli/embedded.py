"""The whole product in one process: rows in SQLite, queues in memory, and whatever a newcomer needs to see it work.

Parts start in the order in which they need each other and stop in the opposite one; killed instead, nothing is lost.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli import logs
from cli.assembly import app_of, clock_of, opened, polling_of, world_of
from cli.folder import Folder
from cli.processes import answering, listening
from cli.signals import stopping
from cli.surroundings import Surroundings
from cli.threads import beside
from models.errors import Misconfigured
from models.settings import Settings
from models.wakes import Queue

if TYPE_CHECKING:
    from models.store import Store
    from producers.sweeper import Depth
    from workers.alarm import DirectAlarm
    from workers.embedded import InProcessBroker
    from workers.world import World

THREADS = 8


@dataclass(frozen=True, slots=True)
class House:
    """An embedded product at work."""

    settings: Settings  # with the ports that were really taken
    url: str
    fresh_tokens: dict[str, str]
    passwords: dict[str, str]


def run(where: Surroundings) -> None:
    """Until SIGTERM or SIGINT. Raises `Misconfigured` where somebody else holds the data folder."""
    from cli.welcome import welcome

    settings = where.settings
    if not settings.embedded:
        raise Misconfigured(
            "POSTROOM_BROKER_URL: `postroom run` keeps its queues in memory; over RabbitMQ start `postroom api`, "
            "`worker`, `mailroom` and `sweeper`."
        )
    logs.configure(settings.profile, settings.log_level)
    folder = Folder(settings.data_dir)
    since = clock_of(settings).now().isoformat(timespec="seconds")
    with stopping() as stop, folder.hold(since) as word, at_work(settings, folder) as house:
        folder.say_where(word, since, house.url, house.settings.inbound_port)
        gc.enable()
        gc.freeze()  # what was imported stays for ever and is looked through no more
        welcome(house.settings, house.url, folder, house.fresh_tokens, house.passwords)
        stop.wait()


@contextmanager
def at_work(settings: Settings, folder: Folder) -> Iterator[House]:
    """Everything running, for as long as the block lasts. The API first: what it accepts is kept, whoever is up yet."""
    from models.migrate import migrate
    from workers.alarm import DirectAlarm
    from workers.embedded import InProcessBroker

    with ExitStack() as stack:
        broker = InProcessBroker()
        alarm = DirectAlarm(broker, clock_of(settings))
        store = stack.enter_context(opened(settings, make=True))
        migrate(store, settings.number_start)
        url = stack.enter_context(answering(app_of(settings, store, alarm, lambda: "ok", _depths(broker)), settings))
        yield stack.enter_context(_behind_the_door(url, settings, store, alarm, broker, folder))


@contextmanager
def _behind_the_door(
    url: str, settings: Settings, store: Store, alarm: DirectAlarm, broker: InProcessBroker, folder: Folder
) -> Iterator[House]:
    """Post, people, workers, mailroom and sweeper; imported only now, while the API answers already."""
    from cli import samples
    from producers.announcer import Announcer, LocalFeed
    from producers.mailroom import Mailroom
    from producers.sink import Sink
    from producers.sweeper import Sweeper
    from workers.handlers import end_leases

    clock = clock_of(settings)
    with ExitStack() as stack:
        if not settings.smtp_url:
            sink = listening(Sink(settings, clock, store), "POSTROOM_SINK_PORT")
            settings = _with(settings, sink_port=stack.enter_context(sink))
        world = world_of(settings, store, alarm)
        fresh = samples.Made({}, folder.passwords()) if folder.tokens() else samples.make(world)
        if fresh.tokens:
            folder.keep(fresh.tokens, fresh.passwords)
        end_leases(world)  # who held one was the process before this one; the folder's lock says that it is gone
        stack.enter_context(_working(world, alarm, broker))
        mailroom = listening(Mailroom(settings, clock, store, alarm), "POSTROOM_INBOUND_PORT")
        settings = _with(settings, inbound_port=stack.enter_context(mailroom))
        sweeper = Sweeper(settings, clock, store, alarm, _depths(broker))
        loops = {"sweeper": sweeper.run, "announcer": Announcer(store, LocalFeed()).run}
        stack.enter_context(beside(**loops, **polling_of(settings, store, alarm)))
        yield House(settings, url, fresh.tokens, fresh.passwords)


@contextmanager
def _working(world: World, alarm: DirectAlarm, broker: InProcessBroker) -> Iterator[None]:
    """The same actors as over RabbitMQ."""
    from workers.pool import Crew, start_work

    crew = Crew(lambda _: alarm, lambda _: world, world.settings.broker_url, tuple(Queue), THREADS)
    working = start_work(crew, broker)
    try:
        yield
    finally:
        working.stop()


def _depths(broker: InProcessBroker) -> Callable[[Queue], Depth]:
    """The queues as the sweeper sees them; their consumers are always here."""

    def depth(queue: Queue) -> Depth:
        from producers.sweeper import Depth  # when the first one asks: the API answers before the rest is imported

        return Depth(broker.depth(queue.wire_name), consumers=1)

    return depth


def _with(settings: Settings, **taken: int) -> Settings:
    return settings.model_copy(update=taken)
