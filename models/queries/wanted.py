"""What a list is to hold, as conditions; and all of it by number where that is little. Refuses to find more than `FEW`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import peewee as pw

from models import tables as t
from models.lifecycle import OPEN, State
from models.queries import seeking

Order = Literal["number", "customer", "subject", "state", "owner", "activity", "clock"]
ORDERS: tuple[Order, ...] = get_args(Order)
NEWEST_FIRST: frozenset[Order] = frozenset({"activity", "number"})
FEW = 3_000  # of a million one in 333: an index in any order comes upon more than these soon enough
_I = t.Interaction
Few = dict[str | None, list[int]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list holds: everything that is set has to be true. ``states`` may not be empty."""

    states: tuple[State, ...] = tuple(sorted(OPEN))
    owner: str | None = None
    nobodys: bool = False
    queue: str | None = None
    kind: str | None = None
    calling: bool = False
    words: str = ""

    @property
    def of_one(self) -> bool:
        """Of one owner, or of nobody."""
        return self.owner is not None or self.nobodys

    @property
    def conditions(self) -> list[Any]:
        """Of everything but states and words."""
        asked = (
            (self.owner is not None, _I.owner == self.owner),
            (self.nobodys or self.queue is not None, _I.owner.is_null()),  # what is in a queue is nobody's
            (self.queue is not None, _I.queue == self.queue),
            (self.kind is not None, _I.kind == self.kind),
            (
                self.calling,
                pw.SQL("(unread > 0 OR attention IS NOT NULL)"),
            ),  # as text, for the index of those that call
        )
        return [condition for is_asked, condition in asked if is_asked]

    def few(self, order: Order) -> Few | None:
        """Numbers by owner; None where they are not few, or where an index keeps just them in this order."""
        if self.words:
            return _by_owner(self._found())
        kept = order in ("activity", "state") or (order == "owner" and self.of_one)
        if not self.calling and (kept or not (self.of_one or self.queue is not None)):
            return None
        rows = self._latest()
        return _by_owner(rows) if len(rows) <= FEW else None

    def _found(self) -> list[tuple[int, str | None]]:
        numbers = seeking.interactions(self.words)
        return list(self._named(seeking.these(numbers), within(self.states)).tuples()) if numbers else []

    def _latest(self) -> list[tuple[int, str | None]]:
        """In the order of the indexes of owners and queues, so that no other way there is taken."""
        rows: list[tuple[int, str | None]] = []
        for state in self.states:
            if len(rows) <= FEW:
                latest = self._named(within((state,))).order_by(_I.last_event_at.desc())
                rows.extend(latest.limit(FEW + 1 - len(rows)).tuples())
        return rows

    def _named(self, *where: Any) -> Any:
        return _I.select(_I.id, _I.owner).where(*where, *self.conditions)


def within(states: tuple[State, ...]) -> Any:
    """In the words of the indexes over the open and over the closed."""
    return pw.NodeList((_I.state, pw.SQL(t.among(states))))


def _by_owner(rows: list[tuple[int, str | None]]) -> Few:
    found: Few = {}
    for number, owner in rows:
        found.setdefault(owner, []).append(number)
    return found
