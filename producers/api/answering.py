"""Turns whatever went wrong into a problem, at the outer wall of the app: nothing of the inside gets out.

A program gets the document, a person the page that the workspace has for it (``app.state.page``).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.errors import Rejected
from models.ids import Ids
from producers.api.bodies import fields_problem
from producers.api.problems import Problem, of_rejection

_log = logging.getLogger(__name__)
PROGRAMS = ("/v1/", "/unsubscribe/")  # the links of mails are for customers, who have no workspace to go back to


def handle(app: FastAPI) -> None:
    """Register what answers each kind of error."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(Rejected, _on_rejection)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_http)


class Wall:
    """Catches what nobody expected, logs it under an id, and answers that id alone; adds what every answer carries."""

    def __init__(self, app: ASGIApp, ids: Ids) -> None:
        self._app, self._ids = app, ids
        self._warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        self._notice_strange_proxy(scope)
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = [*message["headers"], (b"x-content-type-options", b"nosniff")]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as failure:
            problem = self._failed(scope, failure)
            if begun:
                raise
            await _shown(Request(scope), problem)(scope, receive, sending)

    def _notice_strange_proxy(self, scope: Scope) -> None:
        """Behind a proxy nobody told us of, cookies are not Secure and all people share one address: said once."""
        if self._warned or scope["scheme"] != "http" or (b"x-forwarded-proto", b"https") not in scope["headers"]:
            return
        self._warned = True
        peer = scope["client"][0] if scope.get("client") else "nobody known"
        _log.warning("X-Forwarded-Proto of %s is not believed; if it is your proxy: POSTROOM_TRUSTED_PROXIES", peer)

    def _failed(self, scope: Scope, failure: Exception) -> Problem:
        fault = self._ids.new("er")
        _log.error("%s: %s %s failed unexpectedly", fault, scope["method"], scope["path"], exc_info=failure)
        return Problem(500, "internal", f"Something went wrong here; the log has it under {fault}.", id=fault)


async def _on_problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return _shown(request, problem)


async def _on_rejection(request: Request, rejection: Exception) -> Response:
    assert isinstance(rejection, Rejected)
    return _shown(request, of_rejection(rejection))


async def _on_validation(request: Request, error: Exception) -> Response:
    """Who looks for what can have no such name finds nothing, as with a name that nobody has."""
    assert isinstance(error, RequestValidationError)
    sought = [each for each in error.errors() if each["loc"][0] == "path"]
    if sought and request.method == "GET":
        return _nothing_called(str(sought[0]["loc"][1]), str(sought[0]["input"])).answer()
    return fields_problem([_named(each) for each in error.errors()]).answer()


def _nothing_called(parameter: str, name: str) -> Problem:
    noun = "interaction" if parameter == "number" else parameter
    return Problem(404, "not_found", f"There is no {noun} {name[:100]!r}.", field=f"path.{parameter}")


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = {
        404: f"There is nothing at {request.url.path[:200]}.",
        405: f"{request.method} is not possible at {request.url.path[:200]}.",
    }
    codes = {404: "not_found", 405: "method_not_allowed"}
    code, detail = codes.get(error.status_code, "refused"), words.get(error.status_code, str(error.detail))
    return _shown(request, Problem(error.status_code, code, detail, dict(error.headers or {})))


def _shown(request: Request, problem: Problem) -> Response:
    page: Callable[[Problem], Response] | None = getattr(request.app.state, "page", None)
    if page is None or request.url.path.startswith(PROGRAMS) or "text/html" not in request.headers.get("accept", ""):
        return problem.answer()
    response = page(problem)
    response.headers.update(problem.headers)
    return response


def _named(each: dict[str, Any]) -> tuple[str, str, str]:
    where = [str(part) for part in each["loc"]]
    return ".".join(where), str(each["msg"]), str(each["type"])
