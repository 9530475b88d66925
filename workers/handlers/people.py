"""What operators keep: who may act, what is often written, and the switch that stops all mail."""

from __future__ import annotations

from typing import Any

import peewee as pw

from models import commands as c
from models import tables as t
from models.deliveries import RETRYABLE
from models.errors import Rejected
from models.rights import BUILT_IN
from workers.handlers.presence import release
from workers.turn import Turn


def upsert_template(turn: Turn, body: c.UpsertTemplate) -> dict[str, Any]:
    values = body.model_dump()
    turn.world.store.later(_upsert(t.Template, t.Template.name, values))
    return {"template": body.name}


def upsert_principal(turn: Turn, body: c.UpsertPrincipal) -> dict[str, Any]:
    """Who may act, from the next command on."""
    if body.principal in BUILT_IN or body.principal.startswith("amqp:"):
        raise Rejected("reserved", f"{body.principal!r} is a name of the product itself.", field="body.principal")
    if body.amqp_user is not None:
        taken = t.Principal.get_or_none(t.Principal.amqp_user == body.amqp_user)
        if taken is not None and taken.id != body.principal:
            raise Rejected(
                "amqp_user_taken",
                f"The broker user {body.amqp_user!r} is {taken.id!r} already.",
                field="body.amqp_user",
            )
    values = body.model_dump(exclude={"principal"}) | {"id": body.principal}
    known = turn.world.store.lock(t.Principal, body.principal)
    turn.world.store.later(_upsert(t.Principal, t.Principal.id, values))
    if known is not None and (body.absent or not body.active):
        release(turn, body.principal)
    turn.arrive(f"principal:{body.principal}")
    return {"principal": body.principal}


def pause_sending(turn: Turn, body: c.PauseSending) -> dict[str, Any]:
    """Looked at in every claim: what was not claimed yet does not leave (R38)."""
    values = {"domain": body.domain.lower(), "reason": body.reason, "since_at": turn.now}
    turn.world.store.later(_upsert(t.Pause, t.Pause.domain, values))
    return {"domain": body.domain.lower()}


def resume_sending(turn: Turn, body: c.ResumeSending) -> dict[str, Any]:
    """Mail that waited leaves with the next sweep."""
    gone = t.Pause.delete().where(t.Pause.domain == body.domain.lower()).execute()
    if not gone:
        raise Rejected("not_paused", f"Sending from {body.domain!r} is not paused.", field="body.domain")
    waiting = t.Delivery.state.in_(RETRYABLE) & (t.Delivery.next_at <= turn.now) & t.Delivery.publish_at.is_null(False)
    turn.world.store.later(t.Delivery.update(publish_at=turn.now, published=0).where(waiting))
    return {"domain": body.domain.lower()}


def set_signature(turn: Turn, body: c.SetSignature) -> dict[str, Any]:
    """One's own, and nobody else's."""
    own = t.Principal.update(signature=body.signature).where(t.Principal.id == turn.actor.id)
    turn.world.store.later(own)
    return {"principal": turn.actor.id}


def _upsert(model: type[t.Row], key: pw.Field, values: dict[str, Any]) -> pw.Query:
    others = [field for name, field in model._meta.fields.items() if field is not key and name in values]
    return model.insert(values).on_conflict(conflict_target=[key], preserve=others)
