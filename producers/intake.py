"""Takes in a raw mail, whichever door it came through: bytes and command are kept together before anything else happens."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime

from models import tables as t
from models import tokens
from models.commands import Command, command
from models.errors import Malformed, Rejected
from models.store import Store, accept, find_command, keep_blob

MEDIA_TYPE = "message/rfc822"
_HEAD_READ = 64_000
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
PRINCIPAL = "mailroom"  # whoever brings mail from outside without a name of his own


def take_in(
    store: Store, raw: bytes, envelope_from: str, envelope_to: Sequence[str], principal: str, door: str, now: datetime
) -> list[t.Command]:
    """One `receive_mail` per envelope recipient, in one transaction; the same mail again is the same commands.

    Raises `Malformed` for an envelope address no command can carry.
    """
    with store.transaction():
        return keep(store, raw, envelope_from, envelope_to, principal, door, now)


def keep(
    store: Store, raw: bytes, envelope_from: str, envelope_to: Sequence[str], principal: str, door: str, now: datetime
) -> list[t.Command]:
    """The same inside a transaction of the caller, for a door with something of its own to remember along with it."""
    digest = hashlib.sha256(raw).hexdigest()
    wishes = [_wish(digest, envelope_from, address) for address in dict.fromkeys(envelope_to)]
    keep_blob(store, digest, raw, MEDIA_TYPE, now)
    touches = tokens.hint(_head(raw))
    return [_kept(store, wish, principal, door, now, touches) for wish in wishes]


def can_carry(envelope_from: str, address: str) -> bool:
    """Whether a command can carry these addresses."""
    try:
        (envelope_from + address).encode()
        _wish("0" * 64, envelope_from, address)
    except (UnicodeEncodeError, Malformed):
        return False
    return True


def _wish(digest: str, envelope_from: str, envelope_to: str) -> Command:
    named = hashlib.sha256(f"{digest}\n{envelope_to}".encode()).hexdigest()
    return command(
        "receive_mail", f"in-{named[:40]}", blob=digest, envelope_from=envelope_from, envelope_to=envelope_to
    )


def _head(raw: bytes) -> str:
    """Where the mail says what it answers: clocks of that conversation wait until it is decided (R25)."""
    return _BLANK_LINE.split(raw[:_HEAD_READ], maxsplit=1)[0].decode("latin-1")


def _kept(store: Store, wish: Command, principal: str, door: str, now: datetime, touches: str | None) -> t.Command:
    """The same bytes to the same recipient through another relay are still the mail that is here already."""
    try:
        return accept(store, wish, principal, door, now, touches)
    except Rejected:
        known = find_command(principal, wish.id)
        if known is None:
            raise
        return known
