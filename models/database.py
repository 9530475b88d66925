"""Two engines behind one manner: PostgreSQL and SQLite as peewee databases whose writes may wait for the next round trip.

The only place that knows which engine it is; refuses nested transactions and naive time.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlparse

import peewee as pw
from peewee import __exception_wrapper__ as wrapped  # type: ignore[attr-defined]

from models.errors import Misconfigured

AWAY = (pw.OperationalError, pw.InterfaceError)  # the engine is unreachable, restarting, or broke a lock cycle


class Deferred(NamedTuple):
    sql: str
    params: Any
    row: Hashable | None


_NOTICE = "notice"  # a bell rings at the commit, so its place among the writes does not matter
_BEGIN, _COMMIT, _DONE = Deferred("BEGIN", (), None), Deferred("COMMIT", (), None), Deferred("SELECT 1", (), None)
LONGEST_TEXT, MOST_PARAMS = 4_000, 50  # psycopg: MAX_CACHED_STATEMENT_LENGTH and _PARAMS


def merged(waiting: list[Deferred], question: tuple[str, Any] | None) -> list[Deferred]:
    """Plain writes to different rows, and the question, as few statements; anything else as it is.

    The parts of one statement do not see each other, so two writes to the same row must stay apart.
    """
    head = [one for one in waiting[:1] if one is _BEGIN]
    notices = [one for one in waiting if one.row is _NOTICE]
    writes = [one for one in waiting[len(head) :] if one.row is not _NOTICE]
    asked = [Deferred(*question, None)] if question else []
    rows = [one.row for one in writes]
    if len(writes) < 2 or None in rows or len(set(rows)) < len(rows):
        return [*head, *notices, *writes, *asked]
    groups = _grouped(writes, asked)
    together = [_one_of(group, [_DONE]) for group in groups[:-1]]
    return [*head, *notices, *together, _one_of(groups[-1], asked or [_DONE])]


def _grouped(writes: list[Deferred], asked: list[Deferred]) -> list[list[Deferred]]:
    """As many writes in each as psycopg remembers a statement for; a longer one it would read anew every time."""
    groups: list[list[Deferred]] = [[]]
    for one in writes:
        if len([*groups[-1], one]) > 1 and not _remembered([*groups[-1], one, *asked]):
            groups.append([])
        groups[-1].append(one)
    return groups


def _remembered(parts: list[Deferred]) -> bool:
    return (
        sum(len(one.sql) + 12 for one in parts) < LONGEST_TEXT and sum(len(one.params) for one in parts) <= MOST_PARAMS
    )


def _one_of(writes: list[Deferred], last: list[Deferred]) -> Deferred:
    if len(writes) == 1 and last == [_DONE]:
        return writes[0]
    parts = ", ".join(f"w{place} AS ({one.sql})" for place, one in enumerate(writes))
    params = [value for one in [*writes, *last] for value in one.params]
    return Deferred(f"WITH {parts} {last[0].sql}", params, None)


class Postgres(pw.PostgresqlDatabase):
    """Deferred statements travel with the next one in a single pipeline: one round trip instead of many."""

    field_types = {**pw.PostgresqlDatabase.field_types, "INSTANT": "TIMESTAMPTZ"}  # noqa: RUF012
    locks_rows = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deferred = threading.local()

    def start(self) -> None:
        self._waiting[:] = [_BEGIN]

    def defer(self, sql: str, params: Any, row: Hashable | None = None) -> None:
        """Send this write later; its result is not looked at, its error surfaces there.

        ``row`` names the one row a plain INSERT or UPDATE is about, which lets it share a statement with others.
        """
        self._waiting.append(Deferred(sql, params, row))

    def notify(self, channel: str, payload: str) -> None:
        self._waiting.append(Deferred("SELECT pg_notify(%s, %s)", (channel, payload), _NOTICE))

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        waiting, self._waiting[:] = list(self._waiting), []
        if not waiting:
            return super().execute_sql(sql, params)  # type: ignore[no-untyped-call]
        return self._together([*waiting, Deferred(sql, params or (), None)])

    def finish(self, question: tuple[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Commit; a question is asked in the same round trip, before the commit, and its rows are answered."""
        waiting, self._waiting[:] = list(self._waiting), []
        if waiting == [_BEGIN] and question is None:
            return []  # nothing was asked: no transaction was begun
        answer = self._together([*merged(waiting, question), _COMMIT], answer=-2)
        return list(answer.fetchall()) if question else []

    def _together(self, statements: list[Deferred], answer: int = -1) -> Any:
        """One pipeline; the cursor of the statement at ``answer``."""
        with wrapped:
            connection = self.connection()  # type: ignore[no-untyped-call]
            self._deferred.broken = True
            with connection.pipeline():
                cursors = [connection.execute(sql, params) for sql, params, _ in statements]
            self._deferred.broken = False
            return cursors[answer] if len(cursors) >= -answer else None

    def abandon(self) -> None:
        """Undo what was begun; a connection that cannot even do that is thrown away."""
        self._waiting.clear()
        if self.is_closed():
            return
        try:
            self._undo()
        except Exception:
            self.close()

    def _undo(self) -> None:
        """After a broken pipeline psycopg must forget what it prepared: the server skipped some of it. Its own rollback does."""
        if getattr(self._deferred, "broken", False):
            self._deferred.broken = False
            self.connection().rollback()  # type: ignore[no-untyped-call]
        else:
            self.rollback()

    @property
    def _waiting(self) -> list[Deferred]:
        if not hasattr(self._deferred, "statements"):
            self._deferred.statements = []
        statements: list[Deferred] = self._deferred.statements
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

    def defer(self, sql: str, params: Any, row: Hashable | None = None) -> None:
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
        # compiling (jit) takes longer than any question of ours
        "options": "-c timezone=UTC -c jit=off -c statement_timeout=60000 -c idle_in_transaction_session_timeout=120000",
        "keepalives_idle": 10,
        "tcp_user_timeout": 20_000,
        "prefer_psycopg3": True,
    }
    options |= dict(parse_qsl(parts.query))
    return {name: value for name, value in options.items() if value is not None}
