"""Records around people: customers, principals, templates, and the switch that stops all mail."""

from __future__ import annotations

from typing import Any

import peewee as pw

from models import addresses, forgetting
from models import commands as c
from models import tables as t
from models.deliveries import RETRYABLE
from models.errors import Rejected, Unknown
from models.hours import zone_of
from models.lifecycle import OPEN
from models.rights import BUILT_IN
from workers.handlers.erasing import erase_interaction
from workers.handlers.presence import release
from workers.handlers.records import touching_customer
from workers.turn import Turn


def upsert_customer(turn: Turn, body: c.UpsertCustomer) -> dict[str, Any]:
    """The record as given; its addresses replace the former ones, the first or the one marked is the primary one."""
    for place, item in enumerate(body.addresses):
        if problem := addresses.problem(item.address):
            raise Rejected(
                "invalid_address", f"{item.address!r} is no address: {problem}", field=f"body.addresses.{place}.address"
            )
    _check_zone(body)
    values = body.model_dump(exclude={"customer", "addresses"})
    values |= {"search": search_text(body), "sort_key": t.sort_key(body.name or body.customer)}
    store = turn.world.store
    row = store.lock(t.Customer, body.customer)
    if row is None:
        store.add(t.Customer(id=body.customer, created_at=turn.now, **values))
    elif row.erased_at is not None:
        raise Rejected("erased", f"The customer {body.customer!r} was erased.", field="body.customer")
    else:
        moved = row.time_zone != body.time_zone
        store.change(row, **values)
        if moved:
            _move_clocks(turn, body)
    store.later(t.CustomerAddress.delete().where(t.CustomerAddress.customer == body.customer))
    ordered = sorted(body.addresses, key=lambda item: not item.primary)
    for position, item in enumerate(ordered):
        key = addresses.key(item.address)
        store.add(t.CustomerAddress(customer=body.customer, address=item.address, key=key, position=position))
    turn.arrive(f"customer:{body.customer}")
    return {"customer": body.customer, "created": row is None}


def _check_zone(body: c.UpsertCustomer) -> None:
    try:
        _ = zone_of(body.time_zone) if body.time_zone else None
    except ValueError as error:
        raise Rejected("unknown_time_zone", f"{error}.", field="body.time_zone") from None


def _move_clocks(turn: Turn, body: c.UpsertCustomer) -> None:
    """Business hours are the customer's, so the running clocks follow (R24, R28)."""
    own = t.Interaction.select(t.Interaction.id).where(
        t.Interaction.customer == body.customer, t.Interaction.state.in_([state.value for state in OPEN])
    )
    for found in list(own.order_by(t.Interaction.id)):
        row = turn.hold(found.id)
        turn.record(row, "time_zone_changed", "the customer's record names another time zone", time_zone=body.time_zone)


def search_text(body: c.UpsertCustomer) -> str:
    """What a look-up by name, phone or address searches (R30): lower case, phone as digits."""
    digits = "".join(character for character in body.phone if character.isdigit())
    return " ".join([body.name, body.account, digits, *(item.address for item in body.addresses)]).lower()


def erase_customer(turn: Turn, body: c.EraseCustomer) -> dict[str, Any]:
    """Everything personal of one customer (R39); refused while a conversation is open."""
    store = turn.world.store
    customer = store.lock(t.Customer, body.customer)
    if customer is None:
        raise Unknown(f"customer:{body.customer}", f"There is no customer {body.customer!r}.")
    own = t.Interaction.select(t.Interaction.id, t.Interaction.state).where(t.Interaction.customer == body.customer)
    rows = list(own.order_by(t.Interaction.id))
    still_open = [t.number_of(row.id) for row in rows if row.state in OPEN]
    if still_open:
        raise Rejected("open_interactions", f"Close these first: {', '.join(still_open)}.", interactions=still_open)
    keys = [row.key for row in t.CustomerAddress.select().where(t.CustomerAddress.customer == body.customer)]
    about = touching_customer(body.customer)
    for row in rows:
        erase_interaction(turn, turn.hold(row.id), "the customer's data was erased on request (R39)")
    forgetting.erase_mails(store, _unplaced_of(keys))
    forgetting.erase_letters(store, [*keys, f'"{body.customer}"'])
    forgetting.erase_commands(store, t.Command.touches.in_(about))
    forgetting.erase_captured(store, keys)
    store.later(t.Suppression.delete().where(t.Suppression.address_key.in_(keys or [""])))
    forgetting.erase_record(store, customer, turn.now)
    return {"customer": body.customer, "interactions": len(rows)}


def _unplaced_of(keys: list[str]) -> list[t.Incoming]:
    """Mail of theirs that is on no conversation."""
    row = t.Incoming
    theirs = pw.fn.LOWER(row.from_address).in_(keys or [""]) | pw.fn.LOWER(row.envelope_from).in_(keys or [""])
    return list(row.select().where(row.interaction.is_null(), row.blob != "", theirs))


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
