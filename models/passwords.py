"""Passwords of people: kept as Argon2id hashes, compared in equal time for names that are known and names that are not."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models import tables as t
from models.errors import Rejected
from models.principals import Identity
from models.store import Store

SHORTEST, LONGEST = 8, 200
SESSION_KEY = "session_key"
_HASHER = PasswordHasher()
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRvZm5vYm9keQ$Zm9yIG5hbWVzIHRoYXQgYXJlIG5vdCBrbm93biBhdCBhbGw"


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody who proved a password; ``changed`` ends older sessions when the password is set anew."""

    identity: Identity
    changed: str


def set_password(store: Store, principal: str, password: str, now: datetime) -> None:
    """Raises `Rejected` ``not_found`` or ``weak_password``; opens its own transaction."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Rejected("weak_password", f"A password has {SHORTEST} to {LONGEST} characters.", field="password")
    values = {"principal": principal, "hash": _HASHER.hash(password), "changed_at": now}
    with store.transaction():
        if t.Principal.get_or_none(t.Principal.id == principal) is None:
            raise Rejected("not_found", f"There is no principal {principal!r}; create it first.", field="principal")
        fresh = {"hash": values["hash"], "changed_at": now}
        kept = t.Password.insert(values).on_conflict(conflict_target=[t.Password.principal], update=fresh)
        store.later(kept)


def check_password(principal: str, password: str) -> Seated | None:
    """Who this is; None for a wrong password, an unknown name and a deactivated principal alike."""
    row = t.Password.get_or_none(t.Password.principal == principal)
    try:
        _HASHER.verify(row.hash if row is not None else _NOBODY, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return None
    return seated(principal) if row is not None else None


def seated(principal: str) -> Seated | None:
    """The holder of a session as the rows see them now; None where the session must end."""
    row = t.Password.get_or_none(t.Password.principal == principal)
    who = t.Principal.get_or_none(t.Principal.id == principal)
    if row is None or who is None or not who.active:
        return None
    return Seated(Identity(who.id, who.role, who.name, "session", None), row.changed_at.isoformat())


def session_key(store: Store) -> str:
    """The secret that signs sessions: made once for a database, shared by all its doors."""
    with store.transaction():
        store.later(t.Meta.insert(name=SESSION_KEY, value=secrets.token_hex(32)).on_conflict_ignore())
    return str(t.Meta.get_by_id(SESSION_KEY).value)
