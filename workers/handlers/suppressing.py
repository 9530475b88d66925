"""Addresses that are not mailed (R11, R20): suppressed with reason, source and expiry, and lifted again by a person.

Refuses to let a bounce or a complaint shorten what was suppressed for longer.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models import addresses
from models import commands as c
from models import tables as t
from models.errors import Rejected
from models.suppressions import outlasts
from workers.turn import Turn

_S = t.Suppression


def suppress_address(turn: Turn, body: c.SuppressAddress) -> dict[str, Any]:
    """A person's word replaces what was there in this scope."""
    key = addresses.key(body.address)
    _keep(turn, key, body.scope, body.reason, turn.actor.id, body.expires_at)
    return {"address": key, "scope": body.scope}


def suppress(
    turn: Turn, key: str, scope: str, reason: str, source: str, expires_at: datetime | None = None
) -> None:  # fmt: skip
    """No mail of this scope to this address from the next look on; what holds for longer stays."""
    known = turn.world.store.get(_S, address_key=key, scope=scope)
    if known is None or not outlasts(known, expires_at, turn.now):
        _keep(turn, key, scope, reason, source, expires_at)


def suppress_reminders(turn: Turn, key: str, reason: str, source: str) -> None:
    """The person wants no reminders any more: for good, until somebody lifts it."""
    suppress(turn, key, "reminders", reason, source)


def lift_suppression(turn: Turn, body: c.LiftSuppression) -> dict[str, Any]:
    """Mail is allowed again, and the flag of a bounce goes with it."""
    key, store = addresses.key(body.address), turn.world.store
    found = [row.scope for row in store.all(_S, address_key=key) if body.scope in (None, row.scope)]
    if not found:
        scope = f" for {body.scope}" if body.scope else ""
        raise Rejected("not_suppressed", f"{body.address!r} is not suppressed{scope}.", field="body.address")
    store.later(_S.delete().where(_S.address_key == key, _S.scope.in_(found)))
    if "all" in found:
        store.later(t.CustomerAddress.update(flagged=None).where(t.CustomerAddress.key == key))
    return {"address": key, "lifted": sorted(found)}


def _keep(turn: Turn, key: str, scope: str, reason: str, source: str, expires_at: datetime | None) -> None:
    query = _S.insert(
        address_key=key, scope=scope, reason=reason, source=source, created_at=turn.now, expires_at=expires_at
    )
    changed = [_S.reason, _S.source, _S.created_at, _S.expires_at]
    turn.world.store.later(query.on_conflict(conflict_target=[_S.address_key, _S.scope], preserve=changed))
