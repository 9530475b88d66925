"""What is put into a mail besides typing: templates, the signature, files; and when it leaves."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.workspace.conftest import Windows
from tests.workspace.desk import new_customer


def test_R16_R25_R29_a_signature_a_template_and_files_make_a_mail_that_leaves_later(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Dora")
    mia = windows.agent("mia", timezone_id="Europe/Rome")
    mia.page.goto("/me")
    mia.page.get_by_label("Signature").fill("Mia Lindqvist\nCustomer Care")
    mia.page.get_by_role("button", name="Save").click()
    mia.sees("Saved.")
    mia.compose_over(customer)
    window = mia.page.get_by_role("dialog")
    expect(window.get_by_label("Text", exact=True)).to_contain_text("Customer Care")
    window.get_by_role("button", name="Close this composer").click()
    expect(mia.page.locator("dialog.window")).to_have_count(0)
    mia.page.goto(f"/customers/{customer}")
    mia.sees("Closed Abandoned")

    number = mia.compose_over(customer)
    window.locator("summary", has_text="Templates").click()
    window.get_by_text("Delivery date", exact=True).click()
    expect(window.get_by_role("group", name="Templates")).to_contain_text("Dear Dora,")
    window.get_by_role("button", name="Insert delivery-date").click()
    expect(window.get_by_label("Subject")).to_have_value("Your delivery")
    window.get_by_label("Attach files").set_input_files(
        [{"name": "plan.txt", "mimeType": "text/plain", "buffer": b"x" * 300_000}, _file("wrong.txt")]
    )
    expect(window.get_by_role("button", name="Remove plan.txt")).to_be_visible()
    window.get_by_role("button", name="Remove wrong.txt").click()
    window.get_by_label("Attach files").set_input_files(_file("huge.bin", 18_000_000))
    expect(window.locator(".told")).to_contain_text("huge.bin has 18.0 MB")
    mia.saved()
    mia.page.reload()
    expect(window.get_by_role("button", name="Remove plan.txt")).to_be_visible()
    expect(window.get_by_role("button", name="Remove wrong.txt")).to_have_count(0)

    window.get_by_label("From").select_option("press@postroom.example")
    expect(window.locator(".saved")).to_contain_text("typing")
    expect(window.locator(".saved")).to_contain_text("saved")
    mia.page.reload()
    expect(window.get_by_label("From")).to_have_value("press@postroom.example")
    assert "press@" not in str(mia.page.evaluate("JSON.stringify(sessionStorage)")), "it is the draft that knows"
    window.locator("summary", has_text="Send later").click()
    window.get_by_role("button", name="Schedule").click()
    expect(window.get_by_role("alert")).to_contain_text("It still has the blank $day")
    window.get_by_role("button", name="Schedule all the same").click()
    expect(window.get_by_role("alert")).to_contain_text("Choose the day and the time")
    window.get_by_role("button", name="Tomorrow 8:00").click()
    window.get_by_role("button", name="Schedule").click()
    window.get_by_role("button", name="Schedule all the same").click()
    expect(mia.page.locator(".toast")).to_contain_text("08:00")
    with windows.product.client("mia") as client:
        mail = client.get(f"/v1/interactions/{number}").json()["mails"][0]
        raw = client.get(f"/v1/mails/{mail['id']}/raw").text
    assert mail["state"] == "scheduled" and mail["leave_at"][11:16] in ("06:00", "07:00")
    assert mail["from_address"] == "press@postroom.example"
    assert "Customer Care" in raw and "Dear Dora," in raw and raw.count("filename=") == 1
    mia.page.get_by_role("button", name="Cancel it").click()
    expect(window.get_by_label("Subject")).to_have_value("Your delivery")
    window.locator("summary", has_text="Send later").click()
    window.get_by_role("button", name="Tomorrow 8:00").click()
    window.get_by_role("button", name="Schedule").click()
    window.get_by_role("button", name="Schedule all the same").click()
    expect(mia.page.locator(".toast")).to_contain_text("08:00")
    mia.page.goto(f"/drafts/{mail['draft']}")
    mia.sees("It leaves")
    mia.page.get_by_role("button", name="Take it back").click()
    window = mia.page.locator(".sheet")
    expect(window.get_by_label("Subject")).to_have_value("Your delivery")


def _file(name: str, size: int = 10) -> dict[str, object]:
    return {"name": name, "mimeType": "text/plain", "buffer": b"y" * size}
