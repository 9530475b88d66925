"""A mail listener in a thread of its own: aiosmtpd, started and stopped from outside; what listens is made from it.

Refuses lines an attacker could hide a second mail in (bare CR or LF end nothing; aiosmtpd 1.4.6), not long ones; hangs up
on too many connections and on who makes nothing but mistakes.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope

from models.errors import Misconfigured

LONGEST_LINE = 1_000_000
MOST_RECIPIENTS = 100  # RFC 5321 4.5.3.1.8
MOST_SESSIONS = 200
MOST_SESSIONS_OF_ONE = 50  # a mail server in front of us comes from one address, with 20 lines by default (Postfix)
MOST_ERRORS = 20  # smtpd_hard_error_limit of Postfix
Protocol = Literal["smtp", "lmtp"]
T = TypeVar("T")


def sender_of(envelope: Envelope) -> str:
    """The envelope sender; empty for bounces, which aiosmtpd hands over as ``<>``."""
    return "" if envelope.mail_from in (None, "<>") else str(envelope.mail_from)


def tls_of(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """What STARTTLS needs, where a certificate is named. Raises `Misconfigured`."""
    if certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise Misconfigured(f"POSTROOM_INBOUND_CERTIFICATE: {certificate} cannot be used: {error}.") from None
    return context


class _Guarded(SMTP):  # type: ignore[misc]
    """A session among others; ``open_sessions`` is the listener's."""

    line_length_limit = LONGEST_LINE  # what a mail program wrote is kept as it is, too long or not

    def __init__(self, handler: object, open_sessions: dict[object, str], **options: Any) -> None:
        super().__init__(handler, **options)
        self._open = open_sessions
        self._errors = 0

    async def _handle_client(self) -> None:
        if self._too_many(host := str((self.session.peer or ("",))[0])):
            await super().push("421 4.7.0 Too many connections; try again later")
            self.transport.close()
            return
        self._open[self] = host
        await super()._handle_client()

    def connection_lost(self, error: Exception | None) -> None:
        self._open.pop(self, None)
        super().connection_lost(error)

    async def push(self, status: Any) -> None:
        await super().push(status)
        self._errors += str(status).startswith("5")
        if self._errors == MOST_ERRORS:
            await super().push("421 4.7.0 Too many errors")
            self.transport.close()

    def _too_many(self, host: str) -> bool:
        return len(self._open) >= MOST_SESSIONS or Counter(self._open.values())[host] >= MOST_SESSIONS_OF_ONE


class _Lmtp(_Guarded, LMTP):  # type: ignore[misc]
    """After the final dot each recipient is owed an answer of its own (RFC 2033 4.2), one line each; aiosmtpd gives one."""

    _owed = 0

    async def smtp_DATA(self, arg: str) -> None:
        try:
            await super().smtp_DATA(arg)
        finally:
            self._owed = 0

    async def push(self, status: Any) -> None:
        answers = str(status).split("\r\n")
        if self._owed and len(answers) != self._owed:
            status = "\r\n".join([str(status)] * self._owed)  # one verdict on the whole mail, as "too large"
        await super().push(status)
        if str(status).startswith("354"):
            self._owed = len(self.envelope.rcpt_tos)


class Listener:
    """Listens while started; a subclass has the hooks of aiosmtpd, called in the listener's own loop."""

    _kinds: ClassVar[dict[Protocol, type[_Guarded]]] = {"smtp": _Guarded, "lmtp": _Lmtp}

    def __init__(
        self, host: str, port: int, size_limit: int, protocol: Protocol = "smtp", tls: ssl.SSLContext | None = None
    ) -> None:
        self._address = (host, port)
        self._options: dict[str, Any] = {"data_size_limit": size_limit, "tls_context": tls}
        self._kind = self._kinds[protocol]
        self._open: dict[object, str] = {}
        self._loop = asyncio.new_event_loop()
        self._hands = ThreadPoolExecutor(4, thread_name_prefix="mail")
        self._thread: threading.Thread | None = None

    def start(self) -> int:
        """The port it listens on, for who asked for a free one; raises `OSError` where it cannot."""
        started: Future[int] = Future()
        self._thread = threading.Thread(target=self._run, args=(started,), name="mail listener", daemon=True)
        self._thread.start()
        return started.result(30)

    def stop(self) -> None:
        """Hang up; a mail that was not answered yet is the sender's to send again."""
        if self._thread is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(30)
        self._hands.shutdown()

    async def in_thread(self, work: Callable[..., T], *args: Any) -> T:
        """Work that waits for the database, beside the loop."""
        return await asyncio.get_running_loop().run_in_executor(self._hands, work, *args)

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
            self, self._open,
            enable_SMTPUTF8=True, hostname="postroom", ident="ready", loop=self._loop, **self._options,
        )  # fmt: skip
