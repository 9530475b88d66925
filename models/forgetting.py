"""What is erased that belongs to no conversation (R39), on request or as older than the retention: mail nobody attached,
dead letters, refused wishes, bytes nobody uses, guests. Refuses to touch an interaction: its words go by a clock of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import takewhile
from typing import Any

import peewee as pw

from models import tables as t
from models.settings import Settings
from models.store import Store

ERASED = "(erased)"
NO_MAIL: dict[str, Any] = {
    "envelope_from": "", "envelope_to": "", "from_address": "", "from_name": "", "subject": ERASED, "text": "",
    "quoted": "", "html": "", "attachments": [], "copies": [], "blob": "", "message_id": None,
}  # fmt: skip
BATCH = 500
_MARK = "forgotten_commands"  # the last command that was looked at, in the order of their acceptance
_N, _C = t.Incoming, t.Command


def forget(store: Store, settings: Settings, now: datetime) -> int:
    """One batch of each kind that is older than the retention; answers how many rows, 0 when nothing is left.

    Any number of processes may do so at once, and repeat it.
    """
    if settings.retention_after is None:
        return 0
    before = now - settings.retention_after
    found = 0
    for kind in (_old_mails, _old_letters, _old_captured, _old_commands, _old_bytes, _old_guests):
        with store.transaction():
            found += kind(store, before, now)
    return found


def erase_commands(store: Store, about: pw.Expression) -> None:
    """Words, addresses and what was answered, of decided commands; their ids, types and codes stay (R33)."""
    decided = about & (_C.state != "accepted")
    store.later(_C.update(wire=None, result=None, error=None).where(decided))
    store.later(_C.update(sentence=ERASED).where(decided, _C.sentence.is_null(False)))
    store.later(_C.update(touches=None).where(decided, _C.touches.startswith("address:")))


def erase_mails(store: Store, rows: list[t.Incoming]) -> None:
    """Mails on no conversation: off the list, and without a word."""
    store.later(_N.update(NO_MAIL | {"state": "ignored"}).where(_N.id.in_([row.id for row in rows] or [""])))
    unplaced(store, rows)


def unplaced(store: Store, rows: list[t.Incoming]) -> None:
    """The bytes of these mails are not needed off all conversations any more, except by another mail there."""
    gone = {sha256 for row in rows for sha256 in row.blobs}
    others = _N.select(_N.blob, _N.copies, _N.attachments).where(
        _N.interaction.is_null(), _N.id.not_in([row.id for row in rows] or [""])
    )
    drop_uses(store, gone - {sha256 for row in others for sha256 in row.blobs} if gone else (), 0)


def drop_uses(store: Store, blobs: Iterable[str], interaction: int) -> None:
    """This conversation (0: none) needs these bytes no longer; those that no other needs are gone."""
    named = sorted(blobs)
    if not named:
        return
    use = t.BlobUse
    store.later(use.delete().where(use.blob.in_(named), use.interaction == interaction))
    elsewhere = use.select(use.blob).where(use.blob.in_(named))
    store.later(t.Blob.delete().where(t.Blob.sha256.in_(named), t.Blob.sha256.not_in(elsewhere)))


def erase_letters(store: Store, words: Iterable[str]) -> None:
    """Dead letters in which one of these words stands."""
    sought = [word.lower().encode() for word in words]
    named = [row.id for row in t.DeadLetter.select() if any(word in bytes(row.body).lower() for word in sought)]
    store.later(t.DeadLetter.delete().where(t.DeadLetter.id.in_(named or [""])))


def erase_captured(store: Store, keys: list[str]) -> None:
    """What the built-in sink holds of mail to these addresses."""
    store.later(t.Captured.delete().where(pw.fn.LOWER(t.Captured.envelope_to).in_(keys or [""])))


def erase_record(store: Store, customer: t.Customer, now: datetime) -> None:
    """Who somebody is; the row stays, because conversations name it."""
    store.later(t.CustomerAddress.delete().where(t.CustomerAddress.customer == customer.id))
    store.change(
        customer, name=ERASED, search="", sort_key=t.sort_key(ERASED), account="", phone="", guest_key=None, language="",
        time_zone="", erased_at=now,
    )  # fmt: skip


def _old_mails(store: Store, before: datetime, now: datetime) -> int:
    old = _N.select().where(_N.interaction.is_null(), _N.received_at <= before, _N.blob != "")
    rows = list(store.locked(old.order_by(_N.id).limit(BATCH)))
    erase_mails(store, rows)
    return len(rows)


def _old_letters(store: Store, before: datetime, now: datetime) -> int:
    return int(t.DeadLetter.delete().where(t.DeadLetter.died_at <= before).execute())


def _old_captured(store: Store, before: datetime, now: datetime) -> int:
    return int(t.Captured.delete().where(t.Captured.captured_at <= before).execute())


def _old_commands(store: Store, before: datetime, now: datetime) -> int:
    """Those on a conversation go with it. Of the others a refused one keeps its words, and one about an address names it."""
    mark = store.get(t.Meta, name=_MARK)
    rows = _C.select(_C.id, _C.decided_at).where(_C.id > (int(mark.value) if mark else 0)).order_by(_C.id).limit(BATCH)
    old = [row.id for row in takewhile(lambda row: row.decided_at is not None and row.decided_at <= before, rows)]
    if old:
        telling = (_C.state != "done") | _C.touches.startswith("address:")
        erase_commands(store, _C.id.between(old[0], old[-1]) & _C.interaction.is_null() & telling)
        kept = t.Meta.insert(name=_MARK, value=str(old[-1]))
        store.later(kept.on_conflict(conflict_target=[t.Meta.name], preserve=[t.Meta.value]))
    return len(old)


def _old_bytes(store: Store, before: datetime, now: datetime) -> int:
    """Uploads no draft refers to. None while a command of that time is undecided, which may be about to."""
    if _C.select(_C.id).where(pw.SQL("state = 'accepted'"), _C.accepted_at <= before).exists():
        return 0
    blob, used = t.Blob, t.BlobUse.select(t.BlobUse.blob)
    unused = [row.sha256 for row in blob.select(blob.sha256).where(blob.sha256.not_in(used)).limit(20 * BATCH)]
    return int(blob.delete().where(blob.sha256.in_(unused or [""]), blob.created_at <= before).execute())


def _old_guests(store: Store, before: datetime, now: datetime) -> int:
    """Whom we know by an address alone goes with the last conversation; records of other systems are theirs to erase."""
    guests = t.Customer.select(t.Customer.id).where(
        t.Customer.guest_key.is_null(False), t.Customer.created_at <= before,
        ~pw.fn.EXISTS(_kept_words(t.Customer.id)),
    )  # fmt: skip
    found = [row.id for row in guests.order_by(t.Customer.id).limit(BATCH)]
    held = [store.lock(t.Customer, guest) for guest in found]
    gone = [row for row in held if row is not None and row.guest_key and not _kept_words(row.id).exists()]
    for row in gone:
        erase_record(store, row, now)
    return len(gone)


def _kept_words(customer: Any) -> pw.ModelSelect[t.Interaction]:
    return t.Interaction.select(t.Interaction.id).where(
        t.Interaction.customer == customer, t.Interaction.erased_at.is_null()
    )
