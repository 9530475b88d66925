"""R15 and R16 where several things meet one mail: who may hold it back, what came in between, what a second acceptance does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from models import tables as t
from tests.harness import DAY, DEFERRED, HOUR, MINUTE, SECOND, START, House, dsn, parsed
from workers import handlers

Open = Callable[..., House]
TO = "carl@x.example"
COPY = "copy@x.example"


def test_R15_a_reply_between_two_attempts_keeps_it_at_work_and_unread(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.post.answers(TO, DEFERRED, DEFERRED)
    more = house.do("anna", "compose_reply", interaction=number, content={"text": "2"}, send=True)
    house.pump()
    house.answer(text="wait, one more thing")
    house.advance(HOUR)
    row = house.interaction(number)
    assert house.mail(more["mail"]).state == "sent" and (row.state, row.unread) == ("work_in_progress", 1)


@pytest.mark.parametrize("bounced", [False, True])
def test_R15_only_the_first_acceptance_of_a_mail_moves_anything(house: House, bounced: bool) -> None:
    house.post.answers(COPY, DEFERRED)
    answer = house.mailed("anna", cc=[COPY])
    house.do("anna", "transfer", interaction=answer["interaction"], to_agent="bert")
    if bounced:
        house.arrive(dsn(house, TO), house.post.sent[0][0])
    house.advance(HOUR)
    row = house.interaction(answer["interaction"])
    assert {each.state for each in house.deliveries(answer["mail"])} == {
        "accepted",
        "bounced" if bounced else "accepted",
    }
    assert (row.owner, row.agent_mail_at) == ("bert", START)
    assert row.state == ("work_in_progress" if bounced else "on_hold")


def test_R16_the_hold_counts_from_when_the_command_was_accepted(open_house: Open) -> None:
    house = open_house(undo_hold="PT10S")
    wish = house.command("compose", customer="carl", content={"text": "x"}, send=True)
    row = house.accept("anna", wish)
    house.leap(4 * SECOND)
    handlers.resume(house.world, row.id)
    assert t.Mail.get().leave_at == START + 10 * SECOND


def test_R16_what_was_taken_back_once_is_not_taken_back_again(house: House) -> None:
    draft = house.written("anna")["draft"]
    first = house.send("anna", draft, 1, hold="PT1H")["mail"]
    house.do("anna", "cancel_send", mail=first)
    second = house.send("anna", draft, 1, hold="PT1H")["mail"]
    assert house.refused("already_sent", "anna", "cancel_send", mail=first).result == {"state": "cancelled"}
    assert house.draft(draft).state == "queued", "it waits with the second mail"
    house.advance(2 * HOUR)
    assert house.mail(second).state == "sent"


@pytest.mark.parametrize("user", ["anna", "bert", "mona"])
def test_R16_the_sender_undoes_and_the_owner_and_a_manager(house: House, user: str) -> None:
    mail = house.send("anna", house.written("anna")["draft"], 1, hold="PT1H")["mail"]
    assert house.interaction(house.compose("bert")["interaction"]).owner == "bert"
    house.refused("forbidden", "cleo", "cancel_send", mail=mail)
    house.do(user, "cancel_send", mail=mail)
    assert house.mail(mail).state == "cancelled"


def test_R16_a_time_that_is_over_is_now(house: House) -> None:
    house.advance(DAY)
    draft = house.written("anna")["draft"]
    assert house.send("anna", draft, 1, send_at=START.isoformat())["state"] == "queued"
    house.pump()
    assert parsed(house.post.sent[0][2])["Date"].datetime == house.now


@pytest.mark.parametrize("wish", [{"hold": "PT1H"}, {"hold": "PT0S"}, {"send_at": (START + DAY).isoformat()}])
def test_R16_whatever_nobody_claimed_is_held_back_when_the_customer_writes(house: House, wish: dict[str, Any]) -> None:
    number = house.mailed("anna")["interaction"]
    draft = house.do("bert", "compose_reply", interaction=number, content={"text": "2"})["draft"]
    mail = house.send("bert", draft, 1, **wish)["mail"]
    house.answer(text="never mind")
    assert house.mail(mail).state == "cancelled" and house.draft(draft).state == "open"
    assert [event.data["notify"] for event in house.events(number, "mail_held_back")] == [["bert"]]
    house.advance(2 * DAY)
    assert len(house.post.sent) == 1


def test_R16_a_reminder_that_an_answer_drops_is_nobodys_draft(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    number = house.mailed("anna")["interaction"]
    house.leap(2 * DAY + MINUTE)
    handlers.fire(house.world, t.id_of(number), "reminder")  # queued, and not claimed yet
    house.answer()
    row = house.interaction(number)
    assert t.Mail.get(t.Mail.kind == "reminder").state == "cancelled" and row.attention is None
    assert house.events(number, "mail_held_back") == []
