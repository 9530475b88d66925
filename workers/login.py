"""Logs in to the mail server: PLAIN or LOGIN with a password, XOAUTH2 with a token; one try, so that no account is locked.

Refuses to fall back from a token to a password, and to keep a token: the file is read anew each time.
"""

from __future__ import annotations

import re
import smtplib
from pathlib import Path

from workers.route import Route


class Impossible(Exception):
    """This log-in cannot even be tried."""


def log_in(client: smtplib.SMTP, route: Route) -> None:
    """Raises `Impossible`, or what smtplib raises where the server says no."""
    if route.user is None:
        return
    offered = client.esmtp_features.get("auth", "").upper().split()
    if route.token_file is not None:
        _with_token(client, route.user, _token(route.token_file), offered)
    else:
        _with_password(client, route.user, route.password, offered)


def _with_password(client: smtplib.SMTP, user: str, password: str, offered: list[str]) -> None:
    client.user, client.password = user, password
    if "PLAIN" in offered:
        client.auth("PLAIN", client.auth_plain)
    elif "LOGIN" in offered:
        client.auth("LOGIN", client.auth_login)
    else:
        raise Impossible(f"The server offers {_list(offered)} to log in, and neither PLAIN nor LOGIN.")


def _with_token(client: smtplib.SMTP, user: str, token: str, offered: list[str]) -> None:
    if "XOAUTH2" not in offered:
        raise Impossible(f"The server offers {_list(offered)} to log in, and no XOAUTH2 for the token.")
    reasons: list[str] = []

    def dialogue(challenge: bytes | None = None, /) -> str:
        if challenge is None:
            return f"user={user}\x01auth=Bearer {token}\x01\x01"
        reasons.append(challenge.decode("utf-8", "replace"))
        return ""  # a refusal comes as a challenge with the reason; only after an empty line follows the code

    try:
        client.auth("XOAUTH2", dialogue)
    except smtplib.SMTPAuthenticationError as error:
        words = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
        raise smtplib.SMTPAuthenticationError(error.smtp_code, b" ".join([words, *map(str.encode, reasons)])) from None


def _token(path: Path) -> str:
    try:
        token = path.read_text("ascii").strip()
    except (OSError, ValueError) as error:
        raise Impossible(f"POSTROOM_SMTP_TOKEN_FILE: {path} cannot be read: {error}.") from None
    if not re.fullmatch(r"[!-~]+", token):
        raise Impossible(f"POSTROOM_SMTP_TOKEN_FILE: {path} holds no token; it should be one word of ASCII.")
    return token


def _list(offered: list[str]) -> str:
    return ", ".join(offered) or "no way"
