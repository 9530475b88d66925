"""Mail from providers: checked to be theirs, kept, then answered with the status at which they stop, or try again.

Refuses to open a door whose secret is not set. Nothing is lost by an answer of ours: what is at fault here, or is only
set wrongly there, is a 503, which all of them try again.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from models import tables as t
from models.settings import Settings
from producers.api.blobs import TakenIn
from producers.api.bodies import read_body
from producers.api.door import Door, TheDoor
from producers.api.problems import Problem
from producers.api.providers import Forged, NoRawMail, Posted, Provider, providers_of
from producers.gate import count_turned_away, is_first_use
from producers.intake import PRINCIPAL, can_carry, keep

FIELDS_BYTES = 200_000  # what a form says beside the mail
_log = logging.getLogger(__name__)


def routes(settings: Settings) -> APIRouter:
    """One door per provider with a secret. Raises `Misconfigured` for a secret that cannot be one."""
    router = APIRouter(include_in_schema=False)
    for provider in providers_of(settings):
        for ending in ("", "/mime"):  # Mailgun sends raw mail only where the URL ends in "mime"
            router.add_api_route(f"/v1/inbound/{provider.name}{ending}", _door_of(provider), methods=["POST"])
    return router


def _door_of(provider: Provider) -> Callable[[Request, Door], Awaitable[Response]]:
    async def receive(request: Request, door: TheDoor) -> Response:
        try:
            return await _received(request, door, provider)
        except Forged as forged:
            problem = _doubted(provider, forged.reason, forged.detail)
            _slow_down(request, door, provider)
        except NoRawMail as error:
            problem = Problem(503, "no_raw_mail", str(error), {"Retry-After": "600"})
        except _TooLarge as error:
            problem = Problem(provider.gives_up_at, "too_large", str(error))
        _log.warning("%s: %d %s: %s", provider.name, problem.status, problem.code, problem.detail)
        now = door.deps.clock.now()
        await door.rows(lambda: count_turned_away(door.deps.store, provider.name, problem.code, now))
        raise problem

    return receive


def _doubted(provider: Provider, reason: str, detail: str) -> Problem:
    """A key that is just being changed must cost no mail: each provider hears the status at which it comes again."""
    told = {"WWW-Authenticate": 'Basic realm="postroom"'} if provider.doubted_at == 401 else {"Retry-After": "600"}
    return Problem(provider.doubted_at, reason, detail, told)


def _slow_down(request: Request, door: Door, provider: Provider) -> None:
    try:
        door.guard.slow_down(request)
    except Problem as problem:
        raise _doubted(provider, problem.code, problem.detail) from None


class _TooLarge(Exception):
    pass


async def _received(request: Request, door: Door, provider: Provider) -> Response:
    deps, now = door.deps, door.deps.clock.now()
    provider.admit(request.headers)
    body = await _body(request, int(deps.settings.mail_limit_bytes * provider.swollen) + FIELDS_BYTES)
    mail = await asyncio.to_thread(provider.unpack, request.headers, body, now)
    if len(mail.raw) > deps.settings.mail_limit_bytes:
        raise _TooLarge(
            f"The mail has {len(mail.raw)} bytes; POSTROOM_MAIL_LIMIT_BYTES is {deps.settings.mail_limit_bytes}."
        )
    rows = await door.rows(lambda: _keep(door, provider, mail, now))
    for row in rows:
        door.wake(row)
    taken = TakenIn(blob=hashlib.sha256(mail.raw).hexdigest(), commands=[row.command_id for row in rows])
    return Response(taken.model_dump_json(), 200, {"Cache-Control": "no-store"}, "application/json")


async def _body(request: Request, limit: int) -> bytes:
    try:
        return await read_body(request, limit)
    except Problem as problem:
        if problem.code == "too_large":
            raise _TooLarge(problem.detail) from None
        raise Problem(503, problem.code, problem.detail) from None  # a 408 would end the attempts of some


def _keep(door: Door, provider: Provider, mail: Posted, now: datetime) -> list[t.Command]:
    store, ours = door.deps.store, door.deps.settings.sender_address
    sender = mail.sender if can_carry(mail.sender, ours) else ""
    recipients = [each for each in mail.recipients if can_carry("", each)] or [ours]
    digest = hashlib.sha256(mail.raw + "\n".join(recipients).encode()).hexdigest()
    with store.transaction():
        if mail.once and not is_first_use(store, provider.name, mail.once, digest, now):
            raise Forged("replayed", "The signature was used for another mail already.")
        return keep(store, mail.raw, sender, recipients, PRINCIPAL, "mail", now)
