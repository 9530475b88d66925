"""R28: each setting a clock is computed from moves the clocks that run already, however many there are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models import clocks
from models import tables as t
from tests.harness import DAY, HOUR, MINUTE, House

Open = Callable[..., House]
BEFORE = {"reminder_after": "P2D", "retention_after": "P90D", "business_hours": "Mon-Fri 09:00-17:00"}


@pytest.mark.parametrize(
    "changed",
    [
        {"abandonment_after": "P9D"},
        {"inactivity_after": "P9D"},
        {"reminder_after": "P3D"},
        {"wrap_up_after": "PT9M"},
        {"retention_after": "P9D"},
        {"business_hours": "Tue 10:00-12:00"},
        {"default_time_zone": "Pacific/Auckland"},
    ],
)
def test_R28_every_setting_of_a_clock_moves_the_one_that_runs(open_house: Open, changed: dict[str, str]) -> None:
    house = open_house(**BEFORE)
    house.compose("anna", "cora")
    house.mailed("anna")
    clocks.reprice(house.store, house.world.settings)
    wrapped, over = (house.mailed("bert", subject=name)["interaction"] for name in ("wrapped up", "over"))
    for number in (wrapped, over):
        house.do("bert", "close", interaction=number)
    house.do("bert", "submit_wrap_up", interaction=over, code="Duplicate")
    before = due()
    moved = clocks.reprice(house.store, house.change_settings(**BEFORE | changed))
    assert moved == len(set(due().items()) - set(before.items())) > 0


def due() -> dict[tuple[int, str], str]:
    return {(row.interaction, row.kind): str(row.due_at) for row in t.ClockRow.select() if row.due_at}


def test_R28_all_of_them_move_in_however_many_batches(house: House) -> None:
    for n in range(7):
        house.do("anna", "compose", address=f"guest{n}@q.example")
    assert clocks.reprice(house.store, house.change_settings(abandonment_after="P9D"), batch=3) == 7
    house.advance(9 * DAY + MINUTE)
    assert {row.state for row in t.Interaction.select()} == {"closed_abandoned"}


def test_R28_R39_a_retention_set_later_takes_what_was_closed_before(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.advance(5 * DAY)
    house.do("anna", "close", interaction=number)
    house.advance(HOUR)
    clocks.reprice(house.store, house.change_settings(retention_after="P9D"))
    house.advance(8 * DAY)
    assert house.interaction(number).erased_at is None, "counted from the closing"
    house.advance(DAY)
    assert house.interaction(number).erased_at is not None
