"""The activity stream of one interaction: mails, notes and changes in one order (R30)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from models.queries import history, interactions, mails
from models.queries.paging import Page, decode, encode
from models.queries.views import StreamItem

Kind = Literal["mail", "incoming", "note", "change"]
Order = Literal["newest", "oldest"]
KINDS: tuple[Kind, ...] = ("mail", "incoming", "note", "change")


def of_interaction(
    interaction: int,
    kinds: Iterable[Kind] = KINDS,
    order: Order = "newest",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[StreamItem]:
    """The wanted kinds, the newest (or the oldest) first."""
    descending = order == "newest"
    items = [item for kind in dict.fromkeys(kinds) for item in _of_kind(interaction, kind)]
    items.sort(key=_key, reverse=descending)
    if cursor:
        after = decode(cursor, datetime, str, str)
        items = [item for item in items if (_key(item) < after if descending else _key(item) > after)]
    shown = items[:limit]
    return Page(items=shown, next=encode(*_key(shown[-1])) if len(items) > limit else None)


def _of_kind(interaction: int, kind: Kind) -> list[StreamItem]:
    if kind == "mail":
        return [
            StreamItem(kind=kind, at=mail.sent_at or mail.queued_at, id=mail.id, mail=mail)
            for mail in mails.of_interaction(interaction)
        ]
    if kind == "incoming":
        return [
            StreamItem(kind=kind, at=mail.received_at, id=mail.id, incoming=mail)
            for mail in mails.incoming_of(interaction)
        ]
    if kind == "note":
        return [
            StreamItem(kind=kind, at=note.written_at, id=note.id, note=note)
            for note in interactions.notes_of(interaction)
        ]
    return [
        StreamItem(kind="change", at=event.at, id=f"{event.seq or 0:012d}", change=event)
        for event in history.every(interaction)
    ]


def _key(item: StreamItem) -> tuple[datetime, str, str]:
    return item.at, item.kind, item.id
