"""A real SMTP server on a real socket that misbehaves exactly as it is told, and counts what it was given."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from dataclasses import dataclass, field
from typing import Any

DROP = object()  # hang up without an answer
SILENCE = object()  # never answer, keep the line open


@dataclass(frozen=True)
class Then:
    """Say this, then hang up."""

    reply: str


@dataclass(frozen=True)
class Slow:
    """Say this after a while."""

    reply: str
    seconds: float = 0.15


@dataclass(frozen=True)
class DropInBody:
    """Answer DATA, read at least this much of the body, hang up."""

    after: int = 1


GOOD: dict[str, Any] = {
    "GREETING": "220 mx.test ESMTP ready",
    "EHLO": "250-mx.test\r\n250-SIZE 1000000\r\n250-8BITMIME\r\n250 PIPELINING",
    "MAIL": "250 2.1.0 sender ok",
    "RCPT": "250 2.1.5 recipient ok",
    "DATA": "354 go ahead",
    "DOT": "250 2.0.0 queued as 4XYZ",
    "RSET": "250 2.0.0 reset",
    "QUIT": "221 2.0.0 bye",
    "STARTTLS": "220 2.0.0 begin",
    "AUTH": "235 2.7.0 welcome",
}


@dataclass
class ScriptedSmtp:
    """One script for each connection, the last one for all further ones; a script names only what differs from `GOOD`.

    A list as an action is used up one by one, its last item stays.
    """

    scripts: list[dict[str, Any]] = field(default_factory=lambda: [{}])
    tls: ssl.SSLContext | None = None
    tls_at_once: bool = False
    connections: int = 0
    begun: int = 0  # bodies that began to arrive
    bodies: list[bytes] = field(default_factory=list)  # bodies that arrived with their final dot
    commands: list[str] = field(default_factory=list)
    open_lines: int = 0

    def __enter__(self) -> ScriptedSmtp:
        self._ended = threading.Event()
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # else the thread in accept() takes one more
        for line in (self._listener, *self._sockets):
            line.close()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def drop_lines(self) -> None:
        """Hang up on everybody, as a server does with idle clients."""
        for line in self._sockets:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self._sockets.append(line)
            script = dict(self.scripts[min(self.connections, len(self.scripts) - 1)])
            self.connections += 1
            threading.Thread(target=self._serve, args=(line, script), daemon=True).start()

    def _serve(self, line: socket.socket, script: dict[str, Any]) -> None:
        self.open_lines += 1
        try:
            Conversation(self, line, script).run()
        except OSError:
            pass
        finally:
            self.open_lines -= 1
            line.close()


class Conversation:
    def __init__(self, server: ScriptedSmtp, line: socket.socket, script: dict[str, Any]) -> None:
        self.server = server
        self.line = self._secured(line) if server.tls_at_once else line
        self.script = script
        self.file = self.line.makefile("rb")

    def run(self) -> None:
        going = self.answer("GREETING")
        while going:
            command = self.file.readline()
            if not command:
                return
            text = command.decode("utf-8", "replace").strip()
            self.server.commands.append(text)
            verb = text.split(" ")[0].upper()
            going = self.answer(verb)
            if going and verb == "STARTTLS" and self.said.startswith("220"):
                self.line = self._secured(self.line)
                self.file = self.line.makefile("rb")
            elif going and verb == "DATA" and self.said.startswith("354"):
                going = self.take_body()
            elif verb == "QUIT":
                return

    def answer(self, stage: str) -> bool:
        action = self.script.get(stage, GOOD.get(stage, "502 5.5.1 unknown"))
        if isinstance(action, list):
            self.script[stage] = action[1:] or action
            action = action[0]
        if isinstance(action, DropInBody):
            self.cut = action.after
            action = "354 go ahead"
        if isinstance(action, Slow):
            self.server._ended.wait(action.seconds)
            action = action.reply
        self.said = action.reply if isinstance(action, Then) else action if isinstance(action, str) else ""
        if action is SILENCE:
            self.server._ended.wait(20)
        if self.said:
            self.line.sendall(self.said.encode() + b"\r\n")
        return isinstance(action, str)

    cut: int | None = None

    def take_body(self) -> bool:
        if not self.file.peek(1):
            return False
        self.server.begun += 1
        if self.cut is not None:
            self.file.read(self.cut)
            return False
        lines: list[bytes] = []
        while (found := self.file.readline()) != b".\r\n":
            if not found:
                return False
            lines.append(found[1:] if found.startswith(b".") else found)
        self.server.bodies.append(b"".join(lines))
        return self.answer("DOT")

    def _secured(self, line: socket.socket) -> ssl.SSLSocket:
        assert self.server.tls is not None
        return self.server.tls.wrap_socket(line, server_side=True)
