"""The composer: as a page of plain forms, and in parts for a window over another page; the words are kept first (R8-R16)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from starlette.responses import JSONResponse, Response

from models.errors import Rejected
from models.lifecycle import Happening, Refuse, State, decide
from models.queries import interactions, people
from models.queries.views import DraftView
from producers.workspace import doubting
from producers.workspace.desk import Declined, Visit
from producers.workspace.pages import HEADERS, answer_of, see, wants_json
from producers.workspace.sheet import around, draft_of, is_own
from producers.workspace.wishing import wish, wish_later
from producers.workspace.writing import leaving_at, save_of, typed

No = Declined | Rejected
JUST_NOW = timedelta(minutes=1)
KEPT = {
    "conflict": "This draft was changed elsewhere meanwhile. Your words are kept beside it.",
    "not_your_draft": "A colleague took this draft over. Your words are kept among its versions.",
}


async def composer(visit: Visit) -> Response:
    """One's own open draft in an editor; any other to read, to take over on purpose, or to write anew (R8).

    Opening starts the thirty days again (R25) and marks nothing as read: what happened stands there until somebody says so (R12).
    """
    draft = await draft_of(visit)
    if not is_own(visit, draft):
        return await around(visit, "draft_read.html", draft, title=f"Draft of {draft.author}")
    if refusal := await _at_rest(visit, draft):
        return await around(visit, "draft_read.html", draft, title="What you wrote", refusal=refusal)
    if _is_looked_at(visit, draft):
        await wish_later(visit, "open_draft", draft=draft.id, seen=0)
    if _part(visit):
        return await around(visit, "composer_window.html", draft)
    return await editor(visit, draft)


async def beside(visit: Visit) -> Response:
    """What goes on around the draft, for a composer that stays open."""
    return await around(visit, "composer_beside.html", await draft_of(visit))


async def read(visit: Visit) -> Response:
    """A person has read what happened up to the page's making, and nothing later (R12)."""
    read = await wish(visit, "open_draft", draft=visit.path("draft"), seen=visit.number("seen") or 0)
    return JSONResponse(read, 200, HEADERS) if wants_json(visit) else see(f"/drafts/{read['draft']}?fresh=1")


async def anew(visit: Visit) -> Response:
    """The words of a draft that rests, in a new one for the same customer; they stay where they are as well (R8)."""
    draft = await draft_of(visit)
    it = await visit.door.rows(lambda: interactions.find(draft.interaction))
    made = await wish(visit, "compose", customer=it.customer, content=draft.content, new_draft=True)
    return see(f"/drafts/{made['draft']}?fresh=1")


async def act(visit: Visit) -> Response:
    """Every button of the composer saves first, so that no word is lost whatever is decided about the rest."""
    action = visit.given("action") or "save"
    if action in ("discard", "leave"):
        return await _put_away(visit, action)
    draft = await draft_of(visit)
    try:
        saved = await wish(visit, "save_draft", **await save_of(visit, draft))
    except (Declined, Rejected) as no:
        return await _not_saved(visit, no)
    if action in ("send", "schedule"):
        return await _send(visit, int(saved["revision"]), later=action == "schedule")
    if wants_json(visit):
        at = visit.deps.clock.now().isoformat(timespec="seconds")
        return JSONResponse({"revision": saved["revision"], "saved_at": at}, 200, HEADERS)
    return see(f"/drafts/{draft.id}/templates" if action == "templates" else f"/drafts/{draft.id}?saved=1")


async def confirm(visit: Visit) -> Response:
    """Send although the conversation moved on; the page before this one said how (R12)."""
    later = visit.given("action") == "schedule"
    return await _give(visit, visit.number("revision") or 0, confirm=True, later=later)


async def take_over(visit: Visit) -> Response:
    await wish(visit, "take_over_draft", draft=visit.path("draft"))
    return see(f"/drafts/{visit.path('draft')}?fresh=1")


async def editor(visit: Visit, draft: DraftView, status: int = 200, **shown: Any) -> Response:
    return await around(visit, "composer.html", draft, status, title="Write", **shown)


async def _put_away(visit: Visit, action: str) -> Response:
    """Discarded on purpose; or left, which leaves nothing behind where nothing was written (R25)."""
    gone = await wish(visit, f"{action}_draft", draft=visit.path("draft"))
    return JSONResponse(gone, 200, HEADERS) if wants_json(visit) else see(f"/interactions/{gone['interaction']}")


async def _send(visit: Visit, revision: int, later: bool) -> Response:
    """What looks forgotten is said once; a second *Send* is meant."""
    draft = await draft_of(visit)
    doubts = [] if visit.given("sure") else doubting.doubts(draft.content)
    if not doubts:
        return await _give(visit, revision, confirm=bool(visit.given("confirm")), later=later)
    if wants_json(visit):
        return JSONResponse({"code": "doubts", "sentence": " ".join(doubts), "revision": revision}, 409, HEADERS)
    action = "schedule" if later else "send"
    return await editor(visit, draft, 409, doubts=doubts, action=action, send_at=visit.given("send_at"))


async def _give(visit: Visit, revision: int, confirm: bool, later: bool = False) -> Response:
    try:
        how = {"send_at": leaving_at(visit).isoformat()} if later else {}
        how |= {"from_address": visit.given("from_address")} if visit.given("from_address") else {}
        sent = await wish(visit, "send", draft=visit.path("draft"), revision=revision, confirm=confirm, **how)
    except (Declined, Rejected) as no:
        if no.code == "stale" and not wants_json(visit):
            return await _stale(visit, no, revision, "schedule" if later else "send")
        return await _trouble(visit, no, revision=revision)
    told = {name: sent[name] for name in ("mail", "interaction", "state", "leave_at")}
    return JSONResponse(told, 200, HEADERS) if wants_json(visit) else see(
        f"/interactions/{sent['interaction']}?sent={sent['mail']}"
    )  # fmt: skip


async def _stale(visit: Visit, no: No, revision: int, action: str) -> Response:
    """What happened in between, to be read before anything leaves (R12)."""
    return await around(
        visit, "stale.html", await draft_of(visit), 409, title="Read first", no=no, revision=revision, action=action,
        send_at=visit.given("send_at"),
    )  # fmt: skip


async def _not_saved(visit: Visit, no: No) -> Response:
    members = no.members if isinstance(no, Declined) else no.data
    where = f"/drafts/{visit.path('draft')}/compare/{members.get('kept', '')}" if no.code == "conflict" else None
    if where and not wants_json(visit):
        return see(where)
    return await _trouble(
        visit, no, compare=where, kept=members.get("kept"), said=KEPT.get(no.code) if "kept" in members else None
    )


async def _trouble(visit: Visit, no: No, said: str | None = None, **more: Any) -> Response:
    """The editor again, with the sentence; what was typed stands in it even where it could not be saved."""
    status, code, sentence = answer_of(no)
    sentence = said or sentence
    if code == "stale":
        sentence = await _by_name(visit, no, sentence)
    field = str(no.members.get("field", "") if isinstance(no, Declined) else no.field or "")
    if wants_json(visit):
        return JSONResponse({"code": code, "sentence": sentence, "field": field, **more}, status, HEADERS)
    draft = await draft_of(visit)
    if visit.given("text") or visit.given("subject"):
        words = typed(visit) | {"text": visit.given("text")}
        draft = draft.model_copy(update={"content": draft.content | words})
    return await editor(visit, draft, status, trouble=sentence, field=field)


async def _by_name(visit: Visit, no: No, sentence: str) -> str:
    since = str((no.members if isinstance(no, Declined) else no.data).get("since", ""))
    names = await visit.door.rows(people.names)
    return sentence.replace(f"{since} sent", f"{names.get(since, since)} sent")


async def _at_rest(visit: Visit, draft: DraftView) -> str:
    """Why nothing can be written on its interaction any more; empty where it can."""
    it = await visit.door.rows(lambda: interactions.find(draft.interaction))
    decision = decide(State(it.state), Happening.DRAFT_WORK)
    return decision.sentence if isinstance(decision, Refuse) else ""


def _is_looked_at(visit: Visit, draft: DraftView) -> bool:
    """Not where we just came from a save, and not where a window comes back by itself on the next page.

    An address is kept for days, in a tab or a bookmark; what is just now is told from the draft (R25).
    """
    just_now = visit.deps.clock.now() - draft.touched_at < JUST_NOW
    came_from_there = just_now and any(map(visit.asked, ("fresh", "saved", "undone")))
    return visit.is_meant and not came_from_there and _part(visit) != "again"


def _part(visit: Visit) -> str:
    """``new`` or ``again`` where a page asks for a window over itself."""
    return visit.request.headers.get("x-part", "")
