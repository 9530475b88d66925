"""The bell that rings when a command was decided: PostgreSQL's LISTEN in one thread, or SQLite's listeners.

A ring is a hint. Rings may be missed while the connection is away, so whoever waits also looks for itself now and then.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import psycopg

from models.database import Postgres
from models.store import DECIDED, Store

Ring = Callable[[str | None], None]
_LOOK_UP = 0.2  # seconds between two looks whether to stop
_RECONNECT = 1.0


class Bell:
    """Calls every subscriber with ``"principal command_id"``, or with None for "you may have missed some".

    Subscribers are called in a foreign thread and must return at once.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rings: list[Ring] = []
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def subscribe(self, ring: Ring) -> Callable[[], None]:
        """From now on ``ring`` is called; answers how to end that."""
        self._rings.append(ring)
        return lambda: self._rings.remove(ring)

    def start(self) -> None:
        """Listen from now on; a database that is away is tried again every second."""
        if not isinstance(self._store.db, Postgres):
            self._store.db.listeners.append(self._on_sqlite)
            return
        self._stopping.clear()
        self._thread = threading.Thread(target=self._listen, name="bell", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(5)
            self._thread = None
        elif not isinstance(self._store.db, Postgres) and self._on_sqlite in self._store.db.listeners:
            self._store.db.listeners.remove(self._on_sqlite)

    def _on_sqlite(self, channel: str, payload: str) -> None:
        if channel == DECIDED:
            self._ring(payload)

    def _ring(self, key: str | None) -> None:
        for ring in list(self._rings):
            ring(key)

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._connect() as connection:
                    connection.execute(f"LISTEN {DECIDED}")
                    self._ring(None)
                    self._hear(connection)
            except psycopg.Error:
                self._stopping.wait(_RECONNECT)

    def _hear(self, connection: psycopg.Connection[Any]) -> None:
        while not self._stopping.is_set():
            for notice in connection.notifies(timeout=_LOOK_UP):
                self._ring(notice.payload)

    def _connect(self) -> psycopg.Connection[Any]:
        database = self._store.db
        return psycopg.connect(dbname=database.database, autocommit=True, **database.connect_params)
