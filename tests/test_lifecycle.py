"""The table of states is total, closed states absorb, and the diagram in the docs is the table's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Rejected
from models.lifecycle import (
    CLOSED,
    OPEN,
    TABLE,
    Happening,
    Ignore,
    Move,
    Refuse,
    State,
    after,
    decide,
    diagram,
    happens,
)

EVERY = [(state, happening) for state in State for happening in Happening]


def test_the_table_is_total() -> None:
    assert set(TABLE) == set(Happening) and all(set(row) == set(State) for row in TABLE.values())
    assert all(isinstance(decide(state, happening), Move | Refuse | Ignore) for state, happening in EVERY)


@pytest.mark.parametrize("state", sorted(CLOSED))
@pytest.mark.parametrize("happening", list(Happening))
def test_R22_R27_closed_states_absorb(state: State, happening: Happening) -> None:
    assert not isinstance(decide(state, happening), Move) and not happens(state, happening)
    try:
        assert after(state, happening) is state
    except Rejected as refusal:
        assert refusal.code == "closed"


@given(st.sampled_from(list(OPEN)), st.lists(st.sampled_from(list(Happening)), max_size=30))
def test_no_sequence_of_happenings_leaves_a_closed_state_or_the_table(state: State, happened: list[Happening]) -> None:
    for happening in happened:
        closed = state.is_closed
        try:
            following = after(state, happening)
        except Rejected as refusal:
            assert refusal.code and refusal.sentence
            continue
        assert not closed or following is state
        state = following


@pytest.mark.parametrize("state", sorted(OPEN))
def test_every_open_state_has_a_way_to_a_closed_one(state: State) -> None:
    reached, grown = {state}, True
    while grown:
        further = {
            move.to for row in TABLE.values() for at, move in row.items() if at in reached and isinstance(move, Move)
        }
        grown = not further <= reached
        reached |= further
    assert reached & CLOSED


def test_the_main_road() -> None:
    road = [
        (Happening.SEND, State.WORK_IN_PROGRESS), (Happening.MAIL_ACCEPTED, State.ON_HOLD),
        (Happening.REMINDER_DUE, State.ON_HOLD), (Happening.AUTOMATIC_REPLY, State.ON_HOLD),
        (Happening.HUMAN_REPLY, State.WORK_IN_PROGRESS), (Happening.CLOSE, State.WRAP_UP),
        (Happening.HUMAN_REPLY, State.WORK_IN_PROGRESS), (Happening.CLOSE, State.WRAP_UP),
        (Happening.WRAP_UP_SUBMITTED, State.CLOSED_COMPLETE),
    ]  # fmt: skip
    state = State.WORK_IN_PROGRESS
    for happening, expected in road:
        state = after(state, happening)
        assert state is expected, happening


def test_the_diagram_shows_exactly_the_moves_of_the_table() -> None:
    lines = [line.strip() for line in diagram().splitlines()]
    drawn = {
        (line.split(" --> ")[0], line.split(" --> ")[1].split(":")[0], name)
        for line in lines
        if " --> " in line and "[*]" not in line
        for name in line.split(": ")[1].split(", ")
    }
    moves = {
        (state.value, decision.to.value, happening.value)
        for happening, row in TABLE.items()
        for state, decision in row.items()
        if isinstance(decision, Move) and decision.to is not state
    }
    assert drawn == moves
    assert {line.split(" ")[0] for line in lines if line.endswith("--> [*]")} == {state.value for state in CLOSED}


def test_labels_are_readable() -> None:
    assert State.WORK_IN_PROGRESS.label == "Work in Progress" and State.ON_HOLD.label == "On Hold"


def test_the_diagram_in_the_docs_is_this_one() -> None:
    page = Path(__file__).parent.parent / "docs" / "reference" / "states.md"
    assert diagram() in page.read_text()
