"""Around the conversation (R29): read, note, transfer, skip a reminder. None of these touches a written word."""

from __future__ import annotations

from typing import Any

from models import clocks
from models import commands as c
from models import tables as t
from models.errors import Rejected, Unknown
from models.lifecycle import Happening
from models.policy import ClockKind, running
from models.rights import AGENTS
from workers.handlers.records import held_interaction
from workers.turn import Turn


def mark_read(turn: Turn, body: c.MarkRead) -> dict[str, Any]:
    """The counter of Ongoing goes to zero (R18); only for the owner, since a colleague's look is not the owner's."""
    interaction = held_interaction(turn, body.interaction)
    state = turn.state_after(interaction, Happening.READ)
    if interaction.owner not in (None, turn.actor.id):
        raise Rejected("not_owner", f"{interaction.owner!r} owns it and has not read it yet.", owner=interaction.owner)
    if interaction.unread or interaction.attention:
        turn.record(interaction, "read", f"{turn.actor.id} opened it", state=state, unread=0, attention=None)
    return {"interaction": interaction.number}


def add_work_note(turn: Turn, body: c.AddWorkNote) -> dict[str, Any]:
    """A note for colleagues."""
    interaction = held_interaction(turn, body.interaction)
    turn.state_after(interaction, Happening.NOTE)
    note = t.Note(
        id=turn.world.ids.new("nt"),
        interaction=interaction.id,
        author=turn.actor.id,
        text=body.text,
        written_at=turn.now,
    )
    turn.world.store.add(note)
    turn.record(interaction, "note_added", f"{turn.actor.id} wrote a note", {"note": note.id})
    return {"interaction": interaction.number, "note": note.id}


def transfer(turn: Turn, body: c.Transfer) -> dict[str, Any]:
    """A new owner, or a queue; both sides are told and no draft changes hands (R8, R29)."""
    interaction = held_interaction(turn, body.interaction)
    turn.state_after(interaction, Happening.DRAFT_WORK)
    if body.to_agent is not None:
        _must_be_agent(body.to_agent)
    told = [name for name in (interaction.owner, body.to_agent) if name is not None]
    turn.record(
        interaction, "transferred", f"{turn.actor.id} handed it to {body.to_agent or body.to_queue}",
        {"notify": told}, owner=body.to_agent, owner_draft=None, queue=body.to_queue,
    )  # fmt: skip
    return {"interaction": interaction.number, "owner": interaction.owner, "queue": interaction.queue}


def skip_reminder(turn: Turn, body: c.SkipReminder) -> dict[str, Any]:
    """The next reminder counts as done (R24)."""
    interaction = held_interaction(turn, body.interaction)
    turn.state_after(interaction, Happening.NOTE)
    if ClockKind.REMINDER not in running(clocks.facts_of(interaction), turn.world.settings):
        raise Rejected("no_reminder", "No reminder is waiting on this interaction.", field="body.interaction")
    step = interaction.reminders_done + 1
    turn.record(interaction, "reminder_skipped", f"{turn.actor.id} skipped it", {"step": step}, reminders_done=step)
    return {"interaction": interaction.number, "skipped": step}


def _must_be_agent(name: str) -> None:
    row = t.Principal.get_or_none(t.Principal.id == name)
    if row is None:
        raise Unknown(f"principal:{name}", f"There is no agent {name!r}.")
    if not row.active or row.role not in AGENTS:
        raise Rejected("unknown_agent", f"There is no active agent {name!r}.", field="body.to_agent")
    if row.absent:
        raise Rejected("absent", f"{name!r} is away; hand it to a queue.", field="body.to_agent")
