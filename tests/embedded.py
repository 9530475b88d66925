"""A `postroom run` of this test's own: started, spoken to over HTTP, killed at will. Decides and repairs nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from deploy.engines import free_port, wait_until

ROOT = Path(__file__).parent.parent
QUIET = {
    "PROFILE": "test", "UNDO_HOLD": "PT0S", "LOG_LEVEL": "warning", "SWEEP_EVERY": "PT0.3S", "SWEEP_GRACE": "PT0.5S",
}  # fmt: skip


class Running:
    """Ports are fixed for all its lives, so that whoever speaks to it finds it again after a kill."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.data_dir = folder / "var"
        self.http_port, self.inbound_port, self.sink_port = free_port(), free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.http_port}"
        places = {
            "DATA_DIR": str(self.data_dir), "HTTP_PORT": str(self.http_port), "SINK_PORT": str(self.sink_port),
            "INBOUND_PORT": str(self.inbound_port),
        }  # fmt: skip
        given = QUIET | places | {name.upper(): value for name, value in settings.items()}
        self.environment = {"PATH": os.defpath, **{f"POSTROOM_{name}": value for name, value in given.items()}}
        self.lives = 0
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.data_dir / 'postroom.db'}"

    @property
    def log(self) -> Path:
        return self.folder / f"run-{self.lives}.log"

    def start(self) -> None:
        """Returns when everything is up."""
        self.lives += 1
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command("run"), env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        wait_until(lambda: self._is_up() or not self.alive, 60, "postroom run is up")
        assert self.alive, self.log.read_text()

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """As by a power cut of this process."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(20)

    def stop(self) -> int:
        """The exit code after SIGTERM."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def close(self) -> None:
        if self.alive:
            self.kill()

    def token(self, who: str) -> str:
        found: str = json.loads((self.data_dir / "tokens.json").read_text())[who]
        return found

    def client(self, who: str) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {self.token(who)}"}, timeout=40)

    def cli(self, *arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """A command of the command line in the same surroundings."""
        return cli(*arguments, stdin=stdin, **(self.environment | environment))

    def _is_up(self) -> bool:
        return b"Postroom is running" in self.log.read_bytes()


def command(*arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "postroom.py"), *arguments]


def cli(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in exactly these surroundings; its width is wide enough for whole sentences."""
    surroundings = {"PATH": os.defpath, "COLUMNS": "200", **environment}
    return subprocess.run(
        command(*arguments), env=surroundings, input=stdin, capture_output=True, text=True, timeout=60, check=False
    )


def wire(type_name: str, command_id: str, agent: str | None = None, **body: Any) -> dict[str, Any]:
    found = {"version": 1, "id": command_id, "type": type_name, "body": body}
    return found if agent is None else found | {"agent": agent}
