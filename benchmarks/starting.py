"""Embedded: from the start of the process to the first answered request, on an empty folder and on one in use."""

from __future__ import annotations

import tempfile

from benchmarks.figures import Aim, Reading
from benchmarks.ground import Ground
from benchmarks.programs import running, seconds_to_answer
from benchmarks.size import Size
from deploy.engines import free_port

AIM = Aim(below=1.5)


def measure(ground: Ground, size: Size) -> list[Reading]:
    """Two starts over one folder: the first makes the database and the sample customers."""
    with tempfile.TemporaryDirectory(prefix="postroom-start-") as folder:
        return [
            Reading("embedded: first start to first answer", _start(folder), "seconds", AIM),
            Reading("embedded: later start to first answer", _start(folder), "seconds", AIM),
        ]


def _start(folder: str) -> float:
    port = free_port()
    ports = {"http_port": port, "inbound_port": 0, "sink_port": 0}
    with running("run", data_dir=folder, log_level="error", **ports) as process:
        return seconds_to_answer(f"http://127.0.0.1:{port}/healthz", process)
