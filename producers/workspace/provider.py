"""Signing in by an OpenID provider: authorization code with PKCE, state and nonce, all of it authlib's.

Makes nobody known here: only who is a principal already, and active, comes in (R2).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from models.errors import Rejected
from models.passwords import Seated, known_as
from models.settings import Settings

COOKIE, PATH = "postroom_provider", "/sign-in/provider"
_YES, _NO = (True, 1, "true", "1"), (False, "false", "0")  # some write it as text
LIFE_SECONDS, TIMEOUT_SECONDS = 600, 10.0


class Failed(Exception):
    """The provider could not be asked, or what it said proves nothing; says why."""


class Provider:
    """What was begun is kept in a signed cookie of the browser that began it, and in no row."""

    def __init__(self, settings: Settings, key: str) -> None:
        from authlib.integrations.starlette_client import OAuth  # a quarter second, paid by those who have a provider

        self._settings = settings
        self._signer = URLSafeTimedSerializer(key, salt="postroom.workspace.provider")
        secret = settings.oidc_client_secret
        self._app: Any = OAuth().register(
            "provider", client_id=settings.oidc_client_id, client_secret=secret or None,
            server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": settings.oidc_scope, "code_challenge_method": "S256", "timeout": TIMEOUT_SECONDS,
                "token_endpoint_auth_method": "client_secret_basic" if secret else "none",
            },
        )  # fmt: skip

    async def begin(self, request: Request, following: str) -> Response:
        """To the provider. Raises `Failed`."""
        request.scope["session"] = {"next": following}
        with _told():
            await self._is_the_one()
            back = f"{request.base_url}{PATH[1:]}/back"
            response: Response = await self._app.authorize_redirect(request, back)
        kept = str(self._signer.dumps(dict(request.session)))
        safe = request.url.scheme == "https"
        response.set_cookie(COOKIE, kept, LIFE_SECONDS, path=PATH, httponly=True, samesite="lax", secure=safe)
        return response

    async def end(self, request: Request) -> tuple[dict[str, Any], str]:
        """The claims of a proven identity, and where to go. Raises `Failed`."""
        try:
            request.scope["session"] = self._signer.loads(request.cookies.get(COOKIE, ""), max_age=LIFE_SECONDS)
        except BadSignature:
            raise Failed("this browser began no sign-in within the last ten minutes") from None
        with _told():
            await self._is_the_one()
            token = await self._app.authorize_access_token(request)
        if not token.get("userinfo"):
            raise Failed("it sent no identity (id_token)")
        return dict(token["userinfo"]), str(request.session.get("next", "/"))

    async def _is_the_one(self) -> None:
        said = (await self._app.load_server_metadata()).get("issuer")
        if str(said).rstrip("/") != self._settings.oidc_issuer.rstrip("/"):
            raise Failed(f"it calls itself {said!r}, not {self._settings.oidc_issuer!r}")


@contextmanager
def _told() -> Iterator[None]:
    """Whatever authlib, its keys and its HTTP client raise, as the one error of this room."""
    from authlib.common.errors import AuthlibBaseError
    from httpx import HTTPError
    from joserfc.errors import JoseError

    try:
        yield
    except (AuthlibBaseError, JoseError, HTTPError, RuntimeError, ValueError, KeyError, TypeError) as error:
        raise Failed(getattr(error, "description", "") or str(error) or type(error).__name__) from error


def seat(claims: dict[str, Any], settings: Settings) -> Seated:
    """The principal the claims name. Raises `Rejected` ``unknown_here`` with a sentence for the person. Reads rows."""
    name, by_address = str(claims.get(settings.oidc_claim) or ""), settings.oidc_claim == "email"
    if by_address and not _is_proven(claims, settings.oidc_verified_claim):
        raise Rejected(
            "unknown_here",
            f"The provider does not say that the address {name or '(none)'} was proven to be yours "
            f"({settings.oidc_verified_claim or 'email_verified'}); an admin decides what is asked for.",
        )
    found = known_as(name, by_address) if name else None
    if found is None:
        raise Rejected(
            "unknown_here",
            f"The provider says you are {name or 'nobody in particular'}; nobody of that name works here.",
        )
    if settings.oidc_role_claim and found.identity.role not in roles(claims, settings):
        raise Rejected(
            "unknown_here",
            f"{found.identity.name} is known, but the provider does not confirm the role “{found.identity.role}”.",
        )
    return found


def _is_proven(claims: dict[str, Any], by: str) -> bool:
    """Left out is not proven: where anybody may register, an address without it is anybody's. A plain no counts in any case."""
    if claims.get("email_verified") in _NO:
        return False
    return not by or claims.get(by) in _YES


def roles(claims: dict[str, Any], settings: Settings) -> set[str]:
    """Those of our roles that the provider confirms."""
    said = claims.get(settings.oidc_role_claim)
    values = said if isinstance(said, list) else str(said or "").split()
    return {settings.oidc_role_names.get(str(value), str(value)) for value in values}
