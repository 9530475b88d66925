"""An open line to the mail server: connect, secure, log in, then one command and its reply at a time.

Refuses to go on in the clear where TLS was asked for, and to take a broken reply for an answer.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass

from models.settings import Settings
from workers.login import Impossible, log_in
from workers.route import Route

_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Reply:
    code: int
    text: str


class Lost(Exception):
    """The line is gone or no longer makes sense; ``slow`` where the server merely did not answer in time."""

    def __init__(self, sentence: str, slow: bool = False) -> None:
        super().__init__(sentence)
        self.slow = slow


class Unopened(Exception):
    """No session came about: nothing that concerns a recipient. ``reply`` is what the server said, if it spoke."""

    def __init__(self, sentence: str, reply: Reply | None = None, at_login: bool = False) -> None:
        super().__init__(sentence)
        self.reply = reply
        self.at_login = at_login


class Line:
    """One session with the server."""

    def __init__(self, client: smtplib.SMTP, server: str) -> None:
        self._client = client
        self.server = server  # host:port, and the name it greeted with
        self.fresh = True  # carried no mail yet
        self.mails = 0
        self.opened_at = self.used_at = 0.0

    def offers(self, extension: str) -> bool:
        return self._client.has_extn(extension)

    @property
    def size_limit(self) -> int | None:
        """The largest mail the server announced to take (RFC 1870), None if it named none."""
        number = self._client.esmtp_features.get("size", "").split(" ")[0]
        return int(number) or None if number.isascii() and number.isdigit() else None

    def say(self, command: str, timeout: float) -> Reply:
        """One command and its reply; raises `Lost`."""
        return self.pour(f"{command}\r\n".encode(), timeout)

    def pour(self, data: bytes, timeout: float, answer_within: float | None = None) -> Reply:
        """Bytes as they are, then the reply; raises `Lost`. Each piece has ``timeout`` to leave."""
        try:
            if self._client.sock is None:
                raise Lost("the connection is closed")
            self._client.sock.settimeout(timeout)
            for start in range(0, len(data), _CHUNK):
                self._client.sock.sendall(data[start : start + _CHUNK])
            self._client.sock.settimeout(answer_within or timeout)
            return _sound(self._client.getreply())
        except (OSError, smtplib.SMTPException) as error:
            raise _lost(error) from error

    def drop(self) -> None:
        """Hang up without a word."""
        self._client.close()

    def leave(self) -> None:
        """QUIT; whatever the server says to it changes nothing any more."""
        with suppress(Lost):
            self.say("QUIT", 2.0)
        self.drop()


def dial(route: Route, settings: Settings, tls: ssl.SSLContext | None = None) -> Line:
    """Connect, greet, secure and log in. Raises `Unopened`: refused here is never refused for a recipient."""
    context = tls or _trust(settings)
    if route.tls_at_once:
        client: smtplib.SMTP = smtplib.SMTP_SSL(
            local_hostname=settings.mail_domain, timeout=settings.smtp_timeout_seconds, context=context
        )
    else:
        client = smtplib.SMTP(local_hostname=settings.mail_domain, timeout=settings.smtp_timeout_seconds)
    try:
        greeting = _open(client, route, context)
    except BaseException as error:
        client.close()
        if isinstance(error, (OSError, smtplib.SMTPException, ValueError, Lost, Impossible)):
            raise _unopened(error) from error
        raise
    name = greeting.text.split(" ")[0][:100]
    return Line(client, f"{route.host}:{route.port}" + (f" ({name})" if name else ""))


def _trust(settings: Settings) -> ssl.SSLContext:
    """Name, date and issuer of the server's certificate are verified; there is no setting that forgoes it."""
    try:
        return ssl.create_default_context(cafile=settings.smtp_ca_file)
    except (OSError, ssl.SSLError) as error:
        raise Unopened(f"POSTROOM_SMTP_CA_FILE: {settings.smtp_ca_file} cannot be read: {error}.") from None


def _open(client: smtplib.SMTP, route: Route, context: ssl.SSLContext) -> Reply:
    client._host = route.host  # type: ignore[attr-defined]  # what smtplib verifies certificates against
    greeting = _step("the greeting", client.connect(route.host, route.port), 220)
    _step("EHLO", client.ehlo(), 250)
    if route.starttls:
        if not client.has_extn("starttls"):
            raise Unopened(
                "The server offers no STARTTLS, and nothing is sent in the clear unless POSTROOM_SMTP_URL begins with "
                "smtp+plain://."
            )
        _step("STARTTLS", client.starttls(context=context), 220)
        _step("EHLO", client.ehlo(), 250)
    log_in(client, route)
    return greeting


def _step(what: str, answer: tuple[int, bytes], wanted: int) -> Reply:
    reply = _sound(answer)
    if reply.code != wanted:
        raise Unopened(f"The server refused {what}.", reply)
    return reply


def _sound(answer: tuple[int, bytes]) -> Reply:
    if not 200 <= answer[0] <= 599:
        raise Lost("the server's reply is no SMTP reply")
    return _reply(*answer)


def _reply(code: int, text: bytes) -> Reply:
    words = re.sub(r"[\x00-\x1f\x7f]+", " ", text.decode("utf-8", "replace")).strip()
    return Reply(code, words[:500])


def _lost(error: Exception) -> Lost:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, TimeoutError):
        cause = cause.__context__
    return Lost("no answer in time" if cause else "the connection was lost", slow=cause is not None)


def _unopened(error: Exception) -> Unopened:
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
        login = isinstance(error, smtplib.SMTPAuthenticationError)
        step = "the log-in; check the user, and the password or token" if login else "the session"
        return Unopened(f"The server refused {step}.", _reply(error.smtp_code, words), at_login=login)
    if isinstance(error, Impossible):
        return Unopened(str(error))
    if isinstance(error, UnicodeError):
        return Unopened("User and password in POSTROOM_SMTP_URL must be ASCII for this server.")
    return Unopened(f"No session with the server: {error}.")
