"""The built-in mail sink: takes every mail the product sends and keeps it as a row before it answers.

Refuses to pass anything on: no customer gets a mail from here.
"""

from __future__ import annotations

import logging

from aiosmtpd.smtp import SMTP, Envelope, Session

from models import tables as t
from models.clock import Clock
from models.settings import Settings
from models.store import Store
from producers.listening import Listener, sender_of

LOOPBACK = "127.0.0.1"
_log = logging.getLogger(__name__)


class Sink(Listener):
    """In the profiles demo and test, ``refuse…@`` and ``defer…@`` are answered that way, ``vanish…@`` at first not at all."""

    def __init__(self, settings: Settings, clock: Clock, store: Store, host: str = LOOPBACK) -> None:
        self._clock = clock
        self._store = store
        self._acts = settings.profile in ("demo", "test")
        self._vanished: set[str] = set()
        # Larger than our own limit: the product must find its limit itself.
        super().__init__(host, settings.sink_port, 2 * settings.mail_limit_bytes)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._acts and address.lower().startswith("refuse"):
            return "550 5.1.1 No such mailbox here, as you wished"
        if self._acts and address.lower().startswith("defer"):
            return "451 4.2.0 Not at the moment, as you wished"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self._vanishes(envelope):
            server.transport.abort()  # the body is here, and the other side never learns of it
            return "451 4.4.2 Nobody hears this"
        try:
            number = await self.in_thread(self._keep, envelope)
        except Exception:
            _log.exception("the sink could not keep a mail")
            return "451 4.3.0 The sink cannot keep this at the moment"
        return f"250 2.0.0 queued as {number}"

    def _vanishes(self, envelope: Envelope) -> bool:
        """Once for each address, so that sending again is worth a try."""
        found = {each.lower() for each in envelope.rcpt_tos if self._acts and each.lower().startswith("vanish")}
        fresh = found - self._vanished
        self._vanished |= found
        return bool(fresh)

    def _keep(self, envelope: Envelope) -> int:
        """One row per envelope recipient, all or none; the number of the first."""
        rows = [
            {
                "envelope_from": sender_of(envelope),
                "envelope_to": address,
                "data": bytes(envelope.original_content or b""),
                "captured_at": self._clock.now(),
            }
            for address in envelope.rcpt_tos
        ]
        try:
            with self._store.transaction():
                return int(min([t.Captured.insert(row).execute() for row in rows]))
        finally:
            self._store.close()
