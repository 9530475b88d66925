"""R24, R19, R11: reminders people dare to switch on: when, in which words, to whom, and what stops them to the last moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from models import clocks
from models import tables as t
from models.errors import Rejected
from models.queries import templates
from models.queries.reminders import preview
from models.queries.views import ReminderPreview
from tests.harness import DAY, DEFERRED, HOUR, MINUTE, SECOND, START, House, dsn, parsed
from workers import handlers

Open = Callable[..., House]
TO = "carl@x.example"
WEEK = {"business_hours": "Mon-Fri 09:00-17:00", "default_time_zone": "Europe/Berlin"}  # START is Monday, ten there


def reminded(house: House) -> list[datetime]:
    return [event.at for event in t.Event.select().where(t.Event.type == "reminder_queued").order_by(t.Event.id)]


def reminders(house: House, to: str = TO) -> list[bytes]:
    return [data for data in house.sent_to(to) if parsed(data)["Auto-Submitted"]]


def shown(house: House, number: str) -> ReminderPreview:
    return preview(number, house.world.settings, house.now)


# when


def test_R24_waits_for_the_next_business_hour_by_the_customers_clock(open_house: Open) -> None:
    house = open_house(reminder_after="P4DT10H", **WEEK)  # Friday, eight in the evening in Berlin
    house.customer("jo", "contact", "jo@us.example", time_zone="America/New_York")  # two in the afternoon there
    house.mailed("anna")
    house.mailed("anna", "jo")
    house.advance(9 * DAY)
    assert reminded(house) == [START + timedelta(days=4, hours=10), START + timedelta(days=7, hours=-1)]
    assert len(reminders(house, "jo@us.example")) == 1


def test_R24_holidays_are_no_business_days(open_house: Open) -> None:
    house = open_house(reminder_after="P4D", holidays="DE-BY", default_time_zone="Europe/Berlin")
    house.leap(28 * DAY)  # Monday before Easter; Friday and Monday are holidays
    house.mailed("anna")
    house.advance(9 * DAY)
    assert reminded(house) == [datetime.fromisoformat("2026-04-07T07:00+00:00")]


def test_R24_what_the_weekend_held_up_does_not_leave_all_at_once(open_house: Open) -> None:
    house = open_house(reminder_after="P5D,P6D,P9D", **WEEK)  # Saturday, Sunday, Wednesday
    house.mailed("anna")
    house.advance(12 * DAY)
    assert [(at - START).days for at in reminded(house)] == [6, 7, 9]  # Monday, Tuesday, Wednesday morning


def test_R24_after_an_outage_the_sequence_keeps_its_distance(open_house: Open) -> None:
    house = open_house(reminder_after="P2D,P4D")
    house.mailed("anna")
    house.leap(5 * DAY)
    house.advance(5 * DAY)
    assert [at - START for at in reminded(house)] == [5 * DAY, 6 * DAY]


def test_R24_a_reminder_that_comes_late_still_keeps_to_business_hours(open_house: Open) -> None:
    house = open_house(reminder_after="P4DT6H", **WEEK)  # Friday, four in the afternoon in Berlin
    number = house.mailed("anna")["interaction"]
    house.leap(timedelta(days=4, hours=20))  # everything was down until Saturday morning
    house.advance(HOUR)
    assert reminded(house) == [] and any("outside business hours" in sentence for sentence in shown(house, number).held)
    house.advance(4 * DAY)
    (at,) = reminded(house)
    assert timedelta(0) <= at - (START + timedelta(days=7, hours=-1)) < MINUTE  # Monday, nine in Berlin


def test_R24_a_reminder_that_could_not_leave_in_time_waits_for_the_next_business_hour(open_house: Open) -> None:
    house = open_house(reminder_after="P4DT6H", retry_pauses="PT3H", **WEEK)
    house.mailed("anna")
    house.post.answers(TO, DEFERRED)
    house.advance(5 * DAY)
    assert reminders(house) == [] and len(reminded(house)) == 1
    house.advance(timedelta(days=2, hours=-1) - MINUTE)
    assert reminders(house) == []
    house.advance(2 * MINUTE)
    assert len(reminders(house)) == 1


@pytest.mark.parametrize("kept", ["from the start", "changed later"])
def test_R24_R28_the_customers_time_zone_moves_a_running_clock(open_house: Open, kept: str) -> None:
    house = open_house(reminder_after="P4DT10H", **WEEK)
    zone = {"time_zone": "America/New_York"}
    house.customer("jo", "contact", "jo@us.example", **(zone if kept == "from the start" else {}))
    number = house.mailed("anna", "jo")["interaction"]
    if kept == "changed later":
        house.customer("jo", "contact", "jo@us.example", **zone)
        assert house.events(number, "time_zone_changed")[0].changes is None  # a fact about a person is no history (R39)
    house.advance(5 * DAY)
    assert reminded(house) == [START + timedelta(days=4, hours=10)]


def test_R24_a_zone_nobody_knows_is_refused(house: House) -> None:
    row = house.refused(
        "unknown_time_zone", "crm", "upsert_customer", customer="jo", kind="guest", name="Jo", time_zone="Mars/Olympus"
    )
    assert row.result == {"field": "body.time_zone"}


@pytest.mark.parametrize("first", ["none", "some"])
def test_R28_changed_business_hours_apply_to_running_clocks_in_both_directions(open_house: Open, first: str) -> None:
    hours = {"none": {}, "some": {"business_hours": "Sun 10:00-11:00"}}
    house = open_house(reminder_after="P2D", **hours[first])
    number = house.mailed("anna")["interaction"]
    assert house.clock_row(number, "reminder").due_at == START + (2 * DAY if first == "none" else 6 * DAY + HOUR)
    then = hours["some" if first == "none" else "none"]
    clocks.reprice(house.store, house.change_settings(reminder_after="P2D", **then))
    house.advance(2 * DAY + MINUTE)
    assert len(reminders(house)) == (0 if first == "none" else 1)
    house.advance(6 * DAY)
    assert len(reminders(house)) == 1


def test_R19_after_an_absence_the_reminder_waits_for_the_next_working_day(open_house: Open) -> None:
    house = open_house(reminder_after="P2D", default_time_zone="Europe/Berlin")
    number = house.mailed("anna")["interaction"]
    house.answer(text="I am back on 2026-03-21.", Auto_Submitted="auto-replied")  # a Saturday
    assert "away until 2026-03-21" in shown(house, number).why
    house.advance(30 * DAY - MINUTE)
    assert reminded(house) == [datetime.fromisoformat("2026-03-23T08:00+00:00")]


@pytest.mark.parametrize("kept", ["paused", "deferred"])
def test_R19_R24_a_reminder_that_waits_to_leave_waits_for_the_return_too(open_house: Open, kept: str) -> None:
    house = open_house(reminder_after="P2D", retry_pauses="PT1H")
    house.mailed("anna")
    if kept == "paused":
        house.do("mona", "pause_sending", reason="maintenance")
    else:
        house.post.answers(TO, DEFERRED)
    house.advance(2 * DAY + MINUTE)
    house.answer(house.post.sent[0][2], text="I am back on 2026-03-20.", Auto_Submitted="auto-replied")
    if kept == "paused":
        house.do("mona", "resume_sending")
    house.advance(datetime.fromisoformat("2026-03-20T08:59+00:00") - house.now)
    assert reminders(house) == []
    house.advance(3 * MINUTE)
    assert len(reminders(house)) == 1


@pytest.mark.parametrize("sender", ["copy@x.example", "a.friend@y.example"])
def test_R19_only_those_who_are_awaited_park_a_reminder(open_house: Open, sender: str) -> None:
    house = open_house(reminder_after="P2D")
    number = house.mailed("anna", cc=["copy@x.example"])["interaction"]
    row = house.answer(sender=sender, text="I am back on 2026-03-20.", Auto_Submitted="auto-replied")
    assert row.result["kind"] == "automatic" and house.interaction(number).away_until is None
    house.advance(2 * DAY + MINUTE)
    assert len(reminders(house)) == 1


@pytest.mark.parametrize("other", ["two@x.example", "carl.private@y.example"])
def test_R19_of_several_who_are_away_the_last_return_counts(open_house: Open, other: str) -> None:
    house = open_house(reminder_after="P2D")
    number = house.mailed("anna", to=[TO, "two@x.example"])["interaction"]
    for sender, day in ((TO, 20), (other, 10)):
        house.answer(sender=sender, text=f"I am back on 2026-03-{day}.", Auto_Submitted="auto-replied")
    away = house.interaction(number).away_until
    assert away is not None and away.date().isoformat() == "2026-03-20"


# words


def test_R24_a_template_of_the_step_wins_over_the_one_of_the_kind(open_house: Open) -> None:
    house = open_house(reminder_after="P1D,P2D,P3D")
    house.do("mona", "upsert_template", name="reminder.contact", subject="Any news?", text="every step")
    house.do("mona", "upsert_template", name="reminder.contact.2", text="the second")
    house.mailed("anna", subject="Matter")
    house.advance(4 * DAY)
    said = [parsed(raw) for raw in reminders(house)]
    assert [str(mail["Subject"]) for mail in said] == ["Any news?", "Re: Matter", "Any news?"]
    assert [mail.get_body(("plain",)).get_content().strip() for mail in said] == [
        "every step",
        "the second",
        "every step",
    ]


def test_R24_a_customers_name_becomes_no_markup(open_house: Open) -> None:
    house = open_house(reminder_after="P1D")
    house.do("mona", "upsert_template", name="reminder.guest", text="x", html="<p>Dear $customer_name</p>")
    house.do(
        "crm", "upsert_customer", customer="g", kind="guest", name="<b>Eve</b>", addresses=[{"address": "e@q.example"}]
    )
    house.mailed("anna", "g")
    house.advance(2 * DAY)
    assert "<b>" not in parsed(reminders(house, "e@q.example")[0]).get_body(("html",)).get_content()


def test_R24_a_customer_without_a_name_is_greeted_by_address(open_house: Open) -> None:
    house = open_house(reminder_after="P1D")
    house.do("crm", "upsert_customer", customer="g", kind="guest", name="", addresses=[{"address": "e@q.example"}])
    number = house.mailed("anna", "g")["interaction"]
    house.advance(2 * DAY)
    assert "Hello e@q.example," in parsed(reminders(house, "e@q.example")[0]).get_body(("plain",)).get_content()
    house.do("mona", "upsert_template", name="hello", text="Dear $customer_name,")
    assert templates.render("hello", number, "anna").text == "Dear e@q.example,"


def test_R24_the_preview_is_what_leaves_word_for_word(open_house: Open) -> None:
    house = open_house(reminder_after="P2D,P4D", number_in_subject="true", **WEEK)
    house.do(
        "mona", "upsert_template", name="reminder.contact.2", subject="Once more, $customer_name", text="$agent_name: $gift",
        html="<p>$customer_name</p>",
    )  # fmt: skip
    number = house.mailed("anna", subject="Matter")["interaction"]
    for step in (1, 2):
        before = shown(house, number)
        house.advance(2 * DAY + HOUR)
        mail = parsed(reminders(house)[-1])
        assert (before.step, before.of, before.due_at) == (step, 2, reminded(house)[-1])
        assert str(mail["Subject"]) == before.subject and number in before.subject
        assert mail.get_body(("plain",)).get_content().split() == before.text.split() and before.to == [TO]
    assert (before.template, before.unknown) == ("reminder.contact.2", ["gift"]) and before.html == "<p>Carl</p>"


def test_R24_the_preview_says_why_none_is_waiting_and_what_would_hold_one_back(open_house: Open) -> None:
    house = open_house(reminder_after="P2D", reminders_per_day="1")
    draft = house.written("anna")["interaction"]
    assert "nobody waits for the customer" in shown(house, draft).why
    number = house.mailed("anna", to=[TO, "two@x.example"])["interaction"]
    other = house.mailed("anna", to=["two@x.example"])["interaction"]
    house.do("crm", "suppress_address", address=TO, scope="reminders", reason="unsubscribed")
    assert shown(house, number).left_out == [f"{TO}: unsubscribed (crm)"] and shown(house, number).to == [
        "two@x.example"
    ]
    house.advance(2 * DAY + HOUR)
    assert "were sent or skipped" in shown(house, number).why and shown(house, number).due_at is None
    assert any("all reminders of a day" in sentence for sentence in shown(house, other).held)
    house.do("mona", "pause_sending", reason="maintenance")
    assert any("maintenance" in sentence for sentence in shown(house, other).held)
    house.do("crm", "suppress_address", address="two@x.example", reason="gone")
    assert any("Nobody is left" in sentence for sentence in shown(house, other).held)
    house.change_settings()
    assert "are off" in shown(house, number).why
    with pytest.raises(Rejected):
        shown(house, "IMS0009999")


def test_R24_R38_it_leaves_from_the_address_of_the_mail_it_follows(open_house: Open) -> None:
    ours = {"sender_address": "care@post.example", "sender_addresses": "bills@bills.example"}
    house = open_house(reminder_after="P2D,P4D,P6D", **ours)
    number = house.compose("anna", content={"text": "x"}, send=True, from_address="bills@bills.example")["interaction"]
    house.advance(DAY)
    house.do("mona", "pause_sending", domain="bills.example", reason="reputation")
    house.advance(2 * DAY)
    assert reminders(house) == [] and any("reputation" in sentence for sentence in shown(house, number).held)
    house.do("mona", "resume_sending", domain="bills.example")
    house.advance(2 * DAY)
    house.change_settings(reminder_after="P2D,P4D,P6D", sender_address="care@post.example")  # given up since
    house.advance(2 * DAY)
    senders = [str(parsed(data)["From"]).rpartition("<")[2] for data in reminders(house)]
    assert senders == ["bills@bills.example>", "bills@bills.example>", "care@post.example>"]


# wanted to the last moment


@pytest.mark.parametrize("instead", ["an answer", "a bounce", "a colleague closes", "unsubscribed"])
def test_R24_a_reminder_that_was_deferred_does_not_leave_once_nobody_waits_any_more(
    open_house: Open, instead: str
) -> None:
    house = open_house(reminder_after="P2D", retry_pauses="PT1H", wrap_up_after="P3D")
    number = house.mailed("anna", to=[TO, "two@x.example"])["interaction"]
    house.post.answers(TO, DEFERRED)
    house.advance(2 * DAY + MINUTE)
    assert len(reminders(house, "two@x.example")) == 1 and house.post.tried.count(TO) == 2
    if instead == "an answer":
        house.answer()
    elif instead == "a bounce":
        house.arrive(dsn(house, "two@x.example", of=house.post.sent[0][2]), house.post.sent[1][0])
    elif instead == "a colleague closes":
        house.do("bert", "close", interaction=number, confirm=True)
    else:
        house.answer(
            to=house.post.sent[-1][2],
            envelope_to=str(parsed(house.post.sent[-1][2])["List-Unsubscribe"]).split(":")[1].split("?")[0],
        )
    house.advance(DAY)
    assert reminders(house) == [] and house.post.tried.count(TO) == 2
    (reminder,) = t.Mail.select().where(t.Mail.kind == "reminder")
    assert [row.state for row in house.deliveries(reminder.id)] == ["cancelled", "accepted"]
    assert reminder.state == "sent"


@pytest.mark.parametrize("moment", ["before", "during"])
def test_R24_an_answer_while_a_reminder_is_handed_over_lets_no_second_attempt_leave(
    open_house: Open, moment: str
) -> None:
    house = open_house(reminder_after="P2D", retry_pauses="PT1H")
    number = house.mailed("anna")["interaction"]
    house.post.answers(TO, DEFERRED)
    setattr(house.post, moment, lambda: house.answer(house.post.sent[0][2]))
    house.advance(4 * DAY)
    assert house.post.tried == [TO, TO] and reminders(house) == []
    assert house.events(number, "reminder_dropped") and house.state(number) == "work_in_progress"
    house.do("anna", "close", interaction=number)  # nothing is on its way


# to whom


@pytest.mark.parametrize("scope", ["reminders", "all"])
def test_R24_who_unsubscribes_before_it_leaves_gets_none(open_house: Open, scope: str) -> None:
    house = open_house(reminder_after="P2D")
    number = house.mailed("anna", to=[TO, "two@x.example"])["interaction"]
    house.do("mona", "pause_sending", reason="maintenance")
    house.advance(2 * DAY + MINUTE)
    house.do("crm", "suppress_address", address=TO, scope=scope, reason="unsubscribed")
    house.do("mona", "resume_sending")
    house.advance(HOUR)
    assert reminders(house) == [] and len(reminders(house, "two@x.example")) == 1
    assert house.events(number, "reminder_dropped")[0].data.keys() == {"mail", "delivery"}
    row = house.interaction(number)
    assert (row.attention, row.reminders_stopped, row.state) == (None, False, "on_hold")


def test_R24_who_unsubscribes_between_two_attempts_gets_none(open_house: Open) -> None:
    house = open_house(reminder_after="P2D", retry_pauses="PT1H")
    house.mailed("anna")
    house.post.answers(TO, DEFERRED)
    house.advance(2 * DAY + MINUTE)
    house.do("crm", "suppress_address", address=TO, scope="reminders", reason="unsubscribed")
    house.advance(DAY)
    assert reminders(house) == []
    assert [mail.state for mail in t.Mail.select().where(t.Mail.kind == "reminder")] == ["cancelled"]


def test_R11_a_suppression_that_expires_lets_reminders_go_again(open_house: Open) -> None:
    house = open_house(reminder_after="P2D,P5D")
    number = house.mailed("anna")["interaction"]
    until = (START + 3 * DAY).isoformat()
    house.do("crm", "suppress_address", address=TO, scope="reminders", reason="not now", expires_at=until)
    house.advance(6 * DAY)
    assert len(house.events(number, "reminder_skipped")) == 1 and reminded(house) == [START + 5 * DAY]


@pytest.mark.parametrize("kept", ["scheduled", "held", "paused", "in line"])
def test_R11_what_was_suppressed_while_it_waited_does_not_leave(open_house: Open, kept: str) -> None:
    house = open_house(domain_limits="x.example=0/1" if kept == "in line" else "")
    if kept == "in line":
        house.customer("zoe", "contact", "zoe@x.example")
        house.mailed("anna", "zoe")
        house.post.sent.clear()
    elif kept == "paused":
        house.do("mona", "pause_sending", reason="maintenance")
    when = {"scheduled": {"send_at": (START + DAY).isoformat()}, "held": {"hold": "PT1H"}}.get(kept, {})
    sent = house.compose("anna", content={"text": "x"}, send=True, **when)
    house.advance(30 * SECOND)
    house.do("crm", "suppress_address", address=TO, reason="wrong person")
    if kept == "paused":
        house.do("mona", "resume_sending")
    house.advance(2 * DAY)
    row = house.interaction(sent["interaction"])
    assert house.post.sent == [] and (row.state, row.attention) == ("work_in_progress", "refused")
    assert "wrong person" in house.delivery(sent["mail"]).reply_text


def test_R20_a_bounced_address_is_mailed_again_after_the_configured_time(open_house: Open) -> None:
    house = open_house(bounce_suppression="P20D")
    house.mailed("anna")
    house.arrive(dsn(house, TO), house.post.sent[0][0])
    draft = house.written("bert")["draft"]
    house.advance(19 * DAY)
    house.refused("suppressed", "bert", "send", draft=draft, revision=1)
    house.advance(DAY + MINUTE)
    house.send("bert", draft, 1)


def test_R11_a_bounce_that_expires_takes_no_unsubscription_and_no_persons_word_with_it(open_house: Open) -> None:
    house = open_house(bounce_suppression="P3D", reminder_after="P5D")
    house.do("crm", "suppress_address", address=TO, scope="reminders", reason="unsubscribed")
    house.mailed("anna", to=[TO, "two@x.example"])
    house.do("crm", "suppress_address", address="two@x.example", reason="lawyer")
    raw, envelope = house.post.sent[0][2], house.post.sent[0][0]
    house.arrive(dsn(house, TO, of=raw), envelope)
    house.arrive(dsn(house, "two@x.example", of=raw), house.post.sent[1][0])
    left = {(row.address_key, row.scope): (row.reason, row.expires_at) for row in t.Suppression.select()}
    assert left[TO, "reminders"] == ("unsubscribed", None) and left[TO, "all"][1] == START + 3 * DAY
    assert left["two@x.example", "all"] == ("lawyer", None)


def test_R11_one_scope_can_be_lifted_and_the_other_stays(house: House) -> None:
    for scope in ("all", "reminders"):
        house.do("crm", "suppress_address", address=TO, scope=scope, reason="x")
    assert house.do("mona", "lift_suppression", address=TO, scope="all")["lifted"] == ["all"]
    house.refused("not_suppressed", "mona", "lift_suppression", address=TO, scope="all")
    assert house.do("mona", "lift_suppression", address=TO)["lifted"] == ["reminders"]


# not too many


def test_R24_an_address_gets_no_more_than_the_limit_a_day_and_the_rest_later(open_house: Open) -> None:
    house = open_house(reminder_after="P2D", reminders_per_day="2")
    numbers = [house.mailed("anna")["interaction"] for _ in range(5)]
    assert len(set(numbers)) == 5
    house.advance(2 * DAY + HOUR)
    assert len(reminders(house)) == 2
    house.advance(DAY)
    assert len(reminders(house)) == 4
    house.advance(DAY)
    assert len(reminders(house)) == 5


def test_R24_a_capped_reminder_is_dropped_by_an_answer(open_house: Open) -> None:
    house = open_house(reminder_after="P2D", reminders_per_day="1")
    house.mailed("anna")
    second = house.mailed("anna")
    mail = house.post.sent[-1][2]
    house.advance(2 * DAY + HOUR)
    assert len(reminders(house)) == 1 and house.interaction(second["interaction"]).reminders_done == 0
    house.answer(mail)
    house.advance(5 * DAY)
    assert len(reminders(house)) == 1


def test_R24_a_wake_up_that_comes_twice_reminds_once(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    number = house.mailed("anna")["interaction"]
    house.advance(2 * DAY)
    handlers.fire(house.world, t.id_of(number), "reminder")
    house.pump()
    assert len(reminders(house)) == 1
