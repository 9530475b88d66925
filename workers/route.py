"""Where mail is handed over and as whom, from the settings; refuses what would show a password to the network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from models.errors import Misconfigured
from models.settings import Settings

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465, "smtp+plain": 25}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Route:
    """``token_file`` holds the bearer token of XOAUTH2, which then takes the place of the password."""

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: str = ""
    token_file: Path | None = None

    @property
    def starttls(self) -> bool:
        """Required, so that nobody in between can talk us out of it; only this very machine is spoken to in the clear."""
        return self.scheme == "smtp+starttls" or (self.scheme == "smtp" and self.host not in _LOOPBACK)

    @property
    def tls_at_once(self) -> bool:
        return self.scheme == "smtps"

    @property
    def shown_to_the_network(self) -> bool:
        return not (self.starttls or self.tls_at_once or self.host in _LOOPBACK)

    @classmethod
    def of(cls, settings: Settings) -> Route:
        """Raises `Misconfigured`."""
        url = settings.smtp_url or f"smtp://127.0.0.1:{settings.sink_port}"
        parts, port = _parts(url)
        user = unquote(parts.username) if parts.username else None
        password, token_file = unquote(parts.password or ""), settings.smtp_token_file
        route = cls(parts.scheme, parts.hostname or "localhost", port, user, password, token_file)
        _sound(route)
        return route


def _parts(url: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        usual = _PORTS[parts.scheme]
        return parts, parts.port or usual
    except (ValueError, KeyError):
        raise Misconfigured(
            "POSTROOM_SMTP_URL: write smtp://, smtp+starttls://, smtps:// or smtp+plain://[user:password@]host[:port]."
        ) from None


def _sound(route: Route) -> None:
    if route.user and route.shown_to_the_network:
        raise Misconfigured(
            "POSTROOM_SMTP_URL: smtp+plain:// would show the password to the network; use smtp+starttls:// or smtps://."
        )
    if route.token_file and (not route.user or route.password):
        raise Misconfigured(
            "POSTROOM_SMTP_TOKEN_FILE: the token logs in the user named in POSTROOM_SMTP_URL, in place of a password; "
            "write smtp+starttls://user@host there."
        )
