"""A running HTTP door over real rows and the real handlers; only the mail server at the far end is a list."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from deploy.engines import wait_until
from models import tables as t
from models.bell import Bell
from models.clock import MovedClock
from models.ids import RandomIds
from models.principals import make_token
from models.settings import Settings
from models.store import Store, open_store
from models.wakes import Queue, Wake
from producers.api import Deps, HttpServer, create_app
from producers.workspace import furnish
from workers import handlers
from workers.world import Answer, World

STAFF = {"ann": "agent", "bob": "agent", "mia": "manager", "root": "admin", "crm": "service"}


class Sink:
    """Accepts every mail, and keeps it as the built-in sink would."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    def transmit(self, envelope_from: str, address: str, data: bytes, before_body: Callable[[], None]) -> Answer:
        before_body()
        self.mails.append(data)
        t.Captured.insert(
            envelope_from=envelope_from, envelope_to=address, data=data, captured_at=datetime.now(UTC)
        ).execute()
        return Answer("accepted", 250, "2.0.0 Ok: queued as 4XyZ", "sink.example")


class Workers:
    """An alarm whose wake-ups are heard by two threads running the product's handlers; deaf when ``deaf``."""

    def __init__(self) -> None:
        self.deaf = False
        self.world: World | None = None
        self._pool = ThreadPoolExecutor(2)

    def wake(self, wake: Wake, at: datetime | None = None) -> None:
        if not self.deaf and (at is None or at <= datetime.now(UTC) + timedelta(seconds=1)):
            self._pool.submit(self._handle, wake)

    def stop(self) -> None:
        self._pool.shutdown(wait=True)

    def _handle(self, wake: Wake) -> None:
        try:
            self._run(wake)
        except Exception:
            logging.getLogger(__name__).exception("handling %s", wake)

    def _run(self, wake: Wake) -> None:
        assert self.world is not None
        if wake.queue in (Queue.COMMANDS, Queue.INBOUND):
            handlers.resume(self.world, int(wake.key))
        elif wake.queue is Queue.DELIVERY:
            handlers.deliver(self.world, wake.key)


class Desk:
    """What a test sees of the running door."""

    def __init__(self, server: HttpServer, store: Store, workers: Workers, tokens: dict[str, str], sink: Sink) -> None:
        self.server, self.store, self.workers, self.tokens, self.sink = server, store, workers, tokens, sink
        self._numbers = iter(range(1, 10**6))

    def client(self, who: str | None = "ann", timeout: float = 20.0) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        return httpx.Client(base_url=self.server.url, headers=headers, timeout=timeout)

    def give(self, type_name: str, who: str = "ann", agent: str | None = None, **body: Any) -> httpx.Response:
        """Give a command and wait for its decision."""
        wish = command(type_name, f"t-{next(self._numbers)}", agent, **body)
        with self.client(who) as client:
            return client.post("/v1/commands", json=wish, headers={"Prefer": "wait=20"})

    def done(self, type_name: str, who: str = "ann", agent: str | None = None, **body: Any) -> dict[str, Any]:
        """The same, of which nothing but success is expected."""
        answer = self.give(type_name, who, agent, **body)
        assert answer.status_code == 200, answer.text
        result: dict[str, Any] = answer.json()["result"]
        return result

    def get(self, path: str, who: str = "ann", **params: Any) -> Any:
        with self.client(who) as client:
            answer = client.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()


def command(type_name: str, command_id: str, agent: str | None = None, **body: Any) -> dict[str, Any]:
    wish = {"version": 1, "id": command_id, "type": type_name, "body": body}
    return wish | ({"agent": agent} if agent else {})


@contextmanager
def open_desk(url: str, folder: Path, fresh: bool = True, **settings: Any) -> Iterator[Desk]:
    """A door on a free port, over a migrated database, empty or (not ``fresh``) one a desk stood on before."""
    folder.mkdir(exist_ok=True)
    store = open_store(url)
    if not fresh:
        t.Principal.delete().execute()
    known = Settings(**{"profile": "test", "database_url": url, "undo_hold": timedelta(0)} | settings)
    clock, ids, workers, sink = MovedClock(folder / "clock", "test"), RandomIds(), Workers(), Sink()
    workers.world = World(known, clock, ids, store, workers, sink)
    tokens = {who: _token(store, ids, who, role, clock) for who, role in STAFF.items()}
    deps = Deps(known, clock, ids, store, workers, Bell(store), moved_clock=clock)
    app = create_app(deps)
    furnish(app)
    server = HttpServer(app, "127.0.0.1", 0, known.proxies)
    server.start()
    try:
        yield Desk(server, store, workers, tokens, sink)
    finally:
        server.stop()
        workers.stop()
        store.close()


def until(holds: Callable[[], Any], seconds: float = 10.0, what: str = "it") -> Any:
    """What ``holds`` answers as soon as it is true; fails after a deadline."""
    found: list[Any] = []

    def came_true() -> Any:
        found[:] = [holds()]
        return found[0]

    wait_until(came_true, seconds, what)
    return found[0]


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer that must be this one."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert (document["status"], document["code"]) == (status, code), document
    assert document["type"] == f"urn:postroom:problem:{code}" and document["title"] and document["detail"]
    return document


def raw_post(desk: Desk, content: bytes, who: str = "ann", media_type: str = "application/json") -> httpx.Response:
    with desk.client(who) as client:
        return client.post("/v1/commands", content=content, headers={"Content-Type": media_type})


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def _token(store: Store, ids: RandomIds, who: str, role: str, clock: MovedClock) -> str:
    t.Principal.insert(id=who, role=role, name=who.title(), signature=f"-- \n{who.title()}").execute()
    return make_token(store, ids, who, clock.now()).token


__all__ = ["Desk", "command", "dumped", "open_desk", "problem", "raw_post", "until"]
