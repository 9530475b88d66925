"""A draft is put away: its words stay readable, ownership goes back, and an interaction without any words closes (R5, R8, R25)."""

from __future__ import annotations

from typing import Any

from models import commands as c
from models import tables as t
from models.lifecycle import Happening, State
from workers.handlers.presence import QUEUE, present
from workers.handlers.records import held_draft, must_be_own, own_open_draft
from workers.turn import Turn


def discard_draft(turn: Turn, body: c.DiscardDraft) -> dict[str, Any]:
    """Ownership goes back, and an interaction without any draft or mail closes at once (R5, R25)."""
    draft, interaction = own_open_draft(turn, body.draft)
    turn.state_after(interaction, Happening.DRAFT_WORK)
    _discard(turn, draft, interaction, f"{turn.actor.id} discarded the draft")
    return {"interaction": interaction.number, "state": interaction.state}


def leave_draft(turn: Turn, body: c.LeaveDraft) -> dict[str, Any]:
    """Leaving a composer in which nothing was ever written leaves nothing behind (R25)."""
    draft, interaction = held_draft(turn, body.draft)
    must_be_own(turn, draft)
    if draft.written or draft.state != "open" or State(interaction.state).is_closed:
        return {"interaction": interaction.number, "discarded": False}
    turn.state_after(interaction, Happening.DRAFT_WORK)
    _discard(turn, draft, interaction, f"{turn.actor.id} left without having written anything")
    return {"interaction": interaction.number, "discarded": True}


def _discard(turn: Turn, draft: t.Draft, interaction: t.Interaction, why: str) -> None:
    left = _other_drafts(draft)
    turn.world.store.change(draft, state="discarded", touched_at=turn.now)
    turn.record(interaction, "draft_discarded", why, {"draft": draft.id}, **_ownership(draft, interaction, left))
    orphan = not left and interaction.first_accepted_at is None and interaction.received_at is None
    if orphan and interaction.state == State.WORK_IN_PROGRESS:
        turn.record(
            interaction, "closed", "its last draft was discarded and nothing was ever sent (R25)",
            state=turn.state_after(interaction, Happening.LAST_DRAFT_DISCARDED),
            closed_at=turn.now, consolidation_key=None, unread=0, attention=None,
        )  # fmt: skip


def _other_drafts(draft: t.Draft) -> list[t.Draft]:
    """Drafts still at work on the interaction, the latest composer's first."""
    at_work = t.Draft.select().where(
        t.Draft.interaction == draft.interaction, t.Draft.id != draft.id, t.Draft.state.in_(("open", "queued"))
    )
    return list(at_work.order_by(t.Draft.composed_seq.desc()))


def _ownership(draft: t.Draft, interaction: t.Interaction, left: list[t.Draft]) -> dict[str, Any]:
    """Discarding the draft that made someone the owner gives ownership back (R5)."""
    if interaction.owner_draft != draft.id or not left:
        return {}
    heir = next((other for other in left if present(other.author)), None)
    if heir is None:
        return {"owner": None, "owner_draft": None, "queue": QUEUE}
    return {"owner": heir.author, "owner_draft": heir.id}
