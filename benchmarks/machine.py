"""What the numbers were measured on: without it they say nothing."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

import psycopg

from benchmarks.ground import Ground

PACKAGES = ("dramatiq", "pika", "kombu", "peewee", "psycopg", "fastapi")


def describe(ground: Ground) -> dict[str, str]:
    """Names and values, in the order in which they are shown."""
    memory = int(_first(r"MemTotal:\s*(\d+)", "/proc/meminfo")) / 2**20
    with psycopg.connect(ground.postgres.url) as connection:
        postgres = str(connection.execute("SHOW server_version").fetchone()[0])  # type: ignore[index]
    return {
        "processor": _first(r"model name\s*: (.*)", "/proc/cpuinfo"),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{memory:.1f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "load before": f"{os.getloadavg()[0]:.1f}",
        "Python": platform.python_version(),
        "PostgreSQL": f"{postgres.split(' ')[0]}, fsync and synchronous_commit on",
        "RabbitMQ": ground.rabbit.ctl("version").strip(),
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    }


def stolen() -> tuple[int, int]:
    """Processor time since the start that the host gave to others (``steal``, proc(5)), and all of it, in clock ticks."""
    ticks = [int(number) for number in _first(r"^cpu +(.*)", "/proc/stat").split()[:8]]
    return ticks[7], sum(ticks)


def _first(pattern: str, path: str) -> str:
    found = re.search(pattern, Path(path).read_text())
    return found[1].strip() if found else "unknown"
