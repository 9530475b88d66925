"""No word is lost in the composer: autosave, reload, a network that is gone, two windows on one draft; or no JavaScript at all."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.workspace.conftest import Windows
from tests.workspace.desk import new_customer


def test_R8_what_was_typed_is_saved_a_second_later_and_survives_a_reload(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Rita")
    anna = windows.agent("anna")
    anna.compose(customer)
    anna.write("Kept", "These words stay")
    anna.saved()
    anna.page.reload()
    anna.has_written("These words stay")
    expect(anna.page.locator(".unsaved")).to_be_hidden()


def test_R8_what_the_network_took_is_offered_again(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Sven")
    anna = windows.agent("anna")
    anna.compose(customer)
    anna.page.route("**/autosave", lambda route: route.abort())
    anna.write("Gone?", "Written while the network was away")
    expect(anna.page.locator(".saved").first).to_contain_text("kept on this machine")
    anna.page.reload()
    anna.has_written("")
    anna.page.unroute("**/autosave")
    anna.page.get_by_role("button", name="Put it back").click()
    anna.saved()
    anna.page.reload()
    anna.has_written("Written while the network was away")


def test_R9_a_conflict_shows_both_texts_and_lets_a_person_choose(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Tess")
    one, other = windows.agent("anna"), windows.agent("anna")
    one.compose(customer)
    other.page.goto(one.page.url)
    one.write("Offer", "We can come on Monday")
    one.saved()
    other.write("Offer", "We can come on Friday")
    expect(other.page.locator(".saved").first).to_contain_text("not saved")
    other.send()
    expect(other.page.locator(".saved").first).to_contain_text("not saved")
    draft = other.page.locator("form[data-draft]").get_attribute("data-draft")
    with windows.product.client("anna") as client:
        kept = client.get(f"/v1/drafts/{draft}/revisions").json()
    assert [each["conflict"] for each in kept].count(True) == 1, "one text is kept beside once"
    other.page.get_by_role("link", name="See both texts").click()
    expect(other.page.locator("del")).to_have_text("Monday")
    expect(other.page.locator("ins")).to_have_text("Friday")
    other.page.get_by_role("button", name="Use mine").click()
    other.has_written("We can come on Friday")


def test_R1_R11_R16_composing_attaching_and_sending_need_no_javascript(windows: Windows) -> None:
    customer, address = new_customer(windows.product, "Uwe")
    anna = windows.agent("anna", java_script_enabled=False)
    anna.compose(customer)
    anna.write("Plain", "Sent by forms alone")
    anna.page.get_by_label("To", exact=True).fill("nobody at all")
    anna.page.get_by_label("Attach files").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"hello"}
    )
    anna.send()
    expect(anna.page.get_by_role("alert")).to_contain_text("is no address")
    anna.has_written("Sent by forms alone")
    expect(anna.page.get_by_label("a.txt")).to_be_checked()
    anna.page.get_by_label("To", exact=True).fill(address)
    anna.send()
    expect(anna.page.get_by_role("button", name="Undo")).to_be_visible()
    expect(anna.page.get_by_role("link", name="a.txt")).to_be_visible()


def test_keys_lead_to_the_search_and_to_composing(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Vera")
    anna = windows.agent("anna")
    anna.page.goto("/customers")
    anna.page.get_by_label("Name, phone or address").type("vera")
    expect(anna.page.locator("#found li")).to_have_count(1)
    anna.page.goto(f"/customers/{customer}")
    anna.page.keyboard.press("/")
    expect(anna.page.get_by_label("Search interactions")).to_be_focused()
    anna.page.keyboard.type("c")
    anna.page.get_by_role("heading", name="Vera").click()
    anna.page.keyboard.press("c")
    expect(anna.page.get_by_label("Subject")).to_be_visible()
