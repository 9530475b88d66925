"""PURE. What a list is asked for: read from the address of the page, and written back into its links. Refuses to fetch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast
from urllib.parse import urlencode

from models.lifecycle import OPEN, State
from models.queries.wanted import NEWEST_FIRST, ORDERS, Order, Wanted

KINDS = ("contact", "consumer", "guest")
NOBODY = "-"
NAMES = ("q", "state", "owner", "queue", "kind", "calling", "sort", "dir")
FILTERS = ("q", "state", "owner", "queue", "kind", "calling")


@dataclass(frozen=True, slots=True)
class Asked:
    """``view`` is what the list holds without any filter, ``given`` what the address adds to it."""

    view: Wanted
    given: Mapping[str, str]

    @property
    def wanted(self) -> Wanted:
        """A filter only narrows the view; one that makes no sense there is not looked at."""
        given, view = self.given, self.view
        found = replace(view, words=given.get("q", ""), calling=view.calling or "calling" in given)
        if state := [state for state in view.states if state.value == given.get("state")]:
            found = replace(found, states=tuple(state))
        if given.get("kind") in KINDS:
            found = replace(found, kind=given["kind"])
        if view.owner is None and not view.nobodys and given.get("owner"):
            nobody = given["owner"] == NOBODY
            found = replace(found, nobodys=nobody, owner=None if nobody else given["owner"])
        if view.owner is None and given.get("queue"):
            found = replace(found, queue=given["queue"])
        return found

    @property
    def order(self) -> Order:
        return cast(Order, self.given["sort"]) if self.given.get("sort") in self.orders else "activity"

    @property
    def orders(self) -> tuple[Order, ...]:
        """What is closed has no clock to be sorted by, but perhaps that of its erasure."""
        return ORDERS if set(self.view.states) & OPEN else tuple(order for order in ORDERS if order != "clock")

    @property
    def descending(self) -> bool:
        return self.given["dir"] == "down" if self.given.get("dir") in ("up", "down") else self.order in NEWEST_FIRST

    @property
    def is_narrowed(self) -> bool:
        return any(self.given.get(name) for name in FILTERS)

    @property
    def rest(self) -> str:
        """What a link to another page of the list begins with."""
        return "".join(f"{urlencode({name: value})}&" for name, value in self.given.items())

    def value(self, name: str) -> str:
        return self.given.get(name, "")

    def but(self, **changes: str) -> str:
        """The query of the same list, changed in this; always from its first page."""
        kept = dict(self.given) | changes
        return "?" + urlencode({name: value for name, value in kept.items() if value})

    def sorted_by(self, order: Order) -> str:
        """The other direction, where it is sorted by this already."""
        first = order in NEWEST_FIRST
        down = not self.descending if order == self.order else first
        return self.but(sort=order, dir="down" if down else "up")

    def aria(self, order: Order) -> str:
        return "none" if order != self.order else "descending" if self.descending else "ascending"


def asked(view: Wanted, query: Mapping[str, str]) -> Asked:
    return Asked(view, {name: query[name] for name in NAMES if query.get(name)})


def views(me: str) -> dict[str, Wanted]:
    """What each list holds for this reader."""
    closed: Any = tuple(sorted(set(State) - OPEN))
    return {
        "my": Wanted(owner=me), "ongoing": Wanted(owner=me, calling=True), "open": Wanted(),
        "waiting": Wanted(states=(State.ON_HOLD,)), "closed": Wanted(states=closed), "queues": Wanted(nobodys=True),
        "search": Wanted(states=tuple(State)),
    }  # fmt: skip
