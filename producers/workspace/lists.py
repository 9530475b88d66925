"""The lists: whose interactions, in which state, narrowed, searched and sorted as the address says, page by page (R30)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from starlette.datastructures import FormData
from starlette.responses import Response

from models import tables as t
from models.errors import Rejected
from models.queries import drafts, interactions, listing, mails, people, seeking
from models.queries.paging import Page
from models.queries.views import InteractionLine, RunningClock
from models.queries.wanted import Wanted
from producers.workspace import narrowing
from producers.workspace.desk import Declined, Visit
from producers.workspace.pages import ours, render, see
from producers.workspace.wishing import wish

LIMIT = 30
Lines = Page[InteractionLine]
VIEWS = {
    "my": ("My Interactions", "You own no open interaction. Look up a customer to begin one."),
    "ongoing": ("Ongoing", "Nothing waits for you: no unread answers, no mail in trouble."),
    "open": ("All open", "There is no open interaction."),
    "waiting": ("Waiting for customers", "Nothing waits for a customer."),
    "closed": ("Closed", "Nothing was closed yet."),
}


async def home(visit: Visit) -> Response:
    return see("/list/my")


async def listed(visit: Visit) -> Response:
    name = visit.path("view")
    if name not in VIEWS:
        raise Rejected("not_found", f"There is no list {name!r}.")
    title, empty = VIEWS[name]
    return await _page(visit, "list.html", name, title=title, empty=empty)


async def queue_list(visit: Visit) -> Response:
    """Open interactions nobody owns, and how many each queue holds."""
    queue = visit.asked("queue")
    title = f"Queue {queue}" if queue else "Queues"
    return await _page(visit, "queues.html", "queues", title=title, queue=queue, empty="Nothing is unassigned.")


async def take_oldest(visit: Visit) -> Response:
    """What waits longest in this queue, or in all of them, becomes the reader's own."""
    queue = visit.given("queue") or None
    waiting = Wanted(nobodys=True, queue=queue)
    page = await visit.door.rows(lambda: listing.page(waiting, "activity", False, limit=1))
    if not page.items:
        raise Rejected("not_found", "Nothing is unassigned any more; colleagues were quicker.")
    number = page.items[0].number
    await wish(visit, "transfer", interaction=number, to_agent=visit.identity.id)
    return see(f"/interactions/{number}")


async def hand_on(visit: Visit) -> Response:
    """Those that were chosen get one new owner, or one queue; what cannot be handed on is named."""
    agent, queue, form = visit.given("to_agent"), visit.given("to_queue").strip(), cast(FormData, visit.form)
    chosen = [each for each in form.getlist("number") if isinstance(each, str)][:LIMIT]
    if bool(agent) == bool(queue) or not chosen:
        raise Rejected("malformed", "Choose interactions, and either a colleague or a queue to hand them on to.")
    left = []
    for number in chosen:
        try:
            await wish(visit, "transfer", interaction=number, **({"to_agent": agent} if agent else {"to_queue": queue}))
        except (Declined, Rejected) as no:
            left.append(f"{number[:20]}: {no.sentence}")
    if left:
        raise Rejected("not_handed_on", f"{len(chosen) - len(left)} of {len(chosen)} are handed on. {' '.join(left)}")
    return see(ours(visit.given("back")))


async def search(visit: Visit) -> Response:
    """By number, by subject, or of the customers the words find; a number alone leads straight to it."""
    words = visit.asked("q")
    if words and (number := await visit.door.rows(lambda: seeking.number(words))):
        return see(f"/interactions/{number}")
    empty = "Nothing was found: look for a number, a subject, a name, a phone number or an address."
    return await _page(visit, "search.html", "search", title="Search", words=words, empty=empty)


async def _page(visit: Visit, template: str, name: str, **shown: Any) -> Response:
    asked = narrowing.asked(narrowing.views(visit.identity.id)[name], {n: visit.asked(n) for n in narrowing.NAMES})
    cursor = visit.asked("cursor") or None
    read = asked.wanted if name != "search" or asked.wanted.words else replace(asked.wanted, states=())
    page, clocks, begun = await visit.door.rows(
        lambda: _with_clocks(visit, listing.page(read, asked.order, asked.descending, cursor, LIMIT))
    )
    agents, queues = await visit.door.rows(lambda: (people.agents(), people.queues()))
    here = f"{visit.request.url.path}?{visit.request.url.query}"
    return await render(
        visit, template, page=page, clocks=clocks, begun=begun, asked=asked, cursor=cursor, agents=agents, queues=queues,
        view=name, here=here, **shown,
    )  # fmt: skip


async def draft_list(visit: Visit) -> Response:
    """What the reader has begun and not sent (R10)."""
    cursor = visit.asked("cursor") or None
    page = await visit.door.rows(lambda: drafts.at_work(visit.identity.id, cursor, LIMIT))
    return await render(visit, "drafts.html", title="Drafts", page=page, view="drafts")


async def unmatched(visit: Visit) -> Response:
    """Mails that belong to no interaction yet (R21)."""
    cursor = visit.asked("cursor") or None
    page = await visit.door.rows(lambda: mails.unmatched(cursor, LIMIT))
    return await render(visit, "unmatched.html", title="Unmatched mail", page=page, view="unmatched")


async def settle_unmatched(visit: Visit) -> Response:
    incoming, number = visit.path("incoming"), visit.given("interaction").strip().upper()
    if visit.given("action") == "ignore":
        await wish(visit, "ignore_unmatched", incoming=incoming)
        return see("/unmatched")
    place = None if visit.given("action") == "begin" else number
    found = await wish(visit, "attach_unmatched", incoming=incoming, interaction=place)
    return see(f"/interactions/{found['interaction']}")


def _with_clocks(visit: Visit, page: Lines) -> tuple[Lines, dict[str, RunningClock], dict[str, str]]:
    """The page, and for each line the clock that is due next and what it is called until something was sent."""
    ids = [t.id_of(line.number) for line in page.items]
    rows = t.Interaction.select().where(t.Interaction.id.in_(ids)) if ids else ()
    clocks = {row.number: interactions.clocks_of(row, visit.deps.settings) for row in rows}
    return page, {number: due[0] for number, due in clocks.items() if due}, drafts.begun(page.items)
