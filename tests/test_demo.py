"""The demo fails loudly: what is not as promised ends it, with the logs of its processes. CI plays it to the end."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from cli.demo.stage import Stage, Trouble
from cli.demo.stages import stage_with
from cli.demo.telling import Telling, same
from cli.surroundings import Surroundings


def test_a_process_that_dies_ends_the_demo_with_its_last_words() -> None:
    with pytest.raises(Trouble) as found, stage_with(Surroundings({}), {"HTTP_PORT": "many"}) as stage:
        stage.start("run")
        stage.await_that("the API is ready", lambda: False)
    assert "ended by itself with 2" in str(found.value)
    assert "POSTROOM_HTTP_PORT" in found.value.logs


def test_a_check_that_does_not_hold_says_what_was_expected_and_found() -> None:
    said = io.StringIO()
    telling = Telling(Console(file=said))
    with pytest.raises(Trouble, match="Ben owns it: expected 'ben', found 'anna'"):
        same(telling, "Ben owns it", "anna", "ben")
    assert telling.checks == 0 and said.getvalue() == ""


def test_what_never_comes_true_is_named_with_what_was_seen_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.demo.stage.PATIENCE", 0.1)
    with stage_with(Surroundings({}), {}) as stage:
        assert isinstance(stage, Stage)
        with pytest.raises(Trouble, match="still not: it is On Hold; found 'wrap_up'"):
            stage.await_that("it is On Hold", lambda: "wrap_up", lambda state: state == "on_hold")
