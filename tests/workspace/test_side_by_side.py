"""Two agents at one customer: what is open already, what happened meanwhile, whose it is; counters that count all that calls."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from playwright.sync_api import Locator, expect

from models.tables import id_of
from tests.embedded import Running
from tests.workspace.conftest import Windows
from tests.workspace.desk import Agent, new_customer
from tests.workspace.test_conversation import done, sent, until_on_hold


def test_R5_R7_R10_R12_nobody_writes_twice_unknowingly_and_what_happened_is_read_first(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Yara")
    former = sent(windows.product, customer, "A former matter")
    until_on_hold(windows.product, former)
    anna, ben = windows.agent("anna"), windows.agent("ben")
    anna.page.goto("/customers?q=Yara")
    anna.page.get_by_role("button", name="Compose to Yara").first.click()
    window = anna.page.get_by_role("dialog")
    expect(window.locator(".nearby")).to_contain_text(f"Also open with this customer: {former}")  # R7
    number = window.locator("form[data-draft]").get_attribute("data-number") or ""
    draft = window.locator("form[data-draft]").get_attribute("data-draft") or ""
    anna.write("From Anna", "Half a thought")
    anna.saved()

    ben.compose_over(customer)
    expect(window.locator(".owner")).to_have_text("Ben Okafor")
    ben.page.once("dialog", lambda dialog: dialog.accept())
    ben.page.get_by_role("button", name="Discard").click()
    expect(window.locator(".owner")).to_have_text("you")  # R5: given back
    window.get_by_role("button", name="Close this composer").click()
    expect(window).to_have_count(0)
    anna.page.get_by_role("button", name="Compose to Yara").first.click()
    expect(window.locator("form[data-draft]")).to_have_attribute("data-draft", draft)  # R10
    anna.has_written("Half a thought")
    window.get_by_role("button", name="Close this composer").click()
    expect(window).to_have_count(0)

    ben.compose_over(customer)
    ben.write("From Ben", "Ben was first")
    ben.send()
    until_on_hold(windows.product, number)
    anna.page.goto("/drafts")
    anna.page.locator("li", has_text="Something happened since").filter(has_text="Half a thought").get_by_role(
        "link"
    ).click()
    news = anna.page.locator(".news").first
    expect(news).to_contain_text("Ben was first")
    anna.page.reload()
    expect(news).to_contain_text("Ben was first")  # R12: looking is not reading
    anna.has_written("Half a thought")
    anna.send()
    expect(anna.page.get_by_role("alert")).to_contain_text("Ben Okafor sent a mail")
    news.get_by_role("button", name="I have read it").click()
    expect(news.locator("details")).to_have_count(0)
    anna.send()
    expect(anna.page.locator(".fate.accepted")).to_have_count(2)

    anna.page.goto("/customers?q=Yara")
    anna.page.get_by_role("button", name="Compose to Yara").first.click()
    other = _about(anna, number).get_by_role("button", name=f"Continue that one {number}")
    other.click()
    expect(anna.page.locator(f'form[data-number="{number}"]').get_by_label("Subject")).to_have_value(
        re.compile("From Ben")
    )


def test_R18_more_than_eight_call_and_each_keeps_its_count(windows: Windows) -> None:
    product = windows.product
    customer, _ = new_customer(product, "Zeno")
    numbers = [sent(product, new_customer(product, f"Zeno{n}")[0], f"Matter {n}") for n in range(9)]
    numbers.append(sent(product, customer, "The latest"))
    _call(product, numbers, 2)
    try:
        anna = windows.agent("anna")
        anna.page.goto("/list/my?sort=activity&q=Zeno")
        counts = anna.page.locator("tr[data-line] .count")
        expect(anna.page).to_have_title(re.compile(r"^\((2\d|[3-9]\d)\) "))
        done(product, "add_work_note", interaction=numbers[0], text="Something happens, and counters are told anew")
        expect(anna.page.locator("#ongoing li")).to_have_count(8)
        for number in numbers:
            expect(anna.page.locator(f'tr[data-line="{number}"] .count')).to_have_text("2")
        expect(counts.locator("visible=true")).to_have_count(10)
        expect(anna.page.locator(".toast")).to_have_count(0)
    finally:
        _call(product, numbers, 0)


def _about(agent: Agent, number: str) -> Locator:
    """The window whose surroundings name this interaction."""
    return agent.page.get_by_role("dialog").filter(has_text=f"Also open with this customer: {number}")


def _call(product: Running, numbers: list[str], unread: int) -> None:
    """As so many answers would, without waiting for them."""
    with sqlite3.connect(Path(product.database_url.removeprefix("sqlite:///")), timeout=20) as rows:
        rows.executemany("UPDATE interaction SET unread = ? WHERE id = ?", [(unread, id_of(each)) for each in numbers])
