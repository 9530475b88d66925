"""Response templates with their values filled in, as this agent would send them (R29). Texts of reminders are not offered."""

from __future__ import annotations

import html as markup
from typing import Any

from starlette.responses import Response

from models.queries import people, templates
from models.queries.views import DraftView, Rendered
from producers.workspace.desk import Visit
from producers.workspace.doubting import own_words
from producers.workspace.pages import see
from producers.workspace.sheet import around, draft_of
from producers.workspace.wishing import wish


async def offered(visit: Visit) -> Response:
    """A page of its own, and the menu of a composer that stays open."""
    draft = await draft_of(visit)
    found = await visit.door.rows(lambda: _filled(draft.interaction, visit.identity.id))
    return await around(visit, "templates.html", draft, title="Templates", found=found)


async def insert(visit: Visit) -> Response:
    """For a browser that runs nothing: the template stands above what was written."""
    draft, name = await draft_of(visit), visit.given("name")
    number, me = draft.interaction, visit.identity.id
    chosen = await visit.door.rows(lambda: templates.render(name, number, me))
    signature = await visit.door.rows(lambda: people.signature(me))
    content = inserted(draft, chosen, signature)
    await wish(visit, "save_draft", draft=draft.id, base_revision=draft.revision, content=content)
    return see(f"/drafts/{draft.id}?saved=1")


def inserted(draft: DraftView, chosen: Rendered, signature: str) -> dict[str, Any]:
    """PURE. The template's words, then what was there; the signature once."""
    before = str(draft.content.get("text") or "") or signature
    if signature and signature in chosen.text and not own_words(before).strip():
        before = ""
    text = "\n\n".join(part for part in (chosen.text.rstrip(), before) if part)
    subject = draft.content.get("subject") or chosen.subject
    return {"subject": subject, "text": text, "html": ""}


def _filled(number: str, agent: str) -> list[tuple[str, Rendered, str]]:
    values = templates.variables(number, agent)
    own = [each for each in templates.every() if not each.name.startswith("reminder.")]
    found = [(each.name, templates.fill(each, values)) for each in own]
    return [(name, filled, filled.html or _as_html(filled.text)) for name, filled in found]


def _as_html(text: str) -> str:
    return "".join(f"<div>{markup.escape(line) or '<br>'}</div>" for line in text.split("\n"))
