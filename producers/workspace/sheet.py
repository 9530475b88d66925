"""A draft with what goes on around it: its customer, colleagues' drafts and mails, what nobody has read yet. Changes nothing."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from models import senders
from models.deliveries import PENDING_MAIL
from models.queries import customers, drafts, interactions, mails, news, people, related
from models.queries.views import DraftView, InteractionView, MailView, StreamItem
from producers.workspace.desk import Visit
from producers.workspace.pages import render

MOST_NEWS, MOST_MAILS = 20, 3
TOLD = (*PENDING_MAIL, "sent")


async def draft_of(visit: Visit) -> DraftView:
    return await visit.door.rows(lambda: drafts.one(visit.path("draft"), visit.identity.id))


def is_own(visit: Visit, draft: DraftView) -> bool:
    return draft.author == visit.identity.id and draft.state == "open"


async def around(visit: Visit, template: str, draft: DraftView, status: int = 200, **shown: Any) -> Response:
    """A page, or a part of one, about a draft, with the conversation it belongs to."""
    settings, identity = visit.deps.settings, visit.identity
    it = await visit.door.rows(lambda: interactions.one(draft.interaction, settings))
    others = [each for each in it.drafts if each.id != draft.id and each.state == "open"]
    who, beside = await visit.door.rows(
        lambda: (customers.one(it.customer.id), related.also_open(interactions.find(it.number)))
    )
    draft = await _signed(visit, draft)
    told, written = await visit.door.rows(lambda: _news(draft))
    nothing: dict[str, Any] = dict.fromkeys(("trouble", "field", "send_at", "refusal"), "")
    nothing |= {"doubts": [], "action": "send"}
    return await render(
        visit, template, status, draft=draft, it=it, others=others, who=who, also_open=beside, view="",
        theirs=_of_colleagues(it, draft), mine=is_own(visit, draft), news=told, written=written,
        saved=visit.asked("saved"), undone=visit.asked("undone"), limit=settings.mail_limit_bytes, zone=visit.given("zone"),
        from_addresses=senders.usable(settings.senders, identity.id, identity.role),
        from_address=visit.given("from_address") or draft.content.get("from_address", ""), **nothing | shown,
    )  # fmt: skip


def _of_colleagues(it: InteractionView, draft: DraftView) -> list[tuple[MailView, str]]:
    """Their latest mails here, also those that have not left yet, with their words: nobody writes twice unknowingly (R4, R16)."""
    words = {each.id: str(each.content.get("text") or "") for each in it.drafts}
    found = [mail for mail in it.mails if mail.kind == "agent" and mail.sender != draft.author and mail.state in TOLD]
    return [(mail, words.get(mail.draft or "", "")) for mail in found[-MOST_MAILS:]]


async def _signed(visit: Visit, draft: DraftView) -> DraftView:
    """One's own signature below an empty page. It stands in the form only: nobody wrote it, so nothing is written (R25)."""
    if draft.written or not is_own(visit, draft):
        return draft
    below = await visit.door.rows(lambda: people.signature(visit.identity.id))
    if not below or draft.content.get("text") or draft.content.get("html"):
        return draft
    return draft.model_copy(update={"content": draft.content | {"text": f"\n\n{below}"}})


def _news(draft: DraftView) -> tuple[list[StreamItem], dict[str, Any]]:
    """What its author has not read yet, and what was written in the mails among it. Reads rows."""
    told = news.of_draft(draft.id)[:MOST_NEWS] if draft.stale else []
    return told, mails.contents(item.mail.id for item in told if item.mail)
