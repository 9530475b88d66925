"""Clock rows follow the interaction: what runs is computed by the policy, the row only says when to look.

Refuses to move a row when the truth has merely become later: an early look costs nothing and finds the new time (R28).
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import peewee as pw

from models import tables as t
from models.lifecycle import OPEN, State
from models.policy import ClockKind, Due, Facts, running
from models.settings import Settings
from models.store import Store

Armed = list[tuple[str, datetime]]
_FINGERPRINT = "clock_settings"


def facts_of(interaction: t.Interaction) -> Facts:
    """The clock-relevant facts of a row."""
    return Facts(
        state=State(interaction.state),
        activity_at=interaction.activity_at,
        ever_sent=interaction.first_accepted_at is not None,
        ever_received=interaction.received_at is not None,
        agent_mail_at=interaction.agent_mail_at,
        reply_at=interaction.reply_at,
        wrap_up_at=interaction.wrap_up_at,
        reminders_done=interaction.reminders_done,
        reminders_stopped=interaction.reminders_stopped,
        away_until=interaction.away_until,
        closed_at=interaction.closed_at,
        erased=interaction.erased_at is not None,
        reminded_at=interaction.reminded_at,
        time_zone=interaction.time_zone,
    )


def start(store: Store, settings: Settings, interaction: t.Interaction) -> Armed:
    """Clock rows of a new interaction; answers the clocks that need a message, with its time."""
    armed: Armed = []
    for kind, due in running(facts_of(interaction), settings).items():
        store.add(_fresh(interaction.id, due))
        armed.append((kind.value, due.at))
    return armed


def follow(
    store: Store, settings: Settings, interaction: t.Interaction, before: Facts, known: list[t.ClockRow] | None = None
) -> Armed:
    """Bring the rows after a change; answers the clocks that need a message of their own, with its time.

    ``known``: the rows, where they were read under this very lock.
    """
    was, now_runs = running(before, settings), running(facts_of(interaction), settings)
    if all(_no_news(was.get(kind), now_runs.get(kind)) for kind in ClockKind):
        return []
    rows = {row.kind: row for row in known or store.all(t.ClockRow, interaction=interaction.id)}
    armed: Armed = []
    for kind in ClockKind:
        if not _no_news(was.get(kind), now_runs.get(kind)):
            armed += _set(store, interaction.id, kind, rows.get(kind.value), now_runs.get(kind))
    return armed


def rearm(store: Store, row: t.ClockRow, due: Due | None) -> Armed:
    """After a look that came early: sleep until the computed time, or stop."""
    return _set(store, row.interaction, ClockKind(row.kind), row, due)


def postpone(store: Store, row: t.ClockRow, until: datetime) -> None:
    """Something blocks a clock that is due: look again at ``until``."""
    store.change(row, publish_at=until)


def consumed(row: t.ClockRow, now: datetime) -> bool:
    """Whether the message on its way must have arrived by now (levels round up to whole seconds)."""
    return row.message_at is not None and row.message_at <= now + timedelta(seconds=1)


def reprice(store: Store, settings: Settings, batch: int = 500) -> int:
    """Recompute every clock if the settings changed since the last time, in both directions (R28); answers how many rows.

    Safe to run in several processes and to repeat: only the due times of running clocks move.
    """
    fingerprint = _fingerprint(settings)
    known = t.Meta.select().where(t.Meta.name == _FINGERPRINT).first()
    if known is not None and known.value == fingerprint:
        return 0
    moved, last = 0, 0
    while True:
        with store.transaction():
            interactions = list(store.locked(_next(settings, last, batch)))
            moved += _reprice_all(store, settings, interactions)
        if not interactions:
            break
        last = interactions[-1].id
    with store.transaction():
        store.later(_upsert(fingerprint))
    return moved


def _next(settings: Settings, last: int, batch: int) -> pw.ModelSelect[t.Interaction]:
    """Interactions that can have a clock at all: closed ones only under a retention."""
    rows = t.Interaction.select().where(t.Interaction.id > last)
    if settings.retention_after is None:
        rows = rows.where(t.Interaction.state.in_([state.value for state in OPEN]))
    return rows.order_by(t.Interaction.id).limit(batch)


def _reprice_all(store: Store, settings: Settings, interactions: list[t.Interaction]) -> int:
    ids = [interaction.id for interaction in interactions]
    known = {
        (row.interaction, row.kind): row for row in t.ClockRow.select().where(t.ClockRow.interaction.in_(ids or [0]))
    }
    moved = 0
    for interaction in interactions:
        runs = running(facts_of(interaction), settings)
        for kind in ClockKind:
            moved += _reprice_one(store, interaction.id, known.get((interaction.id, kind.value)), runs.get(kind))
    return moved


def _reprice_one(store: Store, interaction: int, row: t.ClockRow | None, due: Due | None) -> int:
    at = due.at if due else None
    if row is None and due is not None:
        store.add(_fresh(interaction, due, message=False))
        return 1
    if row is not None and row.due_at != at:
        store.change(row, due_at=at, publish_at=at, published=0)
        return 1
    return 0


def _no_news(was: Due | None, runs: Due | None) -> bool:
    if was is None or runs is None:
        return was is runs
    return runs.at >= was.at


def _set(store: Store, interaction: int, kind: ClockKind, row: t.ClockRow | None, due: Due | None) -> Armed:
    if due is None:
        if row is not None:
            store.change(row, due_at=None, publish_at=None, published=0)
        return []
    if row is None:
        store.add(_fresh(interaction, due))
        return [(kind.value, due.at)]
    needs_message = row.message_at is None or row.message_at > due.at
    message_at = due.at if needs_message else row.message_at
    store.change(row, due_at=due.at, publish_at=due.at, published=0, message_at=message_at)
    return [(kind.value, due.at)] if needs_message else []


def _fresh(interaction: int, due: Due, message: bool = True) -> t.ClockRow:
    message_at = due.at if message else None
    return t.ClockRow(
        interaction=interaction,
        kind=due.kind.value,
        due_at=due.at,
        publish_at=due.at,
        message_at=message_at,
        published=0,
    )


def _fingerprint(settings: Settings) -> str:
    periods = (
        settings.abandonment_after, settings.inactivity_after, settings.reminder_periods,
        settings.wrap_up_after, settings.retention_after, settings.business_hours, settings.holidays,
        settings.default_time_zone,
    )  # fmt: skip
    return hashlib.sha256(repr(periods).encode()).hexdigest()


def _upsert(fingerprint: str) -> pw.Query:
    return t.Meta.insert(name=_FINGERPRINT, value=fingerprint).on_conflict(
        conflict_target=[t.Meta.name], preserve=[t.Meta.value]
    )
