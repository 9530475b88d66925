"""Bytes by their SHA-256: uploaded before a command refers to them, and whole mails handed in from outside."""

from __future__ import annotations

import asyncio
import hashlib
import re
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from models.addresses import NULL_SENDER
from models.queries import mails
from models.store import keep_blob
from producers.api.asked import PathSha256
from producers.api.asking import location_of
from producers.api.bodies import content_type, read_body
from producers.api.door import Anyone, Door, Feeder, TheDoor
from producers.api.problems import WITH_BODY, Problem, answers
from producers.api.reading_drafts import download
from producers.intake import take_in

_MEDIA_TYPE = re.compile(r"^[a-z0-9.+-]+/[a-z0-9.+-]+$")
_BYTES: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_MAIL_TYPES = ("message/rfc822", "message/global", "application/octet-stream", "")
EnvelopeAddress = Annotated[str, Field(max_length=320, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$")]


class Stored(BaseModel):
    sha256: str
    size: int
    media_type: str


class Envelope(BaseModel):
    """The mail's envelope; the headers X-Envelope-From and X-Envelope-To say the same."""

    model_config = ConfigDict(extra="forbid")
    sender: EnvelopeAddress | None = Field(default=None, alias="from")
    to: list[EnvelopeAddress] = Field(default_factory=list, max_length=100)


class TakenIn(BaseModel):
    """``commands`` are the ids under which the fate of the mail can be read, one per envelope recipient."""

    blob: str
    commands: list[str]


def routes() -> APIRouter:
    router = APIRouter()
    add = router.add_api_route
    stored = {"model": Stored, "description": "Kept."}
    add(
        "/v1/blobs/{sha256}", put_blob, methods=["PUT"], status_code=201, tags=["blobs"], operation_id="put_blob",
        responses={201: stored, **answers(*WITH_BODY)},
        openapi_extra={"requestBody": {"required": True, "content": {"application/octet-stream": _BYTES}}},
    )  # fmt: skip
    add(
        "/v1/blobs/{sha256}", get_blob, methods=["GET"], tags=["blobs"], operation_id="get_blob",
        response_class=Response, responses={200: {"content": {"*/*": _BYTES}}, **answers(404)},
    )  # fmt: skip
    add(
        "/v1/inbound", receive, methods=["POST"], status_code=202, tags=["mails"], operation_id="receive_mail",
        responses={202: {"model": TakenIn, "description": "Kept for good."}, **answers(*WITH_BODY)},
        openapi_extra={"requestBody": {"required": True, "content": {"message/rfc822": _BYTES}}},
    )  # fmt: skip
    return router


async def put_blob(request: Request, door: TheDoor, _: Anyone, sha256: PathSha256) -> Stored:
    """Upload bytes under their digest; again is fine."""
    media_type, _charset = content_type(request)
    media_type = media_type or "application/octet-stream"
    if not _MEDIA_TYPE.match(media_type) or len(media_type) > 127:
        raise Problem(415, "unsupported_media_type", f"{media_type[:80]!r} is no media type.")
    data = await read_body(request, door.deps.settings.mail_limit_bytes)
    found = await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest())
    if found != sha256:
        raise Problem(400, "digest_mismatch", f"The bytes have the SHA-256 {found}.", field="sha256")
    await door.rows(lambda: _store(door, sha256, data, media_type))
    return Stored(sha256=sha256, size=len(data), media_type=media_type)


async def get_blob(door: TheDoor, _: Anyone, sha256: PathSha256) -> Response:
    """Download bytes."""
    blob = await door.rows(lambda: mails.blob(sha256))
    return download(bytes(blob.data), sha256, blob.media_type)


async def receive(
    request: Request, door: TheDoor, identity: Feeder, envelope: Annotated[Envelope, Query()]
) -> Response:
    """Hand in a raw mail. It is kept before this answers; the same bytes to the same recipient are one mail."""
    media_type, _ = content_type(request)
    if media_type not in _MAIL_TYPES:
        raise Problem(415, "unsupported_media_type", f"Send message/rfc822, not {media_type[:80]!r}.")
    sender, recipients = _envelope(request, envelope)
    raw = await read_body(request, door.deps.settings.mail_limit_bytes)
    if not raw:
        raise Problem(422, "malformed", "The body is the raw mail; it is empty.", field="body")
    return await take(door, raw, sender, recipients, identity.id)


async def take(
    door: Door, raw: bytes, sender: str, recipients: list[str], principal: str, by: str = "http"
) -> Response:
    """The inbound door itself: kept, then woken, then answered."""
    deps = door.deps
    rows = await door.rows(lambda: take_in(deps.store, raw, sender, recipients, principal, by, deps.clock.now()))
    for row in rows:
        door.wake(row)
    taken = TakenIn(blob=hashlib.sha256(raw).hexdigest(), commands=[row.command_id for row in rows])
    headers = {"Location": location_of(taken.commands[0]), "Cache-Control": "no-store"}
    return Response(taken.model_dump_json(), 202, headers, "application/json")


def _envelope(request: Request, envelope: Envelope) -> tuple[str, list[str]]:
    sender = envelope.sender if envelope.sender is not None else request.headers.get("x-envelope-from")
    named = envelope.to or request.headers.get("x-envelope-to", "").split(",")
    recipients = [address.strip() for address in named if address.strip()]
    if not recipients:
        raise Problem(422, "malformed", "Say to whom the mail was addressed: ?to=… or X-Envelope-To.", field="query.to")
    return "" if sender is None else sender or NULL_SENDER, recipients


def _store(door: Door, sha256: str, data: bytes, media_type: str) -> None:
    with door.deps.store.transaction():
        keep_blob(door.deps.store, sha256, data, media_type, door.deps.clock.now())
