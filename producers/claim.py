"""The row of one mailbox: who reads it, how far, and what is stuck. Refuses a write by whom the claim no longer belongs to."""

from __future__ import annotations

import secrets
from datetime import timedelta

from models import tables as t
from models.clock import Clock
from models.errors import Stale
from models.store import Store

LEASE = timedelta(minutes=3)


class Claim:
    """One process's; any number may try."""

    def __init__(self, store: Store, clock: Clock, name: str) -> None:
        self._store, self._clock, self._name = store, clock, name
        self._me = secrets.token_hex(8)

    def take(self) -> bool:
        """Whether the mailbox is ours to read now."""
        now = self._clock.now()
        with self._store.transaction():
            self._store.later(t.Mailbox.insert(name=self._name).on_conflict_ignore())
            row = self._store.lock(t.Mailbox, self._name)
            if row is None or (row.holder not in (None, self._me) and row.lease_until > now):
                return False
            self._store.change(row, holder=self._me, lease_until=now + LEASE)
        return True

    def begin(self, uid_validity: int) -> t.Mailbox:
        """The row, for a fresh connection. Where the server numbers its mails anew (RFC 9051 2.3.1.1) none counts as read."""
        with self._store.transaction():
            row = self.row()
            if row.uid_validity != uid_validity:
                self._store.change(row, uid_validity=uid_validity, last_uid=0, stuck={})
            self._renew(row)
            self._store.change(row, trouble=None)
        return row

    def renew(self) -> t.Mailbox:
        """The row, ours for longer."""
        with self._store.transaction():
            row = self.row()
            self._renew(row)
        return row

    def row(self) -> t.Mailbox:
        """The row, locked, inside a transaction of the caller. Raises `Stale`."""
        row = self._store.lock(t.Mailbox, self._name)
        if row is None or row.holder != self._me:
            raise Stale(f"{self._name} is read by another process")
        return row

    def settle(self, row: t.Mailbox, *uids: int) -> None:
        """These are done with."""
        stuck = {uid: why for uid, why in row.stuck.items() if int(uid) not in uids}
        self._store.change(row, last_uid=max(row.last_uid, *uids), stuck=stuck)

    def forget(self, *uids: int) -> None:
        """These are no longer there."""
        with self._store.transaction():
            self.settle(self.row(), *uids)

    def stick(self, uid: int, why: str) -> None:
        """It fails by itself and must not keep the others waiting."""
        with self._store.transaction():
            row = self.row()
            self._store.change(row, last_uid=max(row.last_uid, uid), stuck={**row.stuck, str(uid): why})

    def note(self, trouble: str) -> None:
        """For `postroom doctor`."""
        with self._store.transaction():
            self._store.change(self.row(), trouble=trouble)

    def leave(self) -> None:
        with self._store.transaction():
            self._store.change(self.row(), holder=None, lease_until=None)

    def _renew(self, row: t.Mailbox) -> None:
        now = self._clock.now()
        self._store.change(row, lease_until=now + LEASE, looked_at=now)
