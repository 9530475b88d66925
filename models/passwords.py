"""Who may sit at the workspace: passwords kept as Argon2id hashes and compared in equal time whether a name is known or not,
names vouched for by a provider, and sessions that were ended."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

import peewee as pw
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models import tables as t
from models.errors import Rejected
from models.principals import Identity
from models.store import Store
from models.tokens import bearer_digest

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
    """Somebody active, as the rows see them now; None where nobody of this name may sit here any more."""
    who = t.Principal.get_or_none(t.Principal.id == principal)
    if who is None or not who.active:
        return None
    row = t.Password.get_or_none(t.Password.principal == principal)
    identity = Identity(who.id, who.role, who.name, "session", None)
    return Seated(identity, row.changed_at.isoformat() if row is not None else "")


def known_as(name: str, by_address: bool) -> Seated | None:
    """Who is called so by somebody trusted; None where that is nobody, or more than one."""
    who = t.Principal
    same = pw.fn.LOWER(who.address) == name.lower() if by_address else who.id == name
    found = [row.id for row in who.select(who.id).where(same, who.active).limit(2)]
    return seated(found[0]) if len(found) == 1 else None


def end_session(store: Store, secret: str, now: datetime, until: datetime) -> None:
    """From now on a copy of its cookie opens nothing; forgets those that would have run out by themselves."""
    ended = t.EndedSession
    with store.transaction():
        store.later(ended.delete().where(ended.until_at < now))
        store.later(ended.insert(digest=bearer_digest(secret), until_at=until).on_conflict_ignore())


def has_ended(secret: str) -> bool:
    return bool(t.EndedSession.get_or_none(t.EndedSession.digest == bearer_digest(secret)))


def session_key(store: Store) -> str:
    """The secret that signs sessions: made once for a database, shared by all its doors."""
    with store.transaction():
        store.later(t.Meta.insert(name=SESSION_KEY, value=secrets.token_hex(32)).on_conflict_ignore())
    return str(t.Meta.get_by_id(SESSION_KEY).value)
