"""What is kept until somebody decides: suppressed addresses (R11, R20), dead letters (R37) and pauses of sending (R38)."""

from __future__ import annotations

from datetime import datetime

from models import tables as t
from models.errors import Rejected
from models.queries.paging import Key, Page, decode, older, page_of
from models.queries.views import DeadLetterView, PauseView, SuppressionView

SHOWN = 4_000
_S, _L = t.Suppression, t.DeadLetter


def suppressions(cursor: str | None = None, limit: int = 50) -> Page[SuppressionView]:
    """By address, then by scope."""
    address, scope = decode(cursor, str, str) if cursor else ("", "")
    after = (_S.address_key > address) | ((_S.address_key == address) & (_S.scope > scope))
    rows = list(_S.select().where(after).order_by(_S.address_key, _S.scope).limit(limit + 1))
    return page_of(rows, limit, _suppression, lambda row: (row.address_key, row.scope))


def dead_letters(cursor: str | None = None, limit: int = 50) -> Page[DeadLetterView]:
    """The latest first."""
    key: Key | None = decode(cursor, datetime, str) if cursor else None
    after = older(_L.died_at, _L.id, key)
    query = _L.select() if after is None else _L.select().where(after)
    rows = list(query.order_by(_L.died_at.desc(), _L.id.desc()).limit(limit + 1))
    return page_of(rows, limit, _letter, lambda row: (row.died_at, row.id))


def dead_letter(letter: str) -> DeadLetterView:
    """Raises `Rejected` ``not_found``."""
    row = _L.get_or_none(_L.id == letter)
    if row is None:
        raise Rejected("not_found", f"There is no dead letter {letter!r}.")
    return _letter(row)


def pauses() -> list[PauseView]:
    """What stands still, ``*`` first."""
    return [PauseView.model_validate(row, from_attributes=True) for row in t.Pause.select().order_by(t.Pause.domain)]


def _suppression(row: t.Suppression) -> SuppressionView:
    values = {name: getattr(row, name) for name in SuppressionView.model_fields if name != "address"}
    return SuppressionView.model_validate(values | {"address": row.address_key})


def _letter(row: t.DeadLetter) -> DeadLetterView:
    values = {name: getattr(row, name) for name in DeadLetterView.model_fields if name not in ("size", "body")}
    data = bytes(row.body)
    shown = data[:SHOWN].decode("utf-8", errors="backslashreplace")
    return DeadLetterView.model_validate(values | {"size": len(data), "body": shown})
