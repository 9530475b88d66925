"""Every change and every decision goes out to other systems, at least once, each interaction's in its own order (R32).

Refuses to run beside another announcer: order needs a single voice. What is published is in docs/reference/events.md.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import peewee as pw

from models import tables as t
from models.database import AWAY, Postgres
from models.errors import PostroomError
from models.store import Store

_log = logging.getLogger(__name__)
VERSION = 1
BATCH = 500
IDLE_SECONDS = 0.15
LONGEST_PAUSE = 5.0
VOICE = 0x766F6963  # the advisory lock of who announces

Announcement = tuple[str, bytes, str]  # routing key, body, message id
Publish = Callable[[Sequence[Announcement]], None]  # returns when all are confirmed, or raises


class Announcer:
    """Reads what was not announced, publishes it, and marks it in the same transaction."""

    def __init__(self, store: Store, publish: Publish, batch: int = BATCH) -> None:
        self._store, self._publish, self._batch = store, publish, batch

    def run(self, stop: threading.Event) -> None:
        """Announce until told to stop; an engine that is away is waited for."""
        pause, failed = 0.0, 0.0
        while not stop.wait(pause):
            try:
                pause = 0.0 if self.run_once() else IDLE_SECONDS
                failed = 0.0
            except (*AWAY, PostroomError) as error:
                pause = failed = min(LONGEST_PAUSE, max(0.2, failed * 2))
                _log.warning("announcing waits: %s", error)
            except Exception:
                pause = LONGEST_PAUSE
                _log.exception("announcing failed; the next round tries again")
        self._store.close()

    def run_once(self) -> int:
        """Announce one batch; answers how many went out. Whoever is not the single voice announces nothing."""
        if not self._anything():
            return 0
        with self._store.transaction():
            if not self._is_the_voice():
                return 0
            # Decisions are read first, so that the events they tell of are in this batch too, before them.
            decisions, events = list(self._decisions()), self._whole(list(self._events()))
            self._publish([_event(each) for each in events] + [_decision(each) for each in decisions])
            self._mark(t.Event, events)
            self._mark(t.Command, decisions)
        return len(events) + len(decisions)

    def _anything(self) -> bool:
        with self._store.reading():
            return bool(self._events().exists() or self._decisions().exists())

    def _is_the_voice(self) -> bool:
        if not isinstance(self._store.db, Postgres):
            return True  # the transaction itself is the only writer
        return bool(self._store.db.execute_sql("SELECT pg_try_advisory_xact_lock(%s)", (VOICE,)).fetchone()[0])

    def _events(self) -> Any:
        return t.Event.select().where(pw.SQL("announced = false")).order_by(t.Event.id).limit(self._batch)

    def _whole(self, events: list[t.Event]) -> list[t.Event]:
        """In the order of each interaction's numbers. Ids are no such order: what one transaction writes is numbered
        by the database as it likes, so a full batch also takes what its interactions have beyond its last id."""
        if len(events) == self._batch:
            beyond = t.Event.select().where(pw.SQL("announced = false"), t.Event.id > events[-1].id)
            interactions = {each.interaction for each in events}
            events.extend(beyond.where(t.Event.interaction.in_(interactions)).order_by(t.Event.id))
        return in_order(events)

    def _decisions(self) -> Any:
        owed = t.Command.select().where(pw.SQL("announced = false AND state <> 'accepted'"))
        return owed.order_by(t.Command.id).limit(self._batch)

    def _mark(self, model: Any, rows: Sequence[Any]) -> None:
        if rows:
            self._store.later(model.update(announced=True).where(model.id.in_([each.id for each in rows])))


def in_order(events: Sequence[t.Event]) -> list[t.Event]:
    """Each interaction keeps its places, and fills them by number."""
    numbered: dict[int | None, list[t.Event]] = {}
    for event in sorted(events, key=lambda each: (each.seq or 0, each.id), reverse=True):
        numbered.setdefault(event.interaction, []).append(event)
    return [numbered[event.interaction].pop() for event in events]


class LocalFeed:
    """Where announcements go without RabbitMQ: to whoever subscribed in this process, or nowhere."""

    def __init__(self) -> None:
        self._subscribers: list[Callable[[str, bytes], None]] = []

    def subscribe(self, subscriber: Callable[[str, bytes], None]) -> Callable[[], None]:
        """``subscriber`` gets routing key and body, in the announcer's thread; answers how to end that."""
        self._subscribers.append(subscriber)
        return lambda: self._subscribers.remove(subscriber)

    def __call__(self, batch: Sequence[Announcement]) -> None:
        for key, body, _ in batch:
            for subscriber in list(self._subscribers):
                subscriber(key, body)


def _event(row: t.Event) -> Announcement:
    body = {
        "version": VERSION, "kind": "event", "id": row.id, "interaction": _number(row.interaction), "number": row.seq,
        "type": row.type, "at": _instant(row.at), "actor": row.actor, "cause": row.cause, "cause_id": row.cause_id,
        "why": row.why, "changes": row.changes, "data": row.data,
    }  # fmt: skip
    return f"event.{row.type}", _json(body), f"event-{row.id}"


def _decision(row: t.Command) -> Announcement:
    body = {
        "version": VERSION, "kind": "decision", "principal": row.principal, "id": row.command_id, "type": row.type,
        "state": row.state, "code": row.code, "sentence": row.sentence, "result": row.result,
        "interaction": _number(row.interaction), "through": row.through, "at": _instant(row.decided_at),
    }  # fmt: skip
    return f"decision.{row.state}.{row.type}", _json(body), f"decision-{row.id}"


def _number(interaction: int | None) -> str | None:
    return None if interaction is None else t.number_of(interaction)


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="microseconds")


def _json(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
