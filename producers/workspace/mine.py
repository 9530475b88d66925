"""What an agent sets for themselves. Nobody's else is shown or changed here."""

from __future__ import annotations

from starlette.responses import Response

from models import tables as t
from producers.workspace.desk import Visit
from producers.workspace.pages import render, see
from producers.workspace.wishing import wish


async def settings(visit: Visit) -> Response:
    own = await visit.door.rows(lambda: t.Principal.get_or_none(t.Principal.id == visit.identity.id))
    return await render(
        visit, "mine.html", title="My settings", view="", signature=own.signature if own else "",
        saved=visit.asked("saved"),
    )  # fmt: skip


async def keep(visit: Visit) -> Response:
    await wish(visit, "set_signature", signature=visit.given("signature").rstrip())
    return see("/me?saved=1")


async def keys(visit: Visit) -> Response:
    """The keys, for who has no script to show them in place."""
    return await render(visit, "keys.html", title="Keys", view="")
