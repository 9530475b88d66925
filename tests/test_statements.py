"""Statements that share a round trip stay short enough for psycopg to remember, and lose no write on the way."""

from __future__ import annotations

from datetime import UTC, datetime

from psycopg._queries import MAX_CACHED_STATEMENT_LENGTH, MAX_CACHED_STATEMENT_PARAMS

from models import tables as t
from models.database import Deferred, merged
from models.statements import Pair
from models.store import Store

START = datetime(2026, 1, 1, tzinfo=UTC)
PLACE = Pair(t.DraftAlias, t.Draft, (("draft", "id"),))


def writes(number: int, params: int) -> list[Deferred]:
    marks = ", ".join(["%s"] * params)
    return [Deferred(f"INSERT INTO x{n} VALUES ({marks})", [n] * params, n) for n in range(number)]


def test_writes_to_different_rows_become_one_statement_with_the_question_at_its_end() -> None:
    (one,) = merged(writes(3, 5), ("SELECT %s", [99]))
    assert [f"x{n} " in one.sql for n in range(3)] == [True] * 3 and one.sql.endswith("SELECT %s")
    assert one.params == [0] * 5 + [1] * 5 + [2] * 5 + [99]


def test_many_parameters_are_split_so_that_each_statement_is_remembered() -> None:
    statements = merged(writes(8, 20), ("SELECT %s", [99]))
    assert len(statements) > 1 and statements[-1].params[-1] == 99
    for one in statements:
        assert len(one.params) <= MAX_CACHED_STATEMENT_PARAMS and len(one.sql) <= MAX_CACHED_STATEMENT_LENGTH
    assert [value for one in statements for value in one.params][:-1] == [n for n in range(8) for _ in range(20)]


def test_two_writes_to_one_row_stay_apart() -> None:
    twice = [*writes(1, 2), *writes(1, 2)]
    assert merged(twice, None) == twice


def test_a_write_too_large_for_any_statement_goes_alone() -> None:
    large, small = writes(1, 70)[0], writes(2, 2)[1]
    assert merged([large, small], None) == [large, small]


def test_a_pair_is_both_rows_as_they_are(store: Store) -> None:
    draft = {"id": "dr_1", "interaction": 7, "author": "anna", "state": "open", "revision": 3, "composed_seq": 0}
    with store.transaction():
        t.Draft.insert(draft | {"seen_seq": 0, "created_at": START, "touched_at": START}).execute()
        t.DraftAlias.insert(principal="crm", name="mine", draft="dr_1", interaction=7).execute()
    with store.transaction():
        found = store.pair(PLACE, lock=True, principal="crm", name="mine")
        assert found is not None and (found[0].name, found[1].id, found[1].revision) == ("mine", "dr_1", 3)
        assert store.pair(PLACE, lock=True, principal="crm", name="other") is None


def test_any_finds_the_rows_of_either_field_and_none_for_nobody(store: Store) -> None:
    with store.transaction():
        t.Principal.insert(id="crm", role="service", name="CRM", amqp_user="crm-user").execute()
        t.Principal.insert(id="anna", role="agent", name="Anna").execute()
    found = store.any(t.Principal, ("amqp_user", "crm-user"), ("id", "anna"))
    assert {row.id for row in found} == {"crm", "anna"}
    assert store.any(t.Principal, ("amqp_user", None), ("id", None)) == []
