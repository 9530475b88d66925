"""Hands a finished mail to the mail server and says how that ended, in one of four words and the server's own (R14).

Refuses to guess: what may have left and was not answered is `uncertain`, and is never sent again from here.
"""

from __future__ import annotations

import logging
import re
import ssl
import time
from collections.abc import Callable

from models.settings import Settings
from workers.envelope import Job, commands, impossible
from workers.letter import wire_address
from workers.line import Line, Lost, Reply, Unopened
from workers.lines import IDLE_SECONDS, Lines
from workers.world import Answer, Outcome

_log = logging.getLogger(__name__)

# The session's own fault, whatever it was asked (RFC 4954 6): no reason to give up a recipient.
_LOGIN_CODES = frozenset({530, 534, 535, 538})


class SmtpPost:
    """The `Post` of `workers.world` over SMTP. Safe for any number of threads; lines are kept and used again."""

    def __init__(
        self,
        settings: Settings,
        tls: ssl.SSLContext | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._settings = settings
        self._lines = Lines(settings, tls, monotonic, idle_seconds)

    def transmit(self, envelope_from: str, address: str, data: bytes, before_body: Callable[[], None]) -> Answer:
        """One SMTP transaction; what ``before_body`` raises is raised here, before any byte of the mail left."""
        try:
            sender = wire_address(envelope_from) if envelope_from else ""
            job = Job(sender, wire_address(address), _crlf(data), before_body)
        except ValueError as error:
            return Answer("refused", None, str(error), self._lines.server)
        return self._attempt(job, fresh=False) or self._attempt(job, fresh=True) or self._never()

    def close(self) -> None:
        """Take leave of the server on every line that is not in use."""
        self._lines.close()

    def _attempt(self, job: Job, fresh: bool) -> Answer | None:
        """None where the line broke before the mail was announced: nothing happened, and once more is safe."""
        try:
            line = self._lines.borrow(fresh)
        except Unopened as error:
            unopened = _unopened(error, self._lines.server)
            _log.error("no session with %s: %s", unopened.server, unopened.text)
            return unopened
        try:
            answer, usable = self._transaction(line, job)
        except BaseException:
            line.drop()
            raise
        if usable:
            self._lines.give_back(line)
        else:
            line.drop()
        return answer

    def _transaction(self, line: Line, job: Job) -> tuple[Answer | None, bool]:
        """The answer, and whether the line can be used again."""
        reason = impossible(line, job)
        if reason:
            return Answer("refused", None, reason, line.server), True
        try:
            reply = self._address(line, job)
        except Lost as error:
            return (_ours("deferred", error, line), False) if error.slow else (None, False)
        if reply is not None:
            if reply.code == 421 and not line.fresh:
                return None, False  # said to the idle line, not to this mail
            return _answer(reply, line), reply.code != 421
        job.before_body()
        return self._hand_over(line, job)

    def _address(self, line: Line, job: Job) -> Reply | None:
        """MAIL and RCPT; the reply that was no yes, or None."""
        for command in commands(line, job):
            reply = line.say(command, self._settings.smtp_timeout_seconds)
            if reply.code // 100 != 2:
                return reply
        return None

    def _hand_over(self, line: Line, job: Job) -> tuple[Answer, bool]:
        try:
            reply = line.say("DATA", self._settings.smtp_timeout_seconds)
        except Lost as error:
            return _ours("deferred", error, line), False
        if reply.code != 354:
            return _answer(reply, line), reply.code >= 400 and reply.code != 421
        return self._body(line, job)

    def _body(self, line: Line, job: Job) -> tuple[Answer, bool]:
        """From here on only the server knows: silence is `uncertain`."""
        stuffed = re.sub(rb"(?m)^\.", b"..", job.data) + b".\r\n"
        settings = self._settings
        try:
            reply = line.pour(stuffed, settings.smtp_timeout_seconds, settings.smtp_final_timeout_seconds)
        except Lost as error:
            return _ours("uncertain", error, line), False
        if reply.code // 100 == 3:
            return Answer("uncertain", reply.code, reply.text, line.server), False
        outcome: Outcome = "accepted" if reply.code < 300 else "deferred" if reply.code < 500 else "refused"
        return Answer(outcome, reply.code, reply.text, line.server), reply.code != 421

    def _never(self) -> Answer:
        text = "The server hung up twice before it took the mail."
        return Answer("deferred", None, text, self._lines.server)


def _answer(reply: Reply, line: Line) -> Answer:
    """A reply that is no yes, before the body: 5xx is final unless it speaks of the session."""
    final = reply.code >= 500 and reply.code not in _LOGIN_CODES
    return Answer("refused" if final else "deferred", reply.code, reply.text, line.server)


def _ours(outcome: Outcome, error: Lost, line: Line) -> Answer:
    when = "after the mail began to leave" if outcome == "uncertain" else "before the mail left"
    return Answer(outcome, None, f"{str(error).capitalize()}, {when}.", line.server)


def _unopened(error: Unopened, server: str) -> Answer:
    reply = error.reply
    text = f"{error} It said: {reply.code} {reply.text}" if reply else str(error)
    return Answer("deferred", reply.code if reply else None, text, server)


def _crlf(data: bytes) -> bytes:
    """A bare CR or LF could end the mail early for some servers (SMTP smuggling): none leaves this house."""
    normal = re.sub(rb"\r\n|\r|\n", b"\r\n", data)
    return normal if normal.endswith(b"\r\n") else normal + b"\r\n"
