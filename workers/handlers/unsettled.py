"""What becomes of a command that could not be decided: it waits, is refused, is tried again, or is given up (R36, R37).

Refuses to touch a command that was decided meanwhile. A message that is no command at all is buried.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from models import tables as t
from models.errors import Rejected, Unknown
from models.policy import publish_again_at
from models.store import give_up
from models.wakes import command_wake
from workers.handlers.erasing import is_erased
from workers.world import World

_log = logging.getLogger(__name__)


def leave(world: World, row: t.Command, failure: Exception) -> None:
    """By what went wrong: wait for the record that is missing, answer the rejection, or count the failure."""
    if isinstance(failure, Unknown):
        _wait(world, row, failure)
    elif isinstance(failure, Rejected):
        reject(world, row, failure)
    else:
        _failed(world, row, failure)


def reject(world: World, row: t.Command, rejection: Rejected) -> None:
    """The answer that nothing was done; without effect where the command was decided meanwhile."""
    now = world.clock.now()
    with world.store.transaction():
        fresh = world.store.lock(t.Command, row.id)
        if fresh is None or fresh.state != "accepted":
            return
        erased = {"wire": None} if is_erased(world.store, fresh.principal, fresh.touches) else {}
        world.store.change(
            fresh, decided_at=now, publish_at=None, waits_on=None, result=rejection.as_result(), **erased,
            **refused(rejection),
        )  # fmt: skip
        world.store.announce_decision(fresh.principal, fresh.command_id)


def refused(rejection: Rejected) -> dict[str, Any]:
    """A rejection as the columns of a command's row."""
    return {"state": "rejected", "code": rejection.code, "sentence": rejection.sentence}


def count_attempt(world: World, row_id: int) -> bool:
    """Whether the command still has an attempt left; the count is committed before the attempt begins (R37)."""
    limit = world.settings.command_attempts
    with world.store.transaction():
        row = world.store.lock(t.Command, row_id)
        if row is None or row.state != "accepted":
            return False
        world.store.change(row, attempts=row.attempts + 1)
        if row.attempts > limit:
            give_up(world.store, row, row.error or "its handler died each time", world.clock.now())
            return False
    return True


def bury(
    world: World, queue: str, body: bytes, reason: str, amqp_user: str | None, principal: str | None = None
) -> None:
    """Keep a message nobody can take, for an operator to read, replay or drop (R37)."""
    with world.store.transaction():
        world.store.add(
            t.DeadLetter(
                id=world.ids.new("dead"),
                queue=queue,
                principal=principal,
                amqp_user=amqp_user,
                body=body,
                reason=reason,
                died_at=world.clock.now(),
            )
        )
    _log.warning("dead letter from %s of %s: %s", queue, principal or amqp_user or "nobody known", reason)


def _wait(world: World, row: t.Command, missing: Unknown) -> None:
    """A record not known yet may be on its way: look again in a second, for a bounded time (R36)."""
    now = world.clock.now()
    if row.state != "accepted":
        return
    if now >= row.accepted_at + world.settings.unknown_wait:
        return reject(world, row, Rejected("not_found", missing.sentence))
    again = now + timedelta(seconds=1)
    with world.store.transaction():
        query = t.Command.update(waits_on=missing.key, publish_at=again)
        world.store.later(query.where(t.Command.id == row.id, t.Command.state == "accepted"))
    world.alarm.wake(command_wake(row.id, row.type), again)
    return None


def _failed(world: World, row: t.Command, failure: Exception) -> None:
    """A bug or an impossible row: keep the error, try again later, and give up after a bounded number (R37)."""
    _log.error("command %s/%s (%s) failed", row.principal, row.command_id, row.type, exc_info=failure)
    now = world.clock.now()
    with world.store.transaction():
        fresh = world.store.lock(t.Command, row.id)
        if fresh is None or fresh.state != "accepted":
            return
        error = f"{type(failure).__name__}: {failure}"[:2000]
        attempts = fresh.attempts + 1
        world.store.change(fresh, error=error, attempts=attempts, publish_at=publish_again_at(now, attempts))
        if fresh.attempts >= world.settings.command_attempts:
            give_up(world.store, fresh, error, now)
