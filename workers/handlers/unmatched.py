"""The list of mail that belongs nowhere yet (R21): a person attaches it, begins an interaction with it, or takes it off the list.

Refuses to delete, and to guess whose mail it is: only an agent says so.
"""

from __future__ import annotations

from typing import Any

from models import addresses, forgetting
from models import commands as c
from models import tables as t
from models.errors import Rejected, Unknown
from models.lifecycle import Happening, State
from models.store import Store, use_blob
from workers import heads
from workers.handlers import composing, filing, inbound, matching
from workers.handlers.arriving import human_reply
from workers.handlers.matching import Match
from workers.handlers.records import held_interaction
from workers.turn import Turn
from workers.understanding import Understood


def attach_unmatched(turn: Turn, body: c.AttachUnmatched) -> dict[str, Any]:
    """A person says where it belongs (R21); what follows is decided by its kind, as if it had matched."""
    if body.interaction is None:
        incoming = _unmatched(turn.world.store, body.incoming)
        interaction = _begun(turn, incoming)
    else:
        interaction = held_interaction(turn, body.interaction)
        turn.state_after(interaction, Happening.DRAFT_WORK if State(interaction.state).is_closed else Happening.READ)
        incoming = _unmatched(turn.world.store, body.incoming)
    return _attach(turn, incoming, interaction, begun=body.interaction is None)


def ignore_unmatched(turn: Turn, body: c.IgnoreUnmatched) -> dict[str, Any]:
    """Off the list; never deleted."""
    incoming = _unmatched(turn.world.store, body.incoming)
    turn.world.store.change(incoming, state="ignored")
    return {"incoming": incoming.id}


def _attach(turn: Turn, incoming: t.Incoming, interaction: t.Interaction, begun: bool) -> dict[str, Any]:
    """``begun``: whoever begins an interaction with a mail wants to work on it, whatever kind it is."""
    store, shown = turn.world.store, filing.shown_on(incoming, interaction.id)
    twin = store.get(t.Incoming, shown=shown)
    if twin is not None:
        store.change(incoming, state="ignored")
        return {"interaction": interaction.number, "incoming": twin.id, "copy": True}
    human = begun or incoming.kind == "human"
    third_party = human and not matching.takes_part(interaction, interaction.id, incoming.from_address)
    store.change(
        incoming, state="matched", matched_by="hand", interaction=interaction.id, shown=shown, third_party=third_party
    )
    for sha256 in sorted(incoming.blobs):
        use_blob(store, sha256, interaction.id)
    forgetting.unplaced(store, [incoming])
    if human:
        human_reply(turn, interaction, incoming, f"{turn.actor.id} attached it")
    else:
        _by_kind(turn, interaction, incoming)
    return {"interaction": interaction.number, "incoming": incoming.id}


def _by_kind(turn: Turn, interaction: t.Interaction, incoming: t.Incoming) -> None:
    """A bounce is none the less a bounce because a person said where it belongs, and an automatic reply is no answer."""
    blob = t.Blob.get_by_id(incoming.blob)
    mail = inbound.read(turn, blob, incoming.received_at, incoming.envelope_from)
    inbound.arrive(turn, interaction, incoming, mail, Match(interaction.id, "hand", _mail_meant(interaction, mail)))


def _mail_meant(interaction: t.Interaction, mail: Understood) -> str | None:
    """Which mail of this interaction a report is about: the latest to an address it names, else the only one."""
    named = {addresses.key(address) for address in (mail.about, *(each.address for each in mail.reports)) if address}
    mails = list(t.Mail.select(t.Mail.id).where(t.Mail.interaction == interaction.id).order_by(t.Mail.queued_at.desc()))
    for each in mails:
        to = t.Delivery.select(t.Delivery.address_key).where(t.Delivery.mail == each.id)
        if named & {row.address_key for row in to}:
            return str(each.id)
    return str(mails[0].id) if len(mails) == 1 else None


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


def _unmatched(store: Store, incoming_id: str) -> t.Incoming:
    row = store.lock(t.Incoming, incoming_id)
    if row is None:
        raise Unknown(filing.incoming_key(incoming_id), f"There is no incoming mail {incoming_id!r}.")
    if row.state != "unmatched":
        raise Rejected("not_unmatched", f"That mail is {row.state!r} already.", field="body.incoming", state=row.state)
    return row
