"""The lists: whose interactions, in which state, the latest happening first, page by page (R30)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from models import tables as t
from models.errors import Rejected
from models.lifecycle import OPEN, State
from models.queries import drafts, interactions, mails, people
from models.queries.paging import Page
from models.queries.views import InteractionLine, RunningClock
from producers.workspace.desk import Visit
from producers.workspace.pages import render, see
from producers.workspace.wishing import wish

LIMIT = 30
Lines = Page[InteractionLine]


@dataclass(frozen=True, slots=True)
class View:
    """A list: its title, what it says when it is empty, and how it is read."""

    title: str
    empty: str
    read: Callable[[str, str | None], Lines]


VIEWS: dict[str, View] = {
    "my": View(
        "My Interactions", "You own no open interaction. Look up a customer to begin one.",
        lambda me, cursor: interactions.mine(me, cursor=cursor, limit=LIMIT),
    ),
    "ongoing": View(
        "Ongoing", "Nothing waits for you: no unread answers, no mail in trouble.",
        lambda me, cursor: interactions.ongoing(me, cursor, LIMIT),
    ),
    "open": View(
        "All open", "There is no open interaction.",
        lambda _, cursor: interactions.in_states(sorted(OPEN), cursor, LIMIT),
    ),
    "waiting": View(
        "Waiting for customers", "Nothing waits for a customer.",
        lambda _, cursor: interactions.in_states([State.ON_HOLD], cursor, LIMIT),
    ),
    "closed": View(
        "Closed", "Nothing was closed yet.",
        lambda _, cursor: interactions.in_states([State.CLOSED_COMPLETE, State.CLOSED_ABANDONED], cursor, LIMIT),
    ),
}  # fmt: skip


async def home(visit: Visit) -> Response:
    return see("/list/my")


async def listed(visit: Visit) -> Response:
    name, cursor = visit.path("view"), visit.asked("cursor") or None
    view = VIEWS.get(name)
    if view is None:
        raise Rejected("not_found", f"There is no list {name!r}.")
    me = visit.identity.id
    page, clocks = await visit.door.rows(lambda: _with_clocks(visit, view.read(me, cursor)))
    return await render(visit, "list.html", title=view.title, empty=view.empty, page=page, clocks=clocks, view=name)


async def queue_list(visit: Visit) -> Response:
    """Open interactions nobody owns, and how many each queue holds."""
    queue, cursor = visit.asked("queue") or None, visit.asked("cursor") or None
    known = await visit.door.rows(people.queues)
    page, clocks = await visit.door.rows(lambda: _with_clocks(visit, interactions.in_queue(queue, cursor, LIMIT)))
    return await render(
        visit, "queues.html", title=f"Queue {queue}" if queue else "Queues", page=page, clocks=clocks, queues=known,
        queue=queue, empty="Nothing is unassigned.", view="queues",
    )  # fmt: skip


async def search(visit: Visit) -> Response:
    """By number, or of the customers the words find; a number alone leads straight to it."""
    words, cursor = visit.asked("q"), visit.asked("cursor") or None
    empty: Lines = Page(items=[])
    page, clocks = await visit.door.rows(
        lambda: _with_clocks(visit, interactions.search(words, cursor, LIMIT) if words else empty)
    )
    if words.upper().startswith("IMS") and len(page.items) == 1:
        return see(f"/interactions/{page.items[0].number}")
    return await render(
        visit, "search.html", title="Search", page=page, clocks=clocks, words=words, view="search",
        empty="Nothing was found: look for a number, a name, a phone number or an address.",
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
    await wish(visit, "attach_unmatched", incoming=incoming, interaction=number)
    return see(f"/interactions/{number}")


def _with_clocks(visit: Visit, page: Lines) -> tuple[Lines, dict[str, RunningClock]]:
    """The page, and for each line the clock that is due next."""
    ids = [t.id_of(line.number) for line in page.items]
    rows = t.Interaction.select().where(t.Interaction.id.in_(ids)) if ids else ()
    clocks = {row.number: interactions.clocks_of(row, visit.deps.settings) for row in rows}
    return page, {number: due[0] for number, due in clocks.items() if due}
