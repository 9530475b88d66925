"""For trying things out: captured mails, answers as the customer, and a clock that can be moved.

Not there at all in production; the clock only where the profile is demo or test.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from models import tables as t
from models.errors import Rejected
from models.queries.paging import Page, decode, page_of
from producers.api import demo_mail
from producers.api.asked import PageQuery
from producers.api.blobs import TakenIn, take
from producers.api.bodies import json_of
from producers.api.deps import CLOCK_PROFILES, Deps
from producers.api.door import Person, TheDoor
from producers.api.problems import WITH_BODY, Problem, answers
from producers.api.reading_drafts import RAW, download

MAILROOM = "mailroom"
PathCaptured = Annotated[int, Path(ge=1, le=2**62)]
_C = t.Captured


class CapturedView(BaseModel):
    """A mail the built-in sink received: what a customer would have got."""

    id: int
    envelope_from: str
    envelope_to: str
    subject: str
    message_id: str
    text: str
    captured_at: datetime


class CapturedQuery(PageQuery):
    to: str | None = Field(
        default=None, max_length=320, pattern=r"^[^\x00-\x1f\x7f]*$", description="Envelope recipient."
    )


class Advance(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"advance": "P2D"}})
    advance: timedelta = Field(gt=timedelta(0), le=timedelta(days=3660))


class Moved(BaseModel):
    now: datetime
    offset_seconds: float


class AnswerWish(BaseModel):
    model_config = ConfigDict(extra="forbid")
    captured: int = Field(ge=1, le=2**62)
    text: str = Field(default="", max_length=100_000, pattern=r"^[^\x00]*$")
    kind: demo_mail.Kind = "normal"


def routes(deps: Deps) -> APIRouter:
    router = APIRouter(tags=["demo"])
    add = router.add_api_route
    known = answers(404)
    add("/v1/demo/captured", captured_list, responses=answers(), operation_id="list_captured")
    add(
        "/v1/demo/captured/{captured}/raw", captured_raw, responses={**RAW, **known}, response_class=Response,
        operation_id="download_captured",
    )  # fmt: skip
    taken = {"model": TakenIn, "description": "Handed to the inbound door."}
    add(
        "/v1/demo/answer", answer, methods=["POST"], status_code=202, operation_id="answer_captured",
        responses={202: taken, **answers(404, *WITH_BODY)}, openapi_extra=_body("AnswerWish", AnswerWish),
    )  # fmt: skip
    if deps.moved_clock is not None and deps.settings.profile in CLOCK_PROFILES:
        add(
            "/v1/demo/clock", advance, methods=["POST"], response_model=Moved, operation_id="advance_clock",
            responses=answers(*WITH_BODY), openapi_extra=_body("Advance", Advance),
        )  # fmt: skip
    return router


async def captured_list(door: TheDoor, _: Person, asked: Annotated[CapturedQuery, Query()]) -> Page[CapturedView]:
    """What the built-in sink received, the latest first."""
    return await door.rows(lambda: _captured(asked))


async def captured_raw(door: TheDoor, _: Person, captured: PathCaptured) -> Response:
    row = await door.rows(lambda: _one(captured))
    return download(bytes(row.data), f"captured-{captured}.eml", "message/rfc822")


async def answer(request: Request, door: TheDoor, _: Person) -> Response:
    """Answer a captured mail as its recipient, an absent one, or a server that does not know them."""
    wish = await json_of(request, AnswerWish, door.deps.settings.body_limit_bytes)
    row = await door.rows(lambda: _one(wish.captured))
    made = demo_mail.answer(
        bytes(row.data), row.envelope_from, row.envelope_to, wish.text, wish.kind,
        door.deps.clock.now(), door.deps.ids.new("demo"),
    )  # fmt: skip
    return await take(door, made.raw, made.envelope_from, [made.envelope_to], MAILROOM, "mail")


async def advance(request: Request, door: TheDoor, _: Person) -> Moved:
    """Move the time of every process forward."""
    wish = await json_of(request, Advance, door.deps.settings.body_limit_bytes)
    clock = door.deps.moved_clock
    if clock is None:
        raise Problem(404, "not_found", "There is no clock that can be moved.")
    return Moved(offset_seconds=clock.advance(wish.advance).total_seconds(), now=clock.now())


def _captured(asked: CapturedQuery) -> Page[CapturedView]:
    (before,) = decode(asked.cursor, int) if asked.cursor else (2**62,)
    query = _C.select().where(_C.id < before)
    if asked.to:
        query = query.where(_C.envelope_to == asked.to)
    rows = list(query.order_by(_C.id.desc()).limit(asked.limit + 1))
    return page_of(rows, asked.limit, _view, lambda row: (row.id,))


def _one(captured: int) -> t.Captured:
    row: t.Captured | None = _C.get_or_none(_C.id == captured)
    if row is None:
        raise Rejected("not_found", f"There is no captured mail {captured}.", field="captured")
    return row


def _view(row: t.Captured) -> CapturedView:
    mail = message_from_bytes(bytes(row.data), policy=policy.default)
    return CapturedView(
        id=row.id, envelope_from=row.envelope_from, envelope_to=row.envelope_to, captured_at=row.captured_at,
        subject=str(mail["Subject"] or ""), message_id=str(mail["Message-ID"] or "").strip(),
        text=demo_mail.words_of(mail),
    )  # fmt: skip


def _body(name: str, model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema() | {"title": name}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
