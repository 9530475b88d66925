"""For managers and admins: what is owed and late, queues, dead letters, settings in force, pauses, suppressed addresses.

What is changed here is changed by the commands everybody has, or by the very code of `postroom dead`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from models import in_force, letters
from models.errors import Rejected
from models.lifecycle import State
from models.queries import keeping, numbers, waiting
from models.rights import OPERATORS
from models.wakes import Queue
from producers.api.deps import Deps
from producers.workspace.charts import Bar, bars
from producers.workspace.desk import Visit
from producers.workspace.pages import render, see
from producers.workspace.wishing import wish

if TYPE_CHECKING:
    from producers.sweeper import Depth

LIMIT = 50
TONES = {State.ON_HOLD: "wait", State.WRAP_UP: "warn", State.CLOSED_COMPLETE: "good"}


@dataclass(frozen=True, slots=True)
class Line:
    """A queue as its broker tells of it; ``depth`` is none where nobody can say."""

    queue: Queue
    depth: Depth | None


async def overview(visit: Visit) -> Response:
    """Whether everything is as it should be, at a glance."""
    _must_operate(visit)
    now = visit.deps.clock.now()
    states, due, owed, troubled, dead, pauses, mail, circles = await visit.door.rows(
        lambda: (
            numbers.per_state(), numbers.clocks_by_due(now), numbers.owed(now), numbers.troubled(),
            numbers.dead_letters(), keeping.pauses(), waiting.mail(now), numbers.in_circles(now),
        )
    )  # fmt: skip
    queues = await visit.door.rows(lambda: _queues(visit.deps))
    return await render(
        visit, "operations.html", title="Operations", view="operations", owed=owed, troubled=troubled, dead=dead,
        pauses=pauses, mail=mail, circles=circles, queues=queues, embedded=visit.deps.settings.embedded,
        states=bars("Interactions by state", [Bar(s.label, n, TONES.get(s, "calm")) for s, n in states.items()]),
        due=bars("Clocks by when they are due", [Bar(name, n, _tone(name)) for name, n in due.items()]),
    )  # fmt: skip


async def settings(visit: Visit) -> Response:
    """What is in force; a secret is a dot."""
    _must_operate(visit)
    found = in_force.entries(visit.deps.settings)
    changed = [each for each in found if each["value"] != each["default"]]
    only = visit.asked("only") == "changed"
    return await render(
        visit, "settings.html", title="Settings in force", view="operations", entries=changed if only else found,
        only=only, changed=len(changed),
    )  # fmt: skip


async def dead_letters(visit: Visit) -> Response:
    _must_operate(visit)
    cursor = visit.asked("cursor") or None
    page = await visit.door.rows(lambda: keeping.dead_letters(cursor, LIMIT))
    return await render(
        visit, "dead_letters.html", title="Dead letters", view="operations", page=page, done=visit.asked("done")
    )


async def dead_letter(visit: Visit) -> Response:
    _must_operate(visit)
    found = await visit.door.rows(lambda: keeping.dead_letter(visit.path("letter")))
    return await render(visit, "dead_letter.html", title=f"Dead letter {found.id}", view="operations", letter=found)


async def settle_dead_letter(visit: Visit) -> Response:
    """Replayed it is the command of the one who sent it; dropped it is gone (R37)."""
    _must_operate(visit)
    letter, store, now = visit.path("letter"), visit.deps.store, visit.deps.clock.now()
    if visit.given("action") == "drop":
        await visit.door.rows(lambda: letters.drop(store, letter))
        return see("/operations/dead-letters?done=dropped")
    row = await visit.door.rows(lambda: letters.replay(store, letter, now))
    visit.door.wake(row)
    return see("/operations/dead-letters?done=replayed")


async def suppressions(visit: Visit) -> Response:
    _must_operate(visit)
    cursor = visit.asked("cursor") or None
    page = await visit.door.rows(lambda: keeping.suppressions(cursor, LIMIT))
    return await render(visit, "suppressions.html", title="Suppressed addresses", view="operations", page=page)


async def settle_suppression(visit: Visit) -> Response:
    _must_operate(visit)
    address = visit.given("address").strip()
    if visit.given("action") == "lift":
        await wish(visit, "lift_suppression", address=address)
    else:
        await wish(visit, "suppress_address", address=address, reason=visit.given("reason").strip())
    return see("/operations/suppressions")


async def pause(visit: Visit) -> Response:
    """All mail, or that of one sending domain, stays where it is (R38)."""
    _must_operate(visit)
    domain = visit.given("domain").strip() or "*"
    await wish(visit, "pause_sending", domain=domain, reason=visit.given("reason").strip())
    return see("/operations")


async def resume(visit: Visit) -> Response:
    _must_operate(visit)
    await wish(visit, "resume_sending", domain=visit.given("domain"))
    return see("/operations")


def _queues(deps: Deps) -> list[Line]:
    """A broker known to be away is not asked four times over."""
    away = deps.publisher_state().startswith("away")
    return [Line(queue, None if away else deps.depths(queue)) for queue in Queue]


def _must_operate(visit: Visit) -> None:
    if visit.identity.role not in OPERATORS:
        role = visit.identity.role
        raise Rejected("forbidden", f"This page is for managers and admins; you are signed in as {role}.")


def _tone(name: str) -> str:
    return "warn" if name.endswith("late") else "wait" if name == "due now" else "calm"
