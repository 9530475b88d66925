"""Who sits at the browser: a signed cookie that says a name and no more; the person behind it is looked up on every request.

A session ends by signing out, by a new password, by deactivation, after a while without a click, and after a day's work.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import Response

from models.passwords import Seated, has_ended, seated
from models.settings import Settings

COOKIE = "postroom_session"
VOUCHED = "provider"
RENEW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Session:
    """``csrf`` is asked back with every form; ``who`` is empty before the sign-in; ``changed`` says by which proof."""

    csrf: str
    who: str = ""
    changed: str = ""
    begun: int = 0
    seen: int = 0
    over: Callable[[], bool] = field(default=lambda: False, compare=False)

    def holder(self) -> Seated | None:
        """The person as the rows see them now; None where the session has ended. Reads rows."""
        if not self.who or self.over() or has_ended(self.csrf):
            return None
        found = seated(self.who)
        return found if found is not None and self.changed in (found.changed or None, VOUCHED) else None

    def allows(self, given: str) -> bool:
        """Whether a form really came from one of our pages."""
        return hmac.compare_digest(given.encode(), self.csrf.encode())


class Sessions:
    """Time is that of the wall: moving the clock of a sample world signs nobody out."""

    def __init__(self, key: str, settings: Settings, seconds: Callable[[], float] = time.time) -> None:
        self._signer = URLSafeSerializer(key, salt="postroom.workspace.session")
        self._idle = int(settings.session_idle.total_seconds())
        self._longest = int(settings.session_after.total_seconds())
        self._seconds = seconds

    def of(self, request: Request) -> Session:
        """The request's session; a fresh one for a missing, forged or expired cookie."""
        try:
            kept = self._signer.loads(request.cookies.get(COOKIE, ""))
            csrf, who, changed = (str(kept[name]) for name in ("csrf", "who", "changed"))
            found = Session(csrf, who, changed, int(kept["begun"]), int(kept["seen"]))
        except (BadSignature, KeyError, TypeError, ValueError):
            return self._fresh()
        return self._fresh() if self._is_over(found) else replace(found, over=lambda: self._is_over(found))

    def began(self, found: Seated, changed: str) -> Session:
        """A session of this person, under a token nobody saw before the sign-in."""
        return replace(self._fresh(), who=found.identity.id, changed=changed)

    def keep(self, request: Request, response: Response, session: Session) -> None:
        now = int(self._seconds())
        kept = {
            "csrf": session.csrf,
            "who": session.who,
            "changed": session.changed,
            "begun": session.begun,
            "seen": now,
        }
        response.set_cookie(
            COOKIE, str(self._signer.dumps(kept)), max_age=min(self._idle, self._longest), httponly=True,
            samesite="lax", secure=request.url.scheme == "https",
        )  # fmt: skip

    def renew(self, request: Request, response: Response, session: Session) -> None:
        """A click puts the idle end off; pages that only listen do not."""
        if self._seconds() - session.seen >= min(RENEW_SECONDS, self._idle / 10):
            self.keep(request, response, session)

    def left(self, session: Session) -> timedelta:
        """How long a copy of its cookie could be shown at most."""
        return timedelta(seconds=max(0, session.begun + self._longest - int(self._seconds())))

    def _fresh(self) -> Session:
        now = int(self._seconds())
        return Session(secrets.token_urlsafe(24), begun=now, seen=now)

    def _is_over(self, session: Session) -> bool:
        now = self._seconds()
        return now >= session.seen + self._idle or now >= session.begun + self._longest
