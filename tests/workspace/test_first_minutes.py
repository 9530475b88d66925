"""What a newcomer does by what the pages say alone: the first two minutes, then days; `make run` is what they started."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.embedded import ROOT, Running
from tests.workspace.conftest import Windows


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Windows]:
    """As the Makefile starts it, but for the time to undo."""
    folder = tmp_path_factory.mktemp("first")
    recipe = (ROOT / "Makefile").read_text()
    given = dict(re.findall(r"^run: export POSTROOM_(\w+) \?= (?:\$\(if .*,)?([\w/]+)", recipe, re.MULTILINE))
    assert set(given) == {"PROFILE", "CLOCK_FILE", "REMINDER_AFTER"}
    product = Running(folder, undo_hold="PT1S", **{name.lower(): value for name, value in given.items()})
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
    anna.sees("Sent.")
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
    page.get_by_role("button", name="Close e").click()
    page.locator(".wrap").get_by_role("button", name="Close").click()
    expect(page.locator(".facts .state")).to_have_text("Closed Complete")


def test_R25_a_draft_that_is_left_and_opened_again_is_closed_when_its_days_are_over(started: Windows) -> None:
    anna = started.agent("anna")
    page = anna.page
    number = anna.compose("carlo")
    anna.write("Half a thought", "Caro Carlo,")
    anna.saved()
    draft = page.url
    page.goto(f"/interactions/{number}")
    expect(page.locator("#standing")).to_contain_text("Closes as abandoned")
    _pass(page, "a week", "a week", "a week")
    page.goto(draft)
    anna.has_written("Caro Carlo,")
    _pass(page, "a week", "three days")
    page.goto(f"/interactions/{number}")
    expect(page.locator(".facts .state")).to_have_text("Work in Progress")
    _pass(page, "31 days")
    page.goto(f"/interactions/{number}")
    expect(page.locator(".facts .state")).to_have_text("Closed Abandoned")
    page.get_by_role("link", name="why it was closed").click()
    anna.sees("unsent and untouched since")


def _pass(page: Page, *periods: str) -> None:
    for period in periods:
        page.goto("/captured")
        page.get_by_role("button", name=f"+ {period}", exact=True).click()
        expect(page.get_by_text(f"It is {period} later now")).to_be_visible()
