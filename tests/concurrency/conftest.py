"""A post room in this process for races, and one of real processes; the rows of a race must obey every invariant after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.engines import RabbitServer
from models.store import Store, open_store
from tests.concurrency.racing import Track
from tests.harness import House
from tests.invariants import broken
from tests.plant import Plant
from tests.sink import Sink


@pytest.fixture
def rows(postgres_url: str) -> Iterator[Store]:
    store = open_store(postgres_url)
    yield store
    store.close()


@pytest.fixture
def house(rows: Store) -> Iterator[House]:
    house = House(rows)
    house.populate()
    yield house
    assert broken(house) == [], house.show()


@pytest.fixture
def track(rows: Store) -> Iterator[Track]:
    track = Track(rows)
    yield track
    track.close()


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as sink:
        yield sink


@pytest.fixture
def open_plant(
    rabbit: RabbitServer, amqp_url: str, postgres_url: str, tmp_path: Path, sink: Sink
) -> Iterator[Callable[..., Plant]]:
    """Build the production shape with settings of one's own: ``open_plant(reminder_after="PT2S")``."""
    opened: list[Plant] = []

    def build(**settings: str) -> Plant:
        opened.append(Plant(amqp_url, rabbit.as_user(amqp_url, "crm"), postgres_url, tmp_path, sink, **settings))
        return opened[-1]

    yield build
    for plant in opened:
        print(plant.logs())  # shown when the test failed
        plant.close()
