"""What of an interaction's mails still calls for its owner (R14); refuses to hush one mail because another one left."""

from __future__ import annotations

from typing import Any

import peewee as pw

from models import tables as t


def attention_left(interaction: t.Interaction, mail: t.Mail, delivery: t.Delivery) -> str | None:
    """What calls when this delivery is over or goes on; a bounce, a complaint, an answer held back call until they are read."""
    if interaction.attention not in ("refused", "uncertain"):
        return interaction.attention
    others = (
        t.Delivery.select().join(t.Mail, on=(t.Delivery.mail == t.Mail.id))
        .where(t.Mail.interaction == interaction.id, t.Delivery.id != delivery.id)
    )  # fmt: skip
    if others.where(t.Delivery.state == "uncertain").exists():
        return "uncertain"
    refused = others.where(t.Delivery.state == "refused", ~_written_anew(mail))
    looks = t.Event.select(t.Event.at).where(t.Event.interaction == interaction.id, t.Event.type == "read")
    if look := looks.order_by(t.Event.seq.desc()).first():
        refused = refused.where(t.Delivery.settled_at > look.at)
    return "refused" if refused.exists() else None


def _written_anew(mail: t.Mail) -> Any:
    """Refused by all, and its draft left after all in a further mail, be it this one."""
    sent = t.Draft.select(t.Draft.id).where(t.Draft.state == "sent")
    again = t.Mail.draft.in_(sent) | ((t.Mail.draft == mail.draft) & (t.Mail.id != mail.id))
    return pw.fn.COALESCE((t.Mail.state == "refused") & again, False)
