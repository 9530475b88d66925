"""The lines to the mail server that wait for the next mail; refuses to lend one out that did not answer just now."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable

from models.settings import Settings
from workers.line import Line, Lost, Unopened, dial
from workers.route import Route

IDLE_SECONDS = 60.0
LOGIN_PAUSE = 30.0  # between two refused log-ins: a full queue must not lock the account


class Lines:
    """The lines not in use. Each is lent to one thread at a time; one that idles too long is closed."""

    def __init__(
        self, settings: Settings, tls: ssl.SSLContext | None, monotonic: Callable[[], float], idle_seconds: float
    ) -> None:
        self.route = Route.of(settings)
        self._idle_seconds = idle_seconds
        self._settings = settings
        self._tls = tls
        self._monotonic = monotonic
        self._idle: list[Line] = []
        self._refusal: tuple[float, Unopened] | None = None
        self._lock = threading.Lock()
        self._broom: threading.Timer | None = None

    @property
    def server(self) -> str:
        return f"{self.route.host}:{self.route.port}"

    def borrow(self, fresh: bool) -> Line:
        """A line that answered just now. Raises `Unopened`."""
        while not fresh and (line := self._take()) is not None:
            if self._alive(line):
                line.fresh = False
                return line
            line.drop()
        return self._dial()

    def give_back(self, line: Line) -> None:
        """Waits for the next mail; whether it is too old or worn for one is seen then, so that no answer waits for a QUIT."""
        line.used_at, line.mails = self._monotonic(), line.mails + 1
        with self._lock:
            self._idle.append(line)
            if self._broom is None:
                self._arm()

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
            if self._broom is not None:
                self._broom.cancel()
                self._broom = None
        for line in idle:
            line.leave()

    def _dial(self) -> Line:
        now, refusal = self._monotonic(), self._refusal
        if refusal is not None and now < refusal[0] + LOGIN_PAUSE:
            raise Unopened(str(refusal[1]), refusal[1].reply, at_login=True)
        try:
            line = dial(self.route, self._settings, self._tls)
        except Unopened as error:
            self._refusal = (now, error) if error.at_login else None
            raise
        line.opened_at = now
        return line

    def _take(self) -> Line | None:
        self._close_expired()
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _alive(self, line: Line) -> bool:
        try:
            return line.say("RSET", self._settings.smtp_timeout_seconds).code == 250
        except Lost:
            return False

    def _sweep(self) -> None:
        self._close_expired()
        with self._lock:
            self._broom = None
            if self._idle:
                self._arm()

    def _arm(self) -> None:
        self._broom = threading.Timer(self._idle_seconds, self._sweep)
        self._broom.daemon = True
        self._broom.start()

    def _close_expired(self) -> None:
        now = self._monotonic()
        with self._lock:
            expired = [line for line in self._idle if self._is_over(line, now)]
            self._idle = [line for line in self._idle if line not in expired]
        for line in expired:
            line.leave()

    def _is_over(self, line: Line, now: float) -> bool:
        age = self._settings.smtp_connection_age.total_seconds()
        worn = line.mails >= self._settings.smtp_mails_per_connection
        return worn or line.used_at < now - self._idle_seconds or line.opened_at < now - age
