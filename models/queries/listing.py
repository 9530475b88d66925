"""Lists of interactions as a person asks for them: narrowed, searched, sorted by any column, page by page.

A list is a row of stretches. A long one is read along an index that keeps the order; of a narrow one all are found first and
sorted then. Refuses to count, and to sort what is not few.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import islice
from operator import and_
from typing import Any

import peewee as pw

from models import tables as t
from models.errors import Rejected
from models.lifecycle import State
from models.queries import people, seeking
from models.queries.interactions import lines
from models.queries.paging import Page, decode, encode
from models.queries.views import InteractionLine
from models.queries.wanted import Few, Order, Wanted, within

_I, _C, _K = t.Interaction, t.Customer, t.ClockRow


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
    mark = f"{order} {'down' if descending else 'up'}"
    after = _after(cursor, mark, order) if cursor else None
    few = wanted.few(order) if wanted.states else {}
    if few == {}:
        return Page(items=[])
    rows = _walk(_stretches(wanted, few, order, descending), after, limit + 1, few is not None)
    shown = rows[:limit]
    more = len(rows) > limit
    return Page(items=lines([row for _, row in shown]), next=_cursor(mark, *shown[-1]) if more else None)


def _stretches(wanted: Wanted, few: Few | None, order: Order, descending: bool) -> Iterator[_Stretch]:
    each, together = _branches(wanted, few)
    if order == "state":
        for state in sorted(wanted.states, key=list(State).index, reverse=descending):
            one = each[wanted.states.index(state)] if few is None else together & within((state,))
            yield _Stretch(_I.last_event_at, (one,), True, name=state.value)
    elif order == "owner":
        for name, branches in _owners(wanted, few, each, descending):
            yield _Stretch(_I.last_event_at, branches, True, name=name)
    elif order == "activity":
        yield _Stretch(_I.last_event_at, each, descending)
    elif order == "number":
        yield _Stretch(_I.id, (together,), descending)
    elif order == "subject":
        yield _Stretch(t.SUBJECT_KEY, (together,), descending)
    elif order == "customer" and few is not None:
        yield _Stretch(_C.select(_C.sort_key).where(_C.id == _I.customer), (together,), descending)
    elif order == "customer":
        yield _Stretch(_C.sort_key, (together,), descending, lambda query: query.join(_C, on=_C.id == _I.customer))
    else:
        those = together if few is not None or wanted.of_one or wanted.calling else _unsaid(wanted)
        running = those & _K.publish_at.is_null(False) & _no(_EARLIER)
        yield _Stretch(_K.publish_at, (running,), descending, _with_clock, "clock")
        yield _Stretch(_I.last_event_at, tuple(one & _no(_RUNNING) for one in each), True, name="none")


def _branches(wanted: Wanted, few: Few | None) -> tuple[tuple[Any, ...], Any]:
    """What is read state by state, and the same as one."""
    if few is not None:
        these = seeking.these(number for numbers in few.values() for number in numbers)
        return (these,), these
    where = wanted.conditions
    each = tuple(_all(within((state,)), *where) for state in wanted.states)
    return each, _all(within(wanted.states), *where)


def _owners(
    wanted: Wanted, few: Few | None, each: tuple[Any, ...], descending: bool
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Everybody by name, and last what nobody owns; with no branch where there is nothing to read."""
    if wanted.of_one:
        yield "all", each
        return
    busy = _busy(wanted) if few is None else set(few)
    known = sorted(people.names().items(), key=lambda item: (item[1].lower(), item[0]))
    everybody = [*(who for who, _ in known), None]
    for who in reversed(everybody) if descending else everybody:
        branches = each if few is None else (seeking.these(few.get(who, [])),)
        owner = _I.owner.is_null() if who is None else _I.owner == who
        yield who or "", tuple(one & owner for one in branches) if who in busy else ()


def _busy(wanted: Wanted) -> set[str | None]:
    """Who owns any of them, and nobody."""
    owned = _I.select().where(within(wanted.states), *wanted.conditions, _I.owner == t.Principal.id)
    those: Any = t.Principal.select(t.Principal.id).where(pw.fn.EXISTS(owned))
    return {None, *(who for (who,) in those.tuples())}


def _walk(
    stretches: Iterable[_Stretch], after: _After | None, enough: int, few: bool
) -> list[tuple[str, t.Interaction]]:
    rows: list[tuple[str, t.Interaction]] = []
    skipping = after is not None
    for stretch in stretches:
        here = after if after is not None and after.stretch == stretch.name else None
        skipping = skipping and here is None
        if not skipping:
            rows += [(stretch.name, row) for row in _read(stretch, here, enough - len(rows), few)]
        if len(rows) >= enough:
            break
    return rows


def _read(stretch: _Stretch, after: _After | None, enough: int, few: bool) -> list[t.Interaction]:
    query = _sorted if few else _along
    branches = [list(query(stretch, branch, after, enough).objects()) for branch in stretch.branches]
    merged = heapq.merge(*branches, key=lambda row: (row.placed, row.id), reverse=stretch.descending)
    return list(islice(merged, enough)) if len(branches) > 1 else [row for branch in branches for row in branch]


def _along(stretch: _Stretch, where: Any, after: _After | None, enough: int) -> Any:
    """Along an index, which the planner finds by the limit."""
    key = stretch.key
    query = stretch.join(_I.select(_I, key.alias("placed"))).where(where, _following(stretch, key, _I.id, after))
    return _ordered(query, stretch, key, _I.id).limit(enough)


def _sorted(stretch: _Stretch, where: Any, after: _After | None, enough: int) -> Any:
    """All of them, behind a fence: the planner shall not think that an index in this order would come upon them sooner."""
    found = stretch.join(_I.select(_I.id, stretch.key.alias("placed"))).where(where).offset(0).alias("found")
    key, id = found.c.placed, found.c.id
    first = found.select_from(id, key).where(_following(stretch, key, id, after))
    shown = _ordered(first, stretch, key, id).limit(enough).alias("shown")
    placed = shown.c.placed.converter(stretch.key.python_value if isinstance(stretch.key, pw.Field) else str)
    rows = _I.select(_I, placed.alias("placed")).join(shown, on=shown.c.id == _I.id)
    return _ordered(rows, stretch, shown.c.placed, _I.id)


def _following(stretch: _Stretch, key: Any, id: Any, after: _After | None) -> Any:
    if after is None:
        return pw.SQL("1 = 1")
    at = stretch.key.db_value(after.key) if isinstance(stretch.key, pw.Field) else after.key
    at = pw.Value(at, converter=False)
    if stretch.descending:
        return (key <= at) & ((key < at) | (id < after.id))
    return (key >= at) & ((key > at) | (id > after.id))


def _ordered(query: Any, stretch: _Stretch, key: Any, id: Any) -> Any:
    return query.order_by(key.desc(), id.desc()) if stretch.descending else query.order_by(key, id)


def _all(*conditions: Any) -> Any:
    return reduce(and_, conditions)


_OTHER = t.ClockRow.alias("other")
_RUNNING = _OTHER.select(pw.SQL("1")).where(_OTHER.interaction == _I.id, _OTHER.publish_at.is_null(False))
_EARLIER = _RUNNING.where(pw.Tuple(_OTHER.publish_at, _OTHER.kind) < pw.Tuple(_K.publish_at, _K.kind))


def _no(query: Any) -> Any:
    """Asked for each row that is looked at; a bare NOT EXISTS the planner would turn into a join over all of them."""
    return (_I.id < 0) | ~pw.fn.EXISTS(query)


def _unsaid(wanted: Wanted) -> Any:
    """A wide list says its states so that the planner makes nothing of them: it would think that clocks are spread over the
    closed as well, and sort them all."""
    names = " ".join(wanted.states)
    return _all(pw.fn.REPLACE(names, _I.state, "") != names, *wanted.conditions)


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
