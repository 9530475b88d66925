"""Customers by id, and looked up by name, phone or address (R30)."""

from __future__ import annotations

from collections.abc import Iterable

import peewee as pw

from models import addresses
from models import tables as t
from models.errors import Rejected
from models.queries.paging import Page, decode, page_of
from models.queries.views import AddressView, CustomerBrief, CustomerView

_C = t.Customer


def one(customer: str) -> CustomerView:
    """Raises `Rejected` ``not_found``."""
    row = _C.get_or_none(_C.id == customer)
    if row is None:
        raise Rejected("not_found", f"There is no customer {customer!r}.")
    return views([row])[0]


def search(text: str = "", cursor: str | None = None, limit: int = 50) -> Page[CustomerView]:
    """Those whose whole address is ``text`` (by index); else those in whose name, phone or address it occurs; by id."""
    (after,) = decode(cursor, str) if cursor else ("",)
    wanted = text.strip()
    owners = _owners(wanted) if "@" in wanted else []
    where = _C.id.in_(owners) if owners else _mentions(wanted)
    rows = list(_C.select().where(where, _C.id > after).order_by(_C.id).limit(limit + 1))
    found = page_of(rows, limit, lambda row: row, lambda row: (row.id,))
    return Page(items=views(found.items), next=found.next)


def briefs(ids: Iterable[str]) -> dict[str, CustomerBrief]:
    rows = _C.select(_C.id, _C.kind, _C.name).where(_C.id.in_(sorted(ids)))
    return {row.id: CustomerBrief(id=row.id, kind=row.kind, name=row.name) for row in rows}


def views(rows: list[t.Customer]) -> list[CustomerView]:
    """Customers with their addresses, all fetched in one go."""
    known: dict[str, list[t.CustomerAddress]] = {row.id: [] for row in rows}
    at = t.CustomerAddress
    for address in at.select().where(at.customer.in_(list(known))).order_by(at.position, at.id) if rows else ():
        known[address.customer].append(address)
    return [_view(row, known[row.id]) for row in rows]


def _view(row: t.Customer, known: list[t.CustomerAddress]) -> CustomerView:
    shown = [AddressView(address=a.address, primary=a.position == 0, flagged=a.flagged) for a in known]
    values = {name: getattr(row, name) for name in CustomerView.model_fields if name != "addresses"}
    return CustomerView.model_validate(values | {"addresses": shown})


def _owners(address: str) -> list[str]:
    at = t.CustomerAddress
    return [row.customer for row in at.select(at.customer).where(at.key == addresses.key(address)).limit(100)]


def _mentions(wanted: str) -> pw.Expression:
    digits = "".join(character for character in wanted if character.isdigit())
    is_phone = len(digits) >= 3 and not any(character.isalpha() or character == "@" for character in wanted)
    return _C.search.contains(digits if is_phone else wanted.lower()) if wanted else pw.Value(1) == 1
