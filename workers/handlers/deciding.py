"""THE FLOW of a command: receive, dedupe, load and lock, decide, save, commit, wake what follows; then the message is acked.

The row of a command is written in the transaction of its effects, so a repeat finds the answer and changes nothing (R33).
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

import peewee as pw

from models import commands
from models import tables as t
from models.database import AWAY
from models.errors import Malformed, Rejected, Unknown
from models.policy import publish_again_at
from models.rights import BUILT_IN, BUILT_IN_DOORS, Who, actor
from models.store import Store, accept, accepted_values, find_command, same_command
from models.wakes import command_wake
from workers.handlers.erasing import is_erased
from workers.handlers.index import HANDLERS
from workers.handlers.outcome import Refusal
from workers.turn import SYSTEM, Cause, Turn
from workers.world import World

_log = logging.getLogger(__name__)


def receive(world: World, raw: bytes, amqp_user: str | None, redelivered: bool) -> None:
    """Decide a plain JSON command from the broker. Malformed ones become dead letters (R37)."""
    try:
        command = commands.parse(raw)
    except Malformed as error:
        return bury(world, "commands", raw, f"{error.code}: {error.sentence}", amqp_user)
    principal, agent = _senders(world.store, amqp_user, command.agent)
    name = principal.id if principal else f"amqp:{amqp_user or 'anonymous'}"
    try:
        if redelivered:
            # A repeat may mean that its last handler died of it: count the attempt, committed, before trying again.
            return _keep_then_resume(world, command, name)
        _receive_fresh(world, command, principal, agent, name)
    except _IdReused as reused:
        # The id's row belongs to the other content, so there is no row to answer on: keep the words where people look.
        bury(world, "commands", raw, f"id_reused: {reused}", amqp_user, principal.id if principal else None)
    return None


def _receive_fresh(
    world: World, command: commands.Command, principal: Who | None, agent: Who | None, name: str
) -> None:
    try:
        _decide_fresh(world, command, principal, agent, name)
    except (_IdReused, *AWAY):
        raise
    except Unknown as missing:
        _wait(world, _keep(world, command, name), missing)
    except Rejected as rejection:
        reject(world, _keep(world, command, name), rejection)
    except Exception as failure:
        _failed(world, _keep(world, command, name), failure)


def resume(world: World, row_id: int, redelivered: bool = False) -> None:
    """Decide a command that was accepted before; does nothing when it is decided already."""
    if redelivered and not _count_attempt(world, row_id):
        return
    try:
        _decide_kept(world, row_id)
    except AWAY:
        raise
    except Exception as failure:
        _undecided(world, row_id, failure)


def _undecided(world: World, row_id: int, failure: Exception) -> None:
    row = world.store.get(t.Command, id=row_id)
    if row is None or row.state != "accepted":
        return
    if isinstance(failure, Unknown):
        _wait(world, row, failure)
    elif isinstance(failure, Rejected):
        reject(world, row, failure)
    else:
        _failed(world, row, failure)


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


def _decide_fresh(world: World, command: commands.Command, principal: Who | None, agent: Who | None, name: str) -> None:
    """Effects and command row in one transaction; a row that is there already wins over everything done here."""
    now, store, digest = world.clock.now(), world.store, command.digest()
    try:
        with store.transaction():
            who = actor(command.type, principal, command.agent, agent)
            turn, result = _turn(world, command, who, name, now, now)
            values = accepted_values(command, digest, name, "amqp", now) | _decision(turn, result, now)
            store.add(t.Command(**values))  # no bell: doors wait only for what they accepted themselves
    except pw.IntegrityError:
        row = find_command(name, command.id)
        if row is None:
            raise  # not a repeat: a constraint of ours was hit, which is a bug to be seen
        _same(row, digest)
        if row.state == "accepted":
            resume(world, row.id)
        return
    turn.leave_wakes()


def _decide_kept(world: World, row_id: int) -> None:
    store = world.store
    with store.transaction():
        row = store.lock(t.Command, row_id)
        if row is None or row.state != "accepted":
            return
        command = commands.parse(row.wire or "")
        now = world.clock.now()
        principal, agent = _known(store, row.principal, row.door, command.agent)
        who = actor(command.type, principal, command.agent, agent)
        turn, result = _turn(world, command, who, row.principal, now, row.accepted_at)
        store.change(row, **_decision(turn, result, now))
        store.announce_decision(row.principal, row.command_id)
    turn.leave_wakes()


def _turn(
    world: World, command: commands.Command, who: Who, name: str, now: datetime, at: datetime
) -> tuple[Turn, dict[str, Any] | Refusal]:
    turn = Turn(world, Cause("command", f"{name}/{command.id}"), who, now, at, name)
    return turn, HANDLERS[command.type](turn, command.body)


def _decision(turn: Turn, result: dict[str, Any] | Refusal, now: datetime) -> dict[str, Any]:
    through = turn.end()
    interaction = next(iter(turn.touched), None)
    decided: dict[str, Any] = {
        "decided_at": now, "publish_at": None, "waits_on": None, "interaction": interaction, "through": through,
    }  # fmt: skip
    if isinstance(result, Refusal):
        return decided | _refused(result.rejection) | {"result": result.rejection.as_result()}
    # The words of a done command live on in revisions, notes and mails; two copies would be two places to erase (R39).
    return decided | {"state": "done", "result": result, "wire": None}


def _refused(rejection: Rejected) -> dict[str, Any]:
    return {"state": "rejected", "code": rejection.code, "sentence": rejection.sentence}


class _IdReused(Exception):
    """R33: the same id, other content."""


def _same(row: t.Command, digest: str) -> None:
    try:
        same_command(row, digest)
    except Rejected as rejection:
        raise _IdReused(rejection.sentence) from None


def _keep(world: World, command: commands.Command, name: str) -> t.Command:
    try:
        with world.store.transaction():
            return accept(world.store, command, name, "amqp", world.clock.now())
    except Rejected as rejection:
        raise _IdReused(rejection.sentence) from None


def _keep_then_resume(world: World, command: commands.Command, name: str) -> None:
    row = _keep(world, command, name)
    if row.state == "accepted" and _count_attempt(world, row.id):
        resume(world, row.id)


def _count_attempt(world: World, row_id: int) -> bool:
    """Whether the command still has an attempt left; the count is committed before the attempt begins (R37)."""
    limit = world.settings.command_attempts
    with world.store.transaction():
        row = world.store.lock(t.Command, row_id)
        if row is None or row.state != "accepted":
            return False
        world.store.change(row, attempts=row.attempts + 1)
        if row.attempts > limit:
            _die(world, row, row.error or "its handler died each time")
            return False
    return True


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


def reject(world: World, row: t.Command, rejection: Rejected) -> None:
    now = world.clock.now()
    with world.store.transaction():
        fresh = world.store.lock(t.Command, row.id)
        if fresh is None or fresh.state != "accepted":
            return
        erased = {"wire": None} if is_erased(world.store, fresh.principal, fresh.touches) else {}
        world.store.change(
            fresh, decided_at=now, publish_at=None, waits_on=None, result=rejection.as_result(), **erased,
            **_refused(rejection),
        )  # fmt: skip
        world.store.announce_decision(fresh.principal, fresh.command_id)


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
            _die(world, fresh, error)


def _die(world: World, row: t.Command, error: str) -> None:
    sentence = f"Given up after {row.attempts} attempts: {error}"
    world.store.change(
        row,
        state="dead",
        code="gave_up",
        sentence=sentence,
        decided_at=world.clock.now(),
        publish_at=None,
        waits_on=None,
    )
    world.store.announce_decision(row.principal, row.command_id)


def _senders(store: Store, amqp_user: str | None, agent: str | None) -> tuple[Who | None, Who | None]:
    """Whom the broker vouches for, and the agent the command names, in one question."""
    found = store.any(t.Principal, ("amqp_user", amqp_user), ("id", agent))
    by_user = next((row for row in found if amqp_user is not None and row.amqp_user == amqp_user), None)
    return _who(by_user), _who(next((row for row in found if row.id == agent), None))


def _known(store: Store, name: str, door: str, agent: str | None) -> tuple[Who | None, Who | None]:
    """The principal that was accepted at this door, and the agent the command names."""
    rows = {row.id: row for row in store.any(t.Principal, ("id", name), ("id", agent))}
    built_in = BUILT_IN.get(name) if door in BUILT_IN_DOORS else None
    return built_in or _who(rows.get(name)), _who(rows.get(agent or ""))


def _who(row: t.Principal | None) -> Who | None:
    return Who(row.id, row.role, row.active) if row else None


def system_turn(world: World, cause: Cause) -> Turn:
    """A turn nobody asked for: a clock, a delivery."""
    now = world.clock.now()
    return Turn(world, cause, SYSTEM, now, now)
