"""Reads docker-compose.yml as Compose would and starts its own services as local processes; decides nothing by itself.

What differs from a container is said in one place: host names become loopback, and ports that must be free are chosen.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.embedded import ROOT, command

FILE = ROOT / "docker-compose.yml"
_VARIABLE = re.compile(r"\$\{(?P<name>[A-Z_0-9]+)(?:(?P<how>:-|:\?)(?P<word>[^}]*))?\}")


class Unset(Exception):
    """A variable the file demands has no value."""


def read(environment: Mapping[str, str]) -> dict[str, Any]:
    """The file with its variables filled in. Raises `Unset`."""

    def value(match: re.Match[str]) -> str:
        found = environment.get(match["name"], "")
        if not found and match["how"] == ":?":
            raise Unset(match["name"])
        return found or (match["word"] if match["how"] == ":-" else "")

    found: dict[str, Any] = yaml.safe_load(_VARIABLE.sub(value, FILE.read_text()))
    for service in found["services"].values():
        service["environment"] = dict(_passed(service.get("environment", {}), environment))
    return found


def _passed(named: Mapping[str, str | None], outside: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """A name without a value has that of outside; without one there either, the container does not have it at all."""
    for name, value in named.items():
        if value is not None or name in outside:
            yield name, outside[name] if value is None else value


def demanded() -> set[str]:
    """The variables without which nothing starts."""
    return {match["name"] for match in _VARIABLE.finditer(FILE.read_text()) if match["how"] == ":?"}


def demo_environment() -> dict[str, str]:
    lines = [line.split("=", 1) for line in (ROOT / "deploy" / "demo.env").read_text().splitlines() if "=" in line]
    return {name: value for name, value in lines if not name.startswith("#")}


def ours(services: Mapping[str, Any]) -> dict[str, Any]:
    return {name: service for name, service in services.items() if "build" in service}


def in_order(services: Mapping[str, Any]) -> list[str]:
    """Each after those it depends on."""
    order: list[str] = []

    def visit(name: str) -> None:
        if name not in order:
            for other in services[name].get("depends_on", {}):
                visit(other)
            order.append(name)

    for name in services:
        visit(name)
    return order


@dataclass(frozen=True)
class Local:
    """``hosts`` maps what the file calls a place to where it is here, ``ports`` each port of a container to a free one."""

    folder: Path
    hosts: Mapping[str, str]
    ports: Mapping[str, str]

    def environment(self, service: Mapping[str, Any]) -> dict[str, str]:
        """The service's own, with its places moved here."""
        given = {name: self._moved(str(value)) for name, value in service["environment"].items()}
        given |= {name: port for name, port in self.ports.items() if name.startswith("POSTROOM_")}
        return {"PATH": os.defpath, **{name: value.replace("0.0.0.0", "127.0.0.1") for name, value in given.items()}}

    def start(self, name: str, service: Mapping[str, Any]) -> Iterator[subprocess.Popen[bytes]]:
        """As many as the file wants of it."""
        for number in range(service.get("deploy", {}).get("replicas", 1)):
            log = (self.folder / f"{name}-{number}.log").open("wb")
            arguments = [self.ports.get(each, each).replace("0.0.0.0", "127.0.0.1") for each in service["command"]]
            with log:
                yield subprocess.Popen(
                    command(*arguments), env=self.environment(service), cwd=self.folder,
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                )  # fmt: skip

    def healthy(self, service: Mapping[str, Any]) -> bool:
        """What the service's own health check says."""
        kind, program, *arguments = service["healthcheck"]["test"]
        assert kind == "CMD"
        words = [self._moved(each) for each in arguments]
        found = command(*words) if program == "postroom" else [{"python": sys.executable}[program], *words]
        return subprocess.run(found, env=self.environment(service), capture_output=True, timeout=60).returncode == 0

    def _moved(self, text: str) -> str:
        for there, here in self.hosts.items():
            text = text.replace(there, here)
        return text
