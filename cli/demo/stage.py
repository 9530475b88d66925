"""The product's processes for one demo, spoken to from outside: over HTTP as its people, over SMTP as a customer."""

from __future__ import annotations

import itertools
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from pathlib import Path
from typing import Any, TypeVar

from cli.door import Door
from cli.errors import Unreachable
from models.clock import MovedClock

ROOT = Path(__file__).parents[2]
PATIENCE = 25.0
FINISH = 20.0
T = TypeVar("T")


class Trouble(Exception):
    """Something was not as it should be; the sentence says what was expected and what was found, ``logs`` what was logged."""

    def __init__(self, sentence: str, logs: str = "") -> None:
        super().__init__(sentence)
        self.logs = logs


class Stage:
    """``settings`` are what every process is started with; ``tokens`` by name of a person."""

    def __init__(self, folder: Path, settings: Mapping[str, str], environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.clock = MovedClock(folder / "clock", "demo")
        self.tokens: dict[str, str] = {}
        self._settings = {**settings, "CLOCK_FILE": str(folder / "clock"), "PROFILE": "demo"}
        self._environment = {name: value for name, value in environment.items() if not name.startswith("POSTROOM_")}
        self._processes: list[subprocess.Popen[bytes]] = []
        self._numbers = itertools.count(1)

    @property
    def environment(self) -> dict[str, str]:
        """What a process of the product is started with."""
        return self._environment | {f"POSTROOM_{name}": value for name, value in self._settings.items()}

    # processes

    def start(self, *arguments: str) -> None:
        """One process of the product, with a log of its own."""
        log = (self.folder / f"{len(self._processes)}-{arguments[0]}.log").open("wb")
        with log:
            self._processes.append(
                subprocess.Popen(
                    command(*arguments), env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    start_new_session=True,
                )
            )  # fmt: skip

    def run(self, *arguments: str) -> str:
        """A command that ends; its output. Raises `Trouble` where it fails."""
        done = subprocess.run(command(*arguments), env=self.environment, capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise Trouble(f"postroom {' '.join(arguments)} ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def close(self) -> None:
        """Ask everybody to stop, all at once; who does not is killed."""
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            try:
                process.wait(FINISH)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(FINISH)

    def logs(self) -> str:
        """The end of every process's log."""
        found = sorted(self.folder.glob("*.log"))
        return "\n".join(f"── {log.name}\n{log.read_text(errors='replace')[-2000:]}" for log in found)

    # people

    def door(self, who: str) -> Door:
        return Door(f"http://127.0.0.1:{self._settings['HTTP_PORT']}", self.tokens.get(who, ""))

    def give(self, who: str, type_name: str, **body: Any) -> dict[str, Any]:
        """A command and its result. Raises `Rejected`, or `Trouble` where nobody decides it."""
        wire = {"version": 1, "id": f"demo-{next(self._numbers)}", "type": type_name, "body": body}
        found = self.door(who).give(wire, 20)
        if found["state"] != "done":
            raise Trouble(f"{type_name} of {who} was not decided within 20 s; is a worker running?")
        result: dict[str, Any] = found["result"]
        return result

    def see(self, number: str) -> dict[str, Any]:
        found: dict[str, Any] = self.door("anna").get(f"/v1/interactions/{number}")
        return found

    # customers

    def post_of(self, address: str) -> list[EmailMessage]:
        """What this customer's mail server has taken, oldest first."""
        door = self.door("anna")
        return [_parsed(door.raw(f"/v1/demo/captured/{each['id']}/raw")) for each in self.captured(address)]

    def captured(self, address: str) -> list[dict[str, Any]]:
        """The same with their envelopes."""
        kept: list[dict[str, Any]] = self.door("anna").get("/v1/demo/captured", to=address)["items"]
        return kept[::-1]

    def customer_writes(self, sender: str, mail: Message) -> None:
        """Over SMTP, into the mailroom; the sender is empty for reports."""
        with smtplib.SMTP("127.0.0.1", int(self._settings["INBOUND_PORT"]), timeout=20) as line:
            line.send_message(mail, sender, [str(mail["To"])])

    # time

    def later(self, by: timedelta) -> datetime:
        """Move the time of all processes; answers the new present."""
        self.clock.advance(by)
        return self.clock.now()

    def await_that(self, what: str, look: Callable[[], T], holds: Callable[[T], object] = bool) -> T:
        """Look until it holds. Raises `Trouble` that says what was found last."""
        deadline, last = time.monotonic() + PATIENCE, "nothing"
        while time.monotonic() < deadline:
            try:
                found = look()
                if holds(found):
                    return found
                last = repr(found)[:300]
            except Unreachable as error:
                last = str(error)
            self._notice_deaths()
            time.sleep(0.05)
        raise Trouble(f"after {PATIENCE:g} s still not: {what}; found {last}")

    def _notice_deaths(self) -> None:
        for process in self._processes:
            if process.poll() is not None:
                raise Trouble(f"a process ended by itself with {process.returncode}")


def command(*arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "postroom.py"), *arguments]


def _parsed(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=policy.default)
    if not isinstance(mail, EmailMessage):
        raise Trouble("the sink kept something that is no mail")
    return mail
