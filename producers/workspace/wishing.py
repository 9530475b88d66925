"""A click becomes a command, through the very door of the API; what was decided comes back. Decides nothing itself (R35)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from models.commands import command
from producers.workspace.desk import Declined, Visit, result_of

PATIENCE_SECONDS = 12.0


async def wish(visit: Visit, type_name: str, **body: Any) -> dict[str, Any]:
    """The command's result. Raises `Declined`, also where no worker decided in time: it is kept and will be decided."""
    asked = command(type_name, _id(visit, type_name, body), **body)
    door = visit.door
    with door.decisions.expecting(visit.identity.id, asked.id) as expected:
        row = await door.accept(asked, visit.identity.id)
        if row.state == "accepted":
            decided = await door.decisions.wait(expected, row.id, PATIENCE_SECONDS)
            if decided is None:
                raise Declined(
                    "kept", "Your wish is kept and will be carried out; the workers are behind at the moment."
                )
            row = decided
    if row.state != "done":
        raise Declined(row.code or "gave_up", row.sentence or "It failed each time; the log says why.", result_of(row))
    return result_of(row)


async def wish_later(visit: Visit, type_name: str, **body: Any) -> None:
    """The same for what no page waits for: it is kept, and decided soon."""
    await visit.door.accept(command(type_name, _id(visit, type_name, body), **body), visit.identity.id)


def _id(visit: Visit, type_name: str, body: dict[str, Any]) -> str:
    """The same form sent twice is the same command (R33); the same page with other words is another one."""
    once = visit.given("once") or visit.deps.ids.new("once")
    kept = "".join(c for c in once if c.isalnum() or c in "_-")[:60]
    digest = hashlib.sha256(json.dumps([type_name, body], sort_keys=True, default=str).encode()).hexdigest()
    return f"ws-{kept}-{digest[:16]}"
