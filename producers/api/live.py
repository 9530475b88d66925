"""Live changes as server-sent events; a listener that comes back resumes where it stood, without losing one (R32)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from producers.api.access import bearer_of
from producers.api.asked import EventsQuery
from producers.api.door import Anyone, Door, TheDoor
from producers.api.feed import Listener, Passing
from producers.api.problems import Answers, Problem, answers

KEEP_ALIVE_SECONDS = 15.0
_ENDLESS: Answers = {
    200: {
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
        "description": "Events named `change`, their data as in the history; `id` is where to resume; `ready` comes first.",
    }
}


def routes() -> APIRouter:
    router = APIRouter(tags=["live"])
    router.add_api_route(
        "/v1/events", events, operation_id="live_events", response_class=Response, responses={**_ENDLESS, **answers()}
    )
    return router


async def events(
    request: Request,
    door: TheDoor,
    identity: Anyone,
    asked: Annotated[EventsQuery, Query()],
    last_event_id: Annotated[str | None, Header(pattern=r"^[0-9]{1,18}$")] = None,
) -> Response:
    """Every change from now on, or from `Last-Event-ID` on; each at least once, an interaction's own in their order."""
    owner = identity.id if asked.owner == "me" else asked.owner
    listener = await door.feed.join()
    after = int(last_event_id) if last_event_id is not None else None
    passing = _wanted(_all(door, listener, after), asked.interaction, owner)
    start = door.feed.resume_point(listener.since) if after is None else after
    stream = _stream(door, listener, start, passing, bearer_of(request))
    return EventSourceResponse(stream, ping=int(KEEP_ALIVE_SECONDS), headers={"Cache-Control": "no-store"})


async def _stream(
    door: Door, listener: Listener, start: int, passing: AsyncIterator[Passing | None], bearer: tuple[str, str]
) -> AsyncIterator[ServerSentEvent]:
    """Ends when the door closes, the listener cannot follow, or the token is no longer valid."""
    try:
        yield ServerSentEvent(data="{}", event="ready", id=str(start), retry=1000)
        async for each in passing:
            await door.guard.identify(*bearer)
            if each is not None:
                yield ServerSentEvent(data=each.event.model_dump_json(), event="change", id=str(each.resume))
    except Problem:
        return
    finally:
        door.feed.leave(listener)


async def _all(door: Door, listener: Listener, after: int | None) -> AsyncIterator[Passing | None]:
    """What was missed, then what comes; None now and then, so that somebody looks at the clock."""
    while after is not None and after < listener.since:
        batch = await door.feed.backlog(after, listener.since)
        for passing in batch:
            yield passing
        after = batch[-1].event.id if batch else listener.since
    while True:
        try:
            live = await asyncio.wait_for(listener.line.get(), KEEP_ALIVE_SECONDS)
        except TimeoutError:
            yield None
            continue
        if live is None:
            return
        yield live


async def _wanted(
    passing: AsyncIterator[Passing | None], interaction: str | None, owner: str | None
) -> AsyncIterator[Passing | None]:
    async for each in passing:
        concerns = each is None or (
            (interaction is None or each.event.interaction == interaction) and (owner is None or owner in each.concerns)
        )
        if concerns:
            yield each
