"""Customers by id, and looked up by name, phone or address (R30)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models import tables as t
from models.errors import Rejected
from models.queries import seeking
from models.queries.paging import Page, decode, page_of
from models.queries.views import AddressView, CustomerBrief, CustomerView

_C = t.Customer
FEW = 20_000  # as many as are found and sorted in a few milliseconds


def one(customer: str) -> CustomerView:
    """Raises `Rejected` ``not_found``."""
    row = _C.get_or_none(_C.id == customer)
    if row is None:
        raise Rejected("not_found", f"There is no customer {customer!r}.")
    return views([row])[0]


def called(row: t.Customer) -> str:
    """As one speaks to them: by name, and who has none by address."""
    own = t.CustomerAddress.select().where(t.CustomerAddress.customer == row.id).order_by(t.CustomerAddress.position)
    first = None if row.name else own.first()
    return first.address if first else str(row.name)


def search(text: str = "", cursor: str | None = None, limit: int = 50) -> Page[CustomerView]:
    """Those whose whole address is ``text``; else those in whose name, phone or address it occurs; by name."""
    key = decode(cursor, str, str) if cursor else ("", "")
    after = (_C.sort_key >= key[0]) & ((_C.sort_key > key[0]) | (_C.id > key[1]))
    wanted = seeking.customers(text)
    rows = _sorted(wanted, after, limit + 1) if text.strip() else None
    if rows is None:
        rows = list(_C.select().where(wanted, after).order_by(_C.sort_key, _C.id).limit(limit + 1))
    found = page_of(rows, limit, lambda row: row, lambda row: (row.sort_key, row.id))
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


def _sorted(wanted: Any, after: Any, enough: int) -> list[t.Customer] | None:
    """All that are wanted are found first and sorted then; None where they are so many that going by name finds them soon."""
    found = _C.select(_C.id, _C.sort_key).where(wanted).limit(FEW + 1)
    if found.count() > FEW:
        return None
    few = found.where(after).limit(None).offset(0).alias("few")
    first = few.select_from(few.c.id).order_by(few.c.sort_key, few.c.id).limit(enough)
    return list(_C.select().where(_C.id.in_(first)).order_by(_C.sort_key, _C.id))


def _view(row: t.Customer, known: list[t.CustomerAddress]) -> CustomerView:
    shown = [AddressView(address=a.address, primary=a.position == 0, flagged=a.flagged) for a in known]
    values = {name: getattr(row, name) for name in CustomerView.model_fields if name != "addresses"}
    return CustomerView.model_validate(values | {"addresses": shown})
