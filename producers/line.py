"""One thread, one connection, one line of letters to RabbitMQ: published together, each settled by its own confirm.

A window of letters shares one wait. Refuses to lose silently: a letter ends confirmed, refused, returned or away.
"""

from __future__ import annotations

import itertools
import logging
import queue
import socket
import sys
import threading
import time
from typing import Any

from kombu import Connection

from producers.window import CONFIRM_SECONDS, Away, Letter, Undeliverable, Window, target

_log = logging.getLogger(__name__)
WINDOW = 256
IDLE_SECONDS = 0.5
HEARTBEAT = 30
REST_SECONDS = 1.0


class Line:
    """Thread-safe: anybody may `put`, only the line's own thread touches the connection."""

    def __init__(self, url: str, name: str, room: int = 20_000) -> None:
        self.url, self.name = url, name
        self._waiting: queue.Queue[list[Letter]] = queue.Queue(room)
        self._kept: list[Letter] = []
        self._connection: Connection | None = None
        self._channel: Any = None
        self._window: Window | None = None
        self._stopping = threading.Event()
        self._numbers = itertools.count(1)
        self.away: str | None = None
        self._thread = threading.Thread(target=self._run, name=f"line {name}", daemon=True)
        self._thread.start()

    def put(self, *letters: Letter) -> bool:
        """Into the line; False where there is no room. What is put together goes in order, and never past a lost one."""
        try:
            self._waiting.put_nowait(list(letters))
        except queue.Full:
            return False
        return True

    def number(self) -> str:
        """A message id for what has none."""
        return f"{self.name}-{next(self._numbers)}"

    def close(self, seconds: float = 3.0) -> None:
        """Publish what is in the line, for at most this long; what is left fails as `Away`."""
        deadline = time.monotonic() + seconds
        while (self._waiting.unfinished_tasks or self._kept) and time.monotonic() < deadline and not self.away:
            self._stopping.wait(0.02)
        self._stopping.set()
        self._thread.join(CONFIRM_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            letters = self._next()
            if letters:
                self._survive(letters)
            elif self._connection is not None:
                self._breathe()
        self._disconnect()
        for letter in self._kept + self._drain(sys.maxsize):
            letter.fail(Away("this process is ending"))

    def _next(self) -> list[Letter]:
        """What goes next. Letters kept while RabbitMQ is away never stand before somebody who waits for an answer."""
        if not self._kept:
            return self._fresh()
        if self.away:
            self._stopping.wait(REST_SECONDS)
        kept, self._kept = self._kept[:WINDOW], self._kept[WINDOW:]
        return kept + self._drain(WINDOW)

    def _fresh(self) -> list[Letter]:
        try:
            first = self._waiting.get(timeout=IDLE_SECONDS)
        except queue.Empty:
            return []
        self._waiting.task_done()
        return first + self._drain(WINDOW - len(first))

    def _drain(self, most: int) -> list[Letter]:
        found: list[Letter] = []
        while len(found) < most:
            try:
                found += self._waiting.get_nowait()
            except queue.Empty:
                break
            self._waiting.task_done()
        return found

    def _survive(self, letters: list[Letter]) -> None:
        """What nobody foresaw fails these letters, never the line."""
        try:
            self._publish(letters)
        except Exception as error:
            _log.exception("%d messages could not be published", len(letters))
            self._disconnect()
            for letter in letters:
                letter.fail(Undeliverable(f"{target(letter)} could not be published: {error!r}"))

    def _publish(self, letters: list[Letter]) -> None:
        """A connection that was idle may be dead without our knowing: what it did not settle is tried on a fresh one."""
        for fresh in (False, True):
            if fresh or self._channel is None:
                self._disconnect()
            left = [letter for letter in letters if not letter.settled.done()]
            try:
                self._open()
                self._send(left)
                self.away = None
                return
            except _Refused as refused:
                self._channel = None
                return self._one_by_one(left, refused)
            except _lost(self._connection) as error:
                self._note_away(error)
        self._disconnect()
        self._give_up(letters)

    def _one_by_one(self, letters: list[Letter], refused: _Refused) -> None:
        """RabbitMQ closed the channel because of one letter; which one shows when each goes alone."""
        unsettled = [letter for letter in letters if not letter.settled.done()]
        if len(unsettled) == 1:
            return unsettled[0].fail(Undeliverable(f"RabbitMQ refused a message for {target(unsettled[0])}: {refused}"))
        for letter in unsettled:
            self._publish([letter])

    def _give_up(self, letters: list[Letter]) -> None:
        for letter in letters:
            if letter.settled.done():
                continue
            if letter.patient and len(self._kept) < self._waiting.maxsize and not self._stopping.is_set():
                self._kept.append(letter)
            else:
                letter.fail(Away(f"RabbitMQ is away ({self.away}); publish again under the same id"))

    def _note_away(self, error: BaseException) -> None:
        if self.away is None:
            _log.warning("RabbitMQ is away: %r", error)
        self.away = f"{type(error).__name__}: {error}"

    def _open(self) -> None:
        if self._connection is None:
            options = {"socket_settings": _patient_socket(), "client_properties": {"connection_name": self.name}}
            connection = Connection(self.url, connect_timeout=8, heartbeat=HEARTBEAT, transport_options=options)
            self._connection = connection
            connection.ensure_connection(max_retries=1, interval_start=0, reraise_as_library_errors=False)
        if self._channel is None:
            self._channel = self._connection.channel()
            self._channel.confirm_select()
            self._window = Window(self._channel)

    def _send(self, letters: list[Letter]) -> None:
        window, connection = self._window, self._connection
        if window is None or connection is None:
            return
        try:
            for letter in letters:
                window.send(letter)
            window.settle(connection)
        except connection.channel_errors as error:
            raise _Refused(str(error)) from error

    def _breathe(self) -> None:
        """Answer heartbeats while there is nothing to publish."""
        connection = self._connection
        if connection is None:
            return
        try:
            connection.heartbeat_check()
            connection.drain_events(timeout=0.001)
        except TimeoutError:
            return
        except (*connection.connection_errors, *connection.channel_errors):
            self._disconnect()

    def _disconnect(self) -> None:
        connection, self._connection, self._channel, self._window = self._connection, None, None, None
        if connection is None:
            return
        try:
            connection.close()
        except Exception as error:
            _log.debug("closing a dead connection: %r", error)


class _Refused(Exception):
    """RabbitMQ closed the channel."""


def _patient_socket() -> dict[int, int]:
    """py-amqp gives up a connection after one second of back-pressure; RabbitMQ needs longer than that under load."""
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    return {option: 20_000} if option is not None else {}


def _lost(connection: Connection | None) -> tuple[type[BaseException], ...]:
    errors: tuple[type[BaseException], ...] = Connection("amqp://").connection_errors
    return (*errors, OSError)
