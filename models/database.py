"""Two engines behind one manner: PostgreSQL and SQLite as peewee databases whose writes may wait for the next round trip.

The only place that knows which engine it is; refuses nested transactions and naive time.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlparse

import peewee as pw
from peewee import __exception_wrapper__ as wrapped  # type: ignore[attr-defined]

from models.errors import Misconfigured

AWAY = (pw.OperationalError, pw.InterfaceError)  # the engine is unreachable, restarting, or broke a lock cycle


class Postgres(pw.PostgresqlDatabase):
    """Deferred statements travel with the next one in a single pipeline: one round trip instead of many."""

    field_types = {**pw.PostgresqlDatabase.field_types, "INSTANT": "TIMESTAMPTZ"}  # noqa: RUF012
    locks_rows = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deferred = threading.local()

    def start(self) -> None:
        self._waiting[:] = [("BEGIN", ())]

    def defer(self, sql: str, params: Any) -> None:
        """Send this write with the next statement; its result is not looked at, its error surfaces there."""
        self._waiting.append((sql, params))

    def notify(self, channel: str, payload: str) -> None:
        self._waiting.append(("SELECT pg_notify(%s, %s)", (channel, payload)))

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        waiting, self._waiting[:] = list(self._waiting), []
        if not waiting:
            return super().execute_sql(sql, params)  # type: ignore[no-untyped-call]
        with wrapped:
            connection = self.connection()  # type: ignore[no-untyped-call]
            with connection.pipeline():
                for statement, values in waiting:
                    connection.execute(statement, values)
                return connection.execute(sql, params or ())

    def finish(self, question: tuple[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Commit; a question is asked in the same round trip, before the commit, and its rows are answered."""
        if question is not None:
            return self._ask_and_commit(*question)
        if self._waiting and self._waiting[0][0] == "BEGIN" and len(self._waiting) == 1:
            self._waiting.clear()  # nothing was asked: no transaction was begun
        else:
            self.execute_sql("COMMIT")
        return []

    def _ask_and_commit(self, sql: str, params: Any) -> list[tuple[Any, ...]]:
        waiting, self._waiting[:] = list(self._waiting), []
        with wrapped:
            connection = self.connection()  # type: ignore[no-untyped-call]
            with connection.pipeline():
                for statement, values in waiting:
                    connection.execute(statement, values)
                answer = connection.execute(sql, params)
                connection.execute("COMMIT")
            rows: list[tuple[Any, ...]] = answer.fetchall()
            return rows

    def abandon(self) -> None:
        """Undo what was begun; a connection that cannot even do that is thrown away."""
        self._waiting.clear()
        if self.is_closed():
            return
        try:
            self.rollback()
        except Exception:
            self.close()

    @property
    def _waiting(self) -> list[tuple[str, Any]]:
        if not hasattr(self._deferred, "statements"):
            self._deferred.statements = []
        statements: list[tuple[str, Any]] = self._deferred.statements
        return statements


class Sqlite(pw.SqliteDatabase):
    """One writer at a time (BEGIN IMMEDIATE), readers beside it (WAL); nothing is deferred, nothing needs to be."""

    field_types = {**pw.SqliteDatabase.field_types, "INSTANT": "TEXT", "BIGAUTO": "INTEGER"}  # noqa: RUF012
    locks_rows = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listeners: list[Any] = []
        self._rung = threading.local()

    def start(self) -> None:
        self._rung.payloads = []
        self.begin("IMMEDIATE")

    def defer(self, sql: str, params: Any) -> None:
        self.execute_sql(sql, params)  # type: ignore[no-untyped-call]

    def notify(self, channel: str, payload: str) -> None:
        self._rung.payloads.append((channel, payload))

    def finish(self, question: tuple[str, Any] | None = None) -> list[tuple[Any, ...]]:
        rows = list(self.execute_sql(*question).fetchall()) if question else []  # type: ignore[no-untyped-call]
        self.commit()
        for channel, payload in self._rung.payloads:
            for listener in list(self.listeners):
                listener(channel, payload)
        return rows

    def abandon(self) -> None:
        if self.is_closed():
            return
        try:
            self.rollback()
        except Exception:
            self.close()


Database = Postgres | Sqlite


def connect(url: str) -> Database:
    """A database for ``postgresql://…`` or ``sqlite:///path``; connects on first use, one connection per thread."""
    parts = urlparse(url)
    if parts.scheme in ("postgresql", "postgres"):
        return Postgres(unquote(parts.path[1:]), **_postgres_options(parts))
    if parts.scheme == "sqlite":
        path = Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True)
        pragmas = {"journal_mode": "wal", "synchronous": "full", "busy_timeout": 30_000, "foreign_keys": 1}
        return Sqlite(str(path), pragmas=pragmas, timeout=30, check_same_thread=False)
    raise Misconfigured(f"POSTROOM_DATABASE_URL: {parts.scheme}:// is neither postgresql:// nor sqlite:///.")


def _postgres_options(parts: Any) -> dict[str, Any]:
    options: dict[str, Any] = {
        "host": parts.hostname,
        "port": parts.port,
        "user": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
        "connect_timeout": 5,
        "options": "-c timezone=UTC -c statement_timeout=60000 -c idle_in_transaction_session_timeout=120000",
        "keepalives_idle": 10,
        "tcp_user_timeout": 20_000,
        "prefer_psycopg3": True,
    }
    options |= dict(parse_qsl(parts.query))
    return {name: value for name, value in options.items() if value is not None}
