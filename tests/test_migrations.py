"""The schema comes from frozen steps, is the same on both engines, and equals the models."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playhouse.migrations import Runner
from playhouse.schema_diff import diff_models

from deploy.engines import PostgresServer
from models import tables as t
from models.database import Postgres
from models.migrate import FOLDER, migrate, pending
from models.store import Store, open_store

AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
ROW = {
    "customer": "c1",
    "kind": "contact",
    "state": "work_in_progress",
    "created_at": AT,
    "activity_at": AT,
    "last_event_at": AT,
}
NAMES = ["0001_first", "0002_promises", "0003_looking_up"]
WORDS = {"customer_search_words", "mail_subject_words", "incoming_subject_words"}
EmptyUrl = Callable[[], str]
MIGRATE = """
import sys
from models.database import Postgres
from models.migrate import migrate
from models.store import open_store
print(migrate(open_store(sys.argv[1])))
"""


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> EmptyUrl:
    """Makes URLs of empty databases, on each engine in turn."""
    if request.param == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres")
        return server.new_database
    numbers = iter(range(100))
    return lambda: f"sqlite:///{tmp_path}/{next(numbers)}.db"


@pytest.fixture
def empty(empty_url: EmptyUrl) -> Iterator[Store]:
    store = open_store(empty_url())
    yield store
    store.close()


def _shape(store: Store) -> dict[str, Any]:
    """Columns with type, nullability and key, and every index with its condition, by table."""
    database, shape = store.db, {}
    for model in t.ALL:
        name = model._meta.table_name
        columns = {(each.name, each.data_type, each.null, each.primary_key) for each in database.get_columns(name)}
        indexes = {
            (each.name, tuple(each.columns), each.unique, (each.sql or "").partition(" WHERE ")[2])
            for each in database.get_indexes(name)
        }
        shape[name] = (columns, indexes)
    return shape


def _without_words(shape: dict[str, Any]) -> set[str]:
    """Takes out the indexes of words, which peewee cannot name; answers which there were."""
    found = set()
    for table, (columns, indexes) in shape.items():
        words = {index for index in indexes if index[0] in WORDS}
        shape[table] = (columns, indexes - words)
        found |= {name for name, *_ in words}
    return found


def test_who_may_not_make_extensions_only_searches_more_slowly(empty: Store) -> None:
    if isinstance(empty.db, Postgres):
        for statement in ("CREATE ROLE modest", "GRANT ALL ON SCHEMA public TO modest", "SET ROLE modest"):
            empty.db.execute_sql(statement)
    assert migrate(empty) == NAMES
    assert not WORDS & {index.name for index in empty.db.get_indexes("customer")}


def test_the_migrated_schema_is_the_one_of_the_models(empty: Store, empty_url: EmptyUrl) -> None:
    """Changed the models? Before the first release freeze anew (models.migrations.freeze), after it write a migration."""
    migrate(empty)
    difference, migrated = diff_models(empty.db, t.ALL), _shape(empty)
    of_models = open_store(empty_url())
    database: Any = of_models.db
    database.create_tables(t.ALL)
    for index in t.PROMISES:
        database.execute(index)
    wanted = _shape(of_models)
    of_models.close()
    words = _without_words(migrated)
    assert migrated == wanted
    assert words == (WORDS if isinstance(empty.db, Postgres) else set())
    assert {index.name for index in difference.drop_indexes} == {vars(index)["_name"] for index in t.PROMISES} | words
    assert not str(difference._replace(drop_indexes=[]))


def test_migrating_again_changes_nothing(empty: Store) -> None:
    assert pending(empty) == (names := list(NAMES))
    assert migrate(empty) == names
    assert (pending(empty), migrate(empty)) == ([], [])


@pytest.mark.parametrize(("start", "first"), [(1000, "IMS0001001"), (0, "IMS0000001"), (7_000_000, "IMS7000001")])
def test_R1_numbers_begin_after_the_start(empty: Store, start: int, first: str) -> None:
    migrate(empty, start)
    assert t.number_of(t.Interaction.insert(ROW).execute()) == first
    assert migrate(empty, 50) == []
    assert t.Interaction.insert(ROW).execute() == t.id_of(first) + 1


def test_rows_of_the_previous_schema_live_on(empty: Store) -> None:
    Runner(empty.db, str(FOLDER)).up("0001_first")
    old = t.Interaction.insert(ROW).execute()
    t.Event.insert(interaction=old, seq=1, type="composed", at=AT, cause="command", why="because").execute()
    assert migrate(empty) == NAMES[1:]
    assert t.Interaction.get_by_id(old).created_at == AT
    assert t.Event.get().announced is False
    assert t.Interaction.insert(ROW).execute() == old + 1


def test_many_processes_may_migrate_one_database_at_once(empty_url: EmptyUrl) -> None:
    url = empty_url()
    command = [sys.executable, "-c", MIGRATE, url]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    answers = [process.communicate(timeout=60) for process in running]
    assert [process.returncode for process in running] == [0] * 4, answers
    assert sorted(out.strip() for out, _ in answers) == [str(NAMES), "[]", "[]", "[]"]
