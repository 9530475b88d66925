"""What agents do with drafts: open, save, take over, restore. No written word is ever altered or lost (R8, R9)."""

from __future__ import annotations

from typing import Any

from models import commands as c
from models import tables as t
from models.errors import Rejected, Unknown
from models.lifecycle import Happening, State
from models.store import use_blob
from workers.handlers.outcome import Refusal
from workers.handlers.records import content_of, draft_key, held_draft, must_be_open, must_be_own, own_open_draft
from workers.turn import Turn


def open_draft(turn: Turn, body: c.OpenDraft) -> dict[str, Any]:
    """Restarts the thirty days (R25); what its author has read by now is no news to them (R12)."""
    draft, interaction = held_draft(turn, body.draft)
    turn.state_after(interaction, Happening.DRAFT_WORK)
    turn.record(
        interaction, "draft_opened", f"{turn.actor.id} opened the draft",
        {"draft": draft.id}, activity_at=later_activity(turn, interaction),
    )  # fmt: skip
    if draft.author == turn.actor.id:
        seen = interaction.seq if body.seen is None else min(body.seen, interaction.seq)
        turn.world.store.change(draft, seen_seq=max(draft.seen_seq, seen))
    return {"draft": draft.id, "revision": draft.revision, "interaction": interaction.number}


def save_draft(turn: Turn, body: c.SaveDraft) -> dict[str, Any] | Refusal:
    """The next revision; a stale base is a conflict whose text is kept beside the chain (R9), and so is one that comes too late."""
    draft, interaction = held_draft(turn, body.draft)
    try:
        must_be_own(turn, draft)
        must_be_open(draft)
    except Rejected as no:
        return _too_late(turn, draft, interaction, body, no)
    turn.state_after(interaction, Happening.DRAFT_WORK)
    if body.base_revision > draft.revision:
        raise Unknown(
            revision_key(draft, body.base_revision),
            f"The draft has no revision {body.base_revision}; the newest is {draft.revision}.",
        )
    current = content_of(turn, draft)
    if body.base_revision < draft.revision:
        return _stale_base(turn, draft, interaction, body, current)
    return write(turn, draft, interaction, current, merged(current, body.content), "save")


def write(
    turn: Turn,
    draft: t.Draft,
    interaction: t.Interaction,
    current: dict[str, Any],
    content: dict[str, Any],
    cause: str,
) -> dict[str, Any]:
    """Append a revision unless nothing changed against the current one (R9)."""
    if content == current:
        return {"draft": draft.id, "revision": draft.revision, "interaction": interaction.number}
    number = draft.revision + 1
    keep_revision(turn, draft, content, cause, number=number, base=draft.revision)
    turn.world.store.change(draft, revision=number, written=True, touched_at=turn.now)
    turn.record(
        interaction, "draft_saved", f"{turn.actor.id} wrote revision {number}",
        {"draft": draft.id, "revision": number, "cause": cause}, activity_at=later_activity(turn, interaction, edited=True),
    )  # fmt: skip
    turn.arrive(revision_key(draft, number))
    return {"draft": draft.id, "revision": number, "interaction": interaction.number}


def take_over_draft(turn: Turn, body: c.TakeOverDraft) -> dict[str, Any]:
    """The draft changes its author, the interaction keeps its owner (R5, R8)."""
    draft, interaction = held_draft(turn, body.draft)
    must_be_open(draft)
    turn.state_after(interaction, Happening.DRAFT_WORK)
    if draft.author == turn.actor.id:
        return {"draft": draft.id, "revision": draft.revision, "interaction": interaction.number}
    former = draft.author
    turn.record(
        interaction, "draft_taken_over", f"{turn.actor.id} took over the draft of {former}",
        {"draft": draft.id, "from": former, "to": turn.actor.id, "notify": [former]},
        activity_at=later_activity(turn, interaction),
    )  # fmt: skip
    turn.world.store.change(draft, author=turn.actor.id, seen_seq=interaction.seq, touched_at=turn.now)
    return {"draft": draft.id, "revision": draft.revision, "interaction": interaction.number, "from": former}


def restore_revision(turn: Turn, body: c.RestoreRevision) -> dict[str, Any]:
    """An older or conflicting text becomes the newest; what was newest stays readable (R8)."""
    draft, interaction = own_open_draft(turn, body.draft)
    turn.state_after(interaction, Happening.DRAFT_WORK)
    wanted = t.Revision.get_or_none(t.Revision.id == body.revision, t.Revision.draft == draft.id)
    if wanted is None:
        raise Unknown(f"revision:{body.revision}", f"The draft has no revision {body.revision!r}.")
    return write(turn, draft, interaction, content_of(turn, draft), wanted.content, "restore")


def new_draft(turn: Turn, interaction: t.Interaction, content: dict[str, Any], written: bool) -> t.Draft:
    """A draft with its first revision; not a row yet: the caller adds it once its event has a number."""
    draft = t.Draft(
        id=turn.world.ids.new("dr"), interaction=interaction.id, author=turn.actor.id, state="open", revision=1,
        written=written, composed_seq=0, seen_seq=0, created_at=turn.now, touched_at=turn.now,
    )  # fmt: skip
    keep_revision(turn, draft, content, "compose", number=1, base=None)
    return draft


def keep_revision(
    turn: Turn, draft: t.Draft, content: dict[str, Any], cause: str, number: int | None, base: int | None
) -> str:
    """What was written, for good; with a number in the chain, or beside it."""
    revision = t.Revision(
        id=turn.world.ids.new("rv"), draft=draft.id, number=number, base=base, author=turn.actor.id, cause=cause,
        content=content, saved_at=turn.now, command=turn.cause.id,
    )  # fmt: skip
    turn.world.store.add(revision)
    for attachment in content["attachments"]:
        use_blob(turn.world.store, attachment["blob"], draft.interaction)
    return revision.id


def name_draft(turn: Turn, draft: t.Draft, alias: str | None) -> None:
    """Let the producer's own id stand for this draft (R10); raises `Rejected` where it stands for another one."""
    if alias is None or alias == draft.id:
        return
    if alias.startswith("dr_"):
        raise Rejected("malformed", "Ids that begin with dr_ are ours; choose another.", field="body.draft")
    known = turn.world.store.get(t.DraftAlias, principal=turn.principal, name=alias)
    if known is None:
        turn.world.store.add(
            t.DraftAlias(principal=turn.principal, name=alias, draft=draft.id, interaction=draft.interaction)
        )
        turn.arrive(draft_key(turn, alias))
    elif known.draft != draft.id:
        raise Rejected("draft_id_taken", f"{alias!r} already stands for another draft.", field="body.draft")


def merged(current: dict[str, Any], content: c.Content | None) -> dict[str, Any]:
    """What is left out (or null) stays as it is; within an attachment null is a value."""
    given = {} if content is None else content.model_dump(mode="json")
    return current | {name: value for name, value in given.items() if value is not None}


def later_activity(turn: Turn, interaction: t.Interaction, edited: bool = False) -> Any:
    """When the command was accepted counts, not when it was decided (R25). On Hold only an edit counts (R26)."""
    if interaction.state == State.ON_HOLD and not edited:
        return interaction.activity_at
    return max(interaction.activity_at, turn.at)


def revision_key(draft: t.Draft, number: int) -> str:
    return f"revision:{draft.id}:{number}"


def _stale_base(
    turn: Turn, draft: t.Draft, interaction: t.Interaction, body: c.SaveDraft, current: dict[str, Any]
) -> dict[str, Any] | Refusal:
    mine = merged(current, body.content)
    if mine == current:
        return {"draft": draft.id, "revision": draft.revision, "interaction": interaction.number}
    why = f"{turn.actor.id} wrote on revision {body.base_revision}, not {draft.revision}"
    kept = _kept_beside(turn, draft, interaction, body, mine, why)
    return Refusal(
        Rejected(
            "conflict",
            f"Revision {body.base_revision} is no longer the newest, {draft.revision} is; your text is kept as {kept}.",
            field="body.base_revision",
            kept=kept,
            revision=draft.revision,
            draft=draft.id,
        )
    )


def _too_late(turn: Turn, draft: t.Draft, interaction: t.Interaction, body: c.SaveDraft, no: Rejected) -> Refusal:
    """The last words of somebody who wrote here until the draft was taken over, sent or put away (R8)."""
    current = content_of(turn, draft)
    mine = merged(current, body.content)
    if mine == current or State(interaction.state).is_closed or not _has_written(turn, draft):
        raise no
    kept = _kept_beside(
        turn, draft, interaction, body, mine, f"{turn.actor.id} wrote until the draft was no longer theirs"
    )
    sentence = f"{no.sentence} Your text is kept as {kept}."
    return Refusal(Rejected(no.code, sentence, field=no.field, **(no.data | {"kept": kept, "draft": draft.id})))


def _has_written(turn: Turn, draft: t.Draft) -> bool:
    return bool(t.Revision.select().where(t.Revision.draft == draft.id, t.Revision.author == turn.actor.id).exists())


def _kept_beside(
    turn: Turn, draft: t.Draft, interaction: t.Interaction, body: c.SaveDraft, mine: dict[str, Any], why: str
) -> str:
    kept = keep_revision(turn, draft, mine, "conflict", number=None, base=body.base_revision)
    turn.record(
        interaction, "conflict_kept", why,
        {"draft": draft.id, "revision_id": kept}, activity_at=later_activity(turn, interaction, edited=True),
    )  # fmt: skip
    return kept
