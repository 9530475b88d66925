"""R29: what a template's variables become, in words, in HTML and in a subject; a name never becomes markup or a header."""

from __future__ import annotations

import pytest

from models.queries import templates
from models.queries.views import TemplateView
from tests.harness import House, parsed

NAME = "Zoë <b>O'Hara</b> & Co $number"
VALUES = {"customer_name": NAME, "agent_name": "Anna", "number": "IMS0001042", "signature": "Anna\n<Care>"}


def filled(text: str) -> tuple[str, str, str, list[str]]:
    found = templates.fill(TemplateView(name="t", subject=text, text=text, html=text), VALUES)
    return found.subject, found.text, found.html, found.unknown


def test_R29_a_value_stands_as_it_is_in_words_and_escaped_in_html() -> None:
    subject, text, html, unknown = filled("Dear $customer_name,")
    assert subject == text == f"Dear {NAME},"
    assert html == "Dear Zoë &lt;b&gt;O&#x27;Hara&lt;/b&gt; &amp; Co $number,"
    assert unknown == []


def test_R29_lines_of_a_signature_stay_lines_but_never_in_a_subject() -> None:
    subject, text, html, _ = filled("$signature")
    assert (subject, text, html) == ("Anna <Care>", "Anna\n<Care>", "Anna<br>&lt;Care&gt;")


@pytest.mark.parametrize(
    ("written", "becomes", "unknown"),
    [
        ("${number}x", "IMS0001042x", []),
        ("$numbers", "$numbers", ["numbers"]),
        ("$$5 or $5 or 5 $", "$5 or $5 or 5 $", []),
        ("$gift and ${gift}", "$gift and ${gift}", ["gift"]),
        ("${}", "${}", []),
        ("", "", []),
    ],
)
def test_R29_what_is_no_variable_stays_and_is_named(written: str, becomes: str, unknown: list[str]) -> None:
    subject, text, html, named = filled(written)
    assert subject == text == html == becomes and named == unknown


def test_R29_each_agent_gets_their_own_name_and_signature(house: House) -> None:
    number = house.compose("anna")["interaction"]
    house.do(
        "root",
        "upsert_principal",
        principal="bert",
        role="agent",
        name="Bert Böhm",
        signature="-- \nBert",
        amqp_user="bert",
    )
    house.do(
        "mona",
        "upsert_template",
        name="hello",
        subject="Re $number",
        text="Dear $customer_name\n$agent_name\n$signature",
    )
    for agent, end in (("anna", "Anna\n"), ("bert", "Bert Böhm\n-- \nBert")):
        found = templates.render("hello", number, agent)
        assert (found.subject, found.text) == (f"Re {number}", f"Dear Carl\n{end}")


def test_R29_a_filled_template_leaves_as_it_was_shown(house: House) -> None:
    house.do(
        "crm", "upsert_customer", customer="carl", kind="contact", name=NAME, addresses=[{"address": "carl@x.example"}]
    )
    house.do(
        "mona",
        "upsert_template",
        name="t",
        subject="To $customer_name",
        text="Hi $customer_name",
        html="<p>$customer_name</p>",
    )
    made = house.compose("anna")
    found = templates.render("t", made["interaction"], "anna")
    saved = house.save("anna", made["draft"], made["revision"], subject=found.subject, text=found.text, html=found.html)
    house.send("anna", made["draft"], saved["revision"])
    house.pump()
    message = parsed(house.post.sent[-1][2])
    assert message["Subject"] == f"To {NAME}"
    for kind, words in (("plain", f"Hi {NAME}"), ("html", found.html)):
        part = message.get_body((kind,))
        assert part is not None and part.get_content().strip() == words
    assert "<b>" not in found.html
