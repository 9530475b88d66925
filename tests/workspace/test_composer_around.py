"""Around the composer: files on their way, windows on a telephone and in the dark, many pages at once, keys that ask first."""

from __future__ import annotations

import re

from playwright.sync_api import Dialog, Locator, Page, expect

from deploy.engines import wait_until
from tests.workspace.conftest import Windows
from tests.workspace.desk import new_customer
from tests.workspace.test_access import axe, barriers
from tests.workspace.test_conversation import done, sent

__all__ = ["axe"]
DROP = """([kind, name, bytes]) => {
  const data = new DataTransfer(), target = document.querySelector("form.composer .attach");
  data.items.add(new File([new Uint8Array(bytes)], name, { type: "application/octet-stream" }));
  const event = kind === "drop" ? new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })
    : new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  return target.dispatchEvent(event);
}"""


def test_R11_R29_files_come_by_dropping_and_pasting_with_progress_and_none_is_left_behind(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Greta")
    anna = windows.agent("anna")
    number = anna.compose_over(customer)
    expect(anna.page.get_by_role("group", name="Format")).to_be_visible()
    anna.write("Files", "Here they are.")
    anna.saved()
    window, page = anna.page.locator("dialog.window"), anna.page
    line = page.context.new_cdp_session(page)
    _upload_speed(line, 100_000)
    assert page.evaluate(DROP, ["drop", "plan.bin", 300_000]) is False, "the drop is the composer's"
    bar = window.get_by_role("progressbar", name="Sending plan.bin")
    wait_until(lambda: 0 < bar.evaluate("each => each.value") < 100, 8, "the progress is seen")
    anna.send()
    expect(window.get_by_role("alert")).to_contain_text("plan.bin is still on its way here")
    _upload_speed(line, -1)
    expect(window.get_by_role("button", name="Remove plan.bin")).to_be_visible()

    page.route("**/files", lambda route: route.abort())
    page.evaluate(DROP, ["paste", "pasted.bin", 100])
    expect(window.locator(".told")).to_contain_text("pasted.bin was not attached")
    anna.send()
    expect(window.get_by_role("alert")).to_contain_text("pasted.bin was not attached")
    page.unroute("**/files")
    window.get_by_role("button", name="Try again").click()
    expect(window.get_by_role("button", name="Remove pasted.bin")).to_be_visible()
    anna.send()
    expect(page.locator(".toast")).to_contain_text("Sent")
    with windows.product.client("anna") as client:
        mail = client.get(f"/v1/interactions/{number}").json()["mails"][0]
        raw = client.get(f"/v1/mails/{mail['id']}/raw").text
    assert "plan.bin" in raw and "pasted.bin" in raw


def test_windows_on_a_telephone_in_the_dark_have_no_barrier_and_none_lies_on_another(
    windows: Windows, axe: str
) -> None:
    first, _ = new_customer(windows.product, "Hanno")
    second, _ = new_customer(windows.product, "Ida")
    anna = windows.agent("anna", color_scheme="dark", viewport={"width": 360, "height": 740})
    for customer in (first, second):
        anna.page.goto(f"/customers/{customer}")
        anna.page.get_by_role("button", name="Compose Email").click()
        window = anna.page.locator("dialog.window:not(.aside)")
        expect(window.get_by_role("group", name="Format")).to_be_visible()
        assert barriers(anna.page, axe) == []
        assert anna.page.evaluate("document.documentElement.scrollWidth") <= 360
        window.locator("summary", has_text="Send later").click()
        window.get_by_label(re.compile("^Leave at")).press("Escape")
        expect(window.get_by_label(re.compile("^Leave at"))).to_be_hidden()
        expect(window).to_be_visible()  # Escape shut the menu, not the window
        window.get_by_role("button", name="Minimise").click()
    aside = anna.page.locator("dialog.window.aside")
    expect(aside).to_have_count(2)
    boxes = [_box(aside.nth(index)) for index in range(2)]
    assert boxes[0][1] + boxes[0][3] <= boxes[1][1] or boxes[1][1] + boxes[1][3] <= boxes[0][1], boxes
    assert barriers(anna.page, axe) == []

    anna.page.route("**/drafts/*", lambda route: route.abort())
    anna.page.reload()  # a line that is lost forgets no window
    expect(anna.page.locator("dialog.window")).to_have_count(0)
    anna.page.unroute("**/drafts/*")
    anna.page.reload()
    expect(aside).to_have_count(2)
    expect(anna.page.locator(".toast")).to_have_count(0)


def test_R5_eight_pages_at_once_share_one_line_and_each_hears(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Jonas")
    number = str(done(windows.product, "compose", customer=customer)["interaction"])
    anna = windows.agent("anna")
    pages = [anna.page, *(anna.page.context.new_page() for _ in range(7))]
    for page in pages:
        page.goto(f"/interactions/{number}", wait_until="domcontentloaded", timeout=15_000)
    expect(pages[-1].locator("#owner")).to_have_text("Anna Bauer")
    done(windows.product, "transfer", who="mia", interaction=number, to_agent="ben")
    for page in pages:
        expect(page.locator("#owner")).to_have_text("Ben Okafor")
    other, _ = new_customer(windows.product, "Jule")
    pages[1].goto(f"/customers/{other}")
    pages[1].get_by_role("button", name="Compose Email").click()
    expect(pages[1].locator("dialog.window .owner")).to_have_text("you")
    written = pages[1].locator("form[data-draft]").get_attribute("data-number")
    pages[0].close()  # it listened for all
    done(windows.product, "transfer", who="mia", interaction=written, to_agent="ben")
    expect(pages[1].locator("dialog.window .owner")).to_have_text("Ben Okafor")
    done(windows.product, "transfer", who="mia", interaction=number, to_agent="mia")
    for page in pages[2:]:
        expect(page.locator("#owner")).to_have_text("Mia Lindqvist")


def test_single_keys_are_switched_off_by_a_person_and_closing_asks_first(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Karl")
    number = sent(windows.product, customer, "To stay open")
    anna = windows.agent("anna")
    anna.page.goto(f"/interactions/{number}")
    asked: list[str] = []

    def declined(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    anna.page.on("dialog", declined)
    expect(anna.page.get_by_role("combobox", name="Search interactions")).to_be_visible()  # the keys are there
    anna.page.keyboard.press("e")
    assert asked == ["Close this interaction?"]
    expect(anna.page.locator(".facts .state")).not_to_have_text("Wrap Up")

    anna.page.keyboard.press("c")
    window = anna.page.locator("dialog.window")
    expect(anna.page.locator("#standing")).to_contain_text("Being written")  # the page behind shows one's own act
    window.get_by_role("button", name="Minimise").focus()
    anna.page.keyboard.press("e")
    assert len(asked) == 1, "a key inside a composer is not for the page behind it"
    window.get_by_role("button", name="Close this composer").click()
    expect(window).to_have_count(0)
    assert _focused(anna.page) != "BODY"

    anna.page.goto("/me")
    anna.page.get_by_label("Single keys").uncheck()
    anna.page.goto(f"/interactions/{number}")
    anna.page.keyboard.press("c")
    anna.page.keyboard.press("e")
    anna.page.keyboard.press("?")
    expect(anna.page.locator("dialog[open]")).to_have_count(0)
    assert len(asked) == 1


def _upload_speed(line: object, bytes_a_second: int) -> None:
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_a_second}
    line.send("Network.emulateNetworkConditions", conditions)  # type: ignore[attr-defined]


def _box(window: Locator) -> tuple[float, float, float, float]:
    found = window.bounding_box()
    assert found is not None
    return found["x"], found["y"], found["width"], found["height"]


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.tagName"))
