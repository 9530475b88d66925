"""The only module that opens transactions. Whatever is written in one is true together or not at all.

Refuses to decide: it accepts commands as rows, locks, hands out and keeps; what may happen is lifecycle's business.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import peewee as pw

from models import statements
from models import tables as t
from models.commands import Command
from models.database import Database, connect
from models.errors import Rejected, Transient
from models.policy import publish_again_at
from models.statements import Pair

DECIDED = "postroom_decided"
R = TypeVar("R", bound=t.Row)


class Store:
    """The rows of one database. Binding is the one thing that is global in peewee: one store per process at a time."""

    def __init__(self, database: Database) -> None:
        self.db = database
        self._questions = threading.local()
        database.bind(t.ALL, bind_refs=False, bind_backrefs=False)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; on SQLite the only writer meanwhile. Raises the engine's error if the commit failed."""
        self.db.start()
        try:
            yield
            self._finish()
        except BaseException:
            self._questions.__dict__.pop("asked", None)
            self.db.abandon()
            raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Statements that see the newest committed rows; a broken connection is thrown away for the next caller."""
        try:
            yield
        except (pw.OperationalError, pw.InterfaceError):
            self.db.abandon()
            raise

    def locked(self, query: pw.ModelSelect[R]) -> pw.ModelSelect[R]:
        """The same query, holding its rows until the transaction ends (on SQLite everything is held already)."""
        return query.for_update() if self.db.locks_rows else query

    def lock(self, model: type[R], key: Any) -> R | None:
        """One row by primary key, locked. Order: customer, interaction, then draft or mail."""
        return self._one(model, {statements.key_of(model): key}, lock=self.db.locks_rows)

    def get(self, model: type[R], **where: Any) -> R | None:
        """One row whose fields equal these values, as it is now."""
        return self._one(model, where, lock=False)

    def all(self, model: type[R], **where: Any) -> list[R]:
        """Every row whose fields equal these values, as it is now, in no order."""
        cursor = self.db.execute_sql(*statements.select(model, where, self.db.param, lock=False))
        return statements.rows(model, cursor.fetchall())

    def any(self, model: type[R], *alternatives: tuple[str, Any]) -> list[R]:
        """Every row of which one of these fields has its value, as it is now, in no order."""
        cursor = self.db.execute_sql(*statements.select_any(model, alternatives, self.db.param))
        return statements.rows(model, cursor.fetchall())

    def pair(self, pair: Pair, lock: bool = False, **where: Any) -> tuple[Any, Any] | None:
        """Two rows in one question, the first one's fields equal to these values. ``lock`` holds the second and answers
        it as it is once held; of the first one only what never changes may be believed."""
        statement = statements.select_pair(pair, where, self.db.param, lock and self.db.locks_rows)
        found = self.db.execute_sql(*statement).fetchmany(1)
        return statements.split(pair, found[0]) if found else None

    def number(self, row: t.Row) -> int:
        """Insert a row now, because its number is needed; answers the number the database gave it."""
        sql, params = statements.insert(row, self.db.param)
        return int(self.db.execute_sql(f'{sql} RETURNING "id"', params).fetchone()[0])

    def later(self, query: pw.Query) -> None:
        """A write of this transaction that nobody reads back."""
        self.db.defer(*self.db.get_sql_context().sql(query).query())

    def add(self, row: t.Row) -> None:
        """Insert a row made in memory, at the latest with the commit."""
        self.db.defer(*statements.insert(row, self.db.param), statements.name_of(row))

    def add_once(self, row: t.Row) -> None:
        """The same, but nothing happens where one with its unique fields is already there."""
        self.db.defer(*statements.insert_once(row, self.db.param))

    def change(self, row: t.Row, **fields: Any) -> None:
        """Set fields of a row, here and (at the latest with the commit) in the database."""
        for name, value in fields.items():
            setattr(row, name, value)
        self.db.defer(*statements.update(row, fields, self.db.param), statements.name_of(row))

    def ask_waiting(self, keys: list[str], then: Callable[[list[tuple[Any, ...]]], None]) -> None:
        """Which commands wait for these keys, asked in the round trip of the commit; ``then`` gets (id, type) after it."""
        marks = ", ".join([self.db.param] * len(keys))
        self._questions.asked = ((f"SELECT id, type FROM command WHERE waits_on IN ({marks})", keys), then)

    def announce_decision(self, principal: str, command_id: str) -> None:
        """Ring the bell for doors that wait for this command; heard only if the transaction commits."""
        self.db.notify(DECIDED, f"{principal} {command_id}")

    def close(self) -> None:
        if not self.db.is_closed():
            self.db.close()

    def _finish(self) -> None:
        question, then = self._questions.__dict__.pop("asked", (None, None))
        rows = self.db.finish(question)
        if then is not None:
            then(rows)

    def _one(self, model: type[R], where: dict[str, Any], lock: bool) -> R | None:
        cursor = self.db.execute_sql(*statements.select(model, where, self.db.param, lock))
        found = statements.rows(model, cursor.fetchmany(1))
        return found[0] if found else None


def open_store(url: str) -> Store:
    """The store behind a database URL; connects on first use."""
    return Store(connect(url))


def accept(
    store: Store, command: Command, principal: str, door: str, now: datetime, touches: str | None = None
) -> t.Command:
    """Keep a command for good, or find it again; inside a transaction of the caller.

    ``touches``: what it is about, where its door can see that and the command itself does not say.
    Safe to repeat: the same id with the same content answers the same row (R33).
    Raises `Rejected` with code ``id_reused`` where the id stands for other content.
    """
    digest = command.digest()
    values = accepted_values(command, digest, principal, door, now)
    values["touches"] = values["touches"] or touches
    store.add_once(t.Command(**values))
    row = store.get(t.Command, principal=principal, command_id=command.id)
    if row is None:
        raise Transient(f"the command {command.id!r} was neither kept nor found")
    return same_command(row, digest)


def find_command(principal: str, command_id: str) -> t.Command | None:
    """The row of this command, if it was ever accepted."""
    query = t.Command.select().where(t.Command.principal == principal, t.Command.command_id == command_id)
    found: t.Command | None = query.first()
    return found


def same_command(row: t.Command, digest: str) -> t.Command:
    """The row itself if it holds the very command with this digest; raises `Rejected` ``id_reused`` otherwise (R33)."""
    if row.digest != digest:
        raise Rejected(
            "id_reused",
            f"The id {row.command_id!r} already stands for another {row.type} command of {row.principal!r}; "
            "choose a new id for new content.",
            field="id",
        )
    return row


def accepted_values(command: Command, digest: str, principal: str, door: str, now: datetime) -> dict[str, Any]:
    """The columns of a fresh command row: accepted, published once, owed an answer."""
    return {
        "principal": principal,
        "command_id": command.id,
        "type": command.type,
        "digest": digest,
        "agent": command.agent,
        "wire": command.as_json(),
        "door": door,
        "state": "accepted",
        "touches": command.body.touches(),
        "accepted_at": now,
        "attempts": 1,
        "publish_at": publish_again_at(now, 1),
        "announced": False,
    }


def give_up(store: Store, row: t.Command, why: str, now: datetime) -> None:
    """Decided by nobody and published by nobody any more; announced like every decision (R37)."""
    store.change(
        row, state="dead", code="gave_up", sentence=f"Given up after {row.attempts} attempts: {why}", decided_at=now,
        publish_at=None, waits_on=None,
    )  # fmt: skip
    store.announce_decision(row.principal, row.command_id)


def use_blob(store: Store, sha256: str, interaction: int) -> None:
    """These bytes belong to this conversation (0: to none yet); saying so again changes nothing."""
    store.add_once(t.BlobUse(blob=sha256, interaction=interaction))


def keep_blob(store: Store, sha256: str, data: bytes, media_type: str, now: datetime) -> None:
    """Keep bytes under their digest; keeping them again changes nothing."""
    store.add_once(t.Blob(sha256=sha256, size=len(data), data=data, media_type=media_type, created_at=now))
