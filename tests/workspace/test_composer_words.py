"""Words with format and words without: none is lost between the two, between two machines, or in a crash; none is dangerous."""

from __future__ import annotations

import base64
from email import message_from_string, policy
from email.message import EmailMessage

from playwright.sync_api import Route, expect

from deploy.engines import wait_until
from tests.workspace.conftest import Windows
from tests.workspace.desk import new_customer

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PASTE = """([words, html, picture]) => {
  const data = new DataTransfer();
  if (words) { data.setData("text/plain", words); data.setData("text/html", html); }
  if (picture) data.items.add(new File([Uint8Array.from(atob(picture), (c) => c.charCodeAt(0))], "dot.png", { type: "image/png" }));
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
HOSTILE = """<b>Dear Ella</b><script>document.title='owned'</script>
<img src="https://evil.example/x.png" onerror="document.title='owned'">
<a href="javascript:alert(1)" onclick="alert(2)">look</a><p style="position:fixed">here</p>"""


def test_R8_R13_formatted_words_and_pasted_pictures_leave_as_they_stand(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Ella")
    anna = windows.agent("anna")
    number = anna.compose_over(customer)
    window, text = anna.page.get_by_role("dialog"), anna.page.get_by_label("Text", exact=True)
    expect(window.get_by_role("group", name="Format")).to_be_visible()
    window.get_by_label("Subject").fill("Format")
    text.click()
    anna.page.evaluate(PASTE, ["Dear Ella look here", HOSTILE, None])
    expect(text).to_contain_text("look")
    anna.page.keyboard.press("Control+End")
    anna.page.keyboard.press("Enter")
    window.get_by_role("button", name="List", exact=True).click()
    anna.page.keyboard.type("first point")
    anna.page.evaluate(PASTE, [None, None, PIXEL])
    expect(window.get_by_role("button", name="Remove dot.png")).to_be_visible()
    expect(text.locator("img[src^='/pictures/']")).to_have_count(1)
    anna.saved()
    anna.page.reload()
    expect(text.locator("b")).to_have_text("Dear Ella")
    expect(text.locator("li")).to_contain_text("first point")
    expect(text.locator("img")).to_have_js_property("naturalWidth", 1)
    anna.send()
    expect(anna.page.locator(".toast")).to_contain_text("Sent")
    assert "owned" not in anna.page.title()
    with windows.product.client("anna") as client:
        mail = client.get(f"/v1/interactions/{number}").json()["mails"][0]
        raw = client.get(f"/v1/mails/{mail['id']}/raw").text
    letter = message_from_string(raw, policy=policy.default)
    assert isinstance(letter, EmailMessage)
    html, plain = (str(letter.get_body((kind,)).get_content()) for kind in ("html", "plain"))  # type: ignore[union-attr]
    assert "<b>Dear Ella</b>" in html and 'src="cid:p' in html
    assert not any(word in html for word in ("script", "evil", "onerror", "javascript", "position"))
    assert "Dear Ella" in plain and "* first point" in plain
    pictures = [part for part in letter.walk() if part.get_content_type() == "image/png"]
    assert [part.get_content() for part in pictures] == [base64.b64decode(PIXEL)]


def test_R8_an_editor_that_comes_or_goes_while_somebody_types_takes_no_word_and_no_format(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Hedda")
    anna = windows.agent("anna")
    anna.compose(customer)
    page, text = anna.page, anna.page.get_by_label("Text", exact=True)
    expect(page.get_by_role("group", name="Format")).to_be_visible()
    page.get_by_role("button", name="Bold").click()
    text.press_sequentially("Bold")
    anna.saved()
    held: list[Route] = []
    page.route("**/editor.js", lambda route: held.append(route))
    page.reload(wait_until="domcontentloaded")
    plain = page.locator("form textarea")
    plain.press("x")
    wait_until(
        lambda: plain.evaluate("each => each.readOnly"), 8, "formatted words are only shown until the editor is there"
    )
    held.pop().continue_()
    expect(text.locator("b")).to_have_text("Bold")

    page.route("**/drafts/plain", lambda route: held.append(route))
    page.get_by_role("button", name="Plain words only").click()
    wait_until(lambda: page.evaluate("1") and held, 8, "the server is asked for the plain words")
    text.press("Control+End")
    page.keyboard.type(" and more")
    page.unroute("**/drafts/plain")
    held.pop().continue_()
    expect(page.get_by_role("group", name="Format")).to_have_count(0)
    anna.has_written("Bold and more")


def test_R8_without_the_editor_letters_are_plain_and_nothing_else_is_missing(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Gina")
    anna = windows.agent("anna")
    anna.page.route("**/editor.js", lambda route: route.abort())
    anna.compose_over(customer)
    anna.write("Plain", "Only words")
    anna.saved()
    anna.page.reload()
    anna.has_written("Only words")


def test_R8_format_given_up_a_crash_and_a_lost_line_cost_no_word(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Finn")
    anna = windows.agent("anna")
    anna.compose_over(customer)
    window, text = anna.page.get_by_role("dialog"), anna.page.get_by_label("Text", exact=True)
    expect(window.get_by_role("group", name="Format")).to_be_visible()  # the editor has taken the field's place
    text.click()
    window.get_by_role("button", name="Bold").click()
    anna.page.keyboard.type("Every word")
    anna.saved()
    window.get_by_role("button", name="Plain words only").click()
    expect(window.get_by_role("group", name="Format")).to_have_count(0)
    anna.has_written("Every word")
    window.get_by_role("button", name="Format", exact=True).click()
    expect(text).to_have_text("Every word")
    anna.saved()

    anna.page.context.set_offline(True)
    text.click()
    anna.page.keyboard.press("Control+End")
    anna.page.keyboard.type(" and one more")
    expect(anna.page.locator(".saved").first).to_contain_text("kept on this machine")
    left = anna.page.context.storage_state()
    anna.page.context.close()
    again = windows.page(storage_state=left)
    again.goto("/list/my")
    again.locator(".toast", has_text="kept on this machine").get_by_role("button", name="Open it").click()
    expect(again.get_by_role("dialog").get_by_label("Text", exact=True)).to_have_text("Every word")
    again.get_by_role("button", name="Put it back").click()
    expect(again.get_by_label("Text", exact=True)).to_have_text("Every word and one more")
    expect(again.locator(".saved").first).to_contain_text("saved")
    assert "draft:anna:" not in str(again.evaluate("Object.keys(localStorage).join()"))
