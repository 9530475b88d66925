"""Drafts, mails and what came in, for readers; raw bytes are handed out as a download and never as a page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from models.queries import drafts, mails
from models.queries.paging import Page
from models.queries.views import DraftView, IncomingView, MailView, RevisionView
from producers.api.asked import IncomingQuery, PathId
from producers.api.door import Anyone, Person, TheDoor
from producers.api.problems import Answers, answers

RAW: Answers = {
    200: {"content": {"message/rfc822": {"schema": {"type": "string", "format": "binary"}}}, "description": "As is."}
}


def routes() -> APIRouter:
    router = APIRouter()
    known = answers(404)
    add = router.add_api_route
    add("/v1/drafts/{draft}", draft_view, responses=known, operation_id="show_draft", tags=["drafts"])
    add("/v1/drafts/{draft}/revisions", revisions, responses=known, operation_id="list_revisions", tags=["drafts"])
    add("/v1/mails/{mail}", mail_view, responses=known, operation_id="show_mail", tags=["mails"])
    add(
        "/v1/mails/{mail}/raw", mail_raw, responses={**RAW, **known}, response_class=Response,
        operation_id="download_mail", tags=["mails"],
    )  # fmt: skip
    add("/v1/incoming", incoming_list, responses=answers(), operation_id="list_incoming", tags=["mails"])
    add("/v1/incoming/{incoming}", incoming_view, responses=known, operation_id="show_incoming", tags=["mails"])
    add(
        "/v1/incoming/{incoming}/raw", incoming_raw, responses={**RAW, **known}, response_class=Response,
        operation_id="download_incoming", tags=["mails"],
    )  # fmt: skip
    return router


async def draft_view(door: TheDoor, identity: Person, draft: PathId) -> DraftView:
    """A draft with its newest words, by its id or by the id its producer chose."""
    return await door.rows(lambda: drafts.one(draft, identity.id))


async def revisions(door: TheDoor, identity: Person, draft: PathId) -> list[RevisionView]:
    """Everything ever written in it, rejected saves among it."""
    return await door.rows(lambda: drafts.revisions(draft, identity.id))


async def mail_view(door: TheDoor, _: Anyone, mail: PathId) -> MailView:
    """A mail with every recipient's fate in the server's own words."""
    return await door.rows(lambda: mails.one(mail))


async def mail_raw(door: TheDoor, _: Person, mail: PathId) -> Response:
    """The very bytes that leave or left."""
    return download(await door.rows(lambda: mails.raw(mail)), f"{mail}.eml", "message/rfc822")


async def incoming_list(door: TheDoor, _: Person, asked: Annotated[IncomingQuery, Query()]) -> Page[IncomingView]:
    """Mails that came in; those that matched nothing, if not said otherwise."""
    return await door.rows(lambda: mails.in_state(asked.state, asked.cursor, asked.limit))


async def incoming_view(door: TheDoor, _: Person, incoming: PathId) -> IncomingView:
    return await door.rows(lambda: mails.incoming(incoming))


async def incoming_raw(door: TheDoor, _: Person, incoming: PathId) -> Response:
    """The original, byte for byte."""
    return download(await door.rows(lambda: mails.incoming_raw(incoming)), f"{incoming}.eml", "message/rfc822")


def download(data: bytes, name: str, media_type: str) -> Response:
    """Bytes from strangers: saved, not shown, and without any power if shown all the same."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }
    return Response(data, 200, headers, media_type)
