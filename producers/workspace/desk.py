"""What every page is handed: the door, the signer of sessions, the templates. Made once with the app, kept in no global."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Environment
from starlette.requests import Request

from models.errors import Rejected
from models.principals import Identity
from models.tables import Command as CommandRow
from producers.api.deps import Deps
from producers.api.door import Door
from producers.workspace.provider import Provider
from producers.workspace.sessions import Session, Sessions
from producers.workspace.throttle import Throttle

LONGEST_NAME = 200


@dataclass(slots=True)
class Desk:
    """``sessions`` and ``provider`` are made with their first use, because their key is a row."""

    door: Door
    templates: Environment
    throttle: Throttle
    sessions: Sessions | None = None
    provider: Provider | None = None
    hashing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))  # each takes 64 MB for a while

    preparing: asyncio.Task[None] | None = None

    @property
    def deps(self) -> Deps:
        return self.door.deps

    def prepare(self) -> None:
        """Compile every page while the first visitor types a password; its first view would take a fifth of a second."""
        if self.preparing is None:
            self.preparing = asyncio.create_task(asyncio.to_thread(self._compile))

    def _compile(self) -> None:
        for name in self.templates.list_templates(extensions=["html"]):
            self.templates.get_template(name)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of one signed-in person; ``form`` is there when something was posted."""

    desk: Desk
    request: Request
    session: Session
    identity: Identity
    form: Mapping[str, Any] = field(default_factory=dict)

    @property
    def door(self) -> Door:
        return self.desk.door

    @property
    def deps(self) -> Deps:
        return self.desk.door.deps

    @property
    def is_meant(self) -> bool:
        """Whether a person asked for the page, and not their browser in advance."""
        return "prefetch" not in self.request.headers.get("sec-purpose", self.request.headers.get("purpose", ""))

    @property
    def is_a_click(self) -> bool:
        """Whether somebody did something; what a page asks for by itself puts no idle end off."""
        by_itself = self.request.headers.get("sec-fetch-dest", "document") != "document"
        automatic = self.request.url.path.startswith("/live") or self.asked("glance") or self.asked("part") or by_itself
        return self.is_meant and (self.request.method == "POST" or not automatic)

    def path(self, name: str) -> str:
        """A part of the address. Raises `Rejected` ``not_found`` for what nothing of ours can be called."""
        found = str(self.request.path_params[name])
        if not found.isprintable() or len(found) > LONGEST_NAME:
            raise Rejected("not_found", "There is nothing under this address.")
        return found

    def asked(self, name: str) -> str:
        """A word of the query, without what no query of ours holds."""
        return "".join(c for c in self.request.query_params.get(name, "")[:500] if c.isprintable()).strip()

    def number(self, name: str) -> int | None:
        """A whole number of the form; None for anything else."""
        value = self.given(name)
        return int(value) if value.isascii() and value.isdigit() and len(value) <= 9 else None

    def given(self, name: str) -> str:
        """A field of the form; browsers end lines with CR LF, and no row keeps a NUL."""
        value = self.form.get(name, "")
        return value.replace("\r\n", "\n").replace("\x00", "") if isinstance(value, str) else ""


class Declined(Exception):
    """A wish that was answered with no; the page shows the sentence as it stands."""

    def __init__(self, code: str, sentence: str, members: Mapping[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.code, self.sentence, self.members = code, sentence, dict(members or {})


def result_of(row: CommandRow) -> dict[str, Any]:
    return row.result if isinstance(row.result, dict) else {}
