"""The records of customers as their own systems give them, and how one is erased (R39). Refuses to forget a dead address (R20)."""

from __future__ import annotations

from typing import Any

import peewee as pw

from models import addresses, forgetting
from models import commands as c
from models import tables as t
from models.errors import Rejected, Unknown
from models.hours import zone_of
from models.lifecycle import OPEN
from models.store import Store
from workers.handlers.erasing import erase_interaction
from workers.handlers.records import touching_customer
from workers.turn import Turn


def upsert_customer(turn: Turn, body: c.UpsertCustomer) -> dict[str, Any]:
    """The record as given; its addresses replace the former ones, the first or the one marked is the primary one."""
    _check(body)
    values = body.model_dump(exclude={"customer", "addresses"})
    values |= {"search": _search_text(body), "sort_key": t.sort_key(body.name or body.customer)}
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
    _keep_addresses(store, body)
    turn.arrive(f"customer:{body.customer}")
    return {"customer": body.customer, "created": row is None}


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


def _check(body: c.UpsertCustomer) -> None:
    for place, item in enumerate(body.addresses):
        if problem := addresses.problem(item.address):
            raise Rejected(
                "invalid_address", f"{item.address!r} is no address: {problem}", field=f"body.addresses.{place}.address"
            )
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


def _search_text(body: c.UpsertCustomer) -> str:
    """What a look-up by name, phone or address searches (R30): lower case, phone as digits."""
    digits = "".join(character for character in body.phone if character.isdigit())
    return " ".join([body.name, body.account, digits, *(item.address for item in body.addresses)]).lower()


def _keep_addresses(store: Store, body: c.UpsertCustomer) -> None:
    """Those given, the primary one first; what is known to be dead stays so (R20)."""
    flagged = {row.key: row.flagged for row in store.all(t.CustomerAddress, customer=body.customer)}
    store.later(t.CustomerAddress.delete().where(t.CustomerAddress.customer == body.customer))
    for position, item in enumerate(sorted(body.addresses, key=lambda item: not item.primary)):
        key = addresses.key(item.address)
        row = t.CustomerAddress(customer=body.customer, address=item.address, key=key, position=position)
        row.flagged = flagged.get(key)
        store.add(row)


def _unplaced_of(keys: list[str]) -> list[t.Incoming]:
    """Mail of theirs that is on no conversation."""
    row = t.Incoming
    theirs = pw.fn.LOWER(row.from_address).in_(keys or [""]) | pw.fn.LOWER(row.envelope_from).in_(keys or [""])
    return list(row.select().where(row.interaction.is_null(), row.blob != "", theirs))
