"""Erasure (R39): words and addresses go, the history stays whole because it holds references only."""

from __future__ import annotations

from models import tables as t
from models.forgetting import ERASED, NO_MAIL, drop_uses, erase_commands
from models.store import Store
from workers.handlers.records import touching
from workers.turn import Turn

_NO_WORDS = {"erased": True, "to": [], "cc": [], "bcc": [], "subject": "", "text": "", "html": "", "attachments": []}


def erase_interaction(turn: Turn, interaction: t.Interaction, why: str) -> None:
    """Erase every text and address of one interaction; safe to repeat."""
    if interaction.erased_at is not None:
        return
    erase_words(turn, interaction)
    turn.record(interaction, "erased", why, erased_at=turn.now)
    turn.touched[interaction.id].dirty["subject"] = interaction.subject = ERASED
    turn.touched[interaction.id].dirty["time_zone"] = interaction.time_zone = ""


def erase_words(turn: Turn, interaction: t.Interaction) -> None:
    """The same of what came to an interaction after it was erased; nothing is recorded."""
    later = turn.world.store.later
    drafts = [row.id for row in t.Draft.select(t.Draft.id).where(t.Draft.interaction == interaction.id)]
    later(t.Revision.update(content=_NO_WORDS).where(t.Revision.draft.in_(drafts or [""])))
    later(t.Mail.update(subject=ERASED, blob="").where(t.Mail.interaction == interaction.id))
    later(
        t.Delivery.update(address=ERASED, address_key="", reply_text=None, held=None).where(
            t.Delivery.interaction == interaction.id
        )
    )
    later(t.Incoming.update(NO_MAIL).where(t.Incoming.interaction == interaction.id))
    later(t.Note.update(text=ERASED).where(t.Note.interaction == interaction.id))
    about = (t.Command.interaction == interaction.id) | t.Command.touches.in_(touching(interaction))
    erase_commands(turn.world.store, about)
    own = [row.blob for row in t.BlobUse.select(t.BlobUse.blob).where(t.BlobUse.interaction == interaction.id)]
    drop_uses(turn.world.store, own, interaction.id)


def is_erased(store: Store, principal: str, touches: str | None) -> bool:
    """Whether what a command is about was erased, so that its words may not be kept either."""
    kind, _, name = (touches or "").partition(":")
    if kind == "customer":
        customer = store.get(t.Customer, id=name)
        return customer is not None and customer.erased_at is not None
    place = _interaction_of(store, principal, kind, name)
    interaction = store.get(t.Interaction, id=place) if place is not None else None
    return interaction is not None and interaction.erased_at is not None


def _interaction_of(store: Store, principal: str, kind: str, name: str) -> int | None:
    if kind == "interaction":
        return t.id_of(name)
    if kind == "mail":
        mail = store.get(t.Mail, id=name)
        return mail.interaction if mail else None
    draft = store.get(t.Draft, id=name) or store.get(t.DraftAlias, principal=principal, name=name)
    return draft.interaction if draft else None
