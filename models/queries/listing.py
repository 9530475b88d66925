"""Lists of interactions as a person asks for them: narrowed, searched, sorted by any column, page by page along an index.

A list is a row of stretches, each in an order the database keeps; refuses to count, and to read more than a page of any.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Literal, get_args

import peewee as pw

from models import tables as t
from models.errors import Rejected
from models.lifecycle import OPEN, State
from models.queries import people, seeking
from models.queries.interactions import lines
from models.queries.paging import Page, decode, encode
from models.queries.views import InteractionLine

Order = Literal["number", "customer", "subject", "state", "owner", "activity", "clock"]
ORDERS: tuple[Order, ...] = get_args(Order)
NEWEST_FIRST: frozenset[Order] = frozenset({"activity", "number"})
_I, _C, _K = t.Interaction, t.Customer, t.ClockRow
_OPEN = tuple(sorted(OPEN))
_CLOSED = tuple(sorted(set(State) - OPEN))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list holds: everything that is set has to be true. ``states`` may not be empty."""

    states: tuple[State, ...] = _OPEN
    owner: str | None = None
    nobodys: bool = False
    queue: str | None = None
    kind: str | None = None
    calling: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Rows that follow each other: ``branches`` are read apart, each along an index, and merged by their ``key``."""

    key: Any
    branches: tuple[Any, ...]
    descending: bool
    join: Callable[[Any], Any] = lambda query: query
    name: str = ""


@dataclass(frozen=True, slots=True)
class _After:
    """Where the former page ended."""

    stretch: str
    key: Any
    id: int


def page(
    wanted: Wanted, order: Order = "activity", descending: bool = True, cursor: str | None = None, limit: int = 30
) -> Page[InteractionLine]:
    """Raises `Rejected` ``bad_cursor`` for a cursor of another order."""
    where = _conditions(wanted)
    if where is None or not wanted.states:
        return Page(items=[])
    mark = f"{order} {'down' if descending else 'up'}"
    after = _after(cursor, mark, order) if cursor else None
    rows = _walk(_stretches(wanted, where, order, descending), where, after, limit + 1)
    shown = rows[:limit]
    more = len(rows) > limit
    return Page(items=lines([row for _, row in shown]), next=_cursor(mark, *shown[-1]) if more else None)


def _conditions(wanted: Wanted) -> list[Any] | None:
    """None where nothing can be found."""
    asked = (
        (wanted.owner is not None, _I.owner == wanted.owner),
        (wanted.nobodys, _I.owner.is_null()),
        (wanted.queue is not None, _I.queue == wanted.queue),
        (wanted.kind is not None, _I.kind == wanted.kind),
        (wanted.calling, (_I.unread > 0) | _I.attention.is_null(False)),
    )
    found = [condition for is_asked, condition in asked if is_asked]
    if not wanted.words:
        return found
    sought = seeking.interactions(wanted.words)
    return None if sought is None else [*found, sought]


def _stretches(wanted: Wanted, where: list[Any], order: Order, descending: bool) -> Iterator[_Stretch]:
    together = (_in(wanted.states),)
    each = together if wanted.words else tuple(_in((state,)) for state in wanted.states)  # words find a bounded number
    if order == "state":
        for state in sorted(wanted.states, key=list(State).index, reverse=descending):
            yield _Stretch(_I.last_event_at, (_in((state,)),), True, name=state.value)
    elif order == "owner":
        for name, owner in _owners(wanted, where, descending):
            yield _Stretch(_I.last_event_at, tuple(one & owner for one in each) if owner else (), True, name=name)
    elif order == "activity":
        yield _Stretch(_I.last_event_at, each, descending)
    elif order == "number":
        yield _Stretch(_I.id, together, descending)
    elif order == "subject":
        yield _Stretch(t.SUBJECT_KEY, together, descending)
    elif order == "customer":
        yield _Stretch(_C.sort_key, together, descending, lambda query: query.join(_C, on=_C.id == _I.customer))
    else:
        yield _Stretch(
            _K.publish_at,
            (_running_in(wanted) & _no(_EARLIER),),
            descending,
            _with_clock,
            "clock",
        )
        yield _Stretch(_I.last_event_at, tuple(one & _no(_RUNNING) for one in each), True, name="none")


def _owners(wanted: Wanted, where: list[Any], descending: bool) -> Iterator[tuple[str, Any]]:
    """Everybody by name, and last what nobody owns; with no condition where there is nothing to read."""
    if wanted.owner is not None or wanted.nobodys:
        yield "all", pw.SQL("1 = 1")
        return
    found = _I.select(_I.owner).where(_in(wanted.states), *where)
    owned = pw.fn.EXISTS(found.where(_I.owner == t.Principal.id))
    those: Any = found.distinct() if wanted.words else t.Principal.select(t.Principal.id).where(owned)
    busy = {who for (who,) in those.tuples()}
    known = sorted(people.names().items(), key=lambda item: (item[1].lower(), item[0]))
    ordered = [*((who, _I.owner == who if who in busy else None) for who, _ in known), ("", _I.owner.is_null())]
    yield from reversed(ordered) if descending else ordered


def _walk(
    stretches: Iterable[_Stretch], where: list[Any], after: _After | None, enough: int
) -> list[tuple[str, t.Interaction]]:
    rows: list[tuple[str, t.Interaction]] = []
    skipping = after is not None
    for stretch in stretches:
        here = after if after is not None and after.stretch == stretch.name else None
        skipping = skipping and here is None
        if not skipping:
            rows += [(stretch.name, row) for row in _read(stretch, where, here, enough - len(rows))]
        if len(rows) >= enough:
            break
    return rows


def _read(stretch: _Stretch, where: list[Any], after: _After | None, enough: int) -> list[t.Interaction]:
    branches = [list(_query(stretch, [branch, *where], after).limit(enough).objects()) for branch in stretch.branches]
    merged = heapq.merge(*branches, key=lambda row: (row.placed, row.id), reverse=stretch.descending)
    return list(islice(merged, enough)) if len(branches) > 1 else [row for branch in branches for row in branch]


def _query(stretch: _Stretch, where: list[Any], after: _After | None) -> Any:
    key, down = stretch.key, stretch.descending
    if after is not None:
        at = after.key
        where = [
            *where,
            key <= at if down else key >= at,
            (key < at) | (_I.id < after.id) if down else (key > at) | (_I.id > after.id),
        ]
    query = stretch.join(_I.select(_I, key.alias("placed"))).where(*where)
    return query.order_by(key.desc(), _I.id.desc()) if down else query.order_by(key, _I.id)


def _in(states: tuple[State, ...]) -> Any:
    """In the words of the indexes over the open and over the closed."""
    return pw.NodeList((_I.state, pw.SQL(t.among(states))))


_OTHER = t.ClockRow.alias("other")
_RUNNING = _OTHER.select(pw.SQL("1")).where(_OTHER.interaction == _I.id, _OTHER.publish_at.is_null(False))
_EARLIER = _RUNNING.where(pw.Tuple(_OTHER.publish_at, _OTHER.kind) < pw.Tuple(_K.publish_at, _K.kind))


def _no(query: Any) -> Any:
    """Asked for each row that is looked at; a bare NOT EXISTS the planner would turn into a join over all of them."""
    return (_I.id < 0) | ~pw.fn.EXISTS(query)


def _running_in(wanted: Wanted) -> Any:
    """With a running clock. A wide list says its states so that the planner makes nothing of them: it would think that clocks
    are spread over the closed as well, and sort them all."""
    if wanted.owner is not None or wanted.nobodys or wanted.calling or wanted.words:
        return _K.publish_at.is_null(False) & _in(wanted.states)
    names = " ".join(wanted.states)
    return _K.publish_at.is_null(False) & (pw.fn.REPLACE(names, _I.state, "") != names)


def _with_clock(query: Any) -> Any:
    """By when it is looked at; a clock that was put off since is looked at earlier than it strikes."""
    return query.join(_K, on=_K.interaction == _I.id)


def _cursor(mark: str, stretch: str, row: Any) -> str:
    return encode(mark, stretch, row.placed, row.id)


def _after(cursor: str, mark: str, order: Order) -> _After:
    kind: type = {"number": int, "subject": str, "customer": str}.get(order, datetime)
    found, stretch, key, number = decode(cursor, str, str, kind, int)
    if found != mark:
        raise Rejected(
            "bad_cursor", "The cursor belongs to another order of the list; begin at its first page.", field="cursor"
        )
    return _After(stretch, key, number)
