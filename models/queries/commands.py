"""Commands as their askers see them: accepted, and what became of them (R33, R37)."""

from __future__ import annotations

from collections.abc import Iterable

from models import tables as t
from models.errors import Rejected
from models.queries.views import CommandView
from models.store import find_command

_C = t.Command


def one(principal: str, command_id: str) -> CommandView:
    """A principal's own command; raises `Rejected` ``not_found``."""
    row = find_command(principal, command_id)
    if row is None:
        raise Rejected("not_found", f"There is no command {command_id!r} of {principal!r}.")
    return view(row)


def decided(row_ids: Iterable[int]) -> list[t.Command]:
    """Those of these rows that are no longer owed an answer."""
    return list(_C.select().where(_C.id.in_(list(row_ids)), _C.state != "accepted"))


def view(row: t.Command) -> CommandView:
    values = {name: getattr(row, name) for name in CommandView.model_fields if name != "id"}
    values["interaction"] = t.number_of(row.interaction) if row.interaction is not None else None
    return CommandView.model_validate(values | {"id": row.command_id})
