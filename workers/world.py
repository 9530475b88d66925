"""Everything a handler may touch, handed in from outside: time, ids, rows, queue and post. Nothing here is global."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from models.clock import Clock
from models.ids import Ids
from models.settings import Settings
from models.store import Store
from models.wakes import Alarm
from workers import letter
from workers.letter import Letter

Outcome = Literal["accepted", "deferred", "refused", "uncertain"]


@dataclass(frozen=True, slots=True)
class Answer:
    """How one transaction with a mail server ended (R14), with the server's own words.

    ``code`` and ``text`` are None and our own sentence where the server said nothing.
    """

    outcome: Outcome
    code: int | None
    text: str
    server: str


class Post(Protocol):
    """Hands one mail for one envelope recipient to a mail server."""

    def transmit(self, envelope_from: str, address: str, data: bytes, before_body: Callable[[], None]) -> Answer:
        """One SMTP transaction. ``before_body`` is called right before DATA; what it raises stops the
        transmission before any byte of the mail was handed over, and is raised here. Nothing else is raised."""


@dataclass(frozen=True, slots=True)
class World:
    settings: Settings
    clock: Clock
    ids: Ids
    store: Store
    alarm: Alarm
    post: Post
    build: Callable[[Letter], bytes] = letter.build
    pause: Callable[[float], None] = time.sleep
    worked: Callable[[], float] = time.thread_time  # seconds of processor this thread has had

    def digest(self, data: bytes) -> str:
        """The name of bytes in the blob store."""
        return hashlib.sha256(data).hexdigest()
