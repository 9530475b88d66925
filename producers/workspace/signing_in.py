"""Signing in with name and password or by a provider, and out again. A wrong password does not say which of the two was wrong."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from models.errors import Rejected
from models.passwords import check_password, end_session
from producers.api.problems import Problem
from producers.workspace import provider
from producers.workspace.desk import Desk
from producers.workspace.forms import posted
from producers.workspace.pages import HEADERS, bare, key_of, opened, ours, see
from producers.workspace.sessions import COOKIE, VOUCHED

FORM_LIMIT = 10_000
_log = logging.getLogger(__name__)


async def ask(desk: Desk, request: Request) -> Response:
    desk.prepare()
    session = await opened(desk, request)
    if await desk.door.rows(session.holder) is not None:
        return see(ours(request.query_params.get("next", "")))
    return await _form(desk, request, 200, "")


async def sign_in(desk: Desk, request: Request) -> Response:
    session = await opened(desk, request)
    try:
        form = await posted(request, session, FORM_LIMIT)
    except Problem as problem:
        return await _form(desk, request, problem.status, "This page was open for too long; try again.")
    name, password = str(form.get("name", "")).strip()[:100], str(form.get("password", ""))
    place = request.client.host if request.client else ""
    if wait := desk.throttle.use(name, place):
        return await _form(desk, request, 429, f"Too many wrong tries; wait {wait} s.", {"Retry-After": str(wait)})
    try:
        async with desk.hashing:
            found = await desk.door.rows(lambda: check_password(name, password))
    except Problem:
        desk.throttle.give_back(name, place)
        raise
    if found is None:
        return await _form(desk, request, 401, "That name and password do not belong together.")
    desk.throttle.give_back(name, place)
    response = see(ours(str(form.get("next", ""))))
    assert desk.sessions is not None
    desk.sessions.keep(request, response, desk.sessions.began(found, found.changed))
    return response


async def to_provider(desk: Desk, request: Request) -> Response:
    """Where one proves there who one is; comes back to `from_provider`."""
    following = ours(request.query_params.get("next", ""))
    try:
        return await (await _provider(desk)).begin(request, following)
    except provider.Failed as error:
        return await _away(desk, request, error)


async def from_provider(desk: Desk, request: Request) -> Response:
    await opened(desk, request)
    assert desk.sessions is not None
    settings = desk.deps.settings
    try:
        claims, following = await (await _provider(desk)).end(request)
        found = await desk.door.rows(lambda: provider.seat(claims, settings))
    except Rejected as no:
        return bare(desk, "no_role.html", 403, sentence=no.sentence, csrf="", signed_in=False)
    except provider.Failed as error:
        return await _away(desk, request, error)
    response = see(ours(following))
    response.delete_cookie(provider.COOKIE, path=provider.PATH)
    desk.sessions.keep(request, response, desk.sessions.began(found, VOUCHED))
    return response


async def sign_out(desk: Desk, request: Request) -> Response:
    """The cookie goes, and a copy of it opens nothing any more."""
    session = await opened(desk, request)
    try:
        await posted(request, session, FORM_LIMIT)
    except Problem as problem:
        return Response(problem.detail, problem.status, HEADERS, "text/plain")
    assert desk.sessions is not None
    now, left = desk.deps.clock.now(), desk.sessions.left(session)
    await desk.door.rows(lambda: end_session(desk.deps.store, session.csrf, now, now + left))
    response = see("/sign-in")
    response.delete_cookie(COOKIE)
    return response


async def _provider(desk: Desk) -> provider.Provider:
    """Made with its first use."""
    if not desk.deps.settings.oidc_issuer:
        raise provider.Failed("no provider is configured (POSTROOM_OIDC_ISSUER)")
    if desk.provider is None:
        desk.provider = provider.Provider(desk.deps.settings, await key_of(desk))
    return desk.provider


async def _away(desk: Desk, request: Request, error: Exception) -> Response:
    _log.warning("signing in by %s failed: %r", desk.deps.settings.oidc_issuer, error)
    return await _form(desk, request, 502, f"Signing in by the provider failed: {error}. Try again, or ask an admin.")


async def _form(
    desk: Desk, request: Request, status: int, trouble: str, headers: dict[str, str] | None = None
) -> Response:
    session = await opened(desk, request)
    following, settings = ours(request.query_params.get("next", "")), desk.deps.settings
    response = bare(
        desk, "sign_in.html", status, csrf=session.csrf, trouble=trouble, next=following,
        demo=settings.profile != "production", provider=urlsplit(settings.oidc_issuer).hostname or "",
    )  # fmt: skip
    response.headers.update(headers or {})
    assert desk.sessions is not None
    desk.sessions.keep(request, response, session)
    return response
