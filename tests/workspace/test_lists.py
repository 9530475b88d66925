"""Lists hold what the address asks for, in its order, page by page; queues, teams and what is unread live up to it."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from playwright.sync_api import expect

from deploy.engines import wait_until
from tests.embedded import Running, wire
from tests.workspace.conftest import Windows
from tests.workspace.desk import new_customer

ORDERS = ("number", "customer", "subject", "state", "owner", "activity", "clock")


def _ask(product: Running, who: str, type_name: str, **body: Any) -> dict[str, Any]:
    with product.client(who) as client:
        wish = wire(type_name, f"ls-{uuid.uuid4().hex[:10]}", **body)
        answer = client.post("/v1/commands", json=wish, headers={"Prefer": "wait=10"})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["result"]
    return found


@pytest.fixture(scope="module")
def world(product: Running) -> dict[str, str]:
    """Interactions of this module's own, by what is special about them."""
    word = f"zebra{uuid.uuid4().hex[:6]}"
    made = {"word": word}
    for what, who, send in (("sent", "ben", True), ("draft", "ben", False), ("queued", "ben", False)):
        customer, _ = new_customer(product, f"{what.title()}-{word}")
        content = {"subject": f"About {word} {what}", "text": "Words"}
        found = _ask(product, who, "compose", customer=customer, content=content, send=send)
        made[what] = str(found["interaction"])
    with product.client("ben") as ben:
        wait_until(
            lambda: ben.get(f"/v1/interactions/{made['sent']}").json()["state"] == "on_hold", 20, "the mail is sent"
        )
    _ask(product, "ben", "transfer", interaction=made["queued"], to_queue=f"q-{word}")
    return made


def test_R30_a_list_is_narrowed_searched_and_sorted_by_its_address_alone(
    windows: Windows, world: dict[str, str]
) -> None:
    anna = windows.agent("anna", java_script_enabled=False)
    page, word = anna.page, world["word"]
    lines = page.locator("tr[data-line]")
    page.goto("/list/open")
    page.get_by_role("search", name="Narrow this list").get_by_label("Find").fill(word)
    page.get_by_role("button", name="Apply").click()
    expect(lines).to_have_count(3)
    for order in ORDERS:
        seen = []
        for direction in ("up", "down"):
            page.goto(f"/list/open?q={word}&sort={order}&dir={direction}")
            expect(page.locator(f'th[aria-sort="{"ascending" if direction == "up" else "descending"}"]')).to_have_count(
                1
            )
            seen.append([line.get_attribute("data-line") for line in lines.all()])
        assert sorted(map(str, seen[0])) == sorted(map(str, seen[1])) and len(seen[0]) == 3, order
        assert seen[0] != seen[1], order
    page.goto(f"/list/open?q={word}&sort=customer")
    assert [line.get_attribute("data-line") for line in lines.all()] == [
        world[it] for it in ("draft", "queued", "sent")
    ]
    page.get_by_role("link", name="Customer", exact=True).click()
    assert "dir=down" in page.url and word in page.url
    page.locator("select[name=owner]").select_option("-")
    page.get_by_role("button", name="Apply").click()
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text(f"queue q-{word}")
    page.goto(f"/list/open?q={word}&state=on_hold&owner=ben&kind=contact")
    expect(lines).to_have_count(1)
    page.locator("select[name=kind]").select_option("guest")
    page.get_by_role("button", name="Apply").click()
    anna.sees("Nothing here fits what you asked for.")
    page.goto(f"/search?q={world['sent']}")
    assert page.url.endswith(f"/interactions/{world['sent']}")
    page.goto("/list/open?sort=subject&cursor=bm9uc2Vuc2U")
    anna.sees("The cursor was not made here")


def test_R29_what_is_unassigned_is_taken_and_who_goes_away_leaves_nothing_behind(
    windows: Windows, world: dict[str, str]
) -> None:
    word, ben, mia = world["word"], windows.agent("ben"), windows.agent("mia")
    ben.page.goto(f"/queues?queue=q-{word}")
    ben.page.get_by_role("button", name="Take the oldest").click()
    expect(ben.page).to_have_url(re.compile(world["queued"]))
    expect(ben.page.locator("#owner")).to_contain_text("Ben Okafor")
    mia.page.goto("/team")
    row = mia.page.locator("tr", has_text="Ben Okafor")
    row.get_by_role("button", name="Away").click()
    expect(row.get_by_text("away", exact=True)).to_be_visible()
    link = row.get_by_role("link")
    wait_until(lambda: mia.page.reload() is not None and link.count() == 0, 20, "Ben's work went to the queue")
    mia.page.goto(f"/queues?q={word}")
    expect(mia.page.locator("tr[data-line]")).to_have_count(3)
    ben.page.goto(f"/list/open?q={word}")
    ben.page.locator("details.who summary").click()
    ben.page.get_by_role("button", name="I am back").click()
    expect(ben.page).to_have_url(re.compile("/list/open"))
    expect(ben.page.locator("details.who summary")).not_to_contain_text("away")
    ben.page.goto("/team")
    ben.sees("for managers and admins")


def test_R18_ongoing_goes_on_by_asking_where_listening_is_not_possible(windows: Windows) -> None:
    customer, address = new_customer(windows.product, "Pollyanna")
    anna = windows.agent("anna")
    number = str(_ask(
        windows.product, "anna", "compose", customer=customer, content={"subject": "Polled", "text": "x"}, send=True
    )["interaction"])  # fmt: skip
    anna.page.clock.install()
    anna.page.route(re.compile(r"/live\?"), lambda route: route.abort())
    anna.page.goto("/list/my?q=Pollyanna")
    line = anna.page.locator(f'tr[data-line="{number}"]')
    expect(line.locator(".count")).to_be_hidden()
    other = windows.agent("anna").page
    other.goto(f"/captured?to={address}")
    other.locator("article", has_text=address).first.get_by_role("textbox").fill("Here I am")
    other.get_by_role("button", name="Answer").first.click()
    expect(other.locator("#ongoing a", has_text="Pollyanna")).to_be_visible()
    anna.page.clock.fast_forward(16_000)
    expect(line.locator(".count")).to_have_text("1")
    expect(anna.page).to_have_title(re.compile(r"^\(\d+\) "))
    expect(anna.page.locator(".toast")).to_contain_text("Pollyanna")
    anna.page.locator("#ongoing a", has_text="Pollyanna").click()
    expect(anna.page.locator("#ongoing a", has_text="Pollyanna")).to_have_count(0)


def test_R5_R18_R29_a_list_says_what_is_true_now_and_no_line_moves_under_a_hand(windows: Windows) -> None:
    (first, _), (second, _) = (new_customer(windows.product, "Felicity") for _ in range(2))
    number = str(_ask(windows.product, "ben", "compose", customer=first)["interaction"])
    page = windows.agent("anna").page
    page.goto("/list/open?q=Felicity")
    lines, line = page.locator("tr[data-line]"), page.locator(f'tr[data-line="{number}"]')
    expect(line).to_contain_text("Ben Okafor")
    line.hover()
    _ask(windows.product, "ben", "compose", customer=second)
    _ask(windows.product, "mia", "transfer", interaction=number, to_agent="mia")
    expect(line).to_contain_text("Mia Lindqvist")
    assert lines.count() == 1, "a line came under the hand"
    page.mouse.move(0, 0)
    expect(lines).to_have_count(2)
    _ask(windows.product, "mia", "close", interaction=number)
    expect(lines).to_have_count(1)


def test_R30_a_customer_is_found_while_typing_by_keyboard_alone_and_nothing_jumps(windows: Windows) -> None:
    name = f"Quillfeather{uuid.uuid4().hex[:4]}"
    customer, address = new_customer(windows.product, name)
    anna = windows.agent("anna")
    anna.page.add_init_script(
        "window.jumped = 0; new PerformanceObserver((list) => { for (const each of list.getEntries()) "
        "if (!each.hadRecentInput) window.jumped += each.value; }).observe({type: 'layout-shift', buffered: true});"
    )
    for path in ("/list/my", "/list/open", "/queues", "/customers", f"/customers/{customer}"):
        anna.page.goto(path)
        expect(anna.page.locator("h1")).to_be_visible()
        assert anna.page.evaluate("window.jumped") < 0.02, path
    anna.page.keyboard.press("?")
    expect(anna.page.get_by_role("dialog")).to_contain_text("search interactions")
    anna.page.keyboard.press("Escape")
    expect(anna.page.get_by_role("dialog")).to_have_count(0)
    anna.page.keyboard.press("/")
    field = anna.page.get_by_role("combobox", name="Search interactions")
    expect(field).to_be_focused()
    anna.page.keyboard.type(name[:-2].lower())
    expect(anna.page.get_by_role("option")).to_have_count(1)
    anna.page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "suggested-0")
    anna.page.keyboard.press("Enter")
    expect(anna.page.get_by_role("heading", name=name)).to_be_visible()
    anna.page.get_by_role("button", name=address).click()
    expect(anna.page.get_by_label("To", exact=True)).to_have_value(address)
