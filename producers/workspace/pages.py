"""Every page passes here: session in, role checked, form checked, HTML and its headers out. No page has a way around it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from models.errors import Rejected
from models.passwords import session_key
from models.principals import Identity
from models.queries import interactions, people
from models.rights import AGENTS
from producers.api.problems import STATUS, Problem
from producers.workspace import forms
from producers.workspace.desk import Declined, Desk, Visit
from producers.workspace.sessions import Session, Sessions

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin", "Cache-Control": "private, no-store",
    "Cross-Origin-Opener-Policy": "same-origin", "X-Frame-Options": "DENY",
}  # fmt: skip
TROUBLES = {404: "There is nothing here", 500: "Something went wrong", 503: "Not at the moment"}
Page = Callable[[Visit], Awaitable[Response]]
SHOWN_ONGOING = 8


def route(desk: Desk, path: str, page: Page, *methods: str) -> Route:
    return Route(path, partial(_visited, desk, page), methods=list(methods or ("GET",)))


async def render(visit: Visit, template: str, status: int = 200, **shown: Any) -> Response:
    """A page with its frame: who is signed in, what is Ongoing."""
    identity = visit.identity
    names, away, ongoing, calling = await visit.door.rows(
        lambda: (
            people.names(), people.is_absent(identity.id), interactions.ongoing(identity.id, limit=SHOWN_ONGOING),
            interactions.calling(identity.id),
        )
    )  # fmt: skip
    frame = {
        "me": identity, "csrf": visit.session.csrf, "once": visit.deps.ids.new("once"), "names": names, "away": away,
        "ongoing": ongoing.items, "ongoing_total": total(calling),
        "demo": visit.deps.settings.profile != "production", "path": visit.request.url.path,
        "now": visit.deps.clock.now(),
    }  # fmt: skip
    return bare(visit.desk, template, status, **frame, **shown)


def bare(desk: Desk, template: str, status: int = 200, **shown: Any) -> Response:
    """A page without the frame of somebody signed in."""
    text = desk.templates.get_template(template).render(**shown)
    return Response(text, status, HEADERS, "text/html")


def trouble(desk: Desk, problem: Problem) -> Response:
    """What went wrong before any page could tell it, in plain words and with a way back."""
    heading = TROUBLES.get(problem.status, "That was not done")
    return bare(desk, "trouble.html", problem.status, heading=heading, sentence=problem.detail)


def see(path: str) -> Response:
    """Go and look there; the form that was posted is not posted again by a reload."""
    return RedirectResponse(path, 303, HEADERS)


def ours(path: str) -> str:
    """Only a place of ours; never another site."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if plain else "/"


def wants_json(visit: Visit) -> bool:
    """Whether a page that goes on living asks, and not a browser that shows what it gets."""
    return "application/json" in visit.request.headers.get("accept", "")


def total(calling: Mapping[str, int]) -> int:
    """What the counter of Ongoing shows: unread answers, and one for each mail in trouble."""
    return sum(unread or 1 for unread in calling.values())


async def key_of(desk: Desk) -> str:
    """The secret of everything signed here; the same for all doors."""
    return await desk.door.rows(lambda: session_key(desk.deps.store))


async def opened(desk: Desk, request: Request) -> Session:
    if desk.sessions is None:
        desk.sessions = Sessions(await key_of(desk), desk.deps.settings)
    return desk.sessions.of(request)


async def _visited(desk: Desk, page: Page, request: Request) -> Response:
    try:
        return await _seated(desk, page, request)
    except Problem as problem:  # the database is away, so nobody is known: words come back all the same
        answer = await _words_back(desk, request, problem)
        if answer is None:
            raise
        return answer


async def _seated(desk: Desk, page: Page, request: Request) -> Response:
    session = await opened(desk, request)
    holder = await desk.door.rows(session.holder)
    if holder is None:
        return await _to_sign_in(desk, request)
    visit = Visit(desk, request, session, holder.identity)
    if holder.identity.role not in AGENTS:
        return no_access(desk, session, holder.identity)
    response = await _answered(desk, page, visit)
    if desk.sessions is not None and visit.is_a_click:
        desk.sessions.renew(request, response, session)
    return response


async def _answered(desk: Desk, page: Page, visit: Visit) -> Response:
    request, session, identity = visit.request, visit.session, visit.identity
    try:
        if request.method == "POST":
            form = await forms.posted(request, session, desk.deps.settings.mail_limit_bytes)
            visit = Visit(desk, request, session, identity, form)
        return await page(visit)
    except (Declined, Rejected, Problem, HTTPException) as error:
        return await _declined(visit, error)


def no_access(desk: Desk, session: Session, identity: Identity) -> Response:
    sentence = f"{identity.name or identity.id} is signed in with the role “{identity.role}”."
    return bare(desk, "no_role.html", 403, sentence=sentence, csrf=session.csrf, signed_in=True)


async def _to_sign_in(desk: Desk, request: Request) -> Response:
    """What was written while the session ended comes back, to be posted again after signing in."""
    if request.method != "GET" or "text/html" not in request.headers.get("accept", "text/html"):
        ended = Problem(401, "signed_out", "Your session has ended. What you wrote was not taken yet.")
        return await _words_back(desk, request, ended) or Response("Sign in again.", 401, HEADERS, "text/plain")
    query = f"?{request.url.query}" if request.url.query else ""
    return see(f"/sign-in?next={quote(request.url.path + query)}")


async def _declined(visit: Visit, error: Exception) -> Response:
    status, code, sentence = answer_of(error)
    if wants_json(visit):
        return JSONResponse({"code": code, "sentence": sentence}, status, HEADERS)
    if kept := forms.kept(visit.request):
        return _with_words(visit.desk, visit.request, kept, status, sentence, visit.session.csrf)
    return await render(visit, "declined.html", status, code=code, sentence=sentence)


async def _words_back(desk: Desk, request: Request, problem: Problem) -> Response | None:
    """A page with what was written, for a browser that shows what it gets; None where there is nothing of the kind."""
    if request.method != "POST" or "text/html" not in request.headers.get("accept", ""):
        return None
    with suppress(Problem):
        if getattr(request.state, "form", None) is None:
            await forms.read(request, forms.STRANGERS_LIMIT)
    kept = forms.kept(request)
    token = str(request.state.form.get("csrf", "")) if kept else ""
    return _with_words(desk, request, kept, problem.status, problem.detail, token) if kept else None


def _with_words(desk: Desk, request: Request, kept: forms.Kept, status: int, sentence: str, csrf: str) -> Response:
    return bare(
        desk, "words_back.html", status, kept=kept, path=request.url.path, csrf=csrf, sentence=sentence,
        signed_out=status == 401,
    )  # fmt: skip


def answer_of(error: Exception) -> tuple[int, str, str]:
    """Status, code and sentence of whatever was answered with no."""
    if isinstance(error, Problem):
        return error.status, error.code, error.detail
    if isinstance(error, HTTPException):
        return error.status_code, "refused", str(error.detail)
    assert isinstance(error, Declined | Rejected)
    return STATUS.get(error.code, 202 if error.code == "kept" else 422), error.code, error.sentence
