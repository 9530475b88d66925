"""The seed's procedure, step by step, with two agents at two browsers: nobody writes unknowingly, everybody sees what changed."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.workspace.conftest import Windows
from tests.workspace.desk import new_customer


def test_R1_R4_R5_R15_R18_R27_two_agents_live_through_a_whole_interaction(windows: Windows) -> None:
    customer, address = new_customer(windows.product, "Nora")
    anna, ben = windows.agent("anna"), windows.agent("ben")

    number = anna.compose(customer)
    expect(anna.page.get_by_label("To", exact=True)).to_have_value(address)
    expect(anna.page.locator(".state")).to_have_text("Work in Progress")
    expect(anna.page.locator("#owner")).to_have_text("you")
    anna.write("Your delivery", "Dear Nora, half written")
    anna.saved()

    ben.page.goto(f"/customers/{customer}")
    ben.sees("1 open already")
    assert ben.compose(customer) == number
    ben.sees("also has a draft for this customer")
    expect(ben.page.locator("#owner")).to_have_text("you")
    expect(anna.page.locator("#moved")).to_contain_text("owner changed to Ben Okafor")
    expect(anna.page.locator("#owner")).to_have_text("Ben Okafor")

    ben.page.get_by_role("link", name="Read it").click()
    ben.sees("Dear Nora, half written")
    ben.page.go_back()
    ben.write("Your delivery", "Dear Nora, it arrives on Monday.")
    ben.send()
    expect(ben.page.get_by_role("button", name="Undo")).to_be_visible()
    expect(ben.page.locator(".facts .state")).to_have_text("On Hold")
    expect(ben.page.locator(".fate.accepted")).to_have_text("Accepted")

    ben.goes_to("/captured")
    mail = ben.page.locator("article", has_text=address)
    expect(mail).to_contain_text("it arrives on Monday")
    watching = ben.page.context.new_page()
    watching.goto("/list/my")
    mail.get_by_role("textbox").fill("Thank you, Monday is fine.")
    mail.get_by_role("button", name="Answer").click()

    expect(watching.locator("#ongoing-total")).to_have_text("1")
    expect(watching).to_have_title(re.compile(r"^\(1\) "))
    watching.locator("#ongoing a", has_text="Nora").click()
    expect(watching.get_by_text("Monday is fine")).to_be_visible()
    expect(watching.locator(".facts .state")).to_have_text("Work in Progress")
    expect(watching.locator("#ongoing-total")).to_be_hidden()

    expect(watching.get_by_role("combobox", name="Search interactions")).to_be_visible()  # the keys are there
    watching.once("dialog", lambda asked: asked.accept())
    watching.keyboard.press("e")
    watching.get_by_label("Wrap-up code").select_option("Information given")
    watching.get_by_role("button", name="Close").click()
    expect(watching.locator(".facts .state")).to_have_text("Closed Complete")
    expect(watching.get_by_text("Information given")).to_be_visible()


def test_R12_a_send_that_missed_something_is_held_until_it_was_read(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Otto")
    anna, ben = windows.agent("anna"), windows.agent("ben")
    anna.compose(customer)
    anna.write("From Anna", "Anna's words")
    anna.saved()
    ben.compose(customer)
    ben.write("From Ben", "Ben was first")
    ben.send()
    expect(ben.page.locator(".facts .state")).to_have_text("On Hold")
    anna.send()
    expect(anna.page.get_by_role("alert")).to_contain_text("Ben Okafor sent a mail")
    anna.sees("Ben was first")
    anna.page.get_by_role("button", name="Send all the same").click()
    expect(anna.page.locator(".fate.accepted")).to_have_count(2)


def test_R16_undo_makes_it_a_draft_again(windows: Windows) -> None:
    customer, address = new_customer(windows.product, "Pia")
    anna = windows.agent("anna")
    anna.compose(customer)
    anna.write("Too early", "Not yet")
    anna.send()
    anna.page.get_by_role("button", name="Undo").click()
    anna.sees("Taken back")
    anna.has_written("Not yet")
    anna.page.goto("/captured")
    expect(anna.page.locator("article", has_text=address)).to_have_count(0)


def test_R8_taking_over_is_a_decision_of_its_own(windows: Windows) -> None:
    customer, _ = new_customer(windows.product, "Quentin")
    anna, ben = windows.agent("anna"), windows.agent("ben")
    number = anna.compose(customer)
    anna.write("Begun", "Anna began this")
    anna.saved()
    ben.page.goto(f"/interactions/{number}")
    ben.page.locator("section", has_text="Being written").get_by_role("link").click()
    ben.page.get_by_role("button", name="Take it over").click()
    ben.has_written("Anna began this")
    ben.page.get_by_role("link", name="Versions").click()
    ben.sees("Version 2")
