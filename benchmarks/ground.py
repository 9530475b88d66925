"""The private servers under a run, started once; each measurement gets a virtual host and a database nobody has used.

PostgreSQL runs with fsync and synchronous commits, as in production; refuses to measure anything less.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from deploy.engines import PostgresServer, RabbitServer
from models import tables as t
from models.migrate import migrate
from models.settings import Settings, from_mapping
from models.store import Store, open_store
from workers.broker import RabbitBroker

AGENTS = 20
BROKER_USER = "guest"
BATCH = 1_000
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """One measurement's own queues and rows."""

    broker_url: str
    database_url: str

    def settings(self, **more: str) -> Settings:
        given = {"profile": "test", "broker_url": self.broker_url, "database_url": self.database_url}
        given |= {"log_level": "warning", "token_keys": "k1:benchmark"} | more
        return from_mapping({f"POSTROOM_{name.upper()}": value for name, value in given.items()})

    @contextmanager
    def rows(self) -> Iterator[Store]:
        """The rows, in this process; one place at a time."""
        store = open_store(self.database_url)
        try:
            yield store
        finally:
            store.close()


@dataclass
class Ground:
    rabbit: RabbitServer = field(default_factory=RabbitServer)
    postgres: PostgresServer = field(default_factory=lambda: PostgresServer(durable=True))
    template: str = ""

    def start(self) -> None:
        self.rabbit.start()
        self.postgres.start()
        url = self.postgres.new_database()
        store = open_store(url)
        migrate(store)
        _people(store)
        store.close()
        self.template = url.rpartition("/")[2]

    @contextmanager
    def place(self) -> Iterator[Place]:
        """Migrated, with agents and a service for the broker's own user, and every queue declared.

        Gone afterwards: neither a vacuum nor a million waiting messages of one measurement shall slow down the next.
        """
        place = Place(self.rabbit.new_vhost(), self.postgres.new_database(self.template))
        RabbitBroker(place.broker_url).ensure_topology()
        try:
            yield place
        finally:
            self.rabbit.drop_vhost(place.broker_url)
            self.postgres.drop_database(place.database_url)

    def discard(self) -> None:
        self.rabbit.discard()
        self.postgres.discard()


def agent(number: int) -> str:
    return f"agent{number % AGENTS}"


def customers(store: Store, names: list[str]) -> None:
    """Contacts with one address each."""
    with store.transaction():
        for start in range(0, len(names), BATCH):
            some = names[start : start + BATCH]
            t.Customer.insert_many(
                [{"id": name, "kind": "contact", "name": name, "created_at": LONG_AGO} for name in some]
            ).execute()
            t.CustomerAddress.insert_many(
                [{"customer": name, "address": f"{name}@example.org", "key": f"{name}@example.org"} for name in some]
            ).execute()


def _people(store: Store) -> None:
    with store.transaction():
        t.Principal.insert(id="crm", role="service", name="CRM", amqp_user=BROKER_USER).execute()
        for number in range(AGENTS):
            t.Principal.insert(id=agent(number), role="agent", name=agent(number)).execute()
