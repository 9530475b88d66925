"""How the parts fit together: each function makes one part from the settings. Nothing is started and nothing is kept here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cli.errors import Unreachable
from cli.threads import Loop
from models.clock import Clock, MovedClock, WallClock
from models.ids import RandomIds
from models.settings import Settings
from models.store import Store, open_store
from models.wakes import Alarm, Queue

if TYPE_CHECKING:
    from fastapi import FastAPI

    from producers.publisher import Publisher
    from producers.sweeper import Depths
    from workers.actors import WorkBroker
    from workers.pool import Crew
    from workers.world import World


def moved_clock_of(settings: Settings) -> MovedClock | None:
    """Raises `Misconfigured` where moving time is refused."""
    return MovedClock(settings.clock_file, settings.profile) if settings.clock_file else None


def clock_of(settings: Settings) -> Clock:
    return moved_clock_of(settings) or WallClock()


@contextmanager
def opened(settings: Settings, make: bool = False) -> Iterator[Store]:
    """The rows, for as long as the block lasts. Raises `Unreachable` where there is no database and none is to be made."""
    path = settings.database.removeprefix("sqlite:///")
    if not make and path != settings.database and not Path(path).exists():
        raise Unreachable(f"There is no database at {path}: start `postroom run`, or make one with `postroom migrate`.")
    store = open_store(settings.database)
    try:
        yield store
    finally:
        store.close()


def world_of(settings: Settings, store: Store, alarm: Alarm) -> World:
    """What the handlers may touch, with the real post. Raises `Misconfigured` for a DKIM key that cannot be used."""
    from workers.mailer import SmtpPost
    from workers.seals import read_seals
    from workers.world import World

    build = read_seals(settings).build
    return World(settings, clock_of(settings), RandomIds(), store, alarm, SmtpPost(settings), build)


def crew_of(settings: Settings, queues: tuple[Queue, ...], threads: int) -> Crew:
    """What each process of a pool is given; it opens its own database and its own lines to RabbitMQ.

    Raises `Misconfigured` for a DKIM key that cannot be used, rather than in each of the processes.
    """
    from workers.pool import Crew
    from workers.seals import read_seals

    read_seals(settings)
    make_alarm, make_world = partial(alarm_of_process, settings), partial(world_of_process, settings)
    return Crew(make_alarm, make_world, settings.broker_url, queues, threads)


def publisher_of(settings: Settings, name: str) -> Publisher:
    """The confirmed line to RabbitMQ; ``name`` is shown in its list of connections."""
    from producers.publisher import Publisher

    return Publisher(settings.broker_url, clock_of(settings), name)


def alarm_of_process(settings: Settings, _: WorkBroker) -> Publisher:
    return publisher_of(settings, "postroom worker")


def world_of_process(settings: Settings, alarm: Alarm) -> World:
    """The world of a process of its own; runs there, once."""
    from cli import logs

    logs.configure(settings.profile, settings.log_level)
    return world_of(settings, open_store(settings.database), alarm)


def polling_of(settings: Settings, store: Store, alarm: Alarm) -> dict[str, Loop]:
    """What reads the mailbox, if one is named. Raises `Misconfigured`."""
    if not settings.imap_url:
        return {}
    from producers.poller import Poller

    return {"mailbox": Poller(settings, clock_of(settings), store, alarm).run}


def app_of(
    settings: Settings, store: Store, alarm: Alarm, publisher_state: Callable[[], str], depths: Depths
) -> FastAPI:
    """The HTTP API and the workspace over these rows."""
    from models.bell import Bell
    from models.migrate import pending
    from producers.api import Deps, create_app
    from producers.workspace import furnish

    deps = Deps(
        settings=settings, clock=clock_of(settings), ids=RandomIds(), store=store, alarm=alarm, bell=Bell(store),
        moved_clock=moved_clock_of(settings), publisher_state=publisher_state, depths=depths,
        pending_migrations=lambda: pending(store),
    )  # fmt: skip
    app = create_app(deps)
    furnish(app)
    return app
