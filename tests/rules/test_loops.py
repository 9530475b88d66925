"""R17, R19, R21: mail in circles, senders whom our own border gave the lie, and mail that a person puts where it belongs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cli.coming_in import mail_that_comes_in
from models import tables as t
from models.queries import mails, numbers
from tests.harness import DAY, MINUTE, House, parsed

Open = Callable[..., House]
TO = "carl@x.example"
CARE = "care@postroom.example"
BORDER = "mx.postroom.example"


def written(subject: str = "hello", sender: str = TO, text: str = "What about my order?", **headers: str) -> bytes:
    named = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    return f"{named}From: {sender}\nTo: {CARE}\nSubject: {subject}\nMessage-ID: <w{len(text)}@x.example>\n\n{text}\n".encode()


def test_R19_our_own_mail_that_comes_back_changes_nothing_and_is_shown(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    envelope_from, _, ours = house.post.sent[-1]
    row = house.arrive(ours, envelope_from)
    found = house.interaction(number)
    assert (found.state, found.unread, found.reply_at) == ("on_hold", 0, None)
    assert t.Incoming.get_by_id(row.result["incoming"]).stopped == "own_mail"
    assert [event.data["reason"] for event in house.events(number, "loop_stopped")] == ["own_mail"]
    assert [view.id for view in mails.in_state("stopped").items] == [row.result["incoming"]]


def test_R19_our_own_mail_is_known_by_its_reply_address_where_a_relay_changed_its_id(house: House) -> None:
    house.mailed("anna")
    ours = parsed(house.post.sent[-1][2])
    raw = written(sender="list@x.example", Reply_To=str(ours["Reply-To"]))
    house.arrive(raw, CARE)
    assert t.Incoming.get().stopped == "own_mail"


def test_R19_our_own_mail_is_known_by_its_id_where_a_list_changed_its_addresses(house: House) -> None:
    house.mailed("anna")
    ours = parsed(house.post.sent[-1][2])
    raw = written(sender="list@x.example").replace(b"<w20@x.example>", str(ours["Message-ID"]).encode())
    house.arrive(raw, CARE)
    assert t.Incoming.get().stopped == "own_mail"


def test_R19_mail_in_our_own_name_waits_on_the_list(house: House) -> None:
    row = house.arrive(written(sender=f"Care <{CARE.title()}>"), CARE)
    assert row.result["unmatched"] is True and t.Incoming.get().stopped == "own_mail"


def test_R19_two_robots_are_stopped_after_so_many_mails_in_an_hour(open_house: Open) -> None:
    house = open_house(automatic_per_hour="3")
    number = house.mailed("anna")["interaction"]
    for turn in range(6):
        house.answer(text=f"I am away ({turn}).", cite=turn % 2 == 0, **{"Auto-Submitted": "auto-replied"})
        house.advance(MINUTE)
    stopped = [row.stopped for row in t.Incoming.select().order_by(t.Incoming.received_at)]
    assert stopped == ["", "", "", "too_many", "too_many", "too_many"]
    assert len(house.events(number, "automatic_reply_received")) == 3 and len(house.events(number, "loop_stopped")) == 1
    assert numbers.in_circles(house.now) == {"a robot wrote again and again": 3}
    assert [each.found for each in mail_that_comes_in(house.world.settings, house.now)] == [
        "3 stopped within a week: a robot wrote again and again"
    ]
    assert numbers.in_circles(house.now + 8 * DAY) == {}, "the count is of rows, and of now"
    house.advance(60 * MINUTE)
    house.answer(text="I am away still.", **{"Auto-Submitted": "auto-replied"})
    assert len(house.events(number, "automatic_reply_received")) == 4


def test_R19_a_robot_that_poses_as_a_person_is_stopped_by_its_words(open_house: Open) -> None:
    house = open_house(automatic_per_hour="2")
    number = house.mailed("anna")["interaction"]
    for turn in range(4):
        house.answer(text="Your ticket was received.", **{"X-Ticket": str(turn)})
        house.advance(MINUTE)
    said = house.events(number, "loop_stopped")
    assert len(said) == 1 and said[0].data["notify"] == ["anna"]  # it may have been a person
    assert (house.interaction(number).unread, house.interaction(number).state) == (3, "work_in_progress")
    heard = t.Incoming.select().where(t.Incoming.stopped == "").order_by(t.Incoming.received_at)
    house.do("anna", "compose_reply", interaction=number, content={"text": "Who is this?"}, send=True)
    house.pump()
    assert parsed(house.post.sent[-1][2])["In-Reply-To"] == [row.message_id for row in heard][-1]


def test_R19_the_same_word_on_many_matters_is_a_persons(open_house: Open) -> None:
    house = open_house(automatic_per_hour="2")
    numbers = []
    for turn in range(4):
        numbers.append(house.mailed("anna")["interaction"])
        house.answer(text="Approved", **{"X-Turn": str(turn)})
        house.advance(MINUTE)
    assert len(set(numbers)) == 4 and [house.interaction(number).unread for number in numbers] == [1, 1, 1, 1]


def test_R19_a_robot_on_a_closed_matter_is_counted_with_what_continues_it(open_house: Open) -> None:
    house = open_house(automatic_per_hour="2")
    number = house.mailed("anna")["interaction"]
    sent = house.post.sent[-1][2]
    house.do("anna", "close", interaction=number)
    house.do("anna", "submit_wrap_up", interaction=number, code="Issue resolved")
    for turn in range(4):
        house.answer(to=sent, text="Your ticket was received.", **{"X-Ticket": str(turn)})
    assert [row.stopped for row in t.Incoming.select().order_by(t.Incoming.id)].count("too_many") == 2


def test_R19_a_person_is_never_too_many(open_house: Open) -> None:
    house = open_house(automatic_per_hour="2")
    number = house.mailed("anna")["interaction"]
    for turn in range(5):
        house.answer(text=f"One more thing: {turn}")
    assert house.interaction(number).unread == 5 and not house.events(number, "loop_stopped")


LIE = f"{BORDER}; dmarc=fail (p=none) header.from=x.example; spf=fail smtp.mailfrom=x.example"
TRUTH = f"{BORDER}; dmarc=pass header.from=x.example; dkim=pass header.d=x.example"


@pytest.mark.parametrize(
    ("results", "verdict"),
    [(LIE, "fail"), (TRUTH, "pass"), ("mx.other.example; dmarc=fail", "unknown"), (f"{BORDER}; none", "unknown")],
)
def test_R21_what_our_own_border_says_of_the_sender_is_kept(open_house: Open, results: str, verdict: str) -> None:
    house = open_house(authserv_id=BORDER)
    number = house.mailed("anna")["interaction"]
    house.answer(**{"Authentication-Results": results})
    incoming = mails.incoming_of(house.interaction(number).id)[0]
    assert (incoming.sender_check, incoming.state, incoming.third_party) == (verdict, "matched", False)
    assert house.state(number) == "work_in_progress"


def test_R21_nobody_is_believed_where_no_border_is_named(house: House) -> None:
    house.mailed("anna")
    house.answer(**{"Authentication-Results": LIE})
    assert (t.Incoming.get().sender_check, t.Incoming.get().authentication) == ("unknown", {})


def test_R17_the_number_in_the_subject_is_not_believed_from_a_sender_who_failed(open_house: Open) -> None:
    house = open_house(authserv_id=BORDER)
    number = house.mailed("anna")["interaction"]
    row = house.arrive(written(f"about [{number}]", Authentication_Results=LIE), CARE)
    assert row.result["unmatched"] is True
    row = house.arrive(written(f"about [{number}]", text="again", Authentication_Results=TRUTH), CARE)
    assert row.result["matched_by"] == "number"


@pytest.mark.parametrize(
    "cited",
    [
        "{id}",
        "<a@b.example>, <{id}>",
        "<a@b.example>\n <{id}>",
        "message of Monday (from us) <{id}>",
        "< {id} >",
        "a@b {id}",
    ],
)
def test_R17_citations_that_programs_broke_still_match(house: House, cited: str) -> None:
    number = house.mailed("anna")["interaction"]
    ours = str(parsed(house.post.sent[-1][2])["Message-ID"]).strip("<>")
    row = house.arrive(written(References=cited.format(id=ours)), CARE)
    assert row.result["interaction"] == number


def test_R21_an_unmatched_mail_begins_an_interaction_of_its_own(house: House) -> None:
    incoming = house.arrive(written("where is it", sender="new@q.example"), CARE).result["incoming"]
    answer = house.do("anna", "attach_unmatched", incoming=incoming)
    found = house.interaction(answer["interaction"])
    assert (found.direction, found.owner, found.state, found.unread) == ("inbound", "anna", "work_in_progress", 1)
    assert t.Customer.get_by_id(found.customer).kind == "guest" and not t.Incoming.get_by_id(incoming).third_party
    assert mails.unmatched().items == []
    house.refused("not_unmatched", "bert", "attach_unmatched", incoming=incoming)


def test_R21_a_new_interaction_is_the_known_customers(house: House) -> None:
    incoming = house.arrive(written(), CARE).result["incoming"]
    number = house.do("anna", "attach_unmatched", incoming=incoming)["interaction"]
    assert house.interaction(number).customer == "carl"


def test_R21_a_mail_passed_on_by_a_colleague_is_its_writers(house: House) -> None:
    house.do("root", "upsert_principal", principal="bert", role="agent", name="Bert", address="bert@us.example")
    text = f"Please take this.\n\n---------- Forwarded message ---------\nFrom: Carl <{TO}>\nDate: Tue\nSubject: it\n\nHelp!"
    incoming = house.arrive(written("Fwd: it", sender="Bert <bert@us.example>", text=text), CARE).result["incoming"]
    number = house.do("anna", "attach_unmatched", incoming=incoming)["interaction"]
    assert house.interaction(number).customer == "carl" and t.Incoming.get_by_id(incoming).third_party


def test_R21_without_a_sender_no_interaction_begins(house: House) -> None:
    incoming = house.arrive(b"Subject: x\n\nhello\n", CARE).result["incoming"]
    house.refused("invalid_address", "anna", "attach_unmatched", incoming=incoming)
    assert [view.id for view in mails.unmatched().items] == [incoming]


def test_R21_taken_off_the_list_it_is_kept(house: House) -> None:
    incoming = house.arrive(written(), CARE).result["incoming"]
    house.do("anna", "ignore_unmatched", incoming=incoming)
    assert mails.unmatched().items == [] and mails.in_state("ignored").items[0].id == incoming
    assert mails.incoming_raw(incoming).endswith(b"What about my order?\n")


ZENDESK = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", "X-Mailer": "Zendesk Mailer"}
FORWARDED = {"Auto-Submitted": "auto-generated"}  # as Exchange marks what a rule forwards


@pytest.mark.parametrize("headers", [ZENDESK, FORWARDED])
def test_R19_what_a_program_passes_on_for_a_person_keeps_the_state_and_tells_the_owner(
    house: House, headers: dict[str, str]
) -> None:
    number = house.mailed("anna")["interaction"]
    house.answer(text="We changed the invoice, please look.", **headers)
    found, said = house.interaction(number), house.events(number, "automatic_reply_received")
    assert (found.state, found.unread, found.reply_at) == ("on_hold", 1, None)
    assert said[0].data["notify"] == ["anna"]


def test_R19_what_is_passed_on_to_an_owner_who_is_away_waits_in_the_queue(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.do("anna", "set_presence", absent=True)
    house.answer(text="We changed the invoice, please look.", **ZENDESK)
    found = house.interaction(number)
    assert (found.owner, found.queue is not None, found.unread, found.state) == (None, True, 1, "on_hold")


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        ZENDESK | {"Subject": "Automatic reply: hello"},  # Exchange marks its own absences as generated, too
        ZENDESK | {"Return-Path": "<>"},
        ZENDESK | {"X-Autoreply": "yes"},
    ],
)
def test_R19_an_answering_machine_tells_nobody(house: House, headers: dict[str, str]) -> None:
    number = house.mailed("anna")["interaction"]
    house.answer(text="I am away.", **headers)
    assert house.interaction(number).unread == 0
    assert "notify" not in house.events(number, "automatic_reply_received")[0].data


def test_R19_a_subject_that_repeats_ours_behind_a_word_of_absence_is_a_robots(house: House) -> None:
    sent = house.mailed("anna")
    ours = str(parsed(house.post.sent[-1][2])["Subject"])
    house.answer(text="Ich bin bis zum 25.11. nicht da.", Subject=f"Abwesenheit: {ours}")
    assert house.state(sent["interaction"]) == "on_hold"
    house.answer(text="Max ist krank.", Subject="Abwesenheit: Max")
    assert house.state(sent["interaction"]) == "work_in_progress"
