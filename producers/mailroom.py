"""The door for incoming mail: raw bytes and their commands are kept before the sender hears 250.

Refuses to judge or to change a mail; what cannot be kept now is left with the sender (4xx), who will try again.
"""

from __future__ import annotations

import hashlib
import logging

from aiosmtpd.smtp import SMTP, Envelope, Session

from models.addresses import NULL_SENDER
from models.clock import Clock
from models.database import AWAY
from models.errors import Transient
from models.settings import Settings
from models.store import Store
from models.wakes import Alarm, command_wake
from producers.admission import Admission
from producers.gate import count_turned_away
from producers.intake import PRINCIPAL, can_carry, take_in
from producers.listening import MOST_RECIPIENTS, Listener, sender_of, tls_of

_log = logging.getLogger(__name__)


class Mailroom(Listener):
    """Listens by SMTP or LMTP for what customers write."""

    def __init__(self, settings: Settings, clock: Clock, store: Store, alarm: Alarm) -> None:
        self._clock, self._store, self._alarm = clock, store, alarm
        self._admission = Admission(settings)
        self._protocol = settings.inbound_protocol
        self._answers_each = self._protocol == "lmtp"
        tls = tls_of(settings.inbound_certificate, settings.inbound_key)
        place = (settings.inbound_host, settings.inbound_port)
        super().__init__(*place, settings.mail_limit_bytes, settings.inbound_protocol, tls)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients; send the rest separately"
        if not can_carry(sender_of(envelope), address):
            return "553 5.1.3 This envelope address cannot be used"
        if refusal := self._admission.refusal(address):
            await self.in_thread(self._count, refusal)
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Answers only after the commit: SMTP for all recipients together, LMTP for each by itself (RFC 2033)."""
        raw, sender, recipients = bytes(envelope.original_content or b""), sender_of(envelope), envelope.rcpt_tos
        if not self._answers_each:
            return await self.in_thread(self._kept, raw, sender, tuple(recipients))
        return "\r\n".join([await self.in_thread(self._kept, raw, sender, (one,)) for one in recipients])

    def _count(self, refusal: str) -> None:
        """By its code, and without whom it was for; a count that cannot be kept changes no answer."""
        try:
            count_turned_away(self._store, self._protocol, " ".join(refusal.split()[:2]), self._clock.now())
        except (*AWAY, Transient) as error:
            _log.warning("a refused recipient is not counted: %s", error)
        finally:
            self._store.close()

    def _kept(self, raw: bytes, envelope_from: str, recipients: tuple[str, ...]) -> str:
        """The answer; an error of ours must not turn into a bounce."""
        try:
            return self._keep(raw, envelope_from, recipients)
        except (*AWAY, Transient) as error:
            _log.warning("mail for %d recipients not kept, the sender will retry: %s", len(recipients), error)
        except Exception:
            _log.exception("mail for %d recipients not kept, the sender will retry", len(recipients))
        return "451 4.3.0 The mail cannot be kept at the moment; try again later"

    def _keep(self, raw: bytes, envelope_from: str, recipients: tuple[str, ...]) -> str:
        try:
            rows = take_in(
                self._store, raw, envelope_from or NULL_SENDER, recipients, PRINCIPAL, "mail", self._clock.now()
            )
        finally:
            self._store.close()  # this thread's connection: a restarted database must not cost the next sender a try
        for row in rows:
            if row.state == "accepted":
                self._alarm.wake(command_wake(row.id, row.type))
        return f"250 2.6.0 kept as {hashlib.sha256(raw).hexdigest()[:20]}"
