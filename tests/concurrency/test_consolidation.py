"""Fifty agents compose for one customer at the same instant, a hundred customers in turn, over RabbitMQ and two processes."""

from __future__ import annotations

from collections.abc import Callable

from models import tables as t
from models.queries import history
from tests.plant import Plant, wish

CUSTOMERS, AGENTS = [f"c{n}" for n in range(100)], [f"agent{n}" for n in range(50)]
MakePlant = Callable[..., Plant]


def test_R4_R5_one_interaction_fifty_drafts_one_owner_however_many_compose_at_once(open_plant: MakePlant) -> None:
    plant = fifty_compose_for_each(open_plant())
    for customer in CUSTOMERS:
        (row,) = t.Interaction.select().where(t.Interaction.customer == customer)
        drafts = list(t.Draft.select().where(t.Draft.interaction == row.id))
        assert row.state == "work_in_progress" and sorted(draft.author for draft in drafts) == sorted(AGENTS)
        owners = owners_of(row.id)
        assert sorted(owners) == sorted(AGENTS) and owners[-1] == row.owner
        assert row.owner_draft in {draft.id for draft in drafts if draft.author == row.owner}
    assert plant.broken() == []


def test_R6_exactly_one_interaction_per_agent_where_the_setting_says_so(open_plant: MakePlant) -> None:
    plant = fifty_compose_for_each(open_plant(per_agent_tables="contact"))
    for customer in CUSTOMERS:
        rows = list(t.Interaction.select().where(t.Interaction.customer == customer))
        assert sorted(str(row.owner) for row in rows) == sorted(AGENTS)
        assert {row.state for row in rows} == {"work_in_progress"}
        assert {(row.seq, row.consolidation_key) for row in rows} == {(1, f"{customer}/{agent}") for agent in AGENTS}
    assert t.Draft.select().count() == len(CUSTOMERS) * len(AGENTS)
    assert plant.broken() == []


def fifty_compose_for_each(plant: Plant) -> Plant:
    plant.customers(CUSTOMERS)
    plant.workers(processes=2, threads=8, queues="commands")
    wishes = [wish("compose", f"{c}.{a}", a, customer=c, draft=f"{c}.{a}") for c in CUSTOMERS for a in AGENTS]
    plant.publish(wishes, abreast=len(AGENTS))
    plant.decided(len(wishes), 120)
    assert plant.rejected() == []
    return plant


def owners_of(interaction: int) -> list[str]:
    """Every owner in turn; each change begins where the one before ended."""
    said = [event.changes or {} for event in history.every(interaction)]
    changes = [each["owner"] for each in said if "owner" in each]
    assert [before for before, _ in changes] == [None, *(after for _, after in changes[:-1])]
    return [after for _, after in changes]
