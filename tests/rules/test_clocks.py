"""R24 to R28: what happens by itself, when, and what keeps it from happening."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from models import clocks
from models import tables as t
from models.queries import interactions
from models.wakes import Queue
from producers.intake import take_in
from tests.harness import DAY, DEFERRED, HOUR, MINUTE, REFUSED, SECOND, START, UNCERTAIN, House, Killed, dsn, parsed
from workers import handlers

Open = Callable[..., House]
TO = "carl@x.example"
TICK = timedelta(microseconds=1)


def reminders(house: House) -> list[bytes]:
    return [data for _, _, data in house.post.sent if parsed(data)["Auto-Submitted"]]


def test_R24_off_unless_configured(house: House) -> None:
    house.mailed("anna")
    house.advance(29 * DAY)
    assert len(house.post.sent) == 1


def test_R24_after_the_period_one_automatic_mail_in_the_same_thread(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    number = house.mailed("anna", subject="Matter")["interaction"]
    house.advance(2 * DAY - SECOND)
    assert reminders(house) == []
    house.advance(SECOND)
    (raw,) = reminders(house)
    first, mail = parsed(house.post.sent[0][2]), parsed(raw)
    assert mail["In-Reply-To"] == first["Message-ID"] and str(mail["Subject"]) == "Re: Matter"
    assert str(mail["References"]).split() == [first["Message-ID"], mail["Message-ID"]]
    assert mail["Auto-Submitted"] == "auto-generated" and mail["To"] == TO
    house.advance(20 * DAY)
    assert len(reminders(house)) == 1 and house.state(number) == "on_hold"


def test_R24_a_list_of_periods_is_a_sequence_counted_from_the_latest_agent_mail(open_house: Open) -> None:
    house = open_house(reminder_after="P2D,P5D,P9D")
    number = house.mailed("anna")["interaction"]
    house.advance(25 * DAY)
    times = [event.at for event in house.events(number, "reminder_queued")]
    assert [round((at - START).total_seconds() / 86400, 3) for at in times] == [2, 5, 9]
    assert len(reminders(house)) == 3


def test_R24_an_agents_further_mail_starts_the_sequence_anew(open_house: Open) -> None:
    house = open_house(reminder_after="P2D,P5D")
    number = house.mailed("anna")["interaction"]
    house.advance(3 * DAY)
    house.do("anna", "compose_reply", interaction=number, content={"text": "2"}, send=True)
    house.pump()
    house.advance(20 * DAY)
    days = [(event.at - START).days for event in house.events(number, "reminder_queued")]
    assert days == [2, 5, 8] and house.interaction(number).reminders_done == 2


def test_R24_the_acceptance_counts_not_the_sending(open_house: Open) -> None:
    house = open_house(reminder_after="P2D", retry_pauses="PT12H")
    house.post.answers(TO, DEFERRED, DEFERRED)
    number = house.mailed("anna")["interaction"]
    house.advance(3 * DAY - MINUTE)
    assert reminders(house) == []
    house.advance(MINUTE)
    assert len(reminders(house)) == 1 and house.interaction(number).agent_mail_at == START + DAY


def test_R24_goes_to_the_accepted_to_addresses_only(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    house.post.answers("bad@x.example", REFUSED)
    house.mailed("anna", to=[TO, "bad@x.example", "two@x.example"], cc=["copy@x.example"], bcc=["blind@x.example"])
    house.advance(3 * DAY)
    reminded = {to for _, to, data in house.post.sent if parsed(data)["Auto-Submitted"]}
    assert reminded == {TO, "two@x.example"}


def test_R24_addresses_suppressed_for_reminders_are_left_out(open_house: Open) -> None:
    house = open_house(reminder_after="P2D,P4D")
    number = house.mailed("anna", to=[TO, "two@x.example"])["interaction"]
    house.do("crm", "suppress_address", address=TO, scope="reminders", reason="unsubscribed")
    house.advance(2 * DAY)
    assert [to for _, to, data in house.post.sent if parsed(data)["Auto-Submitted"]] == ["two@x.example"]
    house.do("crm", "suppress_address", address="two@x.example", scope="reminders", reason="unsubscribed")
    house.advance(5 * DAY)
    assert len(reminders(house)) == 1 and house.events(number, "reminder_skipped")


def test_R24_the_state_is_looked_at_again_when_it_is_claimed(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    number = house.mailed("anna")["interaction"]
    house.do("mona", "pause_sending", reason="maintenance")
    house.advance(2 * DAY + MINUTE)
    assert t.Mail.select().where(t.Mail.kind == "reminder").count() == 1
    house.do("anna", "close", interaction=number, confirm=True)
    house.do("mona", "resume_sending")
    house.advance(HOUR)
    assert reminders(house) == []


def test_R24_a_reminder_that_waits_is_dropped_when_a_newer_mail_was_accepted(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    number = house.mailed("anna")["interaction"]
    house.alarm.lose_all()
    house.leap(2 * DAY)
    handlers.fire(house.world, t.id_of(number), "reminder")  # queued, not claimed
    (wake,) = [item for item in house.alarm.waiting if item[2].queue is Queue.DELIVERY]
    house.alarm.waiting.remove(wake)
    house.leap(SECOND)
    house.do("anna", "compose_reply", interaction=number, content={"text": "2"}, send=True)
    house.pump()
    house.deliver(wake[2])
    assert reminders(house) == [] and house.events(number, "reminder_dropped")


def test_R24_an_answer_before_the_claim_drops_it(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    number = house.mailed("anna")["interaction"]
    house.alarm.lose_all()
    house.leap(2 * DAY)
    handlers.fire(house.world, t.id_of(number), "reminder")
    house.answer()
    house.advance(DAY)
    assert reminders(house) == []
    assert [mail.state for mail in t.Mail.select().where(t.Mail.kind == "reminder")] == ["cancelled"]


@pytest.mark.parametrize("kind", ["contact", "consumer", "guest"])
def test_R24_the_template_of_the_customers_kind_is_used(open_house: Open, kind: str) -> None:
    house = open_house(reminder_after="P2D")
    for name in ("contact", "consumer", "guest"):
        text = f"Dear $customer_name, {name} speaking for $agent_name about $number. $unknown"
        house.do("mona", "upsert_template", name=f"reminder.{name}", subject=f"Reminder {name}", text=text)
    body: dict[str, Any] = {"contact": {"customer": "carl"}, "consumer": {"customer": "cora"}}.get(
        kind, {"address": "guest@q.example"}
    )
    number = house.do("anna", "compose", content={"text": "x"}, send=True, **body)["interaction"]
    house.advance(2 * DAY)
    mail = parsed(reminders(house)[0])
    words = mail.get_body(("plain",)).get_content()
    assert str(mail["Subject"]) == f"Reminder {kind}"
    assert f"{kind} speaking for Anna about {number}. $unknown" in words


def test_R24_a_reminder_changes_no_state_and_does_not_restart_inactivity(open_house: Open) -> None:
    house = open_house(reminder_after="P20D")
    number = house.mailed("anna")["interaction"]
    house.advance(21 * DAY)
    row = house.interaction(number)
    assert len(reminders(house)) == 1 and (row.state, row.agent_mail_at) == ("on_hold", START)
    house.advance(9 * DAY + SECOND)
    assert house.state(number) == "closed_complete"


def test_R24_the_next_one_can_be_skipped(open_house: Open) -> None:
    house = open_house(reminder_after="P2D,P5D")
    number = house.mailed("anna")["interaction"]
    assert house.do("anna", "skip_reminder", interaction=number)["skipped"] == 1
    house.advance(4 * DAY)
    assert reminders(house) == []
    house.advance(2 * DAY)
    assert len(reminders(house)) == 1
    house.refused("no_reminder", "anna", "skip_reminder", interaction=number)


def test_R24_a_reply_to_the_reminder_is_an_answer(open_house: Open) -> None:
    house = open_house(reminder_after="P2D,P5D")
    number = house.mailed("anna")["interaction"]
    house.advance(2 * DAY)
    house.answer()
    house.advance(9 * DAY)
    assert len(reminders(house)) == 1 and house.state(number) == "work_in_progress"


def test_R24_a_refused_reminder_stops_the_sequence_and_keeps_the_state(open_house: Open) -> None:
    house = open_house(reminder_after="P2D,P5D")
    number = house.mailed("anna")["interaction"]
    house.post.answers(TO, REFUSED)
    house.advance(9 * DAY)
    row = house.interaction(number)
    assert (row.state, row.attention) == ("on_hold", "refused") and house.post.tried == [TO, TO]


def test_R25_day_31_closes_an_untouched_one_as_abandoned(house: House) -> None:
    number = house.written("anna")["interaction"]
    house.advance(30 * DAY)
    assert house.state(number) == "work_in_progress"  # *more* than thirty days
    house.advance(DAY)
    row = house.interaction(number)
    assert (row.state, row.consolidation_key) == ("closed_abandoned", None) and row.closed_at is not None
    assert row.closed_at - START <= 30 * DAY + 2 * SECOND


@pytest.mark.parametrize("touch", ["open", "save", "new_draft", "compose_again", "take_over", "colleague"])
def test_R25_day_20_restarts_the_thirty_days(house: House, touch: str) -> None:
    mine = house.written("anna")
    house.advance(20 * DAY)
    if touch == "open":
        house.do("bert", "open_draft", draft=mine["draft"])
    elif touch == "save":
        house.save("anna", mine["draft"], 1, text="y")
    elif touch == "take_over":
        house.do("bert", "take_over_draft", draft=mine["draft"])
    else:
        house.compose("bert" if touch == "colleague" else "anna", new_draft=touch == "new_draft")
    house.advance(11 * DAY)  # day 31
    assert house.state(mine["interaction"]) == "work_in_progress"
    house.advance(19 * DAY - MINUTE)
    assert house.state(mine["interaction"]) == "work_in_progress"
    house.advance(2 * MINUTE)  # day 50
    assert house.state(mine["interaction"]) == "closed_abandoned"


def test_R25_a_reset_leaves_no_further_message_in_the_broker(house: House) -> None:
    mine = house.written("anna")
    for day in range(20):
        house.save("anna", mine["draft"], day + 1, text=f"day {day}")
        house.advance(DAY)
    waiting = [wake for _, _, wake in house.alarm.waiting if wake.queue is Queue.CLOCKS]
    assert len(waiting) == 1
    assert house.clock_row(mine["interaction"], "abandonment").due_at == START + 30 * DAY + TICK, "nor a row written"


def test_R25_R28_clocks_that_stop_and_start_again_have_one_message_each(open_house: Open) -> None:
    house = open_house(reminder_after="P9D")
    number = house.mailed("anna")["interaction"]
    for _ in range(5):
        house.advance(HOUR)
        house.answer(text=f"and at {house.now}")
        house.do("anna", "compose_reply", interaction=number, content={"text": "yes"}, send=True)
        house.pump()
    waiting = [wake.key for _, _, wake in house.alarm.waiting if wake.queue is Queue.CLOCKS]
    assert len(waiting) == len(set(waiting)) == 3


def test_R25_reading_noting_and_transferring_do_not_restart_it(house: House) -> None:
    number = house.written("anna")["interaction"]
    house.advance(20 * DAY)
    house.do("bert", "add_work_note", interaction=number, text="look")
    house.do("anna", "transfer", interaction=number, to_agent="bert")
    house.do("bert", "mark_read", interaction=number)
    house.advance(10 * DAY + MINUTE)
    assert house.state(number) == "closed_abandoned"


def test_R25_once_sent_or_received_it_is_never_abandoned(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.advance(DAY)
    house.answer()
    house.advance(400 * DAY)
    assert house.state(number) == "work_in_progress"


def test_R25_discarding_the_last_draft_closes_at_once(house: House) -> None:
    one, two = house.written("anna"), house.written("bert")
    house.do("anna", "discard_draft", draft=one["draft"])
    assert house.state(one["interaction"]) == "work_in_progress"
    assert house.do("bert", "discard_draft", draft=two["draft"])["state"] == "closed_abandoned"


def test_R25_leaving_an_unwritten_composer_leaves_no_orphan(house: House) -> None:
    mine = house.compose("anna")
    assert house.do("anna", "leave_draft", draft=mine["draft"])["discarded"] is True
    assert house.state(mine["interaction"]) == "closed_abandoned"


def test_R25_leaving_a_written_draft_keeps_it(house: House) -> None:
    mine = house.compose("anna")
    house.save("anna", mine["draft"], 1, text="something")
    assert house.do("anna", "leave_draft", draft=mine["draft"])["discarded"] is False
    assert house.state(mine["interaction"]) == "work_in_progress"


def test_R25_discarding_on_a_sent_interaction_does_not_close_it(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    draft = house.do("anna", "compose_reply", interaction=number)["draft"]
    house.do("anna", "discard_draft", draft=draft)
    assert house.state(number) == "on_hold"


@pytest.mark.parametrize("by", ["draft", "alias", "customer", "interaction"])
def test_R25_a_firing_check_yields_to_an_accepted_undecided_command(house: House, by: str) -> None:
    mine = house.compose("anna", draft="mine-1", content={"text": "x"})
    house.leap(30 * DAY)
    content = {"base_revision": 1, "content": {"text": "in time"}}
    command = {
        "draft": lambda: house.command("save_draft", draft=mine["draft"], **content),
        "alias": lambda: house.command("save_draft", draft="mine-1", **content),
        "customer": lambda: house.command("compose", customer="carl"),
        "interaction": lambda: house.command("compose_reply", interaction=mine["interaction"]),
    }[by]()
    row = house.accept("anna", command)
    house.leap(DAY)
    handlers.fire(house.world, t.id_of(mine["interaction"]), "abandonment")
    assert house.state(mine["interaction"]) == "work_in_progress"
    handlers.resume(house.world, row.id)
    assert house.row("anna", command.id).state == "done"
    house.pump()
    assert house.state(mine["interaction"]) == "work_in_progress"
    house.advance(28 * DAY)
    assert house.state(mine["interaction"]) == "work_in_progress"
    house.advance(2 * DAY)  # counted from the acceptance of the command
    assert house.state(mine["interaction"]) == "closed_abandoned"


def test_R25_one_step_compose_by_address_makes_the_check_yield_too(house: House) -> None:
    mine = house.written("anna")
    house.leap(30 * DAY)
    row = house.accept("anna", house.command("compose", address=TO))
    house.leap(DAY)
    handlers.fire(house.world, t.id_of(mine["interaction"]), "abandonment")
    handlers.resume(house.world, row.id)
    answer = house.row("anna", row.command_id).result
    assert answer["interaction"] == mine["interaction"]


def taken_in(house: House, by: str) -> list[t.Command]:
    """An answer that the mailroom said 250 to and nobody read yet."""
    ours = parsed(house.post.sent[0][2])
    to = str(ours["Reply-To"]) if by == "envelope" else "care@postroom.example"
    cited = str(ours["Message-ID"]) if by == "citation" else "<else@x.example>"
    raw = f"From: {TO}\nTo: {to}\nMessage-ID: <a@x.example>\nIn-Reply-To: {cited}\n\nThank you.\n".encode()
    return take_in(house.store, raw, TO, (to,), "mailroom", "mail", house.now)


@pytest.mark.parametrize("by", ["envelope", "citation"])
@pytest.mark.parametrize("clock", ["reminder", "inactivity"])
def test_R24_R26_a_clock_yields_to_an_answer_that_waits_to_be_read(open_house: Open, clock: str, by: str) -> None:
    house = open_house(reminder_after="P2D" if clock == "reminder" else "")
    number = house.mailed("anna")["interaction"]
    house.leap(31 * DAY)
    (row,) = taken_in(house, by)
    house.alarm.lose_all()
    handlers.fire(house.world, t.id_of(number), clock)
    house.advance(MINUTE, sweep=False)
    assert house.state(number) == "on_hold" and house.interaction(number).reminders_done == 0
    handlers.resume(house.world, row.id)
    house.advance(DAY)
    assert house.state(number) == "work_in_progress" and reminders(house) == []


def test_R24_a_reminder_at_the_door_yields_to_an_answer_that_waits_to_be_read(open_house: Open) -> None:
    house = open_house(reminder_after="P2D", retry_pauses="PT5M")
    house.mailed("anna")
    house.post.answers(TO, DEFERRED)
    house.advance(2 * DAY + MINUTE)
    (row,) = taken_in(house, "envelope")
    house.advance(6 * MINUTE, sweep=False)  # it looks each second
    assert reminders(house) == []
    handlers.resume(house.world, row.id)
    house.advance(DAY)
    assert reminders(house) == []


def test_R24_a_forged_or_foreign_mail_holds_no_clock_up_once_it_is_read(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    house.mailed("anna")
    forged = str(parsed(house.post.sent[0][2])["Reply-To"]).replace("@", "x@")
    house.leap(2 * DAY)
    (row,) = take_in(house.store, b"From: e@e.example\n\nx", "", (forged,), "mailroom", "mail", house.now)
    house.advance(MINUTE)
    handlers.resume(house.world, row.id)
    house.advance(MINUTE)
    assert len(reminders(house)) == 1


PENDING = {
    "scheduled": {"send_at": (START + 100 * DAY).isoformat()},
    "held": {"hold": "P100D"},
    "queued": {},
    "deferred": {},
    "uncertain": {},
    "transmitting": {},
}


@pytest.mark.parametrize("kind", list(PENDING))
def test_R25_R26_mail_on_its_way_blocks_the_automatic_closing(open_house: Open, kind: str) -> None:
    house = open_house(
        give_up_after="P60D", retry_pauses="P40D", delivery_lease="P40D", smtp_final_timeout_seconds="900"
    )
    if kind == "queued":
        house.do("mona", "pause_sending", reason="maintenance")
    house.post.answers(TO, *{"deferred": [DEFERRED], "uncertain": [UNCERTAIN], "transmitting": [Killed]}.get(kind, []))
    answer = house.compose("anna", content={"text": "x"}, send=True, **PENDING[kind])
    house.advance(MINUTE)
    house.leap(35 * DAY)  # a blocked clock looks every quarter of a minute: too often to walk through
    house.advance(MINUTE)
    assert house.state(answer["interaction"]) == "work_in_progress"


def test_R26_thirty_days_without_an_answer_close_complete_with_the_code(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.advance(30 * DAY - SECOND)
    assert house.state(number) == "on_hold"
    house.advance(SECOND)
    row = house.interaction(number)
    assert (row.state, row.wrap_up_code) == ("closed_complete", "Closed due to customer inactivity")
    assert row.closed_at == START + 30 * DAY


def test_R26_a_second_mail_on_its_way_blocks_it(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    at = (START + 40 * DAY).isoformat()
    house.do("anna", "compose_reply", interaction=number, content={"text": "2"}, send=True, send_at=at)
    house.leap(40 * DAY - MINUTE)
    house.advance(30 * SECOND)
    assert house.state(number) == "on_hold"
    house.advance(2 * DAY)
    assert house.interaction(number).agent_mail_at == START + 40 * DAY
    house.advance(29 * DAY + HOUR)
    assert house.state(number) == "closed_complete"


@pytest.mark.parametrize("work", ["opened", "taken over", "begun"])
def test_R26_to_look_at_a_draft_is_no_edit(house: House, work: str) -> None:
    number = house.mailed("anna")["interaction"]
    draft = house.do("anna", "compose_reply", interaction=number, content={"text": "half"})["draft"]
    house.advance(25 * DAY)
    if work == "opened":
        house.do("bert", "open_draft", draft=draft)
        house.do("anna", "open_draft", draft=draft)
    elif work == "taken over":
        house.do("bert", "take_over_draft", draft=draft)
    else:
        house.do("bert", "compose_reply", interaction=number)
    house.advance(5 * DAY)
    assert house.state(number) == "closed_complete"


def test_R26_a_further_mail_begun_with_words_is_an_edit(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.advance(25 * DAY)
    house.do("bert", "compose_reply", interaction=number, content={"text": "half"})
    house.advance(29 * DAY)
    assert house.state(number) == "on_hold"


def test_R26_a_mail_taken_back_is_an_edit(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    later = {"send_at": (START + 60 * DAY).isoformat(), "content": {"text": "2"}}
    mail = house.do("anna", "compose_reply", interaction=number, send=True, **later)["mail"]
    house.leap(40 * DAY)
    house.do("anna", "cancel_send", mail=mail)
    house.advance(29 * DAY)
    assert house.state(number) == "on_hold"
    house.advance(2 * DAY)
    assert house.state(number) == "closed_complete"


@pytest.mark.parametrize("base", [2, 1])
def test_R26_an_edit_within_the_period_blocks_it_too_and_one_that_came_second(house: House, base: int) -> None:
    number = house.mailed("anna")["interaction"]
    draft = house.do("anna", "compose_reply", interaction=number)["draft"]
    house.save("anna", draft, 1, text="thinking")
    house.advance(25 * DAY)
    row = house.ask("anna", "save_draft", draft=draft, base_revision=base, content={"text": "still thinking"})
    assert row.code == (None if base == 2 else "conflict")
    house.advance(29 * DAY)
    assert house.state(number) == "on_hold"
    house.advance(2 * DAY)
    assert house.state(number) == "closed_complete"


def test_R27_close_wraps_up_and_a_configured_code_completes(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    assert house.do("anna", "close", interaction=number)["state"] == "wrap_up"
    row = house.refused("unknown_code", "anna", "submit_wrap_up", interaction=number, code="Whatever")
    assert row.result == {"field": "body.code"}
    house.do("anna", "submit_wrap_up", interaction=number, code="Duplicate")
    found = house.interaction(number)
    assert (found.state, found.wrap_up_code, found.closed_at) == ("closed_complete", "Duplicate", house.now)


def test_R27_two_minutes_without_a_code_take_the_default(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.do("anna", "close", interaction=number)
    house.advance(2 * MINUTE - SECOND)
    assert house.state(number) == "wrap_up"
    house.advance(SECOND)
    row = house.interaction(number)
    assert (row.state, row.wrap_up_code) == ("closed_complete", "Issue resolved")


def test_R27_close_before_any_mail_abandons(house: House) -> None:
    number = house.written("anna")["interaction"]
    assert house.do("anna", "close", interaction=number)["state"] == "closed_abandoned"


def test_R27_a_code_is_taken_only_in_wrap_up(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.refused("not_in_wrap_up", "anna", "submit_wrap_up", interaction=number, code="Duplicate")
    house.do("anna", "close", interaction=number)
    house.refused("in_wrap_up", "anna", "close", interaction=number)


def test_R27_mail_on_its_way_needs_a_confirmation_that_cancels_it(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    mail = house.do("anna", "compose_reply", interaction=number, content={"text": "2"}, send=True, hold="PT1H")["mail"]
    row = house.refused("mail_pending", "anna", "close", interaction=number)
    assert row.result["mails"] == [mail]
    house.do("anna", "close", interaction=number, confirm=True)
    assert house.mail(mail).state == "cancelled"
    house.advance(DAY)
    assert len(house.post.sent) == 1 and house.state(number) == "closed_complete"


@pytest.mark.parametrize("first", ["wrap_up", "closed_complete"])
def test_R27_a_result_after_closing_is_recorded_without_changing_the_state(house: House, first: str) -> None:
    number = house.mailed("anna")["interaction"]

    def close() -> None:
        house.do("anna", "close", interaction=number, confirm=True)
        if first == "closed_complete":
            house.do("anna", "submit_wrap_up", interaction=number, code="Duplicate")

    house.post.during = close
    mail = house.do("bert", "compose_reply", interaction=number, content={"text": "2"}, send=True)["mail"]
    before = house.interaction(number)
    house.leap(MINUTE)
    house.pump()
    assert house.state(number) == first and house.mail(mail).state == "sent"
    row = house.interaction(number)
    assert (row.owner, row.agent_mail_at) == ("anna", before.agent_mail_at)
    assert house.events(number)[-1].type == "delivery_accepted"


def test_R27_a_deferred_mail_is_cancelled_by_a_confirmed_close(house: House) -> None:
    house.post.answers(TO, DEFERRED)
    answer = house.mailed("anna")
    house.do("anna", "close", interaction=answer["interaction"], confirm=True)
    house.advance(DAY)
    assert house.post.tried == [TO] and house.mail(answer["mail"]).state == "cancelled"
    assert house.state(answer["interaction"]) == "closed_abandoned"


def test_R27_what_is_told_to_come_back_after_the_closing_does_not(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.post.answers(TO, DEFERRED)
    house.post.during = lambda: house.do("anna", "close", interaction=number, confirm=True)
    later = house.do("anna", "compose_reply", interaction=number, content={"text": "more"}, send=True)
    house.advance(DAY)
    assert house.post.tried == [TO, TO] and house.state(number) == "closed_complete"
    delivery = house.delivery(later["mail"])
    assert (delivery.state, delivery.reply_code) == ("refused", 451) and house.draft(later["draft"]).state == "open"
    assert house.interaction(number).attention is None


@pytest.mark.parametrize("second", ["deferred", "refused"])
def test_R14_R27_what_a_confirmed_close_cancelled_can_be_edited_again(house: House, second: str) -> None:
    number = house.mailed("anna")["interaction"]
    house.post.answers(TO, DEFERRED)
    words = {"to": [TO, "two@x.example"], "text": "more"}
    house.post.answers("two@x.example", DEFERRED if second == "deferred" else REFUSED)
    later = house.do("anna", "compose_reply", interaction=number, content=words, send=True)
    house.pump()
    house.do("anna", "close", interaction=number, confirm=True)
    assert house.mail(later["mail"]).state == ("cancelled" if second == "deferred" else "refused")
    house.answer()
    house.save("anna", later["draft"], 1, text="rather this")
    house.do("anna", "discard_draft", draft=later["draft"])


@pytest.mark.parametrize(
    ("type_name", "body"),
    [
        ("compose_reply", {}), ("add_work_note", {"text": "x"}), ("transfer", {"to_agent": "bert"}), ("close", {}),
        ("submit_wrap_up", {"code": "Duplicate"}), ("skip_reminder", {}),
    ],
)  # fmt: skip
def test_R27_after_closing_nothing_can_be_added(house: House, type_name: str, body: dict[str, Any]) -> None:
    mine = house.written("anna")
    house.do("anna", "close", interaction=mine["interaction"])
    house.refused("closed", "anna", type_name, interaction=mine["interaction"], **body)
    for draft_work in ("open_draft", "discard_draft", "take_over_draft"):
        house.refused("closed", "anna", draft_work, draft=mine["draft"])
    house.refused("closed", "anna", "send", draft=mine["draft"], revision=1)
    first = t.Revision.get(t.Revision.draft == mine["draft"]).id
    house.refused("closed", "anna", "restore_revision", draft=mine["draft"], revision=first)
    house.refused("closed", "anna", "save_draft", draft=mine["draft"], base_revision=1, content={"text": "y"})


def test_R27_an_answer_during_wrap_up_returns_it_to_work(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.do("anna", "close", interaction=number)
    house.answer()
    house.advance(DAY)
    row = house.interaction(number)
    assert (row.state, row.wrap_up_at, row.unread) == ("work_in_progress", None, 1)


@pytest.mark.parametrize("kind", ["abandonment", "reminder", "inactivity", "wrap_up", "retention", "nonsense"])
def test_R28_early_and_forged_wake_ups_do_nothing(open_house: Open, kind: str) -> None:
    house = open_house(reminder_after="P2D")
    number = house.mailed("anna")["interaction"]
    events = len(house.events(number))
    waiting = len(house.alarm.waiting)
    for _ in range(2):
        handlers.fire(house.world, t.id_of(number), kind)
    handlers.fire(house.world, 999_999, kind)
    assert len(house.alarm.waiting) == waiting, "one message is on its way already"
    assert (house.state(number), len(house.events(number))) == ("on_hold", events)
    house.advance(2 * DAY)
    assert len(reminders(house)) == 1


def test_R28_doubled_wake_ups_send_one_reminder_and_close_once(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    number = house.mailed("anna")["interaction"]
    house.leap(2 * DAY)
    for _ in range(3):
        handlers.fire(house.world, t.id_of(number), "reminder")
    house.pump()
    assert len(reminders(house)) == 1
    house.leap(40 * DAY)
    for _ in range(3):
        handlers.fire(house.world, t.id_of(number), "inactivity")
    assert len(house.events(number, "closed")) == 1


def test_R28_in_normal_running_it_fires_within_two_seconds_without_the_sweeper(open_house: Open) -> None:
    house = open_house(reminder_after="P2D", inactivity_after="P9D")
    number = house.mailed("anna")["interaction"]
    house.advance(2 * DAY + 2 * SECOND, sweep=False)
    assert len(reminders(house)) == 1
    house.advance(7 * DAY, sweep=False)
    assert house.state(number) == "closed_complete"


def test_R28_after_a_reset_the_one_message_is_sent_off_for_the_rest(house: House) -> None:
    mine = house.written("anna")
    house.advance(20 * DAY, sweep=False)
    house.do("anna", "open_draft", draft=mine["draft"])
    house.advance(30 * DAY, sweep=False)
    assert house.state(mine["interaction"]) == "work_in_progress"
    house.advance(3 * SECOND, sweep=False)
    assert house.state(mine["interaction"]) == "closed_abandoned"


def test_R28_lost_wake_ups_are_found_within_a_minute_of_recovery(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    number = house.mailed("anna")["interaction"]
    unsent = house.compose("bert", "cora")["interaction"]
    house.alarm.lose_all()
    house.leap(31 * DAY)
    house.advance(MINUTE)
    assert house.state(number) == "closed_complete" and house.state(unsent) == "closed_abandoned"


def test_R28_a_late_wake_up_evaluates_the_rule_of_today(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    number = house.mailed("anna")["interaction"]
    house.leap(3 * DAY)
    house.answer()
    house.pump()
    assert reminders(house) == [] and house.state(number) == "work_in_progress"


@pytest.mark.parametrize(("days", "expected"), [("P10D", 10), ("P60D", 60)])
def test_R28_a_changed_setting_applies_to_running_clocks_in_both_directions(
    house: House, days: str, expected: int
) -> None:
    unsent = house.compose("anna", "cora")["interaction"]
    number = house.mailed("bert")["interaction"]
    given = house.change_settings(abandonment_after=days, inactivity_after=days, reminder_after="P5D")
    assert clocks.reprice(house.store, given) == 3 and clocks.reprice(house.store, given) == 0
    assert house.clock_row(number, "inactivity").due_at == START + expected * DAY
    house.advance(expected * DAY - MINUTE)
    assert (house.state(unsent), house.state(number)) == ("work_in_progress", "on_hold")
    assert len(reminders(house)) == 1
    house.advance(2 * MINUTE)
    assert (house.state(unsent), house.state(number)) == ("closed_abandoned", "closed_complete")


def test_R28_a_setting_changed_before_anybody_repriced_still_decides(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.change_settings(inactivity_after="P60D")
    house.advance(59 * DAY)
    assert house.state(number) == "on_hold"
    house.advance(DAY + MINUTE)
    assert house.state(number) == "closed_complete"


def test_R28_the_truth_can_be_read_with_its_reason(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    number = house.mailed("anna")["interaction"]
    view = interactions.one(number, house.world.settings)
    assert [(clock.kind, clock.due_at) for clock in view.clocks] == [
        ("reminder", START + 2 * DAY), ("inactivity", START + 30 * DAY),
    ]  # fmt: skip
    assert "R24" in view.clocks[0].why


def test_R25_R26_a_bounce_leaves_an_owner_not_a_clock(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.arrive(dsn(house, TO), house.post.sent[0][0])
    house.do("anna", "discard_draft", draft=house.do("anna", "compose_reply", interaction=number)["draft"])
    house.advance(60 * DAY)
    assert house.state(number) == "work_in_progress" and house.interaction(number).owner == "anna"


def test_R24_R28_a_further_mail_can_make_the_next_reminder_due_earlier(open_house: Open) -> None:
    house = open_house(reminder_after="P2D,P20D")
    number = house.mailed("anna")["interaction"]
    house.advance(3 * DAY)
    house.do("anna", "compose_reply", interaction=number, content={"text": "2"}, send=True)
    house.pump()
    assert house.clock_row(number, "reminder").due_at == START + 5 * DAY
    house.advance(2 * DAY + 2 * SECOND, sweep=False)
    assert len(reminders(house)) == 2
