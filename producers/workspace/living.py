"""What changes while a page is open: server-sent events over the session, and the same counters for who can only poll."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import JSONResponse, Response

from models.queries import interactions, people
from models.queries.views import EventView
from producers.api.feed import Listener
from producers.api.problems import Problem
from producers.workspace import words
from producers.workspace.desk import Visit
from producers.workspace.pages import HEADERS, SHOWN_ONGOING, total

KEEP_ALIVE_SECONDS = 15.0
STIR_SECONDS = 1.0
STIRRED_AT_MOST = 200


async def counters(visit: Visit) -> Response:
    """What is Ongoing, for a page that asks every few seconds because it cannot listen."""
    return JSONResponse(await _ongoing(visit), 200, HEADERS)


async def listen(visit: Visit) -> Response:
    """``ongoing`` whenever it changed, ``moved`` whenever something happened on an interaction that is shown or written on.

    ``stirred`` names all interactions on which something happened, at most once a second, for pages that list them.
    """
    listener = await visit.door.feed.join()
    stream = _stream(visit, listener, frozenset(visit.asked("interaction").split(",")))
    return EventSourceResponse(stream, ping=int(KEEP_ALIVE_SECONDS), headers={"Cache-Control": "no-store"})


async def _stream(visit: Visit, listener: Listener, numbers: frozenset[str]) -> AsyncIterator[ServerSentEvent]:
    """Ends with the session, with the door, or when the listener cannot follow; browsers come back by themselves."""
    me, concerned, told, stir = visit.identity.id, True, "", _Stir()
    try:
        while True:
            if concerned:
                if await visit.door.rows(visit.session.holder) is None:
                    return
                now = json.dumps(await _ongoing(visit))
                if now != told:
                    told = now
                    yield ServerSentEvent(data=now, event="ongoing", retry=1000)
            if news := stir.due():
                yield news
            passing = await _next(listener, stir.seconds_left())
            if passing is _END:
                return
            if passing is None:
                concerned = not stir.numbers
                continue
            concerned = me in passing.concerns
            stir.numbers.add(passing.event.interaction)
            if passing.event.interaction in numbers and passing.event.actor != me:
                yield await _moved(visit, passing.event)
    except Problem:
        return
    finally:
        visit.door.feed.leave(listener)


async def _moved(visit: Visit, event: EventView) -> ServerSentEvent:
    told: dict[str, Any] = {"number": event.interaction, "why": words.plainly(event.why)}
    if "owner" in (event.changes or {}):
        names, owner = await visit.door.rows(people.names), (event.changes or {})["owner"][1]
        told["owner"] = names.get(owner, owner) or "nobody"
    return ServerSentEvent(data=json.dumps(told), event="moved")


_END: Any = object()


@dataclass(slots=True)
class _Stir:
    """The interactions on which something happened since a listener was told."""

    numbers: set[str | None] = field(default_factory=set)
    told_at: float = 0.0

    def due(self) -> ServerSentEvent | None:
        if not self.numbers or self.seconds_left():
            return None
        told, self.numbers, self.told_at = sorted(filter(None, self.numbers)), set(), _seconds()
        return ServerSentEvent(data=json.dumps(told[-STIRRED_AT_MOST:]), event="stirred")

    def seconds_left(self) -> float:
        return max(0.0, self.told_at + STIR_SECONDS - _seconds()) if self.numbers else KEEP_ALIVE_SECONDS


def _seconds() -> float:
    return asyncio.get_running_loop().time()


async def _next(listener: Listener, seconds: float) -> Any:
    """What happened; None when it was quiet for so long."""
    try:
        found = await asyncio.wait_for(listener.line.get(), seconds)
    except TimeoutError:
        return None
    return _END if found is None else found


async def _ongoing(visit: Visit) -> dict[str, Any]:
    me = visit.identity.id
    page, calling, names = await visit.door.rows(
        lambda: (interactions.ongoing(me, limit=SHOWN_ONGOING), interactions.calling(me), people.names())
    )
    items = [
        {
            "number": line.number, "unread": line.unread, "attention": line.attention, "subject": line.subject,
            "customer": line.customer.name or line.customer.id,
        }
        for line in page.items
    ]  # fmt: skip
    return {"total": total(calling), "calling": calling, "items": items, "me": names.get(me, me)}
