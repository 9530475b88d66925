"""Makes the HTTP app from its deps; the table of contents of the door. Nothing happens before the app is started."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from producers.api import (
    answering,
    asking,
    blobs,
    demo,
    health,
    live,
    openapi,
    reading_drafts,
    reading_interactions,
    reading_kept,
    unsubscribing,
)
from producers.api.answering import Wall
from producers.api.deps import DEMO_PROFILES, Deps
from producers.api.door import make_door


def create_app(deps: Deps) -> FastAPI:
    """The app; ``app.state.door`` is what runs behind it, from the app's start to its end."""
    door = make_door(deps)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with door.open():
            yield

    app = FastAPI(
        title="Postroom", version="1", summary="Outbound email interactions over queues", lifespan=lifespan,
        openapi_url="/openapi.json", docs_url=None, redoc_url=None, redirect_slashes=False,
    )  # fmt: skip
    app.state.door = door
    for part in (asking, reading_interactions, reading_drafts, reading_kept, blobs, live, health, unsubscribing):
        app.include_router(part.routes())
    if deps.settings.has_webhooks:
        from producers.api import webhooks  # a start without them is quicker by what they import

        app.include_router(webhooks.routes(deps.settings))
    if deps.settings.profile in DEMO_PROFILES:
        app.include_router(demo.routes(deps))
    answering.handle(app)
    app.add_middleware(Wall, ids=deps.ids)
    openapi.describe(app)
    return app
