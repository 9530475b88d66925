"""Compose and consolidate (R1-R7, R10, R23): who may write, to whom, on which interaction, and who owns it then."""

from __future__ import annotations

from typing import Any

from models import addresses
from models import commands as c
from models import tables as t
from models.errors import Rejected, Unknown
from models.lifecycle import Happening
from models.subjects import answering
from workers.handlers import sending
from workers.handlers.drafting import later_activity, merged, name_draft, new_draft, write
from workers.handlers.outcome import Refusal
from workers.handlers.records import EMPTY, content_of, held_interaction
from workers.turn import Turn

_KIND_ORDER = {"contact": 0, "consumer": 1, "guest": 2}


def compose(turn: Turn, body: c.Compose) -> dict[str, Any] | Refusal:
    """Join the customer's unsent interaction or begin one; there is never a second (R4)."""
    customer = _customer(turn, body)
    to = body.address or _primary_address(turn, customer)
    interaction, created = _interaction_for(turn, customer)
    draft = None if body.new_draft or created else _own_draft(turn, interaction)
    said = merged(EMPTY | {"to": [to]}, body.content)
    fresh = draft is None
    if draft is None:
        draft = new_draft(turn, interaction, said, written=body.content is not None)
    name_draft(turn, draft, body.draft)
    _take_ownership(turn, interaction, draft, created, fresh)
    if not fresh:
        _write_on(turn, body, interaction, draft, said)
    return _finish(turn, body, interaction, draft, created, fresh)


def compose_reply(turn: Turn, body: c.ComposeReply) -> dict[str, Any] | Refusal:
    """A further mail on the same interaction (R23); the owner changes when it is accepted, not now."""
    interaction = held_interaction(turn, body.interaction)
    turn.state_after(interaction, Happening.DRAFT_WORK)
    draft = None if body.new_draft else _own_draft(turn, interaction)
    said = merged(EMPTY | _answer_to(interaction, body.reply_all), body.content)
    fresh = draft is None
    if draft is None:
        draft = new_draft(turn, interaction, said, written=body.content is not None)
    name_draft(turn, draft, body.draft)
    turn.record(
        interaction, "reply_composed", f"{turn.actor.id} writes a further mail",
        {"draft": draft.id, "fresh": fresh},
        activity_at=later_activity(turn, interaction, edited=fresh and draft.written),
    )  # fmt: skip
    _place_draft(turn, interaction, draft, fresh)
    if not fresh:
        _write_on(turn, body, interaction, draft, said)
    return _finish(turn, body, interaction, draft, False, fresh)


def _finish(
    turn: Turn, body: c.Compose | c.ComposeReply, interaction: t.Interaction, draft: t.Draft, created: bool, fresh: bool
) -> dict[str, Any] | Refusal:
    """The answer; after sending, if asked to, in the same step."""
    answer = {
        "interaction": interaction.number, "draft": draft.id, "revision": draft.revision,
        "created": created, "new_draft": fresh, "owner": interaction.owner,
    }  # fmt: skip
    if not body.send:
        return answer
    return answer | sending.send_draft(turn, draft, interaction, body)


def _write_on(
    turn: Turn, body: c.Compose | c.ComposeReply, interaction: t.Interaction, draft: t.Draft, said: dict[str, Any]
) -> None:
    """The next revision of one's own open draft; what stood there stays readable as the one before (R8, R10)."""
    current = content_of(turn, draft)
    wanted = _to_send(body, draft, said) if body.send else _continued(body, current)
    write(turn, draft, interaction, current, wanted, "compose")


def _to_send(body: c.Compose | c.ComposeReply, draft: t.Draft, said: dict[str, Any]) -> dict[str, Any]:
    """This command's words alone: whoever gives it does not see what the draft held, so none of that is mailed (R11)."""
    if body.content is None:
        raise Rejected(
            "conflict", f"There is an open draft of yours in revision {draft.revision}; `send` it, or give content.",
            field="body.content", draft=draft.id, revision=draft.revision,
        )  # fmt: skip
    return said


def _continued(body: c.Compose | c.ComposeReply, current: dict[str, Any]) -> dict[str, Any]:
    """What is left out stays; but the address that was clicked is whom it goes to (R1)."""
    clicked = body.address if isinstance(body, c.Compose) else None
    if clicked and addresses.key(clicked) not in map(addresses.key, current["to"]):
        current = current | {"to": [clicked]}
    return merged(current, body.content)


def _customer(turn: Turn, body: c.Compose) -> t.Customer:
    """The customer, locked: composes for one customer are decided one after the other."""
    if body.address is not None and (problem := addresses.problem(body.address)):
        raise Rejected("invalid_address", f"{body.address!r} is no address: {problem}", field="body.address")
    if body.customer is not None:
        customer = turn.world.store.lock(t.Customer, body.customer)
        if customer is None:
            raise Unknown(f"customer:{body.customer}", f"There is no customer {body.customer!r}.")
    else:
        customer = customer_at(turn, str(body.address))
    if customer.erased_at is not None:
        raise Rejected("erased", f"The customer {customer.id!r} was erased.", field="body.customer")
    return customer


def customer_at(turn: Turn, address: str) -> t.Customer:
    """Whose address it is, locked; else a guest."""
    return _by_address(turn, address) or _guest(turn, address)


def _by_address(turn: Turn, address: str) -> t.Customer | None:
    on = t.CustomerAddress.customer == t.Customer.id
    found = t.Customer.select().join(t.CustomerAddress, on=on).where(t.CustomerAddress.key == addresses.key(address))
    best = min(found, key=lambda row: (_KIND_ORDER[row.kind], row.created_at, row.id), default=None)
    return turn.world.store.lock(t.Customer, best.id) if best else None


def _guest(turn: Turn, address: str) -> t.Customer:
    """A guest is only an address; two composes at once find the same one, because its key is unique."""
    key, store = addresses.key(address), turn.world.store
    values = {
        "id": turn.world.ids.new("guest"), "kind": "guest", "name": address, "guest_key": key, "created_at": turn.now,
        "search": key, "sort_key": t.sort_key(address),
    }  # fmt: skip
    made = t.Customer.insert(values).on_conflict_ignore().execute()
    customer = store.locked(t.Customer.select().where(t.Customer.guest_key == key)).get()
    if made is not None and customer.id == values["id"]:
        store.add(t.CustomerAddress(customer=customer.id, address=address, key=key, position=0))
    return customer


def _primary_address(turn: Turn, customer: t.Customer) -> str:
    first = turn.world.store.get(t.CustomerAddress, customer=customer.id, position=0)
    if first is None:
        raise Rejected(
            "no_address", f"The customer {customer.id!r} has no mail address; add one or give an address.",
            field="body.customer",
        )  # fmt: skip
    return str(first.address)


def _interaction_for(turn: Turn, customer: t.Customer) -> tuple[t.Interaction, bool]:
    key = customer.id
    if customer.kind in turn.world.settings.per_agent_kinds:
        key = f"{customer.id}/{turn.actor.id}"  # R6
    open_one = turn.world.store.get(t.Interaction, consolidation_key=key)
    if open_one is not None:
        joined = turn.hold(open_one.id)
        # Between the look and the lock its mail may have been accepted, or it closed: then R7 applies.
        if joined.consolidation_key == key:
            turn.state_after(joined, Happening.DRAFT_WORK)
            return joined, False
        del turn.touched[joined.id]
    begun = turn.begin(
        customer=customer.id, kind=customer.kind, time_zone=customer.time_zone, consolidation_key=key,
        activity_at=turn.at,
    )  # fmt: skip
    return begun, True


def _own_draft(turn: Turn, interaction: t.Interaction) -> t.Draft | None:
    """One's own unsent draft here (R10)."""
    own = turn.world.store.all(t.Draft, interaction=interaction.id, author=turn.actor.id, state="open")
    return max(own, key=lambda draft: draft.composed_seq, default=None)


def _take_ownership(turn: Turn, interaction: t.Interaction, draft: t.Draft, created: bool, fresh: bool) -> None:
    former = interaction.owner
    why = f"{turn.actor.id} composed" if created else f"{turn.actor.id} composed for the same customer (R4, R5)"
    data: dict[str, Any] = {"draft": draft.id, "created": created, "fresh": fresh}
    if former not in (None, turn.actor.id):
        data["notify"] = [former]
    turn.record(
        interaction, "composed", why, data,
        owner=turn.actor.id, owner_draft=draft.id, queue=None, activity_at=later_activity(turn, interaction),
    )  # fmt: skip
    _place_draft(turn, interaction, draft, fresh)


def _place_draft(turn: Turn, interaction: t.Interaction, draft: t.Draft, fresh: bool) -> None:
    """The draft's place in the order of composes, and what its author has before them (R5, R12)."""
    if fresh:
        draft.composed_seq = draft.seen_seq = interaction.seq
        turn.world.store.add(draft)
    else:
        turn.world.store.change(draft, composed_seq=interaction.seq, seen_seq=interaction.seq, touched_at=turn.now)


def _answer_to(interaction: t.Interaction, reply_all: bool) -> dict[str, Any]:
    """To whom a further mail goes: whoever wrote last, else whom we wrote to; with the thread's subject."""
    incoming = (
        t.Incoming.select()
        .where(t.Incoming.interaction == interaction.id, t.Incoming.kind == "human", t.Incoming.stopped == "")
        .order_by(t.Incoming.received_at.desc(), t.Incoming.id)
        .first()
    )
    latest = (
        t.Mail.select()
        .where(t.Mail.interaction == interaction.id, t.Mail.kind == "agent", t.Mail.sent_at.is_null(False))
        .order_by(t.Mail.sent_at.desc(), t.Mail.id)
        .first()
    )
    mailed = list(t.Delivery.select().where(t.Delivery.mail == latest.id).order_by(t.Delivery.id)) if latest else []
    to = [row.address for row in mailed if row.role == "to"]
    if incoming is not None and incoming.from_address:
        to = [incoming.from_address] + (
            [a for a in to if addresses.key(a) != addresses.key(incoming.from_address)] if reply_all else []
        )
    cc = [row.address for row in mailed if row.role == "cc"] if reply_all else []
    return {"to": to or _customer_addresses(interaction), "cc": cc, "subject": answering(interaction.subject)}


def _customer_addresses(interaction: t.Interaction) -> list[str]:
    own = t.CustomerAddress.select().where(t.CustomerAddress.customer == interaction.customer)
    return [row.address for row in own.order_by(t.CustomerAddress.position).limit(1)]
