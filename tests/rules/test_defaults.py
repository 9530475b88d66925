"""What the rules name as usual is what a house without settings does; refuses to know any other setting."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.settings import from_mapping


@pytest.mark.parametrize(
    ("setting", "usual"),
    [
        pytest.param("per_agent_kinds", frozenset(), id="R6"),
        pytest.param("undo_hold", timedelta(seconds=10), id="R16"),
        pytest.param("reminder_periods", (), id="R24"),
        pytest.param("abandonment_after", timedelta(days=30), id="R25"),
        pytest.param("inactivity_after", timedelta(days=30), id="R26"),
        pytest.param("inactivity_code", "Closed due to customer inactivity", id="R26 code"),
        pytest.param("wrap_up_after", timedelta(minutes=2), id="R27"),
        pytest.param("wrap_up_default", "Issue resolved", id="R27 code"),
        pytest.param("retention_after", None, id="R39"),
    ],
)
def test_R6_R16_R24_R25_R26_R27_R39_without_settings_the_rules_own_figures_count(setting: str, usual: Any) -> None:
    assert getattr(from_mapping({}), setting) == usual
