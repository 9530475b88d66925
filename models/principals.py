"""Bearer tokens: made, shown once, looked up by digest, revoked. Refuses to store a token itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models import tables as t
from models.errors import Rejected
from models.ids import Ids
from models.store import Store
from models.tokens import bearer_digest

PREFIX = "pr_"
LENGTH = len(PREFIX) + 32


@dataclass(frozen=True, slots=True)
class Made:
    """A fresh token: ``token`` is shown this once and never again; ``id`` names it for revocation."""

    id: str
    token: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a token speaks for, and until when."""

    id: str
    role: str
    name: str
    token: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rows say of a token: an identity, or the sentence that says why not."""

    identity: Identity | None
    trouble: str | None = None


def make_token(store: Store, ids: Ids, principal: str, now: datetime, expires_at: datetime | None = None) -> Made:
    """A new token for an existing principal. Raises `Rejected` ``not_found``; opens its own transaction."""
    token = PREFIX + "".join(ids.new("pr").removeprefix(PREFIX) for _ in range(2))
    row = t.BearerToken(
        id=ids.new("tk"), digest=bearer_digest(token), principal=principal, created_at=now, expires_at=expires_at
    )
    with store.transaction():
        if t.Principal.get_or_none(t.Principal.id == principal) is None:
            raise Rejected("not_found", f"There is no principal {principal!r}; create it first.", field="principal")
        store.add(row)
    return Made(row.id, token)


def revoke_token(store: Store, token_id: str, now: datetime) -> bool:
    """Refused from now on (doors that remember it notice within seconds); False if it already was, or is unknown."""
    row = t.BearerToken
    with store.transaction():
        changed = row.update(revoked_at=now).where(row.id == token_id, row.revoked_at.is_null()).execute()
    return bool(changed)


def standing(token: str, now: datetime) -> Standing:
    """Whom the token names, or why it is refused: forged, revoked, expired, or its principal deactivated."""
    if len(token) != LENGTH or not token.startswith(PREFIX):
        return Standing(None, "That is no token of this product: it starts with pr_ and has 35 characters.")
    row = t.BearerToken.get_or_none(t.BearerToken.digest == bearer_digest(token))
    if row is None:
        return Standing(None, "The token is unknown.")
    if row.revoked_at is not None:
        return Standing(None, "The token was revoked.")
    return _of_principal(row, now)


def expired(identity: Identity, now: datetime) -> bool:
    return identity.expires_at is not None and identity.expires_at <= now


def _of_principal(row: t.BearerToken, now: datetime) -> Standing:
    principal = t.Principal.get_or_none(t.Principal.id == row.principal)
    if principal is None or not principal.active:
        return Standing(None, "The principal of the token is deactivated.")
    found = Identity(principal.id, principal.role, principal.name, row.id, row.expires_at)
    return Standing(None, "The token has expired.") if expired(found, now) else Standing(found)
