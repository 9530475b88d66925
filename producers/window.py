"""Letters on their way over one channel, each settled by its own confirm; knows the protocol's order, no connection.

Refuses to take a confirm for delivery: a returned letter is confirmed too, and fails all the same.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from models.errors import PostroomError, Transient

CONFIRM_SECONDS = 10.0


class Away(Transient):
    """RabbitMQ cannot be reached, or did not confirm: whether the message is there is not known."""


class Undeliverable(PostroomError):
    """RabbitMQ answered, and would not take the message; the sentence has its words."""


@dataclass(slots=True)
class Letter:
    """``mandatory``: it must reach a queue. ``patient``: it may wait in this process for RabbitMQ to come back."""

    exchange: str
    key: str
    body: bytes
    message_id: str
    user_id: str | None = None
    mandatory: bool = True
    patient: bool = False
    settled: Future[None] = field(default_factory=Future)

    def fail(self, error: PostroomError) -> None:
        if not self.settled.done():
            self.settled.set_exception(error)


class Window:
    """The letters of one channel that are not confirmed yet, by delivery tag."""

    def __init__(self, channel: Any) -> None:
        self._channel = channel
        self._tags = itertools.count(1)
        self._open: dict[int, Letter] = {}
        self._returned: dict[str, str] = {}
        channel.events["basic_ack"].add(self._on_ack)
        channel.events["basic_nack"].add(self._on_nack)
        channel.events["basic_return"].add(self._on_return)

    def send(self, letter: Letter) -> None:
        properties: dict[str, Any] = {"message_id": letter.message_id, "delivery_mode": 2}
        if letter.user_id is not None:
            properties["user_id"] = letter.user_id
        message = self._channel.prepare_message(letter.body, content_type="application/json", properties=properties)
        self._open[next(self._tags)] = letter
        self._channel.basic_publish(message, letter.exchange, letter.key, mandatory=letter.mandatory)

    def settle(self, connection: Any) -> None:
        """Wait for every confirm. Raises a connection error where they do not come."""
        deadline = time.monotonic() + CONFIRM_SECONDS
        while self._open:
            left = deadline - time.monotonic()
            if left <= 0:
                raise ConnectionError(f"{len(self._open)} messages were not confirmed within {CONFIRM_SECONDS:g} s")
            connection.drain_events(timeout=left)

    def _on_ack(self, tag: int, multiple: bool) -> None:
        for letter in self._taken(tag, multiple):
            words = self._returned.pop(letter.message_id, None)
            if words is not None:
                letter.fail(Undeliverable(f"no queue takes {target(letter)}: {words}"))
            elif not letter.settled.done():
                letter.settled.set_result(None)

    def _on_nack(self, tag: int, multiple: bool) -> None:
        for letter in self._taken(tag, multiple):
            letter.fail(Away(f"RabbitMQ could not keep a message for {target(letter)}"))

    def _on_return(self, error: Exception, exchange: str, key: str, message: Any) -> None:
        """Comes before the confirm of the same message."""
        self._returned[message.properties.get("message_id", "")] = str(error)

    def _taken(self, tag: int, multiple: bool) -> Iterable[Letter]:
        tags = [each for each in self._open if each <= tag] if multiple else [tag] if tag in self._open else []
        return [self._open.pop(each) for each in tags]


def target(letter: Letter) -> str:
    return f"{letter.exchange or 'queue'}/{letter.key}"
