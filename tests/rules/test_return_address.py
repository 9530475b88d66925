"""R20: what comes to a signed envelope sender of ours is no person's answer, whatever language it speaks; no word of it is lost."""

from __future__ import annotations

import pytest

from models import tables as t
from models.addresses import NULL_SENDER
from tests.harness import House, parsed

TO = "carl@x.example"
CZECH = "Vážený odesílateli, zprávu se nepodařilo předat. Schránka neexistuje."


def written(text: str, subject: str = "Zpráva", sender: str = "posta@x.example", **headers: str) -> bytes:
    named = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    head = f"From: {sender}\nTo: care@postroom.example\nSubject: {subject}\nMessage-ID: <{len(text)}@x.example>\n"
    return f"{named}{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n".encode()


def test_R20_a_bounce_in_a_language_nobody_here_knows_is_one_by_its_envelope(house: House) -> None:
    sent = house.mailed("anna")
    row = house.arrive(written(CZECH), house.post.sent[0][0], NULL_SENDER)
    found = house.interaction(sent["interaction"])
    assert (row.result["kind"], house.mail(sent["mail"]).state) == ("bounce", "bounced")
    assert (found.state, found.attention, found.unread, found.reminders_stopped) == (
        "work_in_progress",
        "bounced",
        0,
        True,
    )
    assert CZECH in t.Incoming.get_by_id(row.result["incoming"]).text
    assert t.Suppression.select().count() == 0  # nobody knows that the address is to blame


def test_R20_its_status_says_whether_the_address_is_to_blame(house: House) -> None:
    house.mailed("anna")
    house.arrive(written(f"{CZECH} (5.1.1)"), house.post.sent[0][0], NULL_SENDER)
    assert t.Suppression.get(t.Suppression.address_key == TO).scope == "all"


def test_R20_a_passing_reason_in_such_a_bounce_moves_nothing_but_is_told(house: House) -> None:
    sent = house.mailed("anna")
    house.arrive(written("Schránka je plná (4.2.2)."), house.post.sent[0][0], NULL_SENDER)
    found = house.interaction(sent["interaction"])
    assert (found.state, found.attention, house.mail(sent["mail"]).state) == ("on_hold", "bounced", "sent")


@pytest.mark.parametrize(
    ("sender", "subject", "text", "headers"),
    [
        ("", "Re: Your order", "Ich lese Ihre Mail bald.", {}),
        ("carl@x.example", "Re: Your order", "Jsem pryč.", {}),
        (NULL_SENDER, "Automatic reply: Your order", "I am away.", {}),
        (NULL_SENDER, "Your order", "Back on 9 March 2026.", {}),
        (NULL_SENDER, "Your order", "Pryč.", {"Auto_Submitted": "auto-replied"}),
        ("carl@x.example", "Your order", "Pryč.", {"List_Id": "<a.x.example>"}),
    ],
)
def test_R19_whatever_else_comes_there_is_shown_and_wakes_nobody(
    house: House, sender: str, subject: str, text: str, headers: dict[str, str]
) -> None:
    sent = house.mailed("anna")
    row = house.arrive(written(text, subject, TO, **headers), house.post.sent[0][0], sender)
    found = house.interaction(sent["interaction"])
    assert row.result["kind"] == "automatic"
    assert (found.state, found.unread, found.reply_at, house.mail(sent["mail"]).state) == ("on_hold", 0, None, "sent")
    assert t.Incoming.get_by_id(row.result["incoming"]).text == text


def test_R19_from_the_null_path_nobody_expects_an_answer_though_no_header_says_so(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    reply_to = str(parsed(house.post.sent[0][2])["Reply-To"])
    row = house.arrive(written("Nejsem v kanceláři.", sender=TO), reply_to, NULL_SENDER)
    assert (row.result["kind"], house.state(number)) == ("automatic", "on_hold")
    row = house.arrive(written("Modrou, prosím.", sender=TO), reply_to, TO)
    assert (row.result["kind"], house.state(number)) == ("human", "work_in_progress")
