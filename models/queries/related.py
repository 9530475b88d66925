"""What stands beside an interaction or a mail: what continues what (R22), others of its customer, where a mail may belong."""

from __future__ import annotations

from models import addresses
from models import tables as t
from models.lifecycle import OPEN
from models.queries import interactions
from models.queries.views import InteractionLine

SHOWN = 6


def around(row: t.Interaction) -> list[tuple[str, InteractionLine]]:
    """Each with its relation: ``before`` and ``after`` by R22, ``beside`` for others of the customer, the latest first."""
    follows = t.Interaction.id == row.follows
    linked = list(t.Interaction.select().where(follows | (t.Interaction.follows == row.id)).order_by(t.Interaction.id))
    known = {each.number for each in linked} | {row.number}
    beside = [line for line in interactions.of_customer(row.customer, limit=SHOWN).items if line.number not in known]
    told = [("before" if line.number == _number(row.follows) else "after", line) for line in interactions.lines(linked)]
    return told + [("beside", line) for line in beside]


def also_open(row: t.Interaction) -> list[InteractionLine]:
    """The customer's other open interactions, the latest first (R7)."""
    found = interactions.of_customer(row.customer, sorted(OPEN), limit=SHOWN + 1).items
    return [line for line in found if line.number != row.number][:SHOWN]


def fitting(address: str) -> list[InteractionLine]:
    """Open interactions of the customers who write from this address, the latest first (R21)."""
    known = t.CustomerAddress.select(t.CustomerAddress.customer).where(t.CustomerAddress.key == addresses.key(address))
    at = t.Interaction
    rows = at.select().where(at.customer.in_([row.customer for row in known.limit(SHOWN)]), at.closed_at.is_null())
    return interactions.lines(list(rows.order_by(at.last_event_at.desc(), at.id.desc()).limit(SHOWN)))


def _number(interaction: int | None) -> str | None:
    return None if interaction is None else t.number_of(interaction)
