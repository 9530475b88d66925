"""Pages by keyset: a cursor names the last row seen, so page one thousand costs what page one costs.

A cursor is opaque to its user and carries nothing secret; one that was altered is refused, never guessed at.
"""

from __future__ import annotations

import base64
import binascii
import heapq
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

import peewee as pw
from pydantic import BaseModel, Field

from models.errors import Rejected

T = TypeVar("T")
R = TypeVar("R", bound=pw.Model)
Key = tuple[datetime, Any]
WHOLE = 200  # rows a page where all of them are wanted


class Page(BaseModel, Generic[T]):
    """Some items in order; ``next`` continues after the last one, null at the end."""

    items: list[T]
    next: str | None = Field(default=None, description="Give this as `cursor` for the following page; null at the end.")


def every(page: Callable[[str | None, int], Page[T]]) -> Iterator[T]:
    """Every item of a list, page by page."""
    cursor: str | None = None
    while True:
        found = page(cursor, WHOLE)
        yield from found.items
        cursor = found.next
        if cursor is None:
            return


def encode(*key: Any) -> str:
    parts = [part.isoformat() if isinstance(part, datetime) else part for part in key]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def decode(cursor: str, *kinds: type) -> tuple[Any, ...]:
    """The key inside a cursor; raises `Rejected` ``bad_cursor`` for anything this module did not make."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        found = tuple(_part(part, kind) for part, kind in zip(parts, kinds, strict=True))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise Rejected(
            "bad_cursor", "The cursor was not made here; take it from `next` of a page.", field="cursor"
        ) from None
    return found


def page_of(rows: Sequence[R], limit: int, view: Callable[[R], T], key: Callable[[R], tuple[Any, ...]]) -> Page[T]:
    """A page from up to ``limit + 1`` rows: the one too many only says that there is more."""
    more = len(rows) > limit
    shown = rows[:limit]
    return Page(items=[view(row) for row in shown], next=encode(*key(shown[-1])) if more else None)


def older(instant: pw.Field, number: pw.Field, key: Key | None) -> pw.Expression | None:
    """The condition "after this key" where the newest comes first; plain enough for an index on the instant."""
    if key is None:
        return None
    found: pw.Expression = (instant <= key[0]) & ((instant < key[0]) | (number < key[1]))
    return found


def newest_first(branches: Sequence[Sequence[R]], key: Callable[[R], Key], limit: int) -> list[R]:
    """Several lists, each with its newest first, as one: so that each can use the index of its own state."""
    merged = heapq.merge(*branches, key=key, reverse=True)
    return [row for row, _ in zip(merged, range(limit), strict=False)]


def _part(part: Any, kind: type[Any]) -> Any:
    if kind is datetime:
        found = datetime.fromisoformat(part)
        if found.tzinfo is None:
            raise ValueError(part)
        return found
    if type(part) is not kind or (kind is int and abs(part) >= 2**63) or (kind is str and "\x00" in part):
        raise ValueError(part)
    return part
