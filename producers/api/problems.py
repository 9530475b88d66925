"""Every error as a problem of RFC 9457 that names the field and tells nothing of the inside."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from models.errors import Malformed, Rejected

MEDIA_TYPE = "application/problem+json"

STATUS = {
    "not_json": 400, "bad_header": 400, "digest_mismatch": 400,
    "forbidden": 403, "not_your_draft": 403,
    "not_found": 404,
    "conflict": 409, "stale": 409, "closed": 409, "id_reused": 409, "already_sent": 409, "mail_pending": 409,
    "in_wrap_up": 409, "not_in_wrap_up": 409, "draft_not_open": 409, "draft_id_taken": 409,
    "too_large": 413,
    "gave_up": 422,  # asked again it is the same answer, so no 5xx that invites to repeat it
}  # fmt: skip


class FieldError(BaseModel):
    field: str
    message: str


class ProblemView(BaseModel):
    """A problem; further members, as the state or the colliding revision, depend on the code."""

    model_config = ConfigDict(extra="allow", title="Problem")
    type: str = Field(examples=["urn:postroom:problem:conflict"])
    title: str
    status: int
    detail: str
    code: str
    field: str | None = Field(default=None, description="Path of the field that is wrong, as `body.content.subject`.")
    errors: list[FieldError] | None = None


class Problem(Exception):
    """Raised anywhere in the door, answered as it stands."""

    def __init__(
        self, status: int, code: str, detail: str, headers: dict[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.headers = headers or {}
        self.members = members

    def answer(self) -> Response:
        document: dict[str, Any] = {
            "type": f"urn:postroom:problem:{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
        document |= {name: value for name, value in self.members.items() if value is not None and name not in document}
        headers = {"Cache-Control": "no-store", **self.headers}
        return Response(json.dumps(document, default=str), self.status, headers, MEDIA_TYPE)


def of_rejection(rejection: Rejected) -> Problem:
    return of_code(rejection.code, rejection.sentence, rejection.as_result(), isinstance(rejection, Malformed))


def of_code(code: str, sentence: str, members: dict[str, Any], malformed: bool = False) -> Problem:
    """The problem of a rejection: what names a field is the asker's to mend, the rest is a conflict with what is."""
    otherwise = 422 if malformed or members.get("field") else 409
    return Problem(STATUS.get(code, otherwise), code, sentence, **members)


_WORDS = {
    400: "The request is no well-formed JSON, or a digest does not fit.",
    401: "No token, or one that is unknown, expired or revoked.",
    403: "The role of the token does not allow this.",
    404: "There is nothing under this name.",
    408: "The body did not arrive in time.",
    409: "It contradicts what is true by now: stale, closed, in conflict, id used for something else.",
    413: "The body is larger than allowed.",
    415: "Another media type or character set is expected.",
    422: "A field is wrong; `field` names it. Or the command failed each time it was tried (`gave_up`).",
    429: "Too many requests with this token; Retry-After says when.",
    500: "A fault of ours; `id` finds it in the log.",
    503: "The database is away; Retry-After says when to try again.",
}
_HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    429: {"Retry-After": {"schema": {"type": "integer"}}},
    503: {"Retry-After": {"schema": {"type": "integer"}}},
}
Answers = dict[int | str, dict[str, Any]]
ALWAYS = (401, 403, 422, 429, 500, 503)
WITH_BODY = (400, 408, 413, 415)


def answers(*statuses: int) -> Answers:
    """The problems a path may answer with, for its OpenAPI; those any path may have are always among them."""
    return {status: _declared(status) for status in sorted({*ALWAYS, *statuses})}


def _declared(status: int) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": _WORDS[status], "content": content, "headers": _HEADERS.get(status, {})}
