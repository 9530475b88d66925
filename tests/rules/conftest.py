"""Every rule is proved over both databases; after every test the invariants are looked at, and it fails if one is broken."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.engines import PostgresServer
from models import tables as t
from models.database import Database, Postgres, connect
from models.store import Store
from tests.harness import House
from tests.invariants import broken


@pytest.fixture(scope="session")
def sqlite_rows(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One file for all rules: emptying it is quicker than a fresh one."""
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("rules") / "rules.db")
    database = connect(f"sqlite:///{path}")
    assert not isinstance(database, Postgres)
    database.pragma("synchronous", 0, permanent=True)  # these tests pull no plug
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgres_rows(postgres: PostgresServer, postgres_template: str) -> Iterator[Database]:
    database = connect(postgres.new_database(postgres_template))
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgres"])
def rows(request: pytest.FixtureRequest) -> Store:
    """An empty post room's rows, on each engine in turn."""
    store = Store(request.getfixturevalue(f"{request.param}_rows"))
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
        if store.db.table_exists("sqlite_sequence"):
            store.db.execute_sql("DELETE FROM sqlite_sequence")


@pytest.fixture
def open_house(rows: Store) -> Iterator[Callable[..., House]]:
    """Build a house with settings of one's own: ``open_house(reminder_after="P2D")``."""
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
