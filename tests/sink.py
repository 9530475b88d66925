"""A real mail server that keeps what it is given, and can be told to let a client wait for one answer."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller

from deploy.engines import free_port


@dataclass
class Gate:
    """One answer that is held back: ``reached`` is set when a client waits for it, ``let_go`` gives it."""

    reached: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)

    def let_go(self) -> None:
        self.opened.set()


class Sink:
    """``taken`` has (envelope sender, recipient, bytes) of every mail whose last dot arrived, answered or not."""

    def __init__(self, slowness: float = 0.0) -> None:
        self.taken: list[tuple[str, str, bytes]] = []
        self.port = free_port()
        self._slowness = slowness
        self._gates: dict[str, Gate] = {}
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> Sink:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        for gate in self._gates.values():
            gate.let_go()
        self._controller.stop()

    def hold(self, stage: str) -> Gate:
        """Let the next client that comes to RCPT or DATA wait there."""
        self._gates[stage] = Gate()
        return self._gates[stage]

    def copies(self) -> Counter[str]:
        """How often each mail arrived, by its Message-ID and recipient."""
        return Counter(f"{message_from_bytes(data)['Message-ID']} {to}" for _, to, data in list(self.taken))

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        await self._pass("RCPT")
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 recipient ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken += [(envelope.mail_from, to, bytes(envelope.content)) for to in envelope.rcpt_tos]
        number = len(self.taken)
        await self._pass("DATA")
        await asyncio.sleep(self._slowness)
        return f"250 2.0.0 Ok: queued as {number:06d}"

    async def _pass(self, stage: str) -> None:
        gate = self._gates.pop(stage, None)
        if gate is None:
            return
        gate.reached.set()
        while not gate.opened.is_set():
            await asyncio.sleep(0.02)
