"""Every rule is proved over both databases; after every test the invariants are looked at, and it fails if one is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.engines import PostgresServer
from models import tables as t
from models.database import Database, connect
from models.store import Store
from tests.harness import House
from tests.invariants import broken


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder: Path = tmp_path_factory.mktemp("rules")
    database = connect(f"sqlite:///{folder / 'rules.db'}")
    database.pragma("synchronous", 0, permanent=True)  # these tests kill no machine
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Database]:
    server = PostgresServer()
    server.start()
    database = connect(server.new_database())
    yield database
    database.close()
    server.discard()


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty post room's rows."""
    store = Store(request.getfixturevalue(request.param))
    if not store.db.table_exists("interaction"):
        store.db.create_tables(t.ALL)
        for index in t.PROMISES:
            store.db.execute(index)
    empty(store)
    return store


def empty(store: Store) -> None:
    if store.db.locks_rows:
        names = ", ".join(f'"{model._meta.table_name}"' for model in t.ALL)
        store.db.execute_sql(f"TRUNCATE {names} RESTART IDENTITY")
        return
    with store.transaction():
        for model in t.ALL:
            model.delete().execute()
        store.db.execute_sql("DELETE FROM sqlite_sequence WHERE 1") if _counts(store) else None


def _counts(store: Store) -> bool:
    return bool(store.db.table_exists("sqlite_sequence"))


@pytest.fixture
def open_house(store: Store) -> Iterator[Callable[..., House]]:
    """Build a house with settings of one's own: ``open_house(reminder_after="P2D")``."""
    opened: list[House] = []

    def build(**environment: str) -> House:
        house = House(store, **environment)
        house.populate()
        opened.append(house)
        return house

    yield build
    for house in opened:
        assert broken(house) == [], house.show()


@pytest.fixture
def house(open_house: Callable[..., House]) -> House:
    return open_house()
