"""A composer over the page one reads: several at once, back on the next page, put aside; and what goes on around it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.workspace.conftest import Windows
from tests.workspace.desk import Agent, new_customer
from tests.workspace.test_access import axe, barriers

__all__ = ["axe"]


def test_R8_R25_composers_stand_over_the_page_come_along_and_leave_nothing_unwritten(
    windows: Windows, axe: str
) -> None:
    first, _ = new_customer(windows.product, "Abel")
    second, _ = new_customer(windows.product, "Bea")
    anna = windows.agent("anna", viewport={"width": 1300, "height": 800})
    number = anna.compose_over(first)
    expect(anna.page.locator("#lines").get_by_role("link", name=number).first).to_be_visible()
    one = _window(anna, number)
    expect(one.get_by_label("Subject")).to_be_focused()
    one.get_by_label("Subject").fill("For Abel")
    one.get_by_label("Text", exact=True).fill("Typed, and gone to another page at once")
    anna.page.goto(f"/customers/{second}")
    expect(one.get_by_label("Subject")).to_have_value("For Abel")
    expect(one.get_by_label("Subject")).not_to_be_focused()
    anna.page.get_by_role("button", name="Compose Email").click()
    expect(anna.page.get_by_role("dialog")).to_have_count(2)
    assert barriers(anna.page, axe) == []

    before = _left(one)
    one.get_by_role("button", name="Move this window").press("ArrowLeft")
    assert _left(one) < before
    one.get_by_role("button", name="Maximise").click()
    assert one.bounding_box()["width"] > 1200  # type: ignore[index]
    one.press("Escape")
    expect(one.get_by_label("Subject")).to_be_hidden()
    expect(one.get_by_role("button", name="Minimise")).to_have_attribute("aria-expanded", "false")
    anna.page.reload()
    expect(anna.page.get_by_role("dialog")).to_have_count(2)
    expect(one.get_by_label("Subject")).to_be_hidden()
    one.get_by_role("button", name="Minimise").click()
    one.get_by_role("button", name="Maximise").click()
    expect(one.locator(".saved")).to_contain_text("saved")

    other = anna.page.get_by_role("dialog").filter(has_not_text="Abel")
    left = other.locator("form").get_attribute("data-number")
    other.get_by_role("button", name="Close this composer").click()
    expect(anna.page.get_by_role("dialog")).to_have_count(1)
    anna.page.goto(f"/interactions/{left}")
    expect(anna.page.locator(".state", has_text="Closed Abandoned").first).to_be_visible()
    one.get_by_role("button", name="Close this composer").click()
    expect(one).to_have_count(0)
    anna.page.goto("/drafts")
    anna.sees("For Abel")
    anna.compose(second)
    anna.page.get_by_role("button", name="Close this composer").click()
    expect(anna.page.locator(".state", has_text="Closed Abandoned").first).to_be_visible()


def test_R5_R12_R16_an_open_composer_hears_of_the_other_agent_and_can_still_take_back(windows: Windows) -> None:
    customer, address = new_customer(windows.product, "Cleo")
    anna, ben = windows.agent("anna"), windows.agent("ben")
    number = anna.compose_over(customer)
    mine = _window(anna, number)
    anna.write("From Anna", "Half a sentence")
    anna.saved()
    ben.compose_over(customer)
    his = _window(ben, number)
    expect(his.get_by_text("Anna Bauer also has a draft for this customer")).to_be_visible()
    expect(anna.page.locator(".toast", has_text="Ben Okafor is the owner")).to_be_visible()
    expect(mine.locator(".owner")).to_have_text("Ben Okafor")
    expect(mine.get_by_text("Ben Okafor also has a draft")).to_be_visible()

    ben.write("", "I attached the invoice.")
    ben.send()
    expect(his.get_by_role("alert")).to_contain_text("The mail has no subject. It says “attached”")
    his.get_by_label("Subject").fill("Your invoice")
    his.get_by_label("To", exact=True).fill("cleo@")
    his.get_by_role("button", name="Send all the same").click()
    expect(his.get_by_role("alert")).to_contain_text("is no address")
    expect(his.get_by_label("To", exact=True)).to_have_attribute("aria-invalid", "true")
    his.get_by_label("To", exact=True).fill(address)
    his.get_by_role("button", name="Send", exact=True).click()
    his.get_by_role("button", name="Send all the same").click()
    expect(his).to_have_count(0)
    ben.page.get_by_role("button", name="Undo").click()
    expect(his.get_by_label("Subject")).to_have_value("Your invoice")
    his.get_by_role("button", name="Send", exact=True).click()
    his.get_by_role("button", name="Send all the same").click()

    expect(mine.get_by_text("Something happened since you opened this draft")).to_be_visible()
    expect(mine.locator(".news")).to_contain_text("I attached the invoice.")
    anna.send()
    expect(mine.get_by_role("alert")).to_contain_text("Ben Okafor sent a mail since you opened the draft")
    mine.get_by_role("button", name="I have read it").click()
    expect(mine.locator(".news details")).to_have_count(0)
    anna.send()
    expect(anna.page.locator(".toast", has_text="Sent")).to_be_visible()


def _window(agent: Agent, number: str) -> Locator:
    return agent.page.get_by_role("dialog").filter(has_text=number)


def _left(window: Locator) -> float:
    found = re.match(r"[\d.]+", str(window.evaluate("each => each.getBoundingClientRect().left")))
    assert found is not None
    return float(found[0])
