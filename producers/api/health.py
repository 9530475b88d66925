"""Whether the process lives and whether it can work. A broker that is away is no reason to turn anybody away."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from models import tables as t
from producers.api.door import Anyone, TheDoor
from producers.api.problems import Problem, answers


class Alive(BaseModel):
    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """``publisher`` may be away: commands are kept and published later."""

    status: Literal["ready", "not_ready"]
    database: str
    pending_migrations: list[str]
    publisher: str


class Me(BaseModel):
    id: str
    role: str
    name: str


def routes() -> APIRouter:
    router = APIRouter(tags=["about"])
    unready: dict[int | str, dict[str, Any]] = {503: {"model": Ready, "description": "Not ready, and why."}}
    router.add_api_route("/healthz", healthz, operation_id="healthz")
    router.add_api_route("/readyz", readyz, operation_id="readyz", responses={200: {"model": Ready}, **unready})
    router.add_api_route("/v1/me", me, operation_id="me", responses=answers())
    return router


async def healthz() -> Alive:
    """The process lives."""
    return Alive()


async def readyz(door: TheDoor) -> Response:
    """The database answers and every migration is applied."""
    publisher = door.deps.publisher_state()
    try:
        pending = await door.rows(lambda: _pending(door))
        found = Ready(
            status="not_ready" if pending else "ready", database="ok", pending_migrations=pending, publisher=publisher
        )
    except Problem:
        found = Ready(status="not_ready", database="away", pending_migrations=[], publisher=publisher)
    status = 200 if found.status == "ready" else 503
    return Response(found.model_dump_json(), status, {"Cache-Control": "no-store"}, "application/json")


async def me(identity: Anyone) -> Me:
    """Who the token speaks for."""
    return Me(id=identity.id, role=identity.role, name=identity.name)


def _pending(door: TheDoor) -> list[str]:
    pending = door.deps.pending_migrations()
    if not pending:
        t.Meta.select().limit(1).first()
    return pending
