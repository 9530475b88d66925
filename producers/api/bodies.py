"""Request bodies, counted while they arrive: too much, too slow or of the wrong type is refused, whoever sends it."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request

from producers.api.problems import Problem

BODY_SECONDS = 60.0
DRAIN_BYTES = 64_000_000
M = TypeVar("M", bound=BaseModel)


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body. Raises `Problem` 413 if it is more than ``limit``, 408 if it takes too long."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit and "expect" in request.headers:
        raise _too_large(limit)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _gather(request, limit)
    except TimeoutError:
        raise Problem(408, "too_slow", f"The body did not arrive within {BODY_SECONDS:.0f} s.") from None
    except ClientDisconnect:
        raise Problem(400, "disconnected", "The connection ended within the body.") from None


async def _gather(request: Request, limit: int) -> bytes:
    """What is too much is read and dropped, within reason: an answer sent amid an upload is often never seen."""
    kept, seen = bytearray(), 0
    async for chunk in request.stream():
        seen += len(chunk)
        if seen <= limit:
            kept += chunk
        else:
            kept.clear()
            if seen > limit + DRAIN_BYTES:
                break
    if seen > limit:
        raise _too_large(limit)
    return bytes(kept)


def must_be_json(request: Request) -> None:
    """Raises `Problem` 415 for another media type, or for a character set that is not UTF-8."""
    media_type, charset = content_type(request)
    if media_type not in ("application/json", "") and not media_type.endswith("+json"):
        raise Problem(415, "unsupported_media_type", f"Send application/json, not {media_type[:80]!r}.")
    if charset not in ("utf-8", "utf8", "us-ascii", ""):
        raise Problem(415, "unsupported_charset", f"JSON is UTF-8, not {charset[:40]!r}.")


def content_type(request: Request) -> tuple[str, str]:
    """Media type and charset, lower case; empty where not given."""
    media_type, *parameters = request.headers.get("content-type", "").lower().split(";")
    named = dict(part.strip().partition("=")[::2] for part in parameters)
    return media_type.strip(), named.get("charset", "").strip('" ')


async def json_of(request: Request, model: type[M], limit: int) -> M:
    """A small JSON body as a model; raises `Problem` 400, 413, 415 or 422."""
    must_be_json(request)
    raw = await read_body(request, limit)
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise of_validation(error) from None


def of_validation(error: ValidationError) -> Problem:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return fields_problem([(".".join(str(part) for part in each["loc"]), each["msg"], each["type"]) for each in found])


def fields_problem(found: list[tuple[str, str, str]]) -> Problem:
    """The problem of fields that do not fit: 400 if it is no JSON at all, else 422 with every field named."""
    field, message, kind = found[0]
    if kind == "json_invalid":
        return Problem(400, "not_json", f"The body is no JSON: {message}.")
    errors = [{"field": name, "message": words} for name, words, _ in found]
    return Problem(422, "malformed", f"{field or 'body'}: {message}.", field=field or None, errors=errors)


def _too_large(limit: int) -> Problem:
    return Problem(413, "too_large", f"The body is larger than {limit} bytes.", limit=limit)
