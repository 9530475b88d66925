"""Whoever chose an id for a draft reads it back under that id, and nobody else does."""

from __future__ import annotations

import pytest

from models.errors import Rejected
from models.queries import drafts
from tests.harness import House


def test_R10_a_draft_is_read_by_the_id_its_producer_chose(house: House) -> None:
    made = house.compose("anna", draft="mine")
    assert drafts.one("mine", "anna").id == made["draft"]
    assert [each.number for each in drafts.revisions("mine", "anna")] == [1]
    with pytest.raises(Rejected, match="no draft"):
        drafts.one("mine", "bert")
