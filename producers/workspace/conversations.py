"""One interaction with everything on it, and what an agent may ask for there (R14, R18, R24, R27-R31)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, get_args

from starlette.responses import Response

from models import addresses
from models import tables as t
from models.deliveries import UNCLAIMED_MAIL
from models.errors import Rejected
from models.lifecycle import State
from models.policy import ClockKind
from models.queries import history, interactions, keeping, mails, people, related, reminders, stream
from models.queries.views import InteractionView, PauseView
from producers.workspace import happenings
from producers.workspace.captured import is_captured
from producers.workspace.desk import Declined, Visit
from producers.workspace.pages import render, see
from producers.workspace.wishing import wish

LIMIT = 40
FILTERS = {"all": stream.KINDS, "mails": ("mail", "incoming"), "notes": ("note",), "changes": ("change",)}
CONVERSATION = ("mail", "incoming", "note")
OWED = (*UNCLAIMED_MAIL, "sending")


async def conversation(visit: Visit) -> Response:
    number = visit.path("number")
    shown = await visit.door.rows(lambda: interactions.one(number, visit.deps.settings))
    if not _is_opened(visit, shown):
        return await _page(visit, shown, shown.attention)
    with suppress(Declined):  # R18: opening it clears the counter; why it called stays on this page
        await wish(visit, "mark_read", interaction=number)
    read = await visit.door.rows(lambda: interactions.one(number, visit.deps.settings))
    return await _page(visit, read, shown.attention)


async def why(visit: Visit) -> Response:
    """The chain of events that made a field what it is (R31)."""
    number, field = visit.path("number"), visit.asked("field") or "state"
    because = await visit.door.rows(lambda: history.why(interactions.find(number), field))
    names = await visit.door.rows(people.names)
    return await render(
        visit, "why.html", title=f"Why: {field} of {number}", because=because, view="", changes=happenings.changes,
        by_whom=happenings.by_whom, cause=happenings.cause, now_is=happenings.said(field, because.value, names),
    )  # fmt: skip


async def reply(visit: Visit) -> Response:
    made = await wish(
        visit, "compose_reply", interaction=visit.path("number"), reply_all=visit.given("action") == "reply_all"
    )
    return see(f"/drafts/{made['draft']}?fresh=1")


async def note(visit: Visit) -> Response:
    text = visit.given("text").strip()
    if not text:
        raise Rejected("malformed", "The note is empty; write something first.")
    return await _done(visit, "add_work_note", text=text)


async def transfer(visit: Visit) -> Response:
    agent, queue = visit.given("to_agent"), visit.given("to_queue").strip()
    if bool(agent) == bool(queue):
        raise Rejected("malformed", "Choose an agent or name a queue: one of the two.")
    return await _done(visit, "transfer", **({"to_agent": agent} if agent else {"to_queue": queue}))


async def take(visit: Visit) -> Response:
    return await _done(visit, "transfer", to_agent=visit.identity.id)


async def close(visit: Visit) -> Response:
    """Mail still on its way is said, and cancelled only when that was confirmed (R27)."""
    number, sure = visit.path("number"), visit.given("confirm") == "yes"
    try:
        return await _done(visit, "close", confirm=sure)
    except Declined as no:
        if no.code != "mail_pending":
            raise
        return await render(visit, "close_pending.html", 409, title=f"Close {number}?", number=number, no=no, view="")


async def wrap_up(visit: Visit) -> Response:
    return await _done(visit, "submit_wrap_up", code=visit.given("code"))


async def skip_reminder(visit: Visit) -> Response:
    return await _done(visit, "skip_reminder")


async def undo(visit: Visit) -> Response:
    """The mail becomes a draft again, where no worker took it yet (R16)."""
    mail = await wish(visit, "cancel_send", mail=visit.given("mail"))
    draft = mail.get("draft")
    return see(f"/drafts/{draft}?undone=1" if draft else f"/interactions/{visit.path('number')}")


async def resolve(visit: Visit) -> Response:
    """A person decides about a delivery nobody knows the end of (R14)."""
    await wish(visit, "resolve_uncertain", delivery=visit.given("delivery"), outcome=visit.given("outcome"))
    return see(f"/interactions/{visit.path('number')}")


async def _done(visit: Visit, type_name: str, **body: Any) -> Response:
    number = visit.path("number")
    await wish(visit, type_name, interaction=number, **body)
    return see(f"/interactions/{number}")


def _is_opened(visit: Visit, shown: InteractionView) -> bool:
    """By its owner, who is called; a mail in doubt goes on calling until somebody decides (R14)."""
    calls = shown.unread or shown.attention not in (None, "uncertain")
    return bool(calls) and shown.owner == visit.identity.id and not visit.asked("glance") and visit.is_meant


async def _page(visit: Visit, shown: InteractionView, attention: str | None) -> Response:
    settings = visit.deps.settings
    return await render(
        visit, "interaction.html", title=f"{shown.number} · {shown.customer.name or shown.customer.id}", it=shown,
        **await visit.door.rows(lambda: _activity(visit, shown)),
        **await visit.door.rows(lambda: _beside(visit, shown)),
        drafts=[draft for draft in shown.drafts if draft.state == "open"],
        waiting=[mail for mail in shown.mails if mail.state in ("held", "scheduled")],
        attention=attention, standing=happenings.standing(shown, visit.identity.id), closed=State(shown.state).is_closed,
        changes=happenings.changes, by_whom=happenings.by_whom, cause=happenings.cause,
        codes=settings.codes, default_code=settings.wrap_up_default, sampled=is_captured(visit), view="",
    )  # fmt: skip


def _activity(visit: Visit, shown: InteractionView) -> dict[str, Any]:
    """The stream as the address asks for it. Reads rows."""
    kind = visit.asked("show") if visit.asked("show") in FILTERS else "talk"
    kinds: Any = FILTERS.get(kind, CONVERSATION)
    order: Any = visit.asked("order") if visit.asked("order") in get_args(stream.Order) else "newest"
    cursor = visit.asked("cursor") or None
    page = stream.of_interaction(t.id_of(shown.number), kinds, order, cursor, LIMIT)
    written = mails.contents(item.mail.id for item in page.items if item.mail)
    return {"page": page, "written": written, "show": kind, "order": order}


def _beside(visit: Visit, shown: InteractionView) -> dict[str, Any]:
    """To whom it can be handed, what is around it, and what will come or holds it up. Reads rows."""
    deps = visit.deps
    due = any(clock.kind == ClockKind.REMINDER for clock in shown.clocks)
    return {
        "agents": people.agents(), "queues": people.queues(),
        "around": related.around(interactions.find(shown.number)), "paused": _paused(shown, keeping.pauses()),
        "reminder": reminders.preview(shown.number, deps.settings, deps.clock.now()) if due else None,
    }  # fmt: skip


def _paused(shown: InteractionView, pauses: list[PauseView]) -> PauseView | None:
    """The pause that holds back what is queued here (R38)."""
    owed = {addresses.domain_of(mail.from_address) for mail in shown.mails if mail.state in OWED}
    return next((pause for pause in pauses if owed and pause.domain in {"*", *owed}), None)
