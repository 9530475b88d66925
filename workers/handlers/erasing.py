"""Erasure (R39): words and addresses go, the history stays whole because it holds references only."""

from __future__ import annotations

from models import tables as t
from workers.turn import Turn

ERASED = "(erased)"
_NO_WORDS = {"erased": True, "to": [], "cc": [], "bcc": [], "subject": "", "text": "", "html": "", "attachments": []}


def erase_interaction(turn: Turn, interaction: t.Interaction, why: str) -> None:
    """Erase every text and address of one interaction; safe to repeat."""
    if interaction.erased_at is not None:
        return
    later = turn.world.store.later
    drafts = [row.id for row in t.Draft.select(t.Draft.id).where(t.Draft.interaction == interaction.id)]
    blobs = _blobs_of(interaction, drafts)
    later(t.Revision.update(content=_NO_WORDS).where(t.Revision.draft.in_(drafts or [""])))
    later(t.Mail.update(subject=ERASED, blob="").where(t.Mail.interaction == interaction.id))
    later(
        t.Delivery.update(address=ERASED, address_key="", reply_text=None).where(
            t.Delivery.interaction == interaction.id
        )
    )
    later(
        t.Incoming.update(
            envelope_from="",
            envelope_to="",
            from_address="",
            from_name="",
            subject=ERASED,
            text="",
            quoted="",
            html="",
            attachments=[],
            blob="",
            message_id=None,
        ).where(t.Incoming.interaction == interaction.id)
    )
    later(t.Note.update(text=ERASED).where(t.Note.interaction == interaction.id))
    later(t.Command.update(wire=None, result=None).where(t.Command.interaction == interaction.id))
    _drop_unused(turn, blobs)
    turn.record(interaction, "erased", why, erased_at=turn.now)
    turn.touched[interaction.id].dirty["subject"] = interaction.subject = ERASED


def _blobs_of(interaction: t.Interaction, drafts: list[str]) -> set[str]:
    found = {row.blob for row in t.Mail.select(t.Mail.blob).where(t.Mail.interaction == interaction.id)}
    for incoming in t.Incoming.select().where(t.Incoming.interaction == interaction.id):
        found |= {incoming.blob, *(part["blob"] for part in incoming.attachments or [])}
    for revision in t.Revision.select(t.Revision.content).where(t.Revision.draft.in_(drafts or [""])):
        found |= {part["blob"] for part in revision.content.get("attachments", [])}
    return found - {""}


def _drop_unused(turn: Turn, blobs: set[str]) -> None:
    """Bytes nobody else points to. A blob in another draft's attachments is found by its digest in the text."""
    for sha256 in sorted(blobs):
        used = (
            t.Mail.select().where(t.Mail.blob == sha256).exists()
            or t.Incoming.select().where((t.Incoming.blob == sha256) | t.Incoming.attachments.contains(sha256)).exists()
            or t.Revision.select().where(t.Revision.content.contains(sha256)).exists()
        )
        if not used:
            turn.world.store.later(t.Blob.delete().where(t.Blob.sha256 == sha256))
