"""The production shape under test: the product's own processes over a private RabbitMQ, PostgreSQL and mail server.

Only starts, feeds and watches; whatever is decided is decided in those processes.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from deploy.engines import free_port, wait_until
from models import tables as t
from models.clock import MovedClock, WallClock
from models.commands import Command, command
from models.ids import RandomIds
from models.principals import make_token
from models.store import Store, open_store
from models.wakes import Queue
from producers.publisher import Publisher, QueueDepths
from tests.harness import House
from tests.invariants import broken
from tests.sink import Sink

ROOT = Path(__file__).parent.parent
ALL = "commands,delivery,clocks,inbound"
QUIET = {"PROFILE": "test", "UNDO_HOLD": "PT0S", "LOG_LEVEL": "warning", "SWEEP_EVERY": "PT0.5S", "SWEEP_GRACE": "PT1S"}


class Plant:
    """``amqp_url`` is the broker as guest, ``crm_url`` the same as a service that may only publish commands."""

    def __init__(self, amqp_url: str, crm_url: str, database_url: str, folder: Path, sink: Sink, **settings: str):
        self.amqp_url, self.database_url, self.folder, self.sink = amqp_url, database_url, folder, sink
        self.clock = MovedClock(folder / "clock", "test")
        self.settings = QUIET | {name.upper(): value for name, value in settings.items()}
        self.store: Store = open_store(database_url)
        self.processes: list[subprocess.Popen[bytes]] = []
        self.depths = QueueDepths(amqp_url)
        self.publisher = Publisher(crm_url, WallClock(), "crm")
        self.http_port = free_port()
        keep_people(self.store)

    # processes

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """One process of the product, with a log of its own."""
        places = {
            "BROKER_URL": self.amqp_url, "DATABASE_URL": self.database_url, "SMTP_URL": self.sink.url,
            "CLOCK_FILE": str(self.folder / "clock"), "HTTP_PORT": str(self.http_port),
        }  # fmt: skip
        given = {f"POSTROOM_{name}": value for name, value in (self.settings | places).items()}
        log = (self.folder / f"{len(self.processes)}-{arguments[0]}.log").open("wb")
        self.processes.append(
            subprocess.Popen(
                [sys.executable, str(ROOT / "postroom.py"), *arguments],
                env={"PATH": os.defpath, "PYTHONPATH": str(ROOT), **given},
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )
        )  # fmt: skip
        return self.processes[-1]

    def workers(self, processes: int = 2, threads: int = 8, queues: str = ALL) -> subprocess.Popen[bytes]:
        """A pool; returns when each of its processes consumes each of its queues."""
        wanted = [Queue(name) for name in queues.split(",")]
        before = {queue: self._consumers(queue) for queue in wanted}
        pool = self.start("worker", "--queues", queues, "--processes", str(processes), "--threads", str(threads))
        for queue in wanted:
            self.consuming(queue, before[queue] + processes)
        return pool

    def sweeper(self) -> subprocess.Popen[bytes]:
        return self.start("sweeper")

    def api(self) -> httpx.Client:
        """The HTTP door, and a client that speaks for the service crm."""
        self.start("api")
        token = make_token(self.store, RandomIds(), "crm", datetime.now(UTC)).token
        client = httpx.Client(
            base_url=f"http://127.0.0.1:{self.http_port}", headers={"Authorization": f"Bearer {token}"}, timeout=30
        )
        wait_until(lambda: _answers(client), 60, "the API answers")
        return client

    def members(self, pool: subprocess.Popen[bytes]) -> list[int]:
        """The processes of a pool, the eldest first."""
        found = Path(f"/proc/{pool.pid}/task/{pool.pid}/children").read_text().split()
        return [int(pid) for pid in found if b"spawn_main" in _command_line(pid)]

    def consuming(self, queue: Queue, least: int) -> None:
        """Wait until somebody works on a queue."""
        wait_until(lambda: self._consumers(queue) >= least, 60, f"{least} consumers of {queue}")

    def close(self) -> None:
        for process in self.processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(20)
        self.publisher.close(1)
        self.depths.close()
        self.store.close()

    def logs(self) -> str:
        """The end of every process's log, for a failing test's reader."""
        return "\n".join(f"== {each.name}\n{each.read_text()[-3000:]}" for each in sorted(self.folder.glob("*.log")))

    # asking

    def publish(self, commands: Iterable[Command], abreast: int = 50) -> None:
        """By AMQP as the user crm, each confirmed, this many at the same time."""
        with ThreadPoolExecutor(abreast) as threads:
            for done in [threads.submit(self._publish, each) for each in commands]:
                done.result()

    @contextmanager
    def publishing(self, commands: Iterable[Command], abreast: int = 4) -> Iterator[None]:
        """The same beside the block."""
        with ThreadPoolExecutor(1) as beside:
            begun = beside.submit(self.publish, commands, abreast)
            yield
            begun.result()

    def customers(self, names: Iterable[str], kind: str = "contact") -> None:
        keep_customers(self.store, names, kind)

    # what is true

    def undecided(self) -> int:
        return int(t.Command.select().where(t.Command.state == "accepted").count())

    def decided(self, count: int, seconds: float) -> None:
        """Wait until this many commands are there and none is owed an answer."""
        try:
            wait_until(lambda: t.Command.select().count() >= count and not self.undecided(), seconds, "all is decided")
        except TimeoutError as error:
            raise AssertionError(f"{error}: {t.Command.select().count()} of {count} known, {self.owed()}") from None

    def owed(self) -> list[dict[str, Any]]:
        """Some commands that nobody decided, for a failing test's reader."""
        undecided = t.Command.select().where(t.Command.state == "accepted").order_by(t.Command.id)
        queues = {queue.value: self.depths(queue) for queue in Queue}
        return [{"of": self.undecided(), "queues": queues}, *(row.__data__ for row in undecided.limit(5))]

    def rejected(self) -> list[str]:
        rows = t.Command.select().where(t.Command.state.in_(("rejected", "dead")))
        return [f"{row.command_id} {row.type}: {row.state} {row.code} {row.sentence}" for row in rows]

    def broken(self) -> list[str]:
        """Every rule the rows and the delivered mails break now."""
        given: Any = {name.lower(): value for name, value in self.settings.items() if name != "PROFILE"}
        house = House(self.store, **given)
        house.post.sent = list(self.sink.taken)
        return broken(house)

    def _publish(self, each: Command) -> None:
        self.publisher.publish_command(each.as_json().encode(), each.type, "crm")

    def _consumers(self, queue: Queue) -> int:
        depth = self.depths(queue)
        return depth.consumers if depth else 0


def keep_people(store: Store) -> None:
    """The service crm, and fifty agents it may act for."""
    with store.transaction():
        t.Principal.insert(id="crm", role="service", name="CRM", amqp_user="crm").execute()
        for n in range(50):
            t.Principal.insert(id=f"agent{n}", role="agent", name=f"Agent {n}").execute()


def keep_customers(store: Store, names: Iterable[str], kind: str = "contact") -> None:
    now = datetime.now(UTC)
    with store.transaction():
        for name in names:
            t.Customer.insert(id=name, kind=kind, name=name, created_at=now).execute()
            address = f"{name}@x.example"
            t.CustomerAddress.insert(customer=name, address=address, key=address).execute()


def wish(type_name: str, command_id: str, agent: str, **body: Any) -> Command:
    return command(type_name, command_id, agent, **body)


def wire(each: Command) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(each.as_json())
    return found


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/healthz").status_code == 200
    except httpx.TransportError:
        return False


def _command_line(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
