"""What readers may write into paths and queries; anything else is refused, and nothing is silently ignored."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from models.commands import Id, Number, Sha256
from models.queries.stream import KINDS, Kind, Order
from models.queries.views import StateName

Words = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Cursor = Annotated[str, Field(max_length=500, pattern=r"^[A-Za-z0-9_-]+$")]
View = Literal["my", "ongoing", "customer", "state", "queue", "search"]


class PageQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")
    cursor: Cursor | None = Field(default=None, description="`next` of the page before.")
    limit: int = Field(default=50, ge=1, le=200)


class InteractionsQuery(PageQuery):
    view: View = Field(
        default="my",
        description="my and ongoing: of `owner`; customer: of `customer`; state: of all in `state`; "
        "queue: open ones nobody owns; search: by number or customer in `q`.",
    )
    owner: Id | None = Field(default=None, description="Whose; the asker's if left out.")
    customer: Id | None = None
    state: list[StateName] = Field(
        default_factory=list, max_length=5, description="Only these; the open ones for `my`."
    )
    queue: Words | None = None
    q: Words | None = None


class CustomersQuery(PageQuery):
    q: Words = Field(
        default="", description="Part of a name, a phone number or an address; a whole address finds its own."
    )


class StreamQuery(PageQuery):
    kind: list[Kind] = Field(default_factory=lambda: list(KINDS), max_length=4)
    order: Order = "newest"


class WhyQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")
    field: str = Field(default="state", pattern=r"^[a-z_]{1,40}$")


class IncomingQuery(PageQuery):
    state: Literal["unmatched", "matched", "ignored", "stopped"] = "unmatched"


class RenderQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")
    interaction: Number


class EventsQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")
    interaction: Number | None = Field(default=None, description="Only of this interaction.")
    owner: Id | None = Field(
        default=None, description="Only what this principal owns, gains or loses; `me` is the asker."
    )


PathId = Annotated[Id, Path()]
PathNumber = Annotated[Number, Path()]
PathSha256 = Annotated[Sha256, Path()]
Paged = Annotated[PageQuery, Query()]
