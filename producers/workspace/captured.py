"""For trying things out: what customers received, answering as the customer, and moving the time. Not there in production."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any, get_args

from starlette.responses import Response

from models import tables as t
from models.errors import Rejected
from models.queries.paging import Page, decode, page_of
from producers.api import demo_mail
from producers.api.demo import MAILROOM
from producers.api.deps import CLOCK_PROFILES, DEMO_PROFILES
from producers.intake import take_in
from producers.workspace.desk import Visit
from producers.workspace.letters import framed_mail, words_and_html
from producers.workspace.pages import render, see

LIMIT = 25
HOURS = {"1": "an hour", "24": "a day", "72": "three days", "168": "a week", "744": "31 days"}
ANSWERED = {
    "normal": "The answer came in. Whoever owns the interaction sees it under Ongoing.",
    "out_of_office": "The automatic reply came in. It is shown on the interaction, and counts as no answer.",
    "bounce": "The mail came back. Whoever owns the interaction is told under Ongoing, and the address is flagged.",
}
AWAY = timedelta(days=5)
_C = t.Captured


@dataclass(frozen=True, slots=True)
class Got:
    """A mail as its recipient sees it."""

    id: int
    to: str
    subject: str
    sender: str
    text: str
    html: bool
    files: list[str]
    at: datetime


async def captured(visit: Visit) -> Response:
    _must_be_a_demo(visit)
    cursor, to = visit.asked("cursor") or None, visit.asked("to")
    page = await visit.door.rows(lambda: _page(cursor, to))
    template = "captured_mails.html" if visit.asked("part") else "captured.html"
    return await render(
        visit, template, title="Captured mail", page=page, view="captured", clock=_movable(visit), hours=HOURS, to=to,
        answered=ANSWERED.get(visit.asked("answered"), ""), moved=visit.asked("moved"), sampled=is_captured(visit),
    )  # fmt: skip


async def frame(visit: Visit) -> Response:
    _must_be_a_demo(visit)
    row = await visit.door.rows(lambda: _one(visit.path("captured")))
    return framed_mail(visit, bytes(row.data))


async def answer(visit: Visit) -> Response:
    """A real mail comes back through the inbound door, as from the customer, an absent one, or a server."""
    _must_be_a_demo(visit)
    row = await visit.door.rows(lambda: _one(visit.path("captured")))
    kind: Any = visit.given("kind") if visit.given("kind") in get_args(demo_mail.Kind) else "normal"
    deps = visit.deps
    text = visit.given("text").strip() or _unsaid(kind, deps.clock.now())
    made = demo_mail.answer(
        bytes(row.data), row.envelope_from, row.envelope_to, text, kind, deps.clock.now(), deps.ids.new("demo")
    )
    kept = await visit.door.rows(
        lambda: take_in(
            deps.store, made.raw, made.envelope_from, [made.envelope_to], MAILROOM, "mail", deps.clock.now()
        )
    )
    for each in kept:
        visit.door.wake(each)
    return see(f"/captured?answered={kind}")


async def move_clock(visit: Visit) -> Response:
    _must_be_a_demo(visit)
    clock, hours = visit.deps.moved_clock, visit.given("hours")
    if clock is None or not _movable(visit) or hours not in HOURS:
        raise Rejected("not_found", "There is no clock here that can be moved by that much.")
    clock.advance(timedelta(hours=int(hours)))
    return see(f"/captured?moved={hours}")


def is_captured(visit: Visit) -> bool:
    """Whether mail goes to the built-in sink, where it can be looked at."""
    return visit.deps.settings.profile in DEMO_PROFILES and not visit.deps.settings.smtp_url


def _unsaid(kind: str, now: datetime) -> str:
    """What somebody answers who wrote nothing into the form."""
    if kind == "out_of_office":
        back = now + AWAY
        return f"I am out of the office and back on {back.day} {back:%B %Y}."
    return "Thank you for your mail." if kind == "normal" else ""


def _must_be_a_demo(visit: Visit) -> None:
    if visit.deps.settings.profile not in DEMO_PROFILES:
        raise Rejected("not_found", "There is no captured mail here: real customers get real mail.")


def _movable(visit: Visit) -> bool:
    return visit.deps.moved_clock is not None and visit.deps.settings.profile in CLOCK_PROFILES


def _page(cursor: str | None, to: str) -> Page[Got]:
    (before,) = decode(cursor, int) if cursor else (2**62,)
    where = (_C.id < before) & (_C.envelope_to == to) if to else _C.id < before
    rows = list(_C.select().where(where).order_by(_C.id.desc()).limit(LIMIT + 1))
    return page_of(rows, LIMIT, _got, lambda row: (row.id,))


def _one(captured: str) -> t.Captured:
    number = int(captured)
    row: t.Captured | None = _C.get_or_none(_C.id == number) if number < 2**62 else None
    if row is None:
        raise Rejected("not_found", f"There is no captured mail {captured[:20]}.")
    return row


def _got(row: t.Captured) -> Got:
    mail = message_from_bytes(bytes(row.data), policy=policy.default)
    text, html = words_and_html(bytes(row.data))
    sender, subject = str(mail["From"] or row.envelope_from), str(mail["Subject"] or "")
    files = [str(part.get_filename() or "attachment") for part in mail.iter_attachments()]
    return Got(row.id, row.envelope_to, subject, sender, text, bool(html), files, row.captured_at)
