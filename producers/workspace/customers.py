"""Customers: looked up by name, phone or address; a record with its related list, from which to compose (R1, R30)."""

from __future__ import annotations

from starlette.responses import Response

from models.lifecycle import OPEN
from models.queries import customers, drafts, interactions
from producers.workspace.desk import Visit
from producers.workspace.pages import render, see
from producers.workspace.wishing import wish

LIMIT = 25


async def look_up(visit: Visit) -> Response:
    """The list; as a fragment of it while somebody types."""
    words, cursor = visit.asked("q"), visit.asked("cursor") or None
    page = await visit.door.rows(lambda: customers.search(words, cursor, LIMIT))
    template = "customer_rows.html" if visit.asked("part") else "customers.html"
    return await render(visit, template, title="Customers", page=page, words=words, view="customers")


async def record(visit: Visit) -> Response:
    customer, cursor = visit.path("customer"), visit.asked("cursor") or None
    who = await visit.door.rows(lambda: customers.one(customer))
    related, still_open = await visit.door.rows(
        lambda: (
            interactions.of_customer(customer, cursor=cursor, limit=LIMIT),
            interactions.of_customer(customer, sorted(OPEN), limit=LIMIT),
        )
    )
    begun = await visit.door.rows(lambda: drafts.begun(related.items))
    return await render(
        visit, "customer.html", title=who.name or who.id, who=who, page=related, begun=begun, still_open=still_open,
        view="customers",
    )  # fmt: skip


async def compose(visit: Visit) -> Response:
    """It exists from the moment the editor opens (R1); a colleague's unsent one is joined (R4)."""
    address = visit.given("address").strip()
    body = {"customer": visit.path("customer")} | ({"address": address} if address else {})
    made = await wish(visit, "compose", **body)
    return see(f"/drafts/{made['draft']}?fresh=1")


async def compose_anywhere(visit: Visit) -> Response:
    """To a bare address: its customer is found, or a guest is made (R1)."""
    made = await wish(visit, "compose", address=visit.given("address").strip())
    return see(f"/drafts/{made['draft']}?fresh=1")
