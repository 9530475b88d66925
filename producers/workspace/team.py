"""Who is here and who is not: one's own presence for everybody, everybody's for managers and admins. Moves no work itself:
what somebody away still owns goes to the queue by the commands asked for here."""

from __future__ import annotations

from starlette.responses import Response

from models import tables as t
from models.errors import Rejected
from models.queries import people
from models.rights import OPERATORS
from producers.workspace.desk import Visit
from producers.workspace.pages import ours, render, see
from producers.workspace.wishing import wish

_SAME = ("role", "name", "address", "signature", "amqp_user")


async def presence(visit: Visit) -> Response:
    """The reader goes away, or comes back, and stays on the page."""
    await wish(visit, "set_presence", absent=visit.given("absent") == "yes")
    return see(ours(visit.given("back")))


async def everybody(visit: Visit) -> Response:
    _must_lead(visit)
    team, loads = await visit.door.rows(lambda: (people.team(), people.loads()))
    return await render(visit, "team.html", title="Team", view="team", team=team, loads=loads)


async def change(visit: Visit) -> Response:
    """Whether the reader may is decided where commands are decided."""
    _must_lead(visit)
    who, action = visit.path("principal"), visit.given("action")
    if action in ("away", "here"):
        await wish(visit, "set_presence", principal=who, absent=action == "away")
    elif action == "deactivate":
        await wish(visit, "deactivate_agent", principal=who)
    elif action == "activate":
        row = await visit.door.rows(lambda: t.Principal.get_or_none(t.Principal.id == who))
        if row is None:
            raise Rejected("not_found", f"There is no principal {who!r}.")
        same = {name: getattr(row, name) for name in _SAME}
        await wish(visit, "upsert_principal", principal=who, active=True, absent=False, **same)
    return see("/team")


def _must_lead(visit: Visit) -> None:
    if visit.identity.role not in OPERATORS:
        raise Rejected("forbidden", "This page is for managers and admins.")
