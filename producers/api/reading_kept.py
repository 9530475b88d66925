"""Templates, suppressed addresses and dead letters, for readers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from models.queries import keeping, templates
from models.queries.paging import Page
from models.queries.views import DeadLetterView, Rendered, SuppressionView, TemplateView
from producers.api.asked import Paged, PathId, RenderQuery
from producers.api.door import Operator, Person, TheDoor
from producers.api.problems import answers


def routes() -> APIRouter:
    router = APIRouter()
    known = answers(404)
    add = router.add_api_route
    add("/v1/templates", template_list, responses=answers(), operation_id="list_templates", tags=["templates"])
    add("/v1/templates/{name}", template, responses=known, operation_id="show_template", tags=["templates"])
    add("/v1/templates/{name}/render", render, responses=known, operation_id="render_template", tags=["templates"])
    add("/v1/suppressions", suppressions, responses=answers(), operation_id="list_suppressions", tags=["mails"])
    add("/v1/dead-letters", dead_letters, responses=answers(), operation_id="list_dead_letters", tags=["dead letters"])
    add(
        "/v1/dead-letters/{letter}", dead_letter, responses=known,
        operation_id="show_dead_letter", tags=["dead letters"],
    )  # fmt: skip
    return router


async def template_list(door: TheDoor, _: Person) -> list[TemplateView]:
    return await door.rows(templates.every)


async def template(door: TheDoor, _: Person, name: PathId) -> TemplateView:
    return await door.rows(lambda: templates.one(name))


async def render(door: TheDoor, identity: Person, name: PathId, asked: Annotated[RenderQuery, Query()]) -> Rendered:
    """The template for this interaction, as the asker would send it; variables without a value stay and are named."""
    return await door.rows(lambda: templates.render(name, asked.interaction, identity.id))


async def suppressions(door: TheDoor, _: Person, asked: Paged) -> Page[SuppressionView]:
    """Addresses that are not mailed, and why."""
    return await door.rows(lambda: keeping.suppressions(asked.cursor, asked.limit))


async def dead_letters(door: TheDoor, _: Operator, asked: Paged) -> Page[DeadLetterView]:
    """Messages no handler could take, the latest first."""
    return await door.rows(lambda: keeping.dead_letters(asked.cursor, asked.limit))


async def dead_letter(door: TheDoor, _: Operator, letter: PathId) -> DeadLetterView:
    return await door.rows(lambda: keeping.dead_letter(letter))
