"""Erasure (R39): words and addresses go, the history stays whole because it holds references only."""

from __future__ import annotations

from models import tables as t
from workers.handlers.records import touching
from workers.turn import Turn

ERASED = "(erased)"
_NO_WORDS = {"erased": True, "to": [], "cc": [], "bcc": [], "subject": "", "text": "", "html": "", "attachments": []}


def erase_interaction(turn: Turn, interaction: t.Interaction, why: str) -> None:
    """Erase every text and address of one interaction; safe to repeat."""
    if interaction.erased_at is not None:
        return
    later = turn.world.store.later
    drafts = [row.id for row in t.Draft.select(t.Draft.id).where(t.Draft.interaction == interaction.id)]
    later(t.Revision.update(content=_NO_WORDS).where(t.Revision.draft.in_(drafts or [""])))
    later(t.Mail.update(subject=ERASED, blob="").where(t.Mail.interaction == interaction.id))
    later(
        t.Delivery.update(address=ERASED, address_key="", reply_text=None, held=None).where(
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
    about = (t.Command.interaction == interaction.id) | t.Command.touches.in_(touching(interaction))
    later(t.Command.update(wire=None, result=None).where(about, t.Command.state != "accepted"))
    _drop_blobs(turn, interaction)
    turn.record(interaction, "erased", why, erased_at=turn.now)
    turn.touched[interaction.id].dirty["subject"] = interaction.subject = ERASED
    turn.touched[interaction.id].dirty["time_zone"] = interaction.time_zone = ""


def _drop_blobs(turn: Turn, interaction: t.Interaction) -> None:
    """The bytes only this conversation needed."""
    own = [row.blob for row in t.BlobUse.select(t.BlobUse.blob).where(t.BlobUse.interaction == interaction.id)]
    turn.world.store.later(t.BlobUse.delete().where(t.BlobUse.interaction == interaction.id))
    elsewhere = t.BlobUse.select(t.BlobUse.blob).where(t.BlobUse.blob.in_(own or [""]))
    unused = t.Blob.delete().where(t.Blob.sha256.in_(own or [""]), t.Blob.sha256.not_in(elsewhere))
    turn.world.store.later(unused)
