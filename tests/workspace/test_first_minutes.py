"""What a newcomer does in the first two minutes, by what the pages say and nothing else; `make run` is what they started."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.embedded import ROOT, Running
from tests.workspace.conftest import Windows


@pytest.fixture
def started(tmp_path: Path, browser: Browser) -> Iterator[Windows]:
    """As the Makefile starts it, but for the time to undo."""
    recipe = (ROOT / "Makefile").read_text()
    given = dict(re.findall(r"^run: export POSTROOM_(\w+) \?= (?:\$\(if .*,)?([\w/]+)", recipe, re.MULTILINE))
    assert set(given) == {"PROFILE", "CLOCK_FILE", "REMINDER_AFTER"}
    (tmp_path / "var").mkdir()
    product = Running(tmp_path, undo_hold="PT1S", **{name.lower(): value for name, value in given.items()})
    product.start()
    windows = Windows(browser, product, {})
    yield windows
    windows.close()
    product.close()


def test_an_interaction_is_composed_sent_seen_answered_noticed_and_closed(started: Windows) -> None:
    anna = started.agent("anna")
    page = anna.page
    page.goto("/")
    expect(page.get_by_role("heading", name="Try it out")).to_be_visible()
    page.get_by_role("link", name="Choose a customer").click()
    page.get_by_role("button", name="Compose to Ada Marsh").click()
    anna.write("Your order 4711", "Which colour would you like, blue or green?")
    anna.send()
    page.get_by_role("link", name="My Interactions").click()
    page.get_by_role("link", name="IMS0001001").click()
    page.get_by_role("link", name="See what arrived there").click()
    expect(page.locator("#mails article")).to_contain_text("blue or green?")
    page.get_by_role("textbox", name="Answer as").fill("Blue, please.")
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.locator("#ongoing-total")).to_have_text("1")
    page.get_by_role("link", name="Look at Ongoing").click()
    page.get_by_role("link", name="IMS0001001").first.click()
    expect(page.locator("#standing")).to_contain_text("Ada Marsh wrote. It is for you to write back, or to close.")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".facts .state")).to_have_text("Closed Complete")
