"""What goes wrong while somebody writes: a lost answer, a server away, a session over, a draft taken. No word goes."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Dialog, Page, Route, expect

from deploy.engines import wait_until
from tests.workspace.conftest import Windows
from tests.workspace.desk import Agent, new_customer
from tests.workspace.test_conversation import done, sent


def test_R8_R33_a_lost_answer_is_no_conflict_with_oneself_and_a_server_that_is_away_is_asked_again(
    windows: Windows,
) -> None:
    customer, _ = new_customer(windows.product, "Alba")
    anna = windows.agent("anna")
    anna.compose(customer)
    anna.write("Lost answer", "One")
    anna.saved()

    def saved_and_lost(route: Route) -> None:
        route.fetch()
        route.abort()

    anna.page.route("**/autosave", saved_and_lost)
    _types(anna, " two")
    _says(anna, "not saved: no connection")
    anna.page.unroute("**/autosave")
    _types(anna, " three")
    anna.page.evaluate("dispatchEvent(new Event('online'))")
    anna.saved()
    away = json.dumps({"title": "Unavailable", "detail": "The database is away.", "status": 503})
    anna.page.route(
        "**/autosave", lambda route: route.fulfill(status=503, content_type="application/problem+json", body=away)
    )
    _types(anna, " four")
    _says(anna, "not saved: The database is away.")
    anna.page.unroute("**/autosave")
    anna.saved()  # by itself
    with windows.product.client("anna") as client:
        kept = client.get(f"/v1/drafts/{_draft(anna.page)}/revisions").json()
    assert not any(each["conflict"] for each in kept)
    assert "One two three four" in kept[-1]["content"]["text"]


def test_R8_R16_nothing_is_typed_that_would_not_be_in_the_mail_and_one_send_is_one_mail(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Balz")
    anna = windows.agent("anna")
    number = anna.compose_over(customer)
    expect(anna.page.get_by_role("group", name="Format")).to_be_visible()
    anna.write("Once", "What was sent")
    anna.saved()
    held: list[Route] = []
    anna.page.route(f"**/drafts/{_draft(anna.page)}", lambda route: held.append(route))
    text = anna.page.get_by_label("Text", exact=True)
    text.press("Control+Enter")
    anna.page.keyboard.press("Control+Enter")
    wait_until(lambda: _turns(anna.page, held), 8, "the send is on its way")
    anna.page.keyboard.type("lost?")
    anna.has_written("What was sent")
    held.pop().fulfill(status=202, json={"code": "kept", "sentence": "The workers are behind at the moment."})
    _says(anna, "on its way to being decided")
    wait_until(lambda: _turns(anna.page, held), 8, "the very same is asked again")
    held.pop().continue_()
    expect(anna.page.locator("dialog.window")).to_have_count(0)
    expect(anna.page.locator(".toast")).to_have_count(1)
    with windows.product.client("anna") as client:
        mails = client.get(f"/v1/interactions/{number}").json()["mails"]
    assert len(mails) == 1


def test_R8_a_session_that_ends_while_one_writes_costs_no_word(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Cara")
    anna = windows.agent("anna")
    anna.compose_over(customer)
    expect(anna.page.get_by_role("group", name="Format")).to_be_visible()
    anna.write("Long", "Written before")
    anna.saved()
    anna.page.context.clear_cookies()
    _types(anna, " and after")
    _says(anna, "not saved: Sign in again.")
    window = anna.page.locator("dialog.window")
    window.get_by_role("button", name="Close this composer").click()
    expect(window.get_by_role("alert")).to_contain_text("Not closed yet")
    window.get_by_role("alert").get_by_role("link", name="Sign in").click()
    anna.page.get_by_label("Name").fill("anna")
    anna.page.get_by_label("Password").fill(windows.passwords["anna"])
    anna.page.get_by_role("button", name="Sign in").click()
    anna.has_written("Written before and after")
    anna.saved()


def test_R8_a_draft_that_is_taken_over_or_closed_while_one_writes_leaves_the_last_words_to_be_read(
    windows: Windows,
) -> None:
    customer, _ = new_customer(windows.product, "Dina")
    anna = windows.agent("anna")
    anna.compose_over(customer)
    expect(anna.page.get_by_role("group", name="Format")).to_be_visible()
    anna.write("Begun", "Anna began")
    anna.saved()
    overview = windows.agent("anna").page
    overview.goto(f"/customers/{customer}")
    expect(overview.locator("tr[data-line]")).to_contain_text("Begun")
    done(windows.product, "take_over_draft", who="ben", draft=_draft(anna.page))
    expect(anna.page.locator(".nearby .bad")).to_contain_text("Ben Okafor took this draft over")
    _types(anna, " and went on")
    _says(anna, "A colleague took this draft over. Your words are kept")
    close = anna.page.get_by_role("button", name="Close this composer")
    close.click()
    alert = anna.page.get_by_role("alert")
    expect(alert).to_contain_text("Not closed yet")
    alert.get_by_role("link", name="See it among the versions").click()
    anna.sees("Anna began and went on")

    number = anna.compose(customer)
    anna.write("Again", "Anna began anew")
    anna.saved()
    done(windows.product, "close", who="ben", interaction=number)
    _types(anna, " and was cut off")
    _says(anna, "The interaction is closed")
    anna.page.get_by_role("button", name="Close this composer").click()
    alert.get_by_role("link", name="See the draft").click()
    kept = anna.page.get_by_label("Words that were not saved")
    assert "Anna began anew and was cut off" in kept.input_value()
    anna.page.get_by_role("button", name="Copy them").click()
    anna.sees("Copied.")
    anna.page.get_by_role("button", name="Drop them").click()
    anna.page.reload()
    expect(kept).to_have_count(0)


def test_R8_words_found_from_before_outlast_what_is_typed_now_and_both_stay(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Enno")
    anna = windows.agent("anna")
    anna.compose(customer)
    anna.page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('no line')); }")
    anna.write("Crash", "Written before the crash")
    _says(anna, "kept on this machine")
    left = anna.page.context.storage_state()
    anna.page.context.close()
    anna = Agent(windows.page(storage_state=left), "anna")
    anna.page.goto("/list/my")
    asked: list[str] = []

    def declined(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    anna.page.once("dialog", declined)
    anna.page.locator("details.who summary").click()
    anna.page.get_by_role("button", name="Sign out").click()
    assert "stay on this machine" in asked[0]
    anna.page.locator(".toast").get_by_role("button", name="Open it").click()
    anna.page.get_by_label("Subject").fill("Typed before looking")
    anna.saved()
    anna.page.reload()
    anna.page.get_by_role("button", name="Put it back").click()
    anna.has_written("Written before the crash")
    anna.saved()
    with windows.product.client("anna") as client:
        kept = client.get(f"/v1/drafts/{_draft(anna.page)}/revisions").json()
    assert [each["content"]["subject"] for each in kept[-2:]] == ["Typed before looking", "Crash"]
    assert not any(each["conflict"] for each in kept)

    draft = _draft(anna.page)
    anna.page.get_by_label("Subject").fill("The last second")
    anna.page.on("dialog", lambda dialog: dialog.accept())
    anna.page.get_by_role("button", name="Discard").click()
    expect(anna.page.locator("dialog.window")).to_have_count(0)
    with windows.product.client("anna") as client:
        kept = client.get(f"/v1/drafts/{draft}/revisions").json()
    assert kept[-1]["content"]["subject"] == "The last second"


def test_R8_R16_a_mail_that_leaves_does_not_take_the_page_from_under_the_hands(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Fritz")
    number = sent(windows.product, customer, "Held", hold="PT5S")
    anna = windows.agent("anna")
    # Only the page's own clock says that it is time.
    anna.page.route(re.compile(r"/live\?"), lambda route: route.abort())
    anna.page.goto(f"/interactions/{number}")
    expect(anna.page.get_by_role("combobox", name="Search interactions")).to_be_visible()  # the keys are there
    anna.page.keyboard.press("c")
    window = anna.page.locator("dialog.window")
    expect(window.get_by_role("group", name="Format")).to_be_visible()
    anna.page.get_by_label("Text", exact=True).click()
    anna.page.evaluate("window.untouched = true")
    anna.page.keyboard.type("Typed before it left")
    expect(anna.page.locator(".fate.accepted")).to_be_visible(timeout=15_000)
    anna.page.keyboard.type(" everything")
    anna.saved()  # a second later
    anna.has_written("Typed before it left everything")
    assert anna.page.evaluate("window.untouched") is True, "the page was loaded again"


def _types(agent: Agent, more: str) -> None:
    text = agent.page.get_by_label("Text", exact=True)
    text.press("Control+End")
    agent.page.keyboard.type(more)


def _says(agent: Agent, words: str) -> None:
    expect(agent.page.locator(".saved").first).to_contain_text(words)


def _draft(page: Page) -> str:
    return page.locator("form[data-draft]").get_attribute("data-draft") or ""


def _turns(page: Page, found: list[Route]) -> bool:
    """Routes are handed over while the page is spoken to."""
    page.evaluate("1")
    return bool(found)
