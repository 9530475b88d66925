"""The product's own command line as processes under measurement; refuses to go on when one did not come up."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent
PATIENCE = 60.0


@contextmanager
def running(*arguments: str, **settings: object) -> Iterator[subprocess.Popen[bytes]]:
    """``python -m postroom …`` with these settings, ended in an orderly way."""
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    environment |= {f"POSTROOM_{name.upper()}": str(value) for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "postroom", *arguments], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def seconds_to_answer(url: str, process: subprocess.Popen[bytes]) -> float:
    """How long until a request is answered with 200, from now on."""
    began = time.perf_counter()
    with httpx.Client() as client:
        while not _answers(client, url):
            if process.poll() is not None or time.perf_counter() - began > PATIENCE:
                raise RuntimeError(f"{url} never answered; the process ended with {process.poll()}")
            time.sleep(0.005)
    return time.perf_counter() - began


def _answers(client: httpx.Client, url: str) -> bool:
    try:
        return client.get(url).status_code == 200
    except httpx.TransportError:
        return False
