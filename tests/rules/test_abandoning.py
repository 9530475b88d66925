"""R25 at its edges: what was received, what was only opened, what was accepted long before it was decided."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models import tables as t
from producers.intake import take_in
from tests.harness import DAY, DEFERRED, HOUR, MINUTE, START, UNCERTAIN, House, dsn
from tests.rules.test_replies import CARE, stranger
from workers import handlers

Open = Callable[..., House]
TO = "carl@x.example"


def inbound(house: House) -> str:
    """An interaction that began with the customer's mail."""
    stray = house.arrive(stranger(), CARE)
    return str(house.do("anna", "attach_unmatched", incoming=stray.result["incoming"])["interaction"])


def test_R25_what_only_the_customer_wrote_on_is_never_abandoned(house: House) -> None:
    number = inbound(house)
    draft = house.do("anna", "compose_reply", interaction=number, content={"text": "half"})["draft"]
    house.advance(60 * DAY)
    house.do("anna", "discard_draft", draft=draft)
    assert house.state(number) == "work_in_progress"


def test_R25_R27_closing_what_the_customer_wrote_on_is_no_abandonment(house: House) -> None:
    assert house.do("anna", "close", interaction=inbound(house))["state"] == "wrap_up"


def test_R27_closing_what_came_back_is_no_abandonment_for_it_was_sent(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.arrive(dsn(house, TO), house.post.sent[0][0])
    assert house.state(number) == "work_in_progress"
    assert house.do("anna", "close", interaction=number)["state"] == "wrap_up"


def test_R27_the_default_code_can_be_chosen_though_nobody_listed_it(open_house: Open) -> None:
    house = open_house(wrap_up_codes="Sold,Lost", wrap_up_default="Nobody said")
    number = house.mailed("anna")["interaction"]
    house.do("anna", "close", interaction=number)
    house.refused("unknown_code", "anna", "submit_wrap_up", interaction=number, code="Issue resolved")
    assert house.do("anna", "submit_wrap_up", interaction=number, code="Nobody said")["state"] == "closed_complete"


def test_R26_R28_who_waited_for_the_last_mail_on_its_way_closes_as_soon_as_it_is_settled(open_house: Open) -> None:
    house = open_house(inactivity_after="P10D", retry_pauses="P11D", give_up_after="P20D")
    house.post.answers("copy@x.example", DEFERRED)
    number = house.mailed("anna", cc=["copy@x.example"])["interaction"]
    house.advance(11 * DAY - MINUTE, sweep=False)
    assert house.state(number) == "on_hold"
    house.advance(2 * MINUTE, sweep=False)  # nobody sweeps: it is rung for
    assert house.state(number) == "closed_complete"


def test_R25_leaving_discards_nothing_that_has_words_or_waits_to_leave(house: House) -> None:
    begun = house.written("anna")
    waits = house.compose("bert")
    house.send("bert", waits["draft"], 1, hold="PT1H")
    for agent, draft in (("anna", begun["draft"]), ("bert", waits["draft"])):
        assert house.do(agent, "leave_draft", draft=draft)["discarded"] is False
    assert [house.draft(each["draft"]).state for each in (begun, waits)] == ["open", "queued"]


def test_R25_any_draft_counts_not_only_the_owners(house: House) -> None:
    mine, number = house.written("anna")["draft"], house.compose("bert")["interaction"]
    house.advance(20 * DAY)
    house.do("anna", "open_draft", draft=mine)
    house.advance(20 * DAY)
    assert (house.state(number), house.interaction(number).owner) == ("work_in_progress", "bert")


def test_R25_the_days_count_from_the_acceptance_of_the_first_compose(house: House) -> None:
    row = house.accept("anna", house.command("compose", customer="carl", content={"text": "x"}))
    house.leap(10 * DAY)
    handlers.resume(house.world, row.id)
    number = house.row("anna", row.command_id).result["interaction"]
    assert house.interaction(number).activity_at == START
    house.advance(20 * DAY + MINUTE)
    assert house.state(number) == "closed_abandoned"


def test_R25_a_command_decided_late_takes_no_day_back(house: House) -> None:
    mine = house.written("anna")
    house.leap(DAY)
    late = house.accept(
        "anna", house.command("save_draft", draft=mine["draft"], base_revision=1, content={"text": "y"})
    )
    house.leap(19 * DAY)
    house.do("bert", "open_draft", draft=mine["draft"])
    handlers.resume(house.world, late.id)
    assert house.text(mine["draft"]) == "y" and house.interaction(mine["interaction"]).activity_at == START + 20 * DAY


def test_R24_R26_a_clock_yields_to_a_report_that_waits_to_be_read(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    number = house.mailed("anna")["interaction"]
    house.leap(3 * DAY)
    back = house.post.sent[0][0]
    (row,) = take_in(house.store, dsn(house, TO), "<>", (back,), "mailroom", "mail", house.now)
    for clock in ("reminder", "inactivity"):
        handlers.fire(house.world, t.id_of(number), clock)
    assert house.interaction(number).reminders_done == 0
    handlers.resume(house.world, row.id)
    house.advance(HOUR)
    assert house.state(number) == "work_in_progress" and len(house.post.sent) == 1


@pytest.mark.parametrize("state", ["deferred", "uncertain"])
def test_R27_mail_that_left_for_some_and_not_for_others_is_pending_too(house: House, state: str) -> None:
    house.post.answers("copy@x.example", DEFERRED if state == "deferred" else UNCERTAIN)
    answer = house.mailed("anna", cc=["copy@x.example"])
    assert house.mail(answer["mail"]).state == "sent" and house.state(answer["interaction"]) == "on_hold"
    row = house.refused("mail_pending", "anna", "close", interaction=answer["interaction"])
    assert row.result["mails"] == [answer["mail"]]
