"""Sets the stage: one process over SQLite, or every process of the production shape over private RabbitMQ and PostgreSQL."""

from __future__ import annotations

import importlib.util
import json
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from cli.demo.stage import ROOT, Stage, Trouble
from cli.demo.telling import Telling
from cli.folder import Folder
from cli.samples import CUSTOMERS, PRINCIPALS
from cli.surroundings import Surroundings
from models.errors import Misconfigured, PostroomError

COMMON = {
    "UNDO_HOLD": "PT0S", "REMINDER_AFTER": "P2D", "SWEEP_EVERY": "PT0.3S", "SWEEP_GRACE": "PT0.5S",
    "LOG_LEVEL": "warning", "SENDER_NAME": "Marsh Care",
}  # fmt: skip
SPEAKERS = ("anna", "ben", "admin")
PORTS = ("HTTP_PORT", "INBOUND_PORT", "SINK_PORT")


class Engines(NamedTuple):
    rabbit: Any
    postgres: Any


@contextmanager
def embedded_stage(where: Surroundings, telling: Telling) -> Iterator[Stage]:
    """`postroom run`, as a newcomer starts it."""
    telling.step("One process: postroom run, SQLite, queues in memory, a mail sink")
    with stage_with(where, {}) as stage:
        stage.start("run")
        _await_api(stage)
        folder = Folder(stage.folder / "var")
        stage.tokens = stage.await_that("the sample people have tokens", folder.tokens)
        stage.await_that("everything is up", folder.holder, lambda holder: holder is not None and holder.url)
        telling.good("the API answers, the sample customers are there")
        yield stage


@contextmanager
def rabbit_engines(telling: Telling) -> Iterator[Engines]:
    """Private servers in a folder that vanishes with them. Raises `Misconfigured` where they are not installed."""
    telling.step("Private servers: RabbitMQ and PostgreSQL on loopback")
    engines = _engines()
    try:
        found = Engines(engines.RabbitServer(), engines.PostgresServer())
    except engines.EngineMissing as missing:
        raise Misconfigured(str(missing)) from None
    with ExitStack() as stack:
        for server in found:
            stack.callback(server.discard)
            server.start()
        telling.good(f"RabbitMQ at port {found.rabbit.port}, PostgreSQL at port {found.postgres.port}")
        yield found


@contextmanager
def rabbit_stage(
    where: Surroundings, telling: Telling, engines: Engines, settings: Mapping[str, str] | None = None
) -> Iterator[Stage]:
    """api, worker (2 processes), mailroom, sweeper and sink as processes; without sweeper where settings are given."""
    telling.step("Processes: migrate, api, worker, mailroom, sink" + ("" if settings else ", sweeper"))
    places = {"BROKER_URL": engines.rabbit.new_vhost(), "DATABASE_URL": engines.postgres.new_database()}
    with stage_with(where, places | dict(settings or {})) as stage:
        stage.run("migrate")
        stage.start("sink")
        stage.start("api")
        stage.start("worker", "--processes", "1" if settings else "2", "--threads", "4")
        if not settings:
            stage.start("mailroom")
            stage.start("sweeper")
        for name, role, words in PRINCIPALS:
            if name in SPEAKERS:
                made = stage.run("token", "create", name, "--role", role, "--name", words, "--json")
                stage.tokens[name] = json.loads(made)["token"]
        _await_api(stage)
        for customer in CUSTOMERS:
            stage.give("admin", "upsert_customer", **customer)
        telling.good("the API answers, a worker decides, the sample customers are there")
        yield stage


@contextmanager
def stage_with(where: Surroundings, settings: Mapping[str, str]) -> Iterator[Stage]:
    with tempfile.TemporaryDirectory(prefix="postroom-demo-") as name:
        folder = Path(name)
        ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        stage = Stage(folder, {**COMMON, "DATA_DIR": str(folder / "var"), **ports, **settings}, where.environment)
        try:
            yield stage
        except (Trouble, PostroomError) as trouble:
            raise Trouble(str(trouble), stage.logs()) from trouble
        finally:
            stage.close()


def free_ports(count: int) -> list[str]:
    """Ports nobody listens on now; asked for together, so that they differ."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [str(probe.getsockname()[1]) for probe in probes]


def _await_api(stage: Stage) -> None:
    door = stage.door("nobody")
    stage.await_that("the API is ready", lambda: door.get("/readyz"))


def _engines() -> ModuleType:
    """The private servers stand beside the product, not in it. Raises `Misconfigured` outside a checkout."""
    path = ROOT / "deploy" / "engines.py"
    spec = importlib.util.spec_from_file_location("engines", path) if path.exists() else None
    if spec is None or spec.loader is None:
        raise Misconfigured("--engine rabbitmq needs a checkout of Postroom: deploy/engines.py starts the servers.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
