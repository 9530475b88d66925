"""Nobody's customers wait for who is away: an absent or deactivated agent's open work goes to the queue, a batch at a time.

Refuses to touch a draft (R8), and to take anything back when the agent returns.
"""

from __future__ import annotations

from typing import Any

from models import commands as c
from models import tables as t
from models.errors import Rejected, Unknown
from models.lifecycle import OPEN
from models.rights import OPERATORS
from models.store import accepted_values
from models.wakes import command_wake
from workers.turn import SYSTEM, Turn

QUEUE = "unassigned"
BATCH = 100  # interactions that change hands in one transaction


def set_presence(turn: Turn, body: c.SetPresence) -> dict[str, Any]:
    """One's own; another's is a manager's business."""
    agent = _agent(turn, body.principal or turn.actor.id)
    if agent.id != turn.actor.id and turn.actor.role not in OPERATORS:
        raise Rejected("forbidden", f"Only {agent.id!r} or a manager may say so.", field="body.principal")
    turn.world.store.change(agent, absent=body.absent)
    return {"principal": agent.id, "absent": body.absent, "release": release(turn, agent.id) if body.absent else None}


def deactivate_agent(turn: Turn, body: c.DeactivateAgent) -> dict[str, Any]:
    """From the next command on the agent is refused at every door; ``upsert_principal`` brings it back."""
    agent = _agent(turn, body.principal)
    if agent.id == turn.actor.id:
        raise Rejected("forbidden", "Nobody deactivates themselves; ask another.", field="body.principal")
    if agent.role in OPERATORS and turn.actor.role != "admin":
        raise Rejected("forbidden", f"Only an admin deactivates a {agent.role}.", field="body.principal")
    turn.world.store.change(agent, active=False)
    return {"principal": agent.id, "active": False, "release": release(turn, agent.id)}


def release(turn: Turn, agent: str) -> str:
    """Promise that this agent's open work goes to the queue: a command of the house's own; answers its id."""
    wish = c.command("release_work", turn.world.ids.new("rw"), principal=agent)
    row = t.Command(**accepted_values(wish, wish.digest(), SYSTEM.id, "house", turn.now))
    turn.wake(command_wake(turn.world.store.number(row), wish.type))
    return wish.id


def release_work(turn: Turn, body: c.ReleaseWork) -> dict[str, Any]:
    """One batch, and the promise of the next one; ends when nothing is left, or when the agent is back."""
    agent = _agent(turn, body.principal)
    if _here(agent):
        raise Rejected("present", f"{agent.id!r} is here; what is theirs stays theirs.", field="body.principal")
    own = t.Interaction.select(t.Interaction.id).where(
        t.Interaction.owner == agent.id, t.Interaction.state.in_([state.value for state in OPEN])
    )
    found = [row.id for row in own.order_by(t.Interaction.id).limit(BATCH)]
    held = [turn.hold(interaction) for interaction in found]
    left = [row for row in held if row.owner == agent.id and row.state in OPEN]
    for row in left:
        to_queue(turn, row, agent)
    return {"principal": agent.id, "moved": len(left), "next": release(turn, agent.id) if len(found) == BATCH else None}


def to_queue(turn: Turn, interaction: t.Interaction, former: t.Principal) -> None:
    """Nobody's now; the former owner is told."""
    why = f"{former.id} is {'away' if former.active else 'deactivated'}: open work goes to the queue"
    turn.record(
        interaction, "transferred", why, {"from": former.id, "to": QUEUE, "notify": [former.id]},
        owner=None, owner_draft=None, queue=QUEUE,
    )  # fmt: skip


def owner_here(turn: Turn, interaction: t.Interaction) -> None:
    """What the customer does now is not left lying with an owner who is away."""
    owner = t.Principal.get_or_none(t.Principal.id == interaction.owner) if interaction.owner else None
    if owner is not None and not _here(owner):
        to_queue(turn, interaction, owner)


def present(name: str | None) -> str | None:
    """The same name, or None where nobody answers to it now."""
    row = t.Principal.get_or_none(t.Principal.id == name) if name else None
    return name if row is not None and _here(row) else None


def _here(row: t.Principal) -> bool:
    return bool(row.active and not row.absent)


def _agent(turn: Turn, name: str) -> t.Principal:
    row = turn.world.store.lock(t.Principal, name)
    if row is None:
        raise Unknown(f"principal:{name}", f"There is no principal {name!r}.")
    return row
