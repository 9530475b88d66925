"""Commands over HTTP: kept for good, then 202; with ``Prefer: wait`` the decision itself (R33-R35)."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from models import tables as t
from models.commands import Id, parse
from models.queries import commands
from models.queries.views import CommandView
from producers.api.bodies import must_be_json, read_body
from producers.api.door import Anyone, TheDoor
from producers.api.problems import WITH_BODY, answers, of_code

LONGEST_WAIT = 30.0
_WAIT = re.compile(r'^wait\s*=\s*"?(\d{1,6})"?$', re.IGNORECASE)
_LOCATION = {"Location": {"schema": {"type": "string"}, "description": "Where its fate can be read."}}
_APPLIED = {
    "Preference-Applied": {"schema": {"type": "string"}, "description": "The wait that was honoured (RFC 7240)."}
}


def routes() -> APIRouter:
    router = APIRouter(tags=["commands"])
    router.add_api_route(
        "/v1/commands", give_command, methods=["POST"], status_code=202, operation_id="give_command",
        responses={
            200: {"model": CommandView, "description": "Decided: done.", "headers": _APPLIED},
            202: {"model": CommandView, "description": "Kept; not decided yet.", "headers": _LOCATION | _APPLIED},
            **answers(404, 409, *WITH_BODY),
        },
    )  # fmt: skip
    router.add_api_route(
        "/v1/commands/{command}", command_fate, methods=["GET"], response_model=CommandView,
        responses=answers(404), operation_id="command_fate",
    )  # fmt: skip
    return router


async def give_command(request: Request, door: TheDoor, identity: Anyone) -> Response:
    """Give a command. The same id again is the same command; other content under its id is refused (R33).

    `Prefer: wait=5` waits up to five seconds for the decision: 200 with the result, or the rejection as a problem.
    """
    must_be_json(request)
    command = parse(await read_body(request, door.deps.settings.body_limit_bytes))
    seconds = wait_of(request.headers.getlist("prefer"))
    if seconds is None:
        return _kept(await door.accept(command, identity.id), {})
    with door.decisions.expecting(identity.id, command.id) as expected:
        row = await door.accept(command, identity.id)
        decided = row if row.state != "accepted" else await door.decisions.wait(expected, row.id, seconds)
    applied = {"Preference-Applied": f"wait={seconds:.0f}"}
    return _kept(row, applied) if decided is None else _decided(decided, applied)


async def command_fate(command: Annotated[Id, Path()], door: TheDoor, identity: Anyone) -> CommandView:
    """What became of one's own command."""
    return await door.rows(lambda: commands.one(identity.id, command))


def wait_of(prefer: list[str]) -> float | None:
    """The seconds of ``Prefer: wait=…``, within our bounds; None where it is not asked for (RFC 7240)."""
    for preference in ",".join(prefer).split(","):
        found = _WAIT.match(preference.partition(";")[0].strip())
        if found:
            return min(float(found[1]), LONGEST_WAIT)
    return None


def location_of(command_id: str) -> str:
    return f"/v1/commands/{command_id}"


def _kept(row: t.Command, headers: dict[str, str]) -> Response:
    return _shown(commands.view(row), 202, headers | {"Location": location_of(row.command_id)})


def _decided(row: t.Command, headers: dict[str, str]) -> Response:
    if row.state == "done":
        return _shown(commands.view(row), 200, headers)
    members: dict[str, Any] = row.result if isinstance(row.result, dict) else {}
    sentence = row.sentence or "It was refused."
    if row.state == "dead":
        sentence = f"{sentence.rstrip('.')}. Give it again under a new id when the cause is gone; the log of the workers has it."
    problem = of_code(row.code or "gave_up", sentence, members | {"command": row.command_id})
    problem.headers |= headers
    return problem.answer()


def _shown(view: CommandView, status: int, headers: dict[str, str]) -> Response:
    return Response(view.model_dump_json(), status, headers | {"Cache-Control": "no-store"}, "application/json")
