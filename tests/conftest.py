"""The engines under the tests: one private RabbitMQ and one private PostgreSQL per session, fresh rows and queues per test.

Started when the first test asks for them; a missing program is an error that says what to install, never a skip. `make test`
runs three lanes side by side, each with engines of its own: most tests wait for something most of the time.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from deploy.dovecot import DovecotServer
from deploy.engines import PostgresServer, RabbitServer
from models.migrate import migrate
from models.store import Store, open_store

TOGETHER = {"concurrency": "plant", "faults": "plant", "rules": "rules", "workspace": "browser"}
FIRST = ("plant", "rules", "browser")  # the longest; short ones then fill whichever lane is free


class Lanes(LoadScopeScheduling):
    """What loads the machine most never runs beside its like, and a file stays in one lane."""

    def _split_scope(self, nodeid: str) -> str:
        return lane(Path(nodeid.partition("::")[0]))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Lanes:
    return Lanes(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    lanes = {item: lane(item.path) for item in items}
    items.sort(key=lambda item: FIRST.index(lanes[item]) if lanes[item] in FIRST else len(FIRST))


def lane(path: Path) -> str:
    return TOGETHER.get(path.parent.name, path.stem)


@pytest.fixture(scope="session")
def rabbit() -> Iterator[RabbitServer]:
    """The RabbitMQ of this session. A test that stops or wipes it starts it again."""
    server = RabbitServer()
    server.start()
    yield server
    server.discard()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The PostgreSQL of this session. A test that stops it starts it again."""
    server = PostgresServer()
    server.start()
    yield server
    server.discard()


@pytest.fixture(scope="session")
def dovecot() -> Iterator[DovecotServer]:
    """The Dovecot of this session: any name is a user. A test that stops it starts it again."""
    server = DovecotServer()
    server.start()
    yield server
    server.discard()


@pytest.fixture
def amqp_url(rabbit: RabbitServer) -> str:
    """A virtual host nobody has used."""
    return rabbit.new_vhost()


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    """The name of a migrated database to copy."""
    url = postgres.new_database()
    _migrated(url)
    return url.rpartition("/")[2]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    path = tmp_path_factory.mktemp("template") / "postroom.db"
    _migrated(f"sqlite:///{path}")
    return path


@pytest.fixture
def postgres_url(postgres: PostgresServer, postgres_template: str) -> str:
    """A migrated PostgreSQL database of this test's own."""
    return postgres.new_database(postgres_template)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite file of this test's own."""
    shutil.copy(sqlite_template, tmp_path / "postroom.db")
    return f"sqlite:///{tmp_path / 'postroom.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each test that takes this runs on both engines."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An open store on each engine in turn."""
    store = open_store(database_url)
    yield store
    store.close()


def _migrated(url: str) -> None:
    store = open_store(url)
    migrate(store)
    store.close()
