"""Interactions for readers: lists, one with everything on it, its history, its stream and the reasons (R30, R31)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query

from models.lifecycle import OPEN, State
from models.principals import Identity
from models.queries import customers, history, interactions, reminders, stream
from models.queries.paging import Page
from models.queries.views import (
    Because,
    CustomerView,
    EventView,
    InteractionLine,
    InteractionView,
    ReminderPreview,
    StreamItem,
)
from models.rights import AGENTS
from producers.api.asked import (
    CustomersQuery,
    InteractionsQuery,
    Paged,
    PathId,
    PathNumber,
    StreamQuery,
    WhyQuery,
)
from producers.api.door import Anyone, Person, TheDoor
from producers.api.problems import Problem, answers

Listing = Callable[[], Page[InteractionLine]]


def routes() -> APIRouter:
    router = APIRouter(tags=["interactions"])
    known = answers(404)
    add = router.add_api_route
    add("/v1/interactions", interaction_list, responses=answers(), operation_id="list_interactions")
    add("/v1/interactions/{number}", interaction, responses=known, operation_id="show_interaction")
    add("/v1/interactions/{number}/history", interaction_history, responses=known, operation_id="show_history")
    add("/v1/interactions/{number}/stream", interaction_stream, responses=known, operation_id="show_stream")
    add("/v1/interactions/{number}/why", interaction_why, responses=known, operation_id="show_why")
    add(
        "/v1/interactions/{number}/reminder-preview", reminder_preview, responses=known, operation_id="preview_reminder"
    )
    add("/v1/customers", customer_list, responses=answers(), operation_id="find_customers", tags=["customers"])
    add("/v1/customers/{customer}", one_customer, responses=known, operation_id="show_customer", tags=["customers"])
    return router


async def interaction_list(
    door: TheDoor, identity: Anyone, asked: Annotated[InteractionsQuery, Query()]
) -> Page[InteractionLine]:
    """Interactions, the latest happening first."""
    return await door.rows(_listing(asked, identity))


async def interaction(door: TheDoor, identity: Anyone, number: PathNumber) -> InteractionView:
    """One interaction with drafts, mails, notes, clocks and latest history; services see no drafts and notes."""
    confidential = identity.role in AGENTS
    return await door.rows(lambda: interactions.one(number, door.deps.settings, confidential))


async def interaction_history(door: TheDoor, _: Anyone, number: PathNumber, asked: Paged) -> Page[EventView]:
    """Every change in its order, with its cause."""
    return await door.rows(lambda: history.of_interaction(interactions.find(number).id, asked.cursor, asked.limit))


async def interaction_stream(
    door: TheDoor, _: Person, number: PathNumber, asked: Annotated[StreamQuery, Query()]
) -> Page[StreamItem]:
    """Mails, notes and changes in one order."""
    return await door.rows(
        lambda: stream.of_interaction(interactions.find(number).id, asked.kind, asked.order, asked.cursor, asked.limit)
    )


async def interaction_why(door: TheDoor, _: Anyone, number: PathNumber, asked: Annotated[WhyQuery, Query()]) -> Because:
    """Why a field (the state, if not said) is what it is: the chain of events that made it so."""
    return await door.rows(lambda: history.why(interactions.find(number), asked.field))


async def reminder_preview(door: TheDoor, _: Person, number: PathNumber) -> ReminderPreview:
    """The next reminder as it would leave now: when and why, to whom, in which words, and what holds it back."""
    return await door.rows(lambda: reminders.preview(number, door.deps.settings, door.deps.clock.now()))


async def customer_list(door: TheDoor, _: Anyone, asked: Annotated[CustomersQuery, Query()]) -> Page[CustomerView]:
    """Customers by name, phone or address."""
    return await door.rows(lambda: customers.search(asked.q, asked.cursor, asked.limit))


async def one_customer(door: TheDoor, _: Anyone, customer: PathId) -> CustomerView:
    return await door.rows(lambda: customers.one(customer))


def _listing(asked: InteractionsQuery, identity: Identity) -> Listing:
    owner, page = asked.owner or identity.id, (asked.cursor, asked.limit)
    states = [State(name) for name in asked.state]
    if asked.view == "my":
        return lambda: interactions.mine(owner, states or sorted(OPEN), *page)
    if asked.view == "ongoing":
        return lambda: interactions.ongoing(owner, *page)
    if asked.view == "queue":
        return lambda: interactions.in_queue(asked.queue, *page)
    if asked.view == "state":
        return lambda: interactions.in_states(states or list(State), *page)
    return _of_somebody(asked, states or list(State))


def _of_somebody(asked: InteractionsQuery, states: list[State]) -> Listing:
    if asked.view == "customer":
        customer = _needed("customer", asked.customer)
        return lambda: interactions.of_customer(customer, states, asked.cursor, asked.limit)
    text = _needed("q", asked.q)
    return lambda: interactions.search(text, asked.cursor, asked.limit)


def _needed(name: str, value: str | None) -> str:
    if not value:
        raise Problem(422, "malformed", f"This view needs {name}.", field=name)
    return value
