"""The composer as a page of plain forms: save, send with undo, discard; what is in the way is shown, the words kept (R8-R16)."""

from __future__ import annotations

import hashlib
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from models.commands import Attachment
from models.errors import Rejected
from models.queries import customers, drafts, interactions, stream
from models.queries.views import DraftView
from models.store import keep_blob
from producers.workspace import differences
from producers.workspace.desk import Declined, Visit
from producers.workspace.pages import HEADERS, answer_of, render, see
from producers.workspace.wishing import wish

PLAIN = {"Content-Type": "application/json", **HEADERS}


async def composer(visit: Visit) -> Response:
    """One's own open draft in an editor; any other to read, and to take over on purpose (R8)."""
    draft = await _draft(visit)
    if draft.author == visit.identity.id and draft.state == "open":
        if not (visit.asked("fresh") or visit.asked("saved") or visit.asked("undone")):
            await wish(visit, "open_draft", draft=draft.id)
        return await editor(visit, draft)
    return await _around(visit, "draft_read.html", draft, title=f"Draft of {draft.author}")


async def act(visit: Visit) -> Response:
    """Every button of the composer saves first, so that no word is lost whatever is decided about the rest."""
    action, draft = visit.given("action") or "save", visit.path("draft")
    if action == "discard":
        gone = await wish(visit, "discard_draft", draft=draft)
        return see(f"/interactions/{gone['interaction']}")
    try:
        saved = await wish(visit, "save_draft", **await _save(visit))
    except (Declined, Rejected) as no:
        if no.code == "conflict":
            return await _conflict(visit, no)
        return await _trouble(visit, no)
    if action == "send":
        return await _send(visit, draft, int(saved["revision"]))
    return see(f"/drafts/{draft}?saved=1")


async def autosave(visit: Visit) -> Response:
    """The same save, answered in a word for the page that goes on living."""
    try:
        saved = await wish(visit, "save_draft", **await _save(visit))
    except (Declined, Rejected) as no:
        status, code, sentence = answer_of(no)
        where = f"/drafts/{visit.path('draft')}/compare/{_kept(no)}" if code == "conflict" else None
        return JSONResponse({"code": code, "sentence": sentence, "compare": where}, status, PLAIN)
    at = visit.deps.clock.now().isoformat(timespec="seconds")
    return JSONResponse({"revision": saved["revision"], "saved_at": at}, 200, PLAIN)


async def confirm(visit: Visit) -> Response:
    """Send although the conversation moved on; the page before this one said how (R12)."""
    return await _send(visit, visit.path("draft"), int(visit.given("revision") or 0), sure=True)


async def take_over(visit: Visit) -> Response:
    await wish(visit, "take_over_draft", draft=visit.path("draft"))
    return see(f"/drafts/{visit.path('draft')}?fresh=1")


async def leave(visit: Visit) -> Response:
    """Leaving without having written anything leaves nothing behind (R25)."""
    left = await wish(visit, "leave_draft", draft=visit.path("draft"))
    return see(f"/interactions/{left['interaction']}")


async def revisions(visit: Visit) -> Response:
    draft = await _draft(visit)
    kept = await visit.door.rows(lambda: drafts.revisions(draft.id))
    return await _around(visit, "revisions.html", draft, title="What was written", revisions=list(reversed(kept)))


async def restore(visit: Visit) -> Response:
    await wish(visit, "restore_revision", draft=visit.path("draft"), revision=visit.given("revision"))
    return see(f"/drafts/{visit.path('draft')}?saved=1")


async def compare(visit: Visit) -> Response:
    """A text that was kept beside the chain, next to the newest (R9)."""
    draft, wanted = await _draft(visit), visit.path("revision")
    found = [each for each in await visit.door.rows(lambda: drafts.revisions(draft.id)) if each.id == wanted]
    if not found:
        raise Rejected("not_found", f"The draft has no revision {wanted!r}.")
    both = differences.between(draft.content, found[0].content)
    return await _around(visit, "conflict.html", draft, 409, title="Two texts", kept=found[0], both=both)


async def editor(visit: Visit, draft: DraftView, status: int = 200, **shown: Any) -> Response:
    return await _around(visit, "composer.html", draft, status, title="Write", **{"trouble": None} | shown)


async def _send(visit: Visit, draft: str, revision: int, sure: bool = False) -> Response:
    try:
        sent = await wish(visit, "send", draft=draft, revision=revision, confirm=sure)
    except Declined as no:
        if no.code == "stale":
            return await _stale(visit, no, revision)
        return await _trouble(visit, no)
    return see(f"/interactions/{sent['interaction']}?sent={sent['mail']}")


async def _stale(visit: Visit, no: Declined, revision: int) -> Response:
    """What happened in between, to be read before anything leaves."""
    draft = await _draft(visit)
    row = await visit.door.rows(lambda: interactions.find(draft.interaction))
    kinds: Any = ("mail", "incoming")
    news = await visit.door.rows(lambda: stream.of_interaction(row.id, kinds, "newest", None, 5))
    fresh = [item for item in news.items if item.at >= draft.touched_at or item is news.items[0]]
    return await _around(visit, "stale.html", draft, 409, title="Read first", no=no, revision=revision, news=fresh)


async def _conflict(visit: Visit, no: Declined | Rejected) -> Response:
    return see(f"/drafts/{visit.path('draft')}/compare/{_kept(no)}")


async def _trouble(visit: Visit, no: Declined | Rejected) -> Response:
    """The editor again, with the sentence; what was typed stands in it even where it could not be saved."""
    status, _, sentence = answer_of(no)
    draft = await _draft(visit)
    if visit.given("text") or visit.given("subject"):
        typed: dict[str, Any] = {"subject": visit.given("subject"), "text": visit.given("text")}
        typed |= {name: _addresses(visit.given(name)) for name in ("to", "cc", "bcc")}
        draft = draft.model_copy(update={"content": draft.content | typed})
    return await editor(visit, draft, status, trouble=sentence)


async def _around(visit: Visit, template: str, draft: DraftView, status: int = 200, **shown: Any) -> Response:
    """A page about a draft, with the conversation it belongs to beside it."""
    it = await visit.door.rows(lambda: interactions.one(draft.interaction, visit.deps.settings))
    others = [each for each in it.drafts if each.id != draft.id and each.state == "open"]
    who = await visit.door.rows(lambda: customers.one(it.customer.id))
    talk = [*it.mails, *it.incoming]
    return await render(
        visit, template, status, draft=draft, it=it, others=others, who=who, view="", talk=talk,
        saved=visit.asked("saved"), undone=visit.asked("undone"), **shown,
    )  # fmt: skip


async def _draft(visit: Visit) -> DraftView:
    return await visit.door.rows(lambda: drafts.one(visit.path("draft"), visit.identity.id))


async def _save(visit: Visit) -> dict[str, Any]:
    base = visit.given("base_revision")
    content: dict[str, Any] = {name: _addresses(visit.given(name)) for name in ("to", "cc", "bcc")}
    content |= {"subject": " ".join(visit.given("subject").split()), "text": visit.given("text")}
    if "attachments_shown" in visit.form:
        content["attachments"] = await _attachments(visit)
    return {"draft": visit.path("draft"), "base_revision": int(base) if base.isdigit() else 1, "content": content}


async def _attachments(visit: Visit) -> list[dict[str, Any]]:
    """Those that stay, in their order, then the new ones; bytes are kept before the command that names them."""
    draft = await _draft(visit)
    form: Any = visit.form
    stay = set(form.getlist("keep"))
    found = [each for each in draft.content.get("attachments", []) if each["blob"] in stay]
    for upload in form.getlist("files"):
        if isinstance(upload, UploadFile) and upload.filename:
            found.append(await _uploaded(visit, upload))
    return found


async def _uploaded(visit: Visit, upload: UploadFile) -> dict[str, Any]:
    data = await upload.read()
    digest, media_type = hashlib.sha256(data).hexdigest(), (upload.content_type or "").partition(";")[0].strip()
    name = "".join(c for c in upload.filename or "file" if c.isprintable())[-200:]
    try:
        found = Attachment(blob=digest, name=name, media_type=media_type or "application/octet-stream")
    except ValueError:
        found = Attachment(blob=digest, name=name)
    await visit.door.rows(lambda: _keep(visit, digest, data, found.media_type))
    return found.model_dump(mode="json")


def _keep(visit: Visit, digest: str, data: bytes, media_type: str) -> None:
    with visit.deps.store.transaction():
        keep_blob(visit.deps.store, digest, data, media_type, visit.deps.clock.now())


def _addresses(line: str) -> list[str]:
    """Half-typed ones too: `send` checks them (R11)."""
    return [part.strip() for part in line.replace(";", ",").replace("\n", ",").split(",") if part.strip()]


def _kept(no: Declined | Rejected) -> str:
    members = no.members if isinstance(no, Declined) else no.data
    return str(members.get("kept", ""))
