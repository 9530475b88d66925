"""Bearer tokens from the keyboard: made together with their principal if need be, shown once, listed by id, revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from cli.assembly import opened, world_of
from cli.errors import Failed
from cli.pages import instant, say, table
from cli.surroundings import Surroundings
from models import tables as t
from models.commands import command
from models.errors import Misconfigured
from models.principals import make_token, revoke_token
from models.settings import Settings
from models.store import Store

_INSTANTS = ("created_at", "expires_at", "revoked_at")


@dataclass(frozen=True, slots=True)
class Wish:
    """The principal as it shall be; without a role it must be there already."""

    role: str | None
    name: str | None
    amqp_user: str | None
    expires: datetime | None


def create(where: Surroundings, principal: str, wish: Wish, as_json: bool) -> None:
    """Prints the token; it cannot be read anywhere afterwards. Raises `Rejected`."""
    with opened(where.settings) as store:
        world = _world(where.settings, store)
        if wish.role is not None:
            _upsert(world, principal, wish)
        elif wish.name or wish.amqp_user:
            raise Misconfigured("--name and --amqp-user need --role: together they say who the principal is.")
        made = make_token(store, world.ids, principal, world.clock.now(), _utc(wish.expires))
    words = Text.assemble(f"token of {principal}, {made.id}; shown this once:\n", (made.token, "bold"))
    say({"id": made.id, "principal": principal, "token": made.token}, words, as_json, Console(soft_wrap=True))


def show(where: Surroundings, as_json: bool) -> None:
    with opened(where.settings):
        found = [_entry(row) for row in t.BearerToken.select().order_by(t.BearerToken.created_at, t.BearerToken.id)]
    heads = ("id", "principal", "created (UTC)", "expires (UTC)", "revoked (UTC)")
    lines = [[each["id"], each["principal"], *(instant(each[name]) for name in _INSTANTS)] for each in found]
    say(found, table("Tokens", heads, lines), as_json, Console())


def revoke(where: Surroundings, token_id: str) -> None:
    """Raises `Failed` where there is nothing to revoke."""
    with opened(where.settings) as store:
        changed = revoke_token(store, token_id, _world(where.settings, store).clock.now())
    if not changed:
        raise Failed(f"There is no token {token_id!r} in force; `postroom token list` shows them.")
    Console().print(f"{token_id} is refused from now on.")


def _upsert(world: Any, principal: str, wish: Wish) -> None:
    from cli.deciding import decide_here

    present = t.Principal.get_or_none(t.Principal.id == principal)
    same = ("name", "address", "signature", "active", "absent")
    kept = {field: getattr(present, field) for field in same} if present else {}
    given = {"role": wish.role, "name": wish.name or kept.get("name") or principal, "amqp_user": wish.amqp_user}
    if wish.amqp_user is None and present is not None:
        given["amqp_user"] = present.amqp_user
    body = {**kept, **given, "principal": principal}
    unique = world.ids.new("cm")
    decide_here(world, command("upsert_principal", unique, **body))


def _world(settings: Settings, store: Store) -> Any:
    from cli.deciding import Unheard

    return world_of(settings, store, Unheard())


def _entry(row: t.BearerToken) -> dict[str, Any]:
    instants = {name: _iso(getattr(row, name)) for name in _INSTANTS}
    return {"id": row.id, "principal": row.principal, **instants}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _utc(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at
