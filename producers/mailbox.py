"""A folder on an IMAP server: what is new in it, the bytes of a mail, and how one is put aside.

Refuses to send a password in the clear, and to decide what becomes of a mail.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from imapclient import DELETED, FLAGGED, SEEN, IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from models.errors import Misconfigured
from models.settings import Settings

LOST = (OSError, EOFError, IMAPClientAbortError)  # the line is gone; whatever else it says is about one command
_PORTS = {"imaps": 993, "imap+starttls": 143}
_PATIENCE = SocketTimeout(15, 60)
_AT_ONCE = 200
_STEP = 0.5  # how often a waiting poller looks whether it is to stop


@dataclass(frozen=True, slots=True)
class Account:
    """``token_file`` holds the bearer token of XOAUTH2, which then takes the place of the password."""

    scheme: str
    host: str
    port: int
    user: str
    folder: str
    password: str = ""
    token_file: Path | None = None
    ca_file: Path | None = None

    @property
    def name(self) -> str:
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"

    @classmethod
    def of(cls, settings: Settings) -> Account:
        """Raises `Misconfigured`."""
        try:
            parts = urlsplit(settings.imap_url)
            port = parts.port or _PORTS[parts.scheme]
        except (ValueError, KeyError):
            raise Misconfigured(
                "POSTROOM_IMAP_URL: write imaps:// or imap+starttls://user[:password]@host[:port][/folder]."
            ) from None
        if not parts.hostname or not parts.username:
            raise Misconfigured("POSTROOM_IMAP_URL: it names no host or no user.")
        password = unquote(parts.password or "") or _read(settings.imap_password_file, "POSTROOM_IMAP_PASSWORD_FILE")
        if not password and settings.imap_token_file is None:
            raise Misconfigured("POSTROOM_IMAP_URL: there is no password; name a file with a password or a token.")
        folder, user = unquote(parts.path.lstrip("/")) or "INBOX", unquote(parts.username)
        files = settings.imap_token_file, settings.imap_ca_file
        return cls(parts.scheme, parts.hostname, port, user, folder, password, *files)


class _Client(IMAPClient):  # type: ignore[misc]
    """What comes together with the answer to IDLE lies in a buffer, where no poll of the socket sees it."""

    _fresh = False

    def idle(self) -> None:
        super().idle()
        self._fresh = True

    def _poll_socket(self, sock: Any, timeout: float | None = None) -> Any:
        fresh, self._fresh = self._fresh, False
        return fresh or super()._poll_socket(sock, timeout)


class Folder:
    """An open folder. Whatever it is asked may raise one of ``LOST``, or `IMAPClientError` about that one question."""

    def __init__(self, client: IMAPClient, uid_validity: int, count: int) -> None:
        self._client = client
        self.uid_validity, self.count = uid_validity, count
        self._can = {name.decode("ascii", "replace").upper() for name in client.capabilities()}

    def since(self, uid: int) -> list[int]:
        """The numbers of the mails after this one, in order."""
        self._announced()
        found = self._client.search(["UID", f"{uid + 1}:*"])  # with no newer mail ``*`` means the last one there is
        return sorted(number for number in found if number > uid)

    def upto(self, uid: int) -> list[int]:
        return sorted(self._client.search(["UID", f"1:{uid}"])) if uid else []

    def sizes(self, uids: Iterable[int]) -> dict[int, int]:
        """Of those that are still there."""
        wanted, found = list(uids), {}
        for start in range(0, len(wanted), _AT_ONCE):
            for uid, fields in self._client.fetch(wanted[start : start + _AT_ONCE], [b"RFC822.SIZE"]).items():
                found[uid] = int(fields.get(b"RFC822.SIZE", 0))
        return found

    def raw(self, uid: int) -> bytes | None:
        """The mail byte for byte, still unread; None if it is gone."""
        return self._part(uid, b"BODY.PEEK[]", b"BODY[]")

    def beginning(self, uid: int, octets: int) -> bytes | None:
        return self._part(uid, b"BODY.PEEK[]<0.%d>" % octets, b"BODY[]<0>")

    def flag(self, uids: list[int], starred: bool = False) -> None:
        """Mark as read, and with a star what a person is to look at."""
        self._client.add_flags(uids, [SEEN, FLAGGED] if starred else [SEEN], silent=True)

    def move(self, uids: list[int], folder: str) -> None:
        """Where the server knows no MOVE (RFC 6851) it is copied and struck out; without UIDPLUS it stays, struck out."""
        if "MOVE" in self._can:
            self._client.move(uids, folder)
            return
        self._client.copy(uids, folder)
        self._client.add_flags(uids, [DELETED], silent=True)
        if "UIDPLUS" in self._can:
            self._client.uid_expunge(uids)

    def make(self, folder: str) -> None:
        if not self._client.folder_exists(folder):
            self._client.create_folder(folder)

    def wait(self, stop: threading.Event, quiet: float, poll: float) -> None:
        """Until the server rings (IDLE, RFC 2177), at most ``quiet`` seconds; without IDLE ``poll`` seconds."""
        if "IDLE" not in self._can:
            stop.wait(min(quiet, poll))
            self._client.noop()
            return
        if not self._announced():
            self._idle(stop, time.monotonic() + quiet)

    def _idle(self, stop: threading.Event, until: float) -> None:
        self._client.idle()
        rung = self._client.idle_check(timeout=0)
        while not (rung or stop.is_set()) and (begun := time.monotonic()) < until:
            rung = self._client.idle_check(timeout=_STEP)
            if time.monotonic() - begun < _STEP / 2:
                break  # a lost line answers with nothing, and at once; the end of IDLE then says so
        self._client.idle_done()

    def _announced(self) -> bool:
        """Whether the server told of a new mail beside an answer; it does not tell again when asked to ring."""
        return bool(self._client._imap.response("EXISTS")[1] != [None])

    def leave(self) -> None:
        try:
            self._client.logout()
        except (*LOST, IMAPClientError):
            self._client.shutdown()

    def _part(self, uid: int, asked: bytes, answered: bytes) -> bytes | None:
        fields = self._client.fetch([uid], [asked]).get(uid)
        found = fields.get(answered) if fields else None
        return bytes(found) if found is not None else None


def open_folder(account: Account, read_only: bool = False) -> Folder:
    """Connect, secure, log in, select. Raises `Misconfigured`, one of ``LOST``, or `IMAPClientError` in the server's words."""
    trust = _trust(account)
    client = _Client(account.host, account.port, ssl=account.scheme == "imaps", ssl_context=trust, timeout=_PATIENCE)
    try:
        if account.scheme == "imap+starttls":
            client.starttls(trust)
        _log_in(client, account)
        selected = client.select_folder(account.folder, readonly=read_only)
        return Folder(client, int(selected[b"UIDVALIDITY"]), int(selected[b"EXISTS"]))
    except BaseException:
        client.shutdown()
        raise


def _log_in(client: IMAPClient, account: Account) -> None:
    if account.token_file is not None:
        client.oauth2_login(account.user, _read(account.token_file, "POSTROOM_IMAP_TOKEN_FILE"))
    else:
        client.login(account.user, account.password)


def _trust(account: Account) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=account.ca_file)
    except OSError as error:
        raise Misconfigured(f"POSTROOM_IMAP_CA_FILE: {account.ca_file} cannot be used: {error}.") from None


def _read(file: Path | None, setting: str) -> str:
    try:
        return file.read_text(encoding="utf-8").strip() if file else ""
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{setting}: {file} cannot be read: {error}.") from None


Open = Callable[[Account], Folder]
