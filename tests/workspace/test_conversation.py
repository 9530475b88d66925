"""One interaction and what an agent does around it: it follows by itself, every change says why, nothing ends unnoticed."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from email.message import EmailMessage
from smtplib import SMTP
from typing import Any

from playwright.sync_api import Page, expect

from deploy.engines import wait_until
from tests.embedded import Running, wire
from tests.workspace.conftest import Windows
from tests.workspace.desk import Agent, new_customer


def done(product: Running, type_name: str, who: str = "anna", **body: Any) -> dict[str, Any]:
    """A command's result, for what a test needs but is not about."""
    with product.client(who) as client:
        wish = wire(type_name, uuid.uuid4().hex, **body)
        answer = client.post("/v1/commands", json=wish, headers={"Prefer": "wait=10"})
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = answer.json()["result"]
    return result


def sent(product: Running, customer: str, subject: str, hold: str = "PT0S") -> str:
    content = {"subject": subject, "text": f"Dear customer, about {subject}."}
    return str(done(product, "compose", customer=customer, send=True, hold=hold, content=content)["interaction"])


def later(product: Running, **by: float) -> None:
    with product.client("anna") as client:
        client.post("/v1/demo/clock", json={"advance": f"PT{timedelta(**by).total_seconds():.0f}S"}).raise_for_status()


def fact(page: Page, name: str) -> Any:
    return page.locator(".facts > div").filter(has=page.get_by_text(name, exact=True))


def test_R24_R29_R30_R31_an_interaction_is_followed_explained_noted_and_handed_on(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Alma")
    anna, ben = windows.agent("anna"), windows.agent("ben")
    former = sent(windows.product, customer, "An earlier matter")
    until_on_hold(windows.product, former)  # or the next one would join it (R4)
    number = sent(windows.product, customer, "Delivery", hold="PT3S")
    anna.page.goto(f"/interactions/{number}?order=oldest")
    expect(anna.page.get_by_role("button", name="Undo")).to_be_visible()
    expect(anna.page.locator(".fate.accepted")).to_be_visible()  # by itself: nobody reloads
    expect(anna.page.locator("#standing")).to_contain_text("Waiting for an answer from Alma")
    expect(anna.page.locator(".deliveries")).to_contain_text("250 2.0.0 queued as")
    expect(anna.page.locator(".related")).to_contain_text(former)

    expect(fact(anna.page, "Reminder")).to_contain_text("no answer since")
    anna.page.get_by_text("What the reminder will say").click()
    expect(anna.page.locator("#coming .words")).to_be_visible()
    anna.page.get_by_role("button", name="skip this reminder").click()
    expect(fact(anna.page, "Reminder")).to_have_count(0)
    expect(fact(anna.page, "Closes for inactivity")).to_be_visible()

    anna.page.get_by_label("Work note").fill("Prefers mornings")
    anna.page.get_by_role("button", name="Add note").click()
    anna.page.get_by_role("link", name="Notes").click()
    expect(anna.page.locator("#stream article")).to_have_count(1)
    anna.page.get_by_role("link", name="Changes").click()
    anna.page.locator("details.change", has_text="Mail accepted").click()
    anna.sees("Work in Progress → On Hold")
    anna.page.locator(".because", has_text="On Hold").get_by_role("link", name="its whole history").first.click()
    expect(anna.page.get_by_role("heading", name="Why is the state")).to_be_visible()

    anna.page.goto(f"/interactions/{number}")
    anna.page.get_by_label("Hand on to a colleague").select_option("Ben Okafor")
    anna.page.get_by_role("button", name="Hand on").click()
    expect(anna.page.locator("#owner")).to_have_text("Ben Okafor")
    ben.page.goto(f"/interactions/{number}")
    ben.page.get_by_label("or to a queue").fill("billing")
    ben.page.get_by_role("button", name="Hand on").click()
    expect(anna.page.locator("#owner")).to_have_text("queue billing")  # the colleague sees it at once
    anna.page.get_by_role("button", name="take it").click()
    expect(anna.page.locator("#owner")).to_have_text("Anna Bauer")


def test_R30_filters_and_order_live_in_the_address_and_need_no_javascript(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Bruno")
    number = sent(windows.product, customer, "Plain")
    done(windows.product, "add_work_note", interaction=number, text="Only for us")
    anna = windows.agent("anna", java_script_enabled=False)
    anna.page.goto(f"/interactions/{number}?show=all&order=oldest")
    first = anna.page.locator("#stream > article, #stream > details").first
    expect(first).to_contain_text(re.compile("Created|composed", re.IGNORECASE))
    anna.page.get_by_role("link", name="Newest first").click()
    assert "order=newest" in anna.page.url and "show=all" in anna.page.url
    anna.page.get_by_role("link", name="Notes").click()
    expect(anna.page.locator("#stream article")).to_have_text(re.compile("Only for us"))
    anna.page.get_by_role("button", name="Close e").click()
    expect(anna.page.locator(".wrap")).to_contain_text(re.compile(r"at \d\d:\d\d:\d\d UTC"))


def test_R27_an_unfinished_wrap_up_counts_down_says_so_and_ends_by_itself(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Cleo")
    number = sent(windows.product, customer, "To be closed")
    anna = windows.agent("anna")
    anna.page.goto(f"/interactions/{number}")
    expect(anna.page.get_by_role("combobox", name="Search interactions")).to_be_visible()  # the keys are there
    anna.page.once("dialog", lambda asked: asked.accept())
    anna.page.keyboard.press("e")
    timer = anna.page.get_by_role("timer")
    expect(timer).to_have_text(re.compile(r"in 1 min 5\d s"))
    later(windows.product, seconds=115)
    anna.page.reload()
    expect(timer).to_have_text(re.compile(r"in \d s"))
    expect(anna.page.locator(".wrap [role=status]")).to_contain_text("seconds until it closes by itself")
    expect(anna.page.locator(".facts .state")).to_have_text("Closed Complete")  # and nobody touched anything
    expect(fact(anna.page, "Wrap-up")).to_contain_text("Issue resolved")


def test_R14_a_mail_in_doubt_is_for_a_person_to_decide(windows: Windows) -> None:
    anna = windows.agent("anna")
    numbers = []
    for matter in ("first", "second"):
        address = f"vanish.{uuid.uuid4().hex[:8]}@customer.example"
        content = {"subject": matter, "text": "Did it arrive?"}
        made = done(windows.product, "compose", address=address, send=True, hold="PT0S", content=content)
        numbers.append(made["interaction"])
    for number, choice in zip(numbers, ("Send again", "Mark as sent"), strict=True):
        anna.page.goto(f"/interactions/{number}")
        expect(anna.page.locator(".deliveries")).to_contain_text("Nobody knows whether it arrived")
        anna.page.get_by_role("button", name=choice).click()
        expect(anna.page.locator(".fate.accepted")).to_be_visible()
        expect(anna.page.locator(".facts .state")).to_have_text("On Hold")


def test_R21_a_mail_that_matches_nothing_is_attached_from_its_page_or_put_aside(windows: Windows) -> None:
    customer, address = new_customer(windows.product, "Dora")
    number = sent(windows.product, customer, "Where it belongs")
    anna = windows.agent("anna")
    for subject in ("Out of the blue", "Buy now"):
        stray(windows.product, address if subject == "Out of the blue" else "shop@elsewhere.example", subject)
        _until_listed(anna, subject)
    anna.page.get_by_role("link", name="Out of the blue").click()
    expect(anna.page.locator(".theirs")).to_contain_text("Words of Out of the blue")
    anna.page.get_by_role("button", name=f"Attach here to {number}").click()
    expect(anna.page.locator("#stream .theirs")).to_contain_text("Words of Out of the blue")
    expect(anna.page.locator(".facts .state")).to_have_text("Work in Progress")
    anna.page.goto("/unmatched")
    anna.page.get_by_role("link", name="Buy now").click()
    anna.sees("No open interaction is with somebody of this address")
    anna.page.get_by_role("button", name="Take off the list").click()
    expect(anna.page.get_by_role("link", name="Buy now")).to_have_count(0)


def test_R19_R20_R24_the_sample_world_answers_in_three_ways_and_its_time_can_be_moved(windows: Windows) -> None:
    customer, address = new_customer(windows.product, "Emil")
    number = sent(windows.product, customer, "A question")
    anna, watching = windows.agent("anna"), windows.agent("anna")
    watching.page.goto(f"/interactions/{number}")
    expect(watching.page.locator(".fate.accepted")).to_be_visible()
    anna.page.goto(f"/captured?to={address}")
    anna.page.get_by_role("button", name="Out of office").click()
    anna.sees("counts as no answer")
    expect(watching.page.locator(".theirs")).to_contain_text("automatic reply")
    expect(watching.page.locator(".facts .state")).to_have_text("On Hold")

    other, second = new_customer(windows.product, "Fee")
    waiting = sent(windows.product, other, "Another question")
    anna.page.goto(f"/captured?to={second}")
    anna.page.get_by_role("button", name="+ a day").click()
    anna.sees("a day later now")
    anna.page.goto(f"/captured?to={second}")
    expect(anna.page.locator("#mails article")).to_have_count(2)  # the reminder arrives by itself
    watching.page.goto(f"/interactions/{waiting}")
    anna.page.locator("#mails article").last.locator("summary").click()
    anna.page.get_by_role("button", name="Bounce").last.click()
    anna.sees("The mail came back")
    expect(watching.page.locator("#attention")).to_contain_text("A mail came back")
    expect(watching.page.locator(".facts .state")).to_have_text("Work in Progress")
    watching.page.goto(f"/customers/{other}")
    expect(watching.page.locator(".warn").first).to_be_visible()


def stray(product: Running, sender: str, subject: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "care@postroom.example", subject
    mail["Message-ID"] = f"<{uuid.uuid4().hex}@elsewhere.example>"
    mail.set_content(f"Words of {subject}")
    with SMTP("127.0.0.1", product.inbound_port) as line:
        line.send_message(mail)


def until_on_hold(product: Running, number: str) -> None:
    with product.client("anna") as anna:
        wait_until(lambda: anna.get(f"/v1/interactions/{number}").json()["state"] == "on_hold", 20, f"{number} left")


def _until_listed(agent: Agent, subject: str) -> None:
    """The list is asked for again until the mail stands there."""

    def look() -> None:
        agent.page.goto("/unmatched")
        expect(agent.page.get_by_role("link", name=subject)).to_be_visible(timeout=300)

    for _ in range(20):
        try:
            return look()
        except AssertionError:
            continue
    look()
