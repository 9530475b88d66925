"""Who is asking: bearer tokens, the roles a reader needs, and how much one token may ask per second.

Whether a command is allowed is not asked here; that is decided where commands are decided (R2).
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request

from models.principals import Identity, Standing, expired, standing
from models.rights import AGENTS, FEEDERS
from models.tokens import bearer_digest
from producers.api.deps import Deps
from producers.api.problems import Problem
from producers.api.rows import Rows

REMEMBER_SECONDS = 3.0
REMEMBER_TOKENS = 10_000


class Guard:
    """Remembers for a few seconds what the rows said of a token, so that most requests need no look-up.

    Only tokens that are somebody's are remembered and have a rate of their own: made-up ones share that of their address.
    """

    def __init__(self, deps: Deps, rows: Rows) -> None:
        self._deps, self._rows = deps, rows
        self._known: OrderedDict[str, tuple[float, Standing]] = OrderedDict()
        self._buckets = Buckets(deps.settings.http_rate, deps.monotonic)
        self._strangers = Buckets(deps.settings.http_rate, deps.monotonic)

    async def admit(self, request: Request) -> Identity:
        """The identity behind the request's token, within its rate. Raises `Problem` 401 or 429."""
        token = _bearer(request)
        if token is None:
            self.slow_down(request)
            raise _unauthorised("Send a token: Authorization: Bearer pr_…", "")
        digest = bearer_digest(token)
        if digest not in self._known:
            self.slow_down(request)  # before rows are asked for a token anybody may have made up
        else:
            self._buckets.take(digest)
        return await self.identify(token, digest)

    def slow_down(self, request: Request) -> None:
        """Who has shown nothing shares the rate of their address. Raises `Problem` 429."""
        self._strangers.take(request.client.host if request.client else "")

    async def identify(self, token: str, digest: str) -> Identity:
        found = await self._standing(token, digest)
        if found.identity is None:
            raise _unauthorised(found.trouble or "The token is refused.", 'error="invalid_token"')
        if expired(found.identity, self._deps.clock.now()):
            raise _unauthorised("The token has expired.", 'error="invalid_token"')
        return found.identity

    async def _standing(self, token: str, digest: str) -> Standing:
        now = self._deps.monotonic()
        remembered = self._known.get(digest)
        if remembered is not None and remembered[0] > now:
            return remembered[1]
        found = await self._rows(lambda: standing(token, self._deps.clock.now()))
        if found.identity is None:
            self._known.pop(digest, None)
            return found
        self._known[digest] = (now + REMEMBER_SECONDS, found)
        self._known.move_to_end(digest)
        while len(self._known) > REMEMBER_TOKENS:
            self._known.popitem(last=False)
        return found


class Buckets:
    """A token bucket per asker: ``rate`` a second, bursts of twice that."""

    def __init__(self, rate: int, monotonic: Callable[[], float]) -> None:
        self._rate, self._monotonic = rate, monotonic
        self._full = 2.0 * rate
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, asker: str) -> None:
        """Raises `Problem` 429 with Retry-After where the bucket is empty."""
        now = self._monotonic()
        level, at = self._levels.get(asker, (self._full, now))
        level = min(self._full, level + (now - at) * self._rate)
        self._levels[asker] = (level - 1 if level >= 1 else level, now)
        self._levels.move_to_end(asker)
        if len(self._levels) > REMEMBER_TOKENS:
            self._levels.popitem(last=False)
        if level < 1:
            wait = max(1, math.ceil((1 - level) / self._rate))
            raise Problem(
                429, "too_many_requests", f"More than {self._rate} requests a second; wait {wait} s.",
                {"Retry-After": str(wait)},
            )  # fmt: skip


def asker(*, among: frozenset[str] = AGENTS | FEEDERS) -> Callable[[Request], Awaitable[Identity]]:
    """A dependency that admits only these roles. Raises `Problem` 401, 403 or 429."""

    async def admitted(request: Request) -> Identity:
        guard: Guard = request.app.state.door.guard
        identity = await guard.admit(request)
        if identity.role not in among:
            raise Problem(
                403, "forbidden", f"The role {identity.role!r} may not do this; it needs {', '.join(sorted(among))}."
            )
        return identity

    return admitted


def bearer_of(request: Request) -> tuple[str, str]:
    """The token of an admitted request and its digest, to look again later."""
    token = _bearer(request) or ""
    return token, bearer_digest(token)


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _unauthorised(detail: str, error: str) -> Problem:
    challenge = ", ".join(part for part in ('Bearer realm="postroom"', error) if part)
    return Problem(401, "unauthorised", detail, {"WWW-Authenticate": challenge})


SECURITY: dict[str, Any] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "pr_…"}}
