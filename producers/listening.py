"""A mail listener in a thread of its own: aiosmtpd, started and stopped from outside.

Refuses lines an attacker could hide a second mail in (bare CR or LF end nothing; aiosmtpd 1.4.6), not long ones.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Literal

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope

LONGEST_LINE = 1_000_000
MOST_RECIPIENTS = 100  # RFC 5321 4.5.3.1.8


def sender_of(envelope: Envelope) -> str:
    """The envelope sender; empty for bounces, which aiosmtpd hands over as ``<>``."""
    return "" if envelope.mail_from in (None, "<>") else str(envelope.mail_from)


class _Smtp(SMTP):  # type: ignore[misc]
    line_length_limit = LONGEST_LINE  # what a mail program wrote is kept as it is, too long or not


class _Lmtp(LMTP):  # type: ignore[misc]
    """After the final dot LMTP owes an answer to each recipient (RFC 2033 4.2); aiosmtpd gives one."""

    line_length_limit = LONGEST_LINE
    _answers = 1

    async def smtp_DATA(self, arg: str) -> None:
        try:
            await super().smtp_DATA(arg)
        finally:
            self._answers = 1

    async def push(self, status: Any) -> None:
        for _ in range(self._answers):
            await super().push(status)
        if str(status).startswith("354"):
            self._answers = len(self.envelope.rcpt_tos)


class Listener:
    """Listens while started; ``handler`` has the hooks of aiosmtpd and runs in the listener's own loop."""

    def __init__(
        self, handler: object, host: str, port: int, size_limit: int, protocol: Literal["smtp", "lmtp"] = "smtp"
    ) -> None:
        self._handler = handler
        self._address = (host, port)
        self._size_limit = size_limit
        self._kind = _Lmtp if protocol == "lmtp" else _Smtp
        self._loop = asyncio.new_event_loop()
        self._thread: threading.Thread | None = None

    def start(self) -> int:
        """The port it listens on; raises `OSError` where it cannot."""
        started: Future[int] = Future()
        self._thread = threading.Thread(target=self._run, args=(started,), name="mail listener", daemon=True)
        self._thread.start()
        return started.result(30)

    def stop(self) -> None:
        """Hang up; a mail that was not answered yet is the sender's to send again."""
        if self._thread is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(30)

    def _run(self, started: Future[int]) -> None:
        try:
            server = self._loop.run_until_complete(self._loop.create_server(self._session, *self._address))
        except BaseException as error:
            started.set_exception(error)
            self._loop.close()
            return
        started.set_result(server.sockets[0].getsockname()[1])
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(self._hang_up())
        self._loop.close()

    async def _hang_up(self) -> None:
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*rest, return_exceptions=True), 10)

    def _session(self) -> SMTP:
        return self._kind(
            self._handler,
            data_size_limit=self._size_limit,
            enable_SMTPUTF8=True,
            hostname="postroom",
            ident="ready",
            loop=self._loop,
        )
