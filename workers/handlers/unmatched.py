"""The list of mail that belongs nowhere yet (R21): a person attaches it, begins an interaction with it, or takes it off the list.

Refuses to delete, and to guess whose mail it is: only an agent says so.
"""

from __future__ import annotations

from typing import Any

from models import addresses
from models import commands as c
from models import tables as t
from models.errors import Rejected
from models.lifecycle import Happening, State
from models.store import Store, use_blob
from workers import heads
from workers.handlers import composing, matching
from workers.handlers.arriving import human_reply
from workers.handlers.records import held_interaction
from workers.turn import Turn


def attach_unmatched(turn: Turn, body: c.AttachUnmatched) -> dict[str, Any]:
    """A person says where it belongs (R21); from then on it is like any reply."""
    if body.interaction is None:
        incoming = _unmatched(turn.world.store, body.incoming)
        interaction = _begun(turn, incoming)
    else:
        interaction = held_interaction(turn, body.interaction)
        turn.state_after(interaction, Happening.DRAFT_WORK if State(interaction.state).is_closed else Happening.READ)
        incoming = _unmatched(turn.world.store, body.incoming)
    turn.world.store.change(
        incoming, state="matched", matched_by="hand", interaction=interaction.id,
        shown=incoming.shown.partition("@")[0] + f"@{interaction.id}",
        third_party=not matching.takes_part(interaction, interaction.id, incoming.from_address),
    )  # fmt: skip
    _move_bytes(turn.world.store, incoming, interaction.id)
    human_reply(turn, interaction, incoming, f"{turn.actor.id} attached it")
    return {"interaction": interaction.number, "incoming": incoming.id}


def ignore_unmatched(turn: Turn, body: c.IgnoreUnmatched) -> dict[str, Any]:
    """Off the list; never deleted."""
    incoming = _unmatched(turn.world.store, body.incoming)
    turn.world.store.change(incoming, state="ignored")
    return {"incoming": incoming.id}


def _begun(turn: Turn, incoming: t.Incoming) -> t.Interaction:
    """A new inbound interaction of the agent's, with the customer who wrote it, or a guest."""
    address = _writer(incoming)
    if problem := addresses.problem(address):
        raise Rejected("invalid_address", f"The sender {address!r} is no address: {problem}", field="body.incoming")
    customer = composing.customer_at(turn, address)
    return turn.begin(
        customer=customer.id, kind=customer.kind, direction="inbound", time_zone=customer.time_zone, owner=turn.actor.id,
        subject=incoming.subject, activity_at=turn.at,
    )  # fmt: skip


def _writer(incoming: t.Incoming) -> str:
    """The sender; where a colleague passed a customer's mail on, whoever wrote that."""
    key = addresses.key(incoming.from_address)
    colleagues = t.Principal.select(t.Principal.address).where(t.Principal.address != "")
    if any(addresses.key(row.address) == key for row in colleagues):
        return heads.author(f"{incoming.text}\n{incoming.quoted}") or str(incoming.from_address)
    return str(incoming.from_address)


def _move_bytes(store: Store, incoming: t.Incoming, interaction: int) -> None:
    for sha256 in sorted({incoming.blob, *(part["blob"] for part in incoming.attachments)}):
        use_blob(store, sha256, interaction)
        store.later(t.BlobUse.delete().where(t.BlobUse.blob == sha256, t.BlobUse.interaction == 0))


def _unmatched(store: Store, incoming_id: str) -> t.Incoming:
    row = store.lock(t.Incoming, incoming_id)
    if row is None:
        raise Rejected("not_found", f"There is no incoming mail {incoming_id!r}.", field="body.incoming")
    if row.state != "unmatched":
        raise Rejected("not_unmatched", f"That mail is {row.state!r} already.", field="body.incoming", state=row.state)
    return row
