"""Mails out with every recipient's fate in the server's own words (R14), mails in as understood, and raw bytes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from models import tables as t
from models.errors import Rejected
from models.queries.paging import Key, Page, decode, older, page_of
from models.queries.views import DeliveryView, IncomingView, MailView

_M, _D, _N = t.Mail, t.Delivery, t.Incoming


def one(mail: str) -> MailView:
    return _views([_found(_M.get_or_none(_M.id == mail), "mail", mail)])[0]


def of_interaction(interaction: int) -> list[MailView]:
    return _views(list(_M.select().where(_M.interaction == interaction).order_by(_M.queued_at, _M.id)))


def raw(mail: str) -> bytes:
    """The very bytes that leave or left."""
    return bytes(blob(_found(_M.get_or_none(_M.id == mail), "mail", mail).blob).data)


def contents(ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What was written in these mails, by their id, as it was sent; the draft may have been written on since (R14, R16)."""
    held = (t.Revision.draft == _M.draft) & (t.Revision.number == _M.revision)
    rows: Any = _M.select(_M.id, t.Revision.content).join(t.Revision, on=held).where(_M.id.in_(list(ids)))
    return dict(rows.tuples())


def incoming(incoming_id: str) -> IncomingView:
    return _incoming(_found(_N.get_or_none(_N.id == incoming_id), "incoming mail", incoming_id))


def incoming_raw(incoming_id: str) -> bytes:
    """The original, byte for byte (R18)."""
    return bytes(blob(_found(_N.get_or_none(_N.id == incoming_id), "incoming mail", incoming_id).blob).data)


def incoming_of(interaction: int) -> list[IncomingView]:
    rows = _N.select().where(_N.interaction == interaction).order_by(_N.received_at, _N.id)
    return [_incoming(row) for row in rows]


def unmatched(cursor: str | None = None, limit: int = 50) -> Page[IncomingView]:
    """Mails that belong to no interaction yet, the newest first (R21)."""
    return in_state("unmatched", cursor, limit)


def in_state(state: str, cursor: str | None = None, limit: int = 50) -> Page[IncomingView]:
    """``stopped``: what went in circles, wherever it is; else by state."""
    key: Key | None = decode(cursor, datetime, str) if cursor else None
    after = older(_N.received_at, _N.id, key)
    wanted = _N.stopped != "" if state == "stopped" else _N.state == state
    query = _N.select().where(wanted, *([] if after is None else [after]))
    rows = list(query.order_by(_N.received_at.desc(), _N.id.desc()).limit(limit + 1))
    return page_of(rows, limit, _incoming, lambda row: (row.received_at, row.id))


def blob(sha256: str) -> t.Blob:
    """Bytes by their digest; raises `Rejected` ``not_found``."""
    row: t.Blob = _found(t.Blob.get_or_none(t.Blob.sha256 == sha256), "blob", sha256)
    return row


def _views(rows: list[t.Mail]) -> list[MailView]:
    fates: dict[str, list[DeliveryView]] = {row.id: [] for row in rows}
    for delivery in _deliveries(fates):
        fates[delivery.mail].append(DeliveryView.model_validate(delivery, from_attributes=True))
    return [_view(row, fates[row.id]) for row in rows]


def _deliveries(mails: Iterable[str]) -> list[t.Delivery]:
    wanted = list(mails)
    return list(_D.select().where(_D.mail.in_(wanted)).order_by(_D.role.desc(), _D.id)) if wanted else []


def _view(row: t.Mail, fates: list[DeliveryView]) -> MailView:
    values = {name: getattr(row, name) for name in MailView.model_fields if name != "deliveries"}
    return MailView.model_validate(values | {"interaction": t.number_of(row.interaction), "deliveries": fates})


def _incoming(row: t.Incoming) -> IncomingView:
    values = {name: getattr(row, name) for name in IncomingView.model_fields}
    values["interaction"] = t.number_of(row.interaction) if row.interaction is not None else None
    return IncomingView.model_validate(values)


def _found(row: Any | None, noun: str, name: str) -> Any:
    if row is None:
        raise Rejected("not_found", f"There is no {noun} {name!r}.")
    return row
