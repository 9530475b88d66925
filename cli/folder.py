"""The data folder of the embedded product: one process holds it, and leaves word where it can be spoken to.

Refuses to share the folder: two processes over one in-memory broker would each wake only their own half.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from models.errors import Misconfigured

PATIENCE = 1.0  # seconds; somebody who only looks who holds the folder lets go at once


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the folder; where it answers is set when it does."""

    pid: int
    since: str
    url: str | None = None
    inbound_port: int | None = None


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = path / "postroom.lock"
        self._tokens = path / "tokens.json"
        self._passwords = path / "passwords.json"

    @contextmanager
    def hold(self, since: str) -> Iterator[IO[str]]:
        """Hold the folder until the end of the block, or of the process. Raises `Misconfigured` that names the holder."""
        self.path.mkdir(parents=True, exist_ok=True)
        with self._lock.open("a+") as file:
            if not _locked(file, PATIENCE):
                raise Misconfigured(_taken(self.path, _read(file)))
            _write(file, Holder(os.getpid(), since))
            yield file

    def say_where(self, file: IO[str], since: str, url: str, inbound_port: int) -> None:
        """From now on others know where to speak with the holder."""
        _write(file, Holder(os.getpid(), since, url, inbound_port))

    def holder(self) -> Holder | None:
        """Who holds the folder now, if anybody does."""
        try:
            file = self._lock.open("r+")
        except FileNotFoundError:
            return None
        with file:
            return None if _locked(file, 0) else _read(file)

    @property
    def tokens_path(self) -> Path:
        return self._tokens

    def tokens(self) -> dict[str, str]:
        """The tokens of the sample principals, by principal; empty before the first start."""
        return _kept(self._tokens)

    def passwords(self) -> dict[str, str]:
        """With what the sample people sign in to the workspace; empty before the first start."""
        return _kept(self._passwords)

    def keep(self, tokens: dict[str, str], passwords: dict[str, str]) -> None:
        """For the owner of the folder alone (mode 0600)."""
        _keep(self._passwords, passwords)
        _keep(self._tokens, tokens)


def _kept(path: Path) -> dict[str, str]:
    with suppress(FileNotFoundError, ValueError):
        found: dict[str, str] = json.loads(path.read_text())
        return found
    return {}


def _keep(path: Path, secrets: dict[str, str]) -> None:
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(secrets, file, indent=1)
    fresh.replace(path)


def _locked(file: IO[str], patience: float) -> bool:
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.02)


def _read(file: IO[str]) -> Holder:
    file.seek(0)
    try:
        return Holder(**json.loads(file.read()))
    except (ValueError, TypeError):
        return Holder(0, "just now")


def _write(file: IO[str], holder: Holder) -> None:
    file.seek(0)
    file.truncate()
    file.write(json.dumps(asdict(holder)))
    file.flush()


def _taken(path: Path, holder: Holder) -> str:
    where = f" at {holder.url}" if holder.url else ""
    return (
        f"POSTROOM_DATA_DIR: the folder {path} is held by process {holder.pid} since {holder.since}{where}. "
        f"Use that one, stop it (kill {holder.pid}), or give another folder."
    )
