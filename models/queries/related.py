"""What stands beside an interaction: the one it continues, those that continue it (R22), and others of its customer."""

from __future__ import annotations

from models import tables as t
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


def _number(interaction: int | None) -> str | None:
    return None if interaction is None else t.number_of(interaction)
