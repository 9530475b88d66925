"""Who works here, and which queues there are: for choosing a new owner, and for showing names instead of ids."""

from __future__ import annotations

from typing import Any

import peewee as pw

from models import tables as t
from models.lifecycle import OPEN
from models.rights import AGENTS

_P = t.Principal


def names() -> dict[str, str]:
    """Every principal's name by id."""
    return {row.id: row.name or row.id for row in _P.select(_P.id, _P.name)}


def agents() -> list[t.Principal]:
    """Those who may own an interaction, by name."""
    return list(_P.select().where(_P.active, _P.role.in_(sorted(AGENTS))).order_by(_P.name, _P.id))


def is_absent(principal: str) -> bool:
    return bool(_P.select().where(_P.id == principal, _P.absent).exists())


def team() -> list[t.Principal]:
    """Everybody who works or worked here, those who do first, by name."""
    return list(_P.select().where(_P.role.in_(sorted(AGENTS))).order_by(_P.active.desc(), _P.name, _P.id))


def loads() -> dict[str, int]:
    """How many open interactions each of them owns."""
    at = t.Interaction
    is_open = pw.NodeList((at.state, pw.SQL(t.among(OPEN))))
    counted: Any = at.select(at.owner, pw.fn.COUNT(at.id)).where(is_open, at.owner.is_null(False)).group_by(at.owner)
    return {str(owner): int(count) for owner, count in counted.tuples()}


def queues() -> list[tuple[str, int]]:
    """The queues in which something waits, with how much."""
    at = t.Interaction
    counted = pw.fn.COUNT(at.id)
    is_open = pw.NodeList((at.state, pw.SQL(t.among(OPEN))))
    query = at.select(at.queue, counted).where(at.owner.is_null(), at.queue.is_null(False), is_open)
    found: Any = query.group_by(at.queue).order_by(at.queue).tuples()
    return [(str(queue), int(count)) for queue, count in found]


def signature(principal: str) -> str:
    """What stands below an agent's letters, with the mark mail programs know it by; empty for none (R29)."""
    row = _P.get_or_none(_P.id == principal)
    own = (row.signature if row else "").strip("\n")
    return own if not own or own.startswith("-- \n") else f"-- \n{own}"
