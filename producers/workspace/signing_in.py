"""Signing in with name and password, and out again. A wrong password says nothing about which of the two was wrong."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from models.passwords import check_password
from producers.api.problems import Problem
from producers.workspace.desk import Desk
from producers.workspace.pages import HEADERS, bare, opened, posted, see
from producers.workspace.sessions import COOKIE, begun

FORM_LIMIT = 10_000


async def ask(desk: Desk, request: Request) -> Response:
    session = await opened(desk, request)
    if await desk.door.rows(session.holder) is not None:
        return see(_next(request.query_params.get("next", "")))
    return await _form(desk, request, 200, "")


async def sign_in(desk: Desk, request: Request) -> Response:
    session = await opened(desk, request)
    try:
        form = await posted(request, session, FORM_LIMIT)
    except Problem as problem:
        return await _form(desk, request, problem.status, "This page was open for too long; try again.")
    name, password = str(form.get("name", "")).strip()[:100], str(form.get("password", ""))
    place = request.client.host if request.client else ""
    if wait := desk.throttle.wait(name, place):
        return await _form(desk, request, 429, f"Too many wrong tries; wait {wait} s.", {"Retry-After": str(wait)})
    async with desk.hashing:
        found = await desk.door.rows(lambda: check_password(name, password))
    if found is None:
        desk.throttle.failed(name, place)
        return await _form(desk, request, 401, "That name and password do not belong together.")
    desk.throttle.succeeded(name, place)
    response = see(_next(str(form.get("next", ""))))
    assert desk.sessions is not None
    desk.sessions.keep(request, response, begun(session, found))
    return response


async def sign_out(desk: Desk, request: Request) -> Response:
    session = await opened(desk, request)
    try:
        await posted(request, session, FORM_LIMIT)
    except Problem as problem:
        return Response(problem.detail, problem.status, HEADERS, "text/plain")
    response = see("/sign-in")
    response.delete_cookie(COOKIE)
    return response


async def _form(
    desk: Desk, request: Request, status: int, trouble: str, headers: dict[str, str] | None = None
) -> Response:
    session = await opened(desk, request)
    following = _next(request.query_params.get("next", ""))
    demo = desk.deps.settings.profile != "production"
    response = bare(desk, "sign_in.html", status, csrf=session.csrf, trouble=trouble, next=following, demo=demo)
    response.headers.update(headers or {})
    assert desk.sessions is not None
    desk.sessions.keep(request, response, session)
    return response


def _next(path: str) -> str:
    """Only a place of ours; never another site."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if plain else "/"
