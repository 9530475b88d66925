"""A statement that the server skipped, because another one before it in the pipeline failed, works the next time."""

from __future__ import annotations

import peewee as pw
import pytest

from models import tables as t
from models.store import Store, open_store


def look(store: Store, first: str | None = None) -> int:
    """One transaction, one round trip: perhaps a row, then always the same question."""
    with store.transaction():
        if first is not None:
            store.later(t.Meta.insert(name=first, value="1"))
        return int(t.Meta.select().where(t.Meta.value == "1").count())


@pytest.mark.parametrize("uses", range(1, 9))
def test_R34_a_failed_pipeline_leaves_no_statement_that_only_the_driver_believes_in(
    postgres_url: str, uses: int
) -> None:
    """The driver prepares what it has seen some times: at one of these numbers it does so in the pipeline that fails."""
    store = open_store(postgres_url)
    look(store, "there")
    store.close()
    for _ in range(uses):
        assert look(store) == 1
    for _ in range(3):
        with pytest.raises(pw.IntegrityError):
            look(store, "there")
    assert look(store) == 1
    store.close()
