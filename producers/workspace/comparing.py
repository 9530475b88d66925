"""What was written before, and two texts of one draft side by side (R8, R9). Nothing here takes a word away."""

from __future__ import annotations

from starlette.responses import Response

from models.errors import Rejected
from models.queries import drafts
from producers.workspace import differences
from producers.workspace.desk import Visit
from producers.workspace.pages import see
from producers.workspace.sheet import around, draft_of
from producers.workspace.wishing import wish


async def revisions(visit: Visit) -> Response:
    draft = await draft_of(visit)
    kept = await visit.door.rows(lambda: drafts.revisions(draft.id))
    return await around(visit, "revisions.html", draft, title="What was written", revisions=list(reversed(kept)))


async def restore(visit: Visit) -> Response:
    await wish(visit, "restore_revision", draft=visit.path("draft"), revision=visit.given("revision"))
    return see(f"/drafts/{visit.path('draft')}?saved=1")


async def compare(visit: Visit) -> Response:
    """A text that was kept beside the chain, next to the newest (R9)."""
    draft, wanted = await draft_of(visit), visit.path("revision")
    found = [each for each in await visit.door.rows(lambda: drafts.revisions(draft.id)) if each.id == wanted]
    if not found:
        raise Rejected("not_found", f"The draft has no revision {wanted!r}.")
    both = differences.between(draft.content, found[0].content)
    files = differences.enclosed(draft.content, found[0].content)
    return await around(visit, "conflict.html", draft, 409, title="Two texts", kept=found[0], both=both, files=files)
