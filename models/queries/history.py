"""The history of an interaction: its events, why something is as it is, its fields rebuilt from changes alone (R31)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import peewee as pw

from models import tables as t
from models.errors import Rejected
from models.queries.paging import Page, decode, page_of
from models.queries.views import Because, EventView

_E = t.Event


class Changes(Protocol):
    """An event, as far as replaying goes: a row or a view."""

    @property
    def changes(self) -> dict[str, Any] | None: ...


def of_interaction(interaction: int, cursor: str | None = None, limit: int = 100) -> Page[EventView]:
    """All events in their order."""
    (after,) = decode(cursor, int) if cursor else (0,)
    query = _E.select().where(_E.interaction == interaction, _E.seq > after).order_by(_E.seq)
    return page_of(list(query.limit(limit + 1)), limit, view, lambda row: (row.seq,))


def latest(interaction: int, limit: int) -> list[EventView]:
    """The last few events, in their order."""
    rows = _E.select().where(_E.interaction == interaction).order_by(_E.seq.desc()).limit(limit)
    return [view(row) for row in reversed(list(rows))]


def every(interaction: int) -> list[EventView]:
    return [view(row) for row in _E.select().where(_E.interaction == interaction).order_by(_E.seq)]


def why(row: t.Interaction, field: str = "state") -> Because:
    """The chain of events that made this field what it is; raises `Rejected` ``not_found`` for what is no field."""
    if field not in t.Interaction._meta.fields:
        known = ", ".join(sorted(t.Interaction._meta.fields))
        raise Rejected("not_found", f"An interaction has no field {field!r}; it has {known}.", field="field")
    chain = [event for event in every(row.id) if field in (event.changes or {})]
    return Because(interaction=row.number, field=field, value=getattr(row, field), chain=chain)


def rebuild(events: Iterable[Changes]) -> dict[str, Any]:
    """The interaction's fields as its history leaves them: the last value each change gave (R31)."""
    fields: dict[str, Any] = {}
    for event in events:
        for field, (_, after) in (event.changes or {}).items():
            fields[field] = after
    return fields


def breaks(events: Iterable[EventView]) -> list[str]:
    """Where a history contradicts itself: a missing number, or a change that starts from something else."""
    found: list[str] = []
    fields: dict[str, Any] = {}
    for expected, event in enumerate(events, start=1):
        if event.seq != expected:
            found.append(f"event {event.seq} stands where {expected} should")
        for field, (before, after) in (event.changes or {}).items():
            if field in fields and fields[field] != before:
                found.append(f"event {event.seq} changes {field} from {before!r}, but it was {fields[field]!r}")
            fields[field] = after
    return found


def view(row: t.Event) -> EventView:
    values = {name: getattr(row, name) for name in EventView.model_fields}
    values["interaction"] = t.number_of(row.interaction) if row.interaction is not None else None
    return EventView.model_validate(values)


def newest_id() -> int:
    return _E.select(pw.fn.MAX(_E.id)).scalar() or 0


def with_owner(where: pw.Expression, limit: int) -> list[tuple[EventView, frozenset[str]]]:
    """Events in the order of their ids, each with the principals it concerns: present, former and new owner."""
    query = (
        _E.select(_E, t.Interaction.owner.alias("owner_now"))
        .join(t.Interaction, pw.JOIN.LEFT_OUTER, on=(t.Interaction.id == _E.interaction))
        .where(where).order_by(_E.id).limit(limit).objects()
    )  # fmt: skip
    return [(view(row), _concerns(row)) for row in query]


def after_id(last: int, limit: int, upto: int | None = None) -> list[tuple[EventView, frozenset[str]]]:
    where = _E.id > last
    return with_owner(where if upto is None else where & (_E.id <= upto), limit)


def _concerns(row: Any) -> frozenset[str]:
    owners = {row.owner_now, *(row.changes or {}).get("owner", ())}
    return frozenset(owner for owner in owners if owner)
