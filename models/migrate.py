"""Brings a database to the schema of this release, from nothing or from an earlier one; safe to run anywhere, any number at once.

Refuses to go backwards, and to guess: each step is a frozen file in `models.migrations`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playhouse.migrations import Runner

from models import tables as t
from models.database import Database, Postgres
from models.store import Store

FOLDER = Path(__file__).parent / "migrations"
ALONE = 0x706F7374  # the advisory lock of who migrates
NUMBER_START = 1000


def migrate(store: Store, number_start: int = NUMBER_START) -> list[str]:
    """Apply what is pending, in order; answers the names of what was applied. Others that try meanwhile wait."""
    with _alone(store.db):
        applied: list[str] = Runner(store.db, str(FOLDER)).up()
        if applied and not t.Interaction.select().exists():
            _number_from(store.db, number_start)
    return applied


def pending(store: Store) -> list[str]:
    """The names of the migrations this database has not seen."""
    return [step.name for step in Runner(store.db, str(FOLDER)).status() if step.applied is None]


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """One migration at a time: on PostgreSQL by a lock the server holds, on SQLite as its only writer."""
    if not isinstance(database, Postgres):
        with database.atomic("IMMEDIATE"):
            yield
        return
    database.execute_sql("SET statement_timeout = 0")
    database.execute_sql("SELECT pg_advisory_lock(%s)", (ALONE,))
    try:
        yield
    finally:
        database.execute_sql("SELECT pg_advisory_unlock(%s)", (ALONE,))
        database.execute_sql("RESET statement_timeout")


def _number_from(database: Any, start: int) -> None:
    """The first interaction gets the number after ``start`` (R1)."""
    if isinstance(database, Postgres):
        database.execute_sql("SELECT setval('interaction_id_seq', %s, %s)", (max(start, 1), start >= 1))
        return
    database.execute_sql("DELETE FROM sqlite_sequence WHERE name = 'interaction'")
    database.execute_sql("INSERT INTO sqlite_sequence (name, seq) VALUES ('interaction', ?)", (start,))
