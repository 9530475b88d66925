"""What a run left behind, without the names chance gave, and the same run once more with one thing after the other.

The order is read from the history: an interaction is locked while it gets a number, so its events are in order of decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models import tables as t
from models.commands import Command
from tests.harness import House
from workers import handlers


@dataclass(frozen=True, slots=True)
class Step:
    """A command by its id, or the delivery of the mail written in a draft by the draft's own name."""

    kind: str
    name: str


def steps(customer: str) -> list[Step]:
    """What happened to a customer's interactions, each thing once, in the order it was decided."""
    found: dict[Step, None] = {}
    mine = t.Interaction.select(t.Interaction.id).where(t.Interaction.customer == customer)
    for event in t.Event.select().where(t.Event.interaction.in_(mine)).order_by(t.Event.id):
        cause = str(event.cause_id)
        name = cause if event.cause == "command" else _draft_of(cause)
        found[Step(event.cause, name.removeprefix("crm/"))] = None
    return list(found)


def replay(house: House, taken: list[Step], commands: dict[str, Command]) -> None:
    for step in taken:
        if step.kind == "command":
            handlers.receive(house.world, commands[step.name].as_json().encode(), "crm", False)
        else:
            handlers.deliver(house.world, _delivery_of(step.name))


def left_behind(customer: str) -> list[dict[str, Any]]:
    """Everything that is true of a customer's interactions, in words that are the same in every run."""
    rows = t.Interaction.select().where(t.Interaction.customer == customer).order_by(t.Interaction.id)
    return [
        {
            "row": (row.state, row.owner, row.first_sender, row.subject, row.seq, row.attention, row.consolidation_key),
            "history": [(e.seq, e.type, e.actor) for e in _of(t.Event, row.id).order_by(t.Event.seq)],
            "drafts": sorted(_draft(draft) for draft in _of(t.Draft, row.id)),
            "mails": sorted((_alias(mail.draft), mail.state, mail.sender) for mail in _of(t.Mail, row.id)),
        }
        for row in rows
    ]


def texts(draft: str) -> list[str]:
    """The texts of a draft's chain of revisions."""
    row = t.DraftAlias.get(t.DraftAlias.name == draft)
    chain = t.Revision.select().where(t.Revision.draft == row.draft).order_by(t.Revision.number)
    return [each.content["text"] for each in chain]


def _draft(row: t.Draft) -> tuple[Any, ...]:
    alias = _alias(row.id)
    return alias, row.author, row.state, row.revision, row.composed_seq, row.seen_seq, tuple(texts(alias))


def _of(model: Any, interaction: int) -> Any:
    return model.select().where(model.interaction == interaction)


def _alias(draft: str | None) -> str:
    return str(t.DraftAlias.get(t.DraftAlias.draft == draft).name)


def _draft_of(delivery: str) -> str:
    mail = t.Mail.get_by_id(t.Delivery.get_by_id(delivery).mail)
    return _alias(mail.draft)


def _delivery_of(draft: str) -> str:
    row = t.DraftAlias.get(t.DraftAlias.name == draft)
    mail = t.Mail.get(t.Mail.draft == row.draft)
    return str(t.Delivery.get(t.Delivery.mail == mail.id).id)
