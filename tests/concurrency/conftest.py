"""A post room over PostgreSQL for races; after each test its rows must obey every invariant."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from models.store import Store, open_store
from tests.concurrency.racing import Track
from tests.harness import House
from tests.invariants import broken


@pytest.fixture
def rows(postgres_url: str) -> Iterator[Store]:
    store = open_store(postgres_url)
    yield store
    store.close()


@pytest.fixture
def open_house(rows: Store) -> Iterator[Callable[..., House]]:
    opened: list[House] = []

    def build(**environment: str) -> House:
        house = House(rows, **environment)
        house.populate()
        opened.append(house)
        return house

    yield build
    for house in opened:
        assert broken(house) == [], house.show()


@pytest.fixture
def house(open_house: Callable[..., House]) -> House:
    return open_house()


@pytest.fixture
def track(rows: Store) -> Iterator[Track]:
    track = Track(rows)
    yield track
    track.close()
