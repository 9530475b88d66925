"""THE FLOW of a command: receive, dedupe, load and lock, decide, save, commit, wake what follows; then the message is acked.

The row of a command is written in the transaction of its effects, so a repeat finds the answer and changes nothing (R33).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import peewee as pw

from models import commands
from models import tables as t
from models.database import AWAY
from models.errors import Malformed, Rejected
from models.rights import BUILT_IN, BUILT_IN_DOORS, Who, actor
from models.store import Store, accept, accepted_values, find_command, same_command
from workers.handlers.index import HANDLERS
from workers.handlers.outcome import Refusal
from workers.handlers.unsettled import bury, count_attempt, leave, refused
from workers.turn import Cause, Turn
from workers.world import World


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


def resume(world: World, row_id: int, redelivered: bool = False) -> None:
    """Decide a command that was accepted before; does nothing when it is decided already."""
    if redelivered and not count_attempt(world, row_id):
        return
    try:
        _decide_kept(world, row_id)
    except AWAY:
        raise
    except Exception as failure:
        row = world.store.get(t.Command, id=row_id)
        if row is not None and row.state == "accepted":
            leave(world, row, failure)


def _receive_fresh(
    world: World, command: commands.Command, principal: Who | None, agent: Who | None, name: str
) -> None:
    try:
        _decide_fresh(world, command, principal, agent, name)
    except (_IdReused, *AWAY):
        raise
    except Exception as failure:
        leave(world, _keep(world, command, name), failure)


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
        return decided | refused(result.rejection) | {"result": result.rejection.as_result()}
    # The words of a done command live on in revisions, notes and mails; two copies would be two places to erase (R39).
    return decided | {"state": "done", "result": result, "wire": None}


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
    if row.state == "accepted" and count_attempt(world, row.id):
        resume(world, row.id)


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
