"""Reads a mailbox over IMAP: each mail is kept first, its number remembered in the same transaction, and only then put aside.

Refuses to read beside another process. No mail stops it, however it fails: it stays on the row as stuck and is tried again
with the next connection.
"""

from __future__ import annotations

import logging
import threading
from contextlib import suppress

from imapclient.exceptions import IMAPClientError

from models import tables as t
from models.clock import Clock
from models.database import AWAY
from models.errors import PostroomError, Stale
from models.settings import Settings
from models.store import Store
from models.wakes import Alarm, command_wake
from producers import envelopes
from producers.admission import Admission
from producers.claim import Claim
from producers.gate import count_turned_away
from producers.intake import PRINCIPAL, can_carry, keep
from producers.mailbox import LOST, Account, Folder, Open, open_folder

QUIET_SECONDS = 30.0  # a look at least this often, whatever the server says; it renews the claim too
PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
_CLAIMED_BY_ANOTHER = 2  # which of the pauses
_EXPECTED = (*LOST, *AWAY, IMAPClientError, PostroomError)
_log = logging.getLogger(__name__)


class Poller:
    """One of any number over the same mailbox; the others wait for its claim to end."""

    def __init__(
        self, settings: Settings, clock: Clock, store: Store, alarm: Alarm, open_it: Open = open_folder,
        pauses: tuple[float, ...] = PAUSES,
    ) -> None:  # fmt: skip
        self._settings, self._clock, self._store, self._alarm = settings, clock, store, alarm
        self._account = Account.of(settings)
        self._claim = Claim(store, clock, self._account.name)
        self._admission = Admission(settings)
        self._open, self._pauses = open_it, pauses
        self._failed = 0

    def run(self, stop: threading.Event) -> None:
        """Until told to stop; whatever fails is tried again after a growing pause."""
        while not stop.is_set():
            try:
                if not self._read(stop):
                    self._pause(stop, _CLAIMED_BY_ANOTHER)
            except Exception as error:
                self._note(error)
                self._pause(stop, self._failed)
                self._failed += 1
        with suppress(*AWAY, Stale):
            self._claim.leave()
        self._store.close()

    def _read(self, stop: threading.Event) -> bool:
        """One connection for as long as it lasts; False where another process reads."""
        if not self._claim.take():
            return False
        folder = self._open(self._account)
        try:
            row = self._claim.begin(folder.uid_validity)
            self._put_aside_rest(folder, row)
            self._look(folder, row, again=sorted(map(int, row.stuck)))
            self._failed = 0
            while not stop.is_set():
                folder.wait(stop, QUIET_SECONDS, self._settings.imap_every.total_seconds())
                self._look(folder, self._claim.renew())
        except Stale:
            return False
        finally:
            folder.leave()
        return True

    def _look(self, folder: Folder, row: t.Mailbox, again: list[int] | None = None) -> None:
        """Take in what is new, and once more what was stuck."""
        wanted = [*(again or []), *folder.since(row.last_uid)]
        sizes = folder.sizes(wanted)
        gone = set(wanted) - set(sizes)
        if gone:
            self._claim.forget(*gone)
        for uid, size in sorted(sizes.items()):
            self._take(folder, uid, size)

    def _take(self, folder: Folder, uid: int, size: int) -> None:
        try:
            large = size > self._settings.mail_limit_bytes
            raw = self._instead(folder, uid, size) if large else folder.raw(uid)
            if raw is None:
                return self._claim.forget(uid)
            rows = self._keep(uid, raw)
        except (*LOST, *AWAY, Stale):
            raise
        except Exception as error:
            _log.error("%s: mail %d could not be taken in", self._account.name, uid, exc_info=error)
            return self._claim.stick(uid, _words(error))
        for row in rows:
            if row.state == "accepted":
                self._alarm.wake(command_wake(row.id, row.type))
        if large:
            count_turned_away(self._store, "imap", "too_large", self._clock.now())
        self._put_aside(folder, [uid], large)

    def _instead(self, folder: Folder, uid: int, size: int) -> bytes | None:
        limit = self._settings.mail_limit_bytes
        read = folder.beginning(uid, min(limit, envelopes.BEGINNING))
        return envelopes.stand_in(read, size, limit, self._account.name) if read is not None else None

    def _keep(self, uid: int, raw: bytes) -> list[t.Command]:
        sender, recipients = self._envelope(raw)
        with self._store.transaction():
            row = self._claim.row()
            kept = keep(self._store, raw, sender, recipients, PRINCIPAL, "mail", self._clock.now())
            self._claim.settle(row, uid)
        return kept

    def _envelope(self, raw: bytes) -> tuple[str, list[str]]:
        ours = self._settings.sender_address
        sender, found = envelopes.sender(raw), envelopes.recipients(raw, self._admission, ours)
        return sender if can_carry(sender, ours) else "", [each for each in found if can_carry("", each)] or [ours]

    def _put_aside(self, folder: Folder, uids: list[int], starred: bool = False) -> None:
        """Where the server refuses this, the mail is kept here all the same; the row tells the operator."""
        move = self._settings.imap_after == "move"
        try:
            if starred or not move:
                folder.flag(uids, starred=starred)
            if move:
                folder.move(uids, self._settings.imap_done_folder)
        except LOST:
            raise
        except IMAPClientError as error:
            self._note(error)

    def _put_aside_rest(self, folder: Folder, row: t.Mailbox) -> None:
        """What was kept before the process or the line ended, and could not be said on the server any more."""
        if self._settings.imap_after == "move":
            folder.make(self._settings.imap_done_folder)
            rest = folder.upto(row.last_uid)
        else:
            rest = list(folder.sizes([row.last_uid])) if row.last_uid else []
        rest = [uid for uid in rest if str(uid) not in row.stuck]
        if rest:
            self._put_aside(folder, rest)

    def _note(self, error: Exception) -> None:
        _log.warning("%s: %s", self._account.name, error, exc_info=not isinstance(error, _EXPECTED))
        with suppress(*AWAY, Stale):
            self._claim.note(_words(error))

    def _pause(self, stop: threading.Event, which: int) -> None:
        stop.wait(self._pauses[min(which, len(self._pauses) - 1)])


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
