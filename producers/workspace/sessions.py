"""Who sits at the browser: a signed cookie that says a name and no more; the person behind it is looked up on every request."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, replace

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from models.passwords import Seated, seated

COOKIE = "postroom_session"
LIFE_SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True)
class Session:
    """``csrf`` is asked back with every form; ``who`` is empty before the sign-in."""

    csrf: str
    who: str = ""
    changed: str = ""

    def holder(self) -> Seated | None:
        """The person as the rows see them now; None where the session has ended. Reads rows."""
        found = seated(self.who) if self.who else None
        return found if found is not None and found.changed == self.changed else None

    def allows(self, given: str) -> bool:
        """Whether a form really came from one of our pages."""
        return hmac.compare_digest(given.encode(), self.csrf.encode())


class Sessions:
    def __init__(self, key: str) -> None:
        self._signer = URLSafeTimedSerializer(key, salt="postroom.workspace.session")

    def of(self, request: Request) -> Session:
        """The request's session; a fresh one for a missing, forged or expired cookie."""
        try:
            kept = self._signer.loads(request.cookies.get(COOKIE, ""), max_age=LIFE_SECONDS)
            return Session(str(kept["csrf"]), str(kept["who"]), str(kept["changed"]))
        except (BadSignature, KeyError, TypeError):
            return Session(secrets.token_urlsafe(24))

    def keep(self, request: Request, response: Response, session: Session) -> None:
        value = self._signer.dumps({"csrf": session.csrf, "who": session.who, "changed": session.changed})
        response.set_cookie(
            COOKIE,
            str(value),
            max_age=LIFE_SECONDS,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )


def begun(session: Session, found: Seated) -> Session:
    """A session of this person, under a token nobody saw before the sign-in."""
    return replace(session, csrf=secrets.token_urlsafe(24), who=found.identity.id, changed=found.changed)
