"""R11 to R16: what is checked before a mail is queued, what it carries, how its truth is kept, and how it is undone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import peewee as pw
import pytest

from models import tables as t
from models.queries import interactions, news
from models.store import Store, keep_blob
from tests.harness import (
    ACCEPTED,
    DAY,
    DEFERRED,
    HOUR,
    MINUTE,
    REFUSED,
    SECOND,
    START,
    UNCERTAIN,
    House,
    Killed,
    dsn,
    parsed,
)
from workers import handlers
from workers.world import Answer

Open = Callable[..., House]
TO = "carl@x.example"


def upload(house: House, data: bytes) -> str:
    name = hashlib.sha256(data).hexdigest()
    with house.store.transaction():
        keep_blob(house.store, name, data, "application/pdf", house.now)
    return name


@pytest.mark.parametrize(
    ("content", "code", "field"),
    [
        ({"to": []}, "no_recipient", "draft.to"),
        ({"to": ["carl@"]}, "invalid_recipient", "draft.to.0"),
        ({"cc": ["fine@x.example", "two words@x.example"]}, "invalid_recipient", "draft.cc.1"),
        ({"bcc": ["a@b@c"]}, "invalid_recipient", "draft.bcc.0"),
        ({"cc": ["blocked@x.example"]}, "suppressed", "draft.cc.0"),
        ({"to": [f"n{i}@x.example" for i in range(6)]}, "too_many_recipients", "draft.to"),
        ({"text": "x" * 20_000}, "too_large", "draft.attachments"),
        (
            {"attachments": [{"blob": "0" * 64, "name": "a.pdf", "media_type": "application/pdf"}]},
            "unknown_blob", "draft.attachments.0.blob",
        ),
    ],
)  # fmt: skip
def test_R11_each_failed_check_names_the_field_and_queues_nothing(
    open_house: Open, content: dict[str, Any], code: str, field: str
) -> None:
    house = open_house(recipients_limit="5", mail_limit_bytes="15000")
    house.do("crm", "suppress_address", address="Blocked@X.example", reason="asked us not to")
    draft = house.written("anna", **content)
    row = house.refused(code, "anna", "send", draft=draft["draft"], revision=1)
    assert row.result["field"] == field
    assert t.Mail.select().count() == t.Delivery.select().count() == 0
    assert house.draft(draft["draft"]).state == "open"


def test_R11_the_draft_is_sent_as_the_revision_named_or_not_at_all(house: House) -> None:
    draft = house.written("anna")["draft"]
    house.save("anna", draft, 1, text="changed in another window")
    row = house.refused("conflict", "anna", "send", draft=draft, revision=1)
    assert row.result == {"field": "body.revision", "revision": 2}


def test_R11_a_large_attachment_counts_as_it_travels(open_house: Open) -> None:
    house = open_house(mail_limit_bytes="15000")
    blob = upload(house, b"%PDF" + b"\x00" * 11_500)  # base64 makes it a third longer
    item = {"blob": blob, "name": "a.pdf", "media_type": "application/pdf"}
    draft = house.written("anna", attachments=[item])["draft"]
    assert house.refused("too_large", "anna", "send", draft=draft, revision=1)
    assert t.Mail.select().count() == 0


def test_R11_a_suppression_of_reminders_or_one_that_expired_lets_an_agents_mail_pass(house: House) -> None:
    house.do("crm", "suppress_address", address=TO, scope="reminders", reason="no reminders please")
    soon = (START + HOUR).isoformat()
    house.do("crm", "suppress_address", address="carl.private@y.example", reason="holiday", expires_at=soon)
    draft = house.written("anna", cc=["carl.private@y.example"])["draft"]
    house.refused("suppressed", "anna", "send", draft=draft, revision=1)
    house.advance(2 * HOUR)
    house.send("anna", draft, 1)


def test_R11_a_lifted_suppression_no_longer_blocks(house: House) -> None:
    house.do("crm", "suppress_address", address=TO, reason="x")
    draft = house.written("anna")["draft"]
    house.refused("suppressed", "anna", "send", draft=draft, revision=1)
    house.do("mona", "lift_suppression", address="CARL@x.example")
    house.send("anna", draft, 1)
    house.refused("not_suppressed", "mona", "lift_suppression", address=TO)


def test_R16_the_interaction_is_called_as_the_first_mail_that_left(house: House) -> None:
    draft = house.written("anna", subject="Yuor order")
    mail = house.send("anna", draft["draft"], 1, hold="PT10S")["mail"]
    house.do("anna", "cancel_send", mail=mail)
    house.save("anna", draft["draft"], 1, subject="Your order")
    house.send("anna", draft["draft"], 2)
    house.pump()
    house.do("anna", "compose_reply", interaction=draft["interaction"], send=True, content={"subject": "Besides"})
    house.pump()
    assert house.interaction(draft["interaction"]).subject == "Your order"


def test_R11_nobody_of_many_is_left_out_silently(house: House) -> None:
    many = {role: [f"{role}{n}@x.example" for n in range(8)] for role in ("to", "cc", "bcc")}
    answer = house.mailed("anna", **many)
    assert {(row.role, row.address) for row in house.deliveries(answer["mail"])} == {
        (role, address) for role, named in many.items() for address in named
    }
    assert len(house.post.sent) == 24


def test_R11_an_address_named_twice_gets_the_mail_once(house: House) -> None:
    answer = house.mailed("anna", to=[TO, "CARL@X.example"], cc=[TO])
    assert [(row.role, row.address) for row in house.deliveries(answer["mail"])] == [("to", TO)]


def test_R12_stale_when_a_colleague_sent_meanwhile(house: House) -> None:
    mine, theirs = house.written("anna"), house.written("bert")
    house.send("bert", theirs["draft"], 1)
    row = house.refused("stale", "anna", "send", draft=mine["draft"], revision=1)
    assert row.result["since"] == "bert" and "bert" in row.sentence
    assert house.send("anna", mine["draft"], 1, confirm=True)["mail"]
    house.pump()
    assert len(house.sent_to(TO)) == 2


def test_R12_stale_when_the_customer_wrote_meanwhile(house: House) -> None:
    first = house.mailed("anna")
    draft = house.do("anna", "compose_reply", interaction=first["interaction"], content={"text": "one more thing"})
    house.answer()
    row = house.refused("stale", "anna", "send", draft=draft["draft"], revision=1)
    assert row.result["since"] == "customer"
    house.send("anna", draft["draft"], 1, confirm=True)


def test_R12_opening_the_draft_again_shows_the_news_and_send_passes(house: House) -> None:
    mine, theirs = house.written("anna"), house.written("bert")
    house.send("bert", theirs["draft"], 1)
    house.do("cleo", "open_draft", draft=mine["draft"])  # a colleague's look is not the author's
    house.refused("stale", "anna", "send", draft=mine["draft"], revision=1)
    house.do("anna", "open_draft", draft=mine["draft"])
    house.send("anna", mine["draft"], 1)


def test_R12_who_opened_but_read_only_so_far_misses_what_came_later(house: House) -> None:
    mine = house.written("anna")
    before = house.interaction(mine["interaction"]).seq
    house.send("bert", house.written("bert")["draft"], 1)
    for seen in (0, before):
        house.do("anna", "open_draft", draft=mine["draft"], seen=seen)
        house.refused("stale", "anna", "send", draft=mine["draft"], revision=1)
    assert [item.mail.sender for item in news.of_draft(mine["draft"]) if item.mail] == ["bert"]
    house.do("anna", "open_draft", draft=mine["draft"], seen=house.interaction(mine["interaction"]).seq)
    assert news.of_draft(mine["draft"]) == []
    house.do("anna", "open_draft", draft=mine["draft"], seen=before)  # nobody forgets what they read
    house.send("anna", mine["draft"], 1)


def test_R12_who_writes_on_has_read_nothing_by_that_and_who_takes_over_has(house: House) -> None:
    mine = house.written("anna")
    house.send("bert", house.written("bert")["draft"], 1)
    house.save("anna", mine["draft"], 1, text="on and on")
    house.refused("stale", "anna", "send", draft=mine["draft"], revision=2)
    house.do("cleo", "take_over_draft", draft=mine["draft"])
    house.send("cleo", mine["draft"], 2)


def test_R12_nobody_has_read_what_was_not_there_yet(house: House) -> None:
    mine = house.written("anna")
    house.do("anna", "open_draft", draft=mine["draft"], seen=1_000)
    house.send("bert", house.written("bert")["draft"], 1)
    house.refused("stale", "anna", "send", draft=mine["draft"], revision=1)


def test_R12_a_reminder_is_no_news(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    number = house.mailed("anna")["interaction"]
    draft = house.do("bert", "compose_reply", interaction=number, content={"text": "2"})["draft"]
    house.advance(3 * DAY)
    assert len(house.post.sent) == 2
    house.send("bert", draft, 1)


def test_R12_ones_own_mail_and_a_cancelled_one_make_nothing_stale(house: House) -> None:
    mine = house.written("anna")
    other = house.compose("anna", new_draft=True, content={"text": "second"})
    house.send("anna", other["draft"], 1)
    theirs = house.written("bert")
    mail = house.send("bert", theirs["draft"], 1, confirm=True, hold="PT1M")["mail"]
    house.do("bert", "cancel_send", mail=mail)
    house.send("anna", mine["draft"], 1)


def test_R12_one_step_compose_and_send_is_held_too(house: House) -> None:
    house.written("anna")
    theirs = house.written("bert")
    house.send("bert", theirs["draft"], 1, hold="PT1M")
    again = house.compose("anna", content={"text": "x"}, send=True)
    assert again["state"] == "queued"  # compose shows anna everything: nothing is stale


def test_R13_a_mail_leaves_from_an_address_its_agent_may_use(open_house: Open) -> None:
    house = open_house(
        sender_address="care@post.example", sender_addresses="bills@post.example, press@post.example=bert+manager"
    )
    draft = house.written("anna")["draft"]
    house.refused("sender_not_allowed", "anna", "send", draft=draft, revision=1, from_address="press@post.example")
    house.refused("sender_not_allowed", "anna", "send", draft=draft, revision=1, from_address="boss@else.example")
    assert t.Mail.select().count() == 0
    sent = house.do("anna", "send", draft=draft, revision=1, from_address="Bills@post.example", hold="PT0S")
    assert house.mail(sent["mail"]).from_address == "bills@post.example"
    house.pump()
    assert "<bills@post.example>" in parsed(house.post.sent[0][2])["From"]
    his = house.compose("bert", content={"text": "x"}, send=True, from_address="press@post.example")
    assert house.mail(his["mail"]).from_address == "press@post.example"
    hers = house.compose("mona", content={"text": "x"}, send=True, from_address="press@post.example")
    assert house.mail(hers["mail"]).from_address == "press@post.example"


def test_R13_the_address_chosen_in_the_draft_is_the_one_it_leaves_from(open_house: Open) -> None:
    house = open_house(
        sender_address="care@post.example", sender_addresses="bills@post.example, press@post.example=bert+manager"
    )
    draft = house.written("anna")["draft"]
    house.do("anna", "save_draft", draft=draft, base_revision=1, content={"from_address": "bills@post.example"})
    house.do("anna", "save_draft", draft=draft, base_revision=2, content={"text": "Words"})
    sent = house.do("anna", "send", draft=draft, revision=3, hold="PT0S")
    assert house.mail(sent["mail"]).from_address == "bills@post.example"
    theirs = house.compose("bert", content={"text": "x", "from_address": "press@post.example"})["draft"]
    house.do("anna", "take_over_draft", draft=theirs)
    house.refused("sender_not_allowed", "anna", "send", draft=theirs, revision=1)


def test_R13_the_bytes_carry_the_facts(open_house: Open) -> None:
    house = open_house(token_keys="k1:secret", mail_domain="post.example", sender_address="care@post.example")
    blob = upload(house, b"%PDF-1")
    item = {"blob": blob, "name": "Ångström.pdf", "media_type": "application/pdf"}
    content = {"subject": "Grüße, 你好", "text": "Hello\nשלום", "html": "<p>Hello</p>", "cc": ["c@x.example"]}
    answer = house.mailed("anna", bcc=["secret@x.example"], attachments=[item], **content)
    _, _, raw = house.post.sent[0]
    mail, row = parsed(raw), house.mail(answer["mail"])
    assert mail["Message-ID"] == row.message_id and row.message_id.endswith("@post.example>")
    assert mail["Date"].datetime == START and str(mail["Subject"]) == "Grüße, 你好"
    assert "care@post.example" in mail["From"] and "Anna" in mail["From"]
    assert mail["Reply-To"].startswith("reply+k1.") and mail["To"] == TO and mail["Cc"] == "c@x.example"
    assert b"secret@x.example" not in raw and mail["Bcc"] is None
    assert row.message_id in mail["References"] and mail["In-Reply-To"] is None
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n").strip() == "Hello\nשלום"
    assert "<p>Hello</p>" in mail.get_body(("html",)).get_content()
    (part,) = mail.iter_attachments()
    assert (part.get_filename(), part.get_content()) == ("Ångström.pdf", b"%PDF-1")


def test_R13_every_recipient_gets_the_same_stored_bytes_with_an_envelope_sender_of_their_own(house: House) -> None:
    answer = house.mailed("anna", cc=["c@x.example"])
    assert len({data for _, _, data in house.post.sent}) == 1
    assert len({sender for sender, _, _ in house.post.sent}) == 2
    blob = t.Blob.get_by_id(house.mail(answer["mail"]).blob)
    assert bytes(blob.data) == house.post.sent[0][2]


@pytest.mark.parametrize("answers", [[DEFERRED, DEFERRED, ACCEPTED]])
def test_R13_message_id_and_bytes_stay_the_same_over_all_attempts(house: House, answers: list[Answer]) -> None:
    house.post.answers(TO, *answers)
    answer = house.mailed("anna")
    before = house.mail(answer["mail"])
    house.advance(HOUR)
    after = house.mail(answer["mail"])
    assert (before.message_id, before.blob) == (after.message_id, after.blob) and after.state == "sent"
    assert parsed(house.sent_to(TO)[0])["Date"].datetime == START


@pytest.mark.parametrize("wanted", ["true", "false"])
def test_R13_the_number_stands_in_the_subject_only_if_the_setting_says_so(open_house: Open, wanted: str) -> None:
    house = open_house(number_in_subject=wanted)
    number = house.mailed("anna")["interaction"]
    house.do("anna", "compose_reply", interaction=number, content={"subject": f"Re: {number}"}, send=True)
    house.pump()
    first, again = (str(parsed(raw)["Subject"]) for _, _, raw in house.post.sent)
    assert (number in first) is (wanted == "true") and again.count(number) == 1


@pytest.mark.parametrize("field", ["subject", "to", "cc", "bcc"])
def test_R13_line_breaks_never_reach_a_header(house: House, field: str) -> None:
    value: Any = "x\r\nBcc: evil@x.example" if field == "subject" else ["a@x.example\r\nBcc: evil@x.example"]
    wire = {"version": 1, "id": "evil", "type": "compose", "agent": None}
    import json

    body = {"customer": "carl", "content": {field: value}}
    handlers.receive(house.world, json.dumps(wire | {"body": body}).encode(), "anna", False)
    (letter,) = t.DeadLetter.select()
    assert f"body.content.{field}" in letter.reason and t.Draft.select().count() == 0


def test_R14_sent_only_with_the_servers_own_words_on_record(house: House) -> None:
    answer = house.mailed("anna")
    row = house.delivery(answer["mail"])
    assert (row.state, row.reply_code, row.reply_text, row.server) == (
        "accepted", 250, "2.0.0 queued as 4711", "mx.test:25",
    )  # fmt: skip
    mail = house.mail(answer["mail"])
    assert (mail.state, mail.sent_at) == ("sent", START)


def test_R14_a_4xx_is_retried_with_growing_pauses_from_rows(open_house: Open) -> None:
    house = open_house(retry_pauses="PT1M,PT5M,PT15M")
    house.post.answers(TO, DEFERRED, DEFERRED, DEFERRED)
    answer = house.mailed("anna")
    seen: list[datetime] = [house.delivery(answer["mail"]).next_at]
    assert house.mail(answer["mail"]).state == "sending" and house.state(answer["interaction"]) == "work_in_progress"
    house.alarm.lose_all()  # the rows alone bring it back
    for pause in (2 * MINUTE, 6 * MINUTE):
        house.advance(pause)
        seen.append(house.delivery(answer["mail"]).next_at)
    pauses = [round((b - a).total_seconds() / 60) for a, b in zip([START, *seen], seen, strict=False)]
    assert pauses == [1, 5, 15]
    house.advance(HOUR)
    assert house.mail(answer["mail"]).state == "sent" and len(house.sent_to(TO)) == 1


def test_R14_giving_up_after_the_configured_time_is_a_refusal_with_the_last_words(open_house: Open) -> None:
    house = open_house(give_up_after="PT4H", retry_pauses="PT1H")
    house.post.answers(TO, *[DEFERRED] * 9)
    answer = house.mailed("anna")
    house.advance(6 * HOUR)
    row = house.delivery(answer["mail"])
    assert row.state == "refused" and "come back later" in row.reply_text and row.attempts == 5
    assert house.draft(answer["draft"]).state == "open"


def test_R14_refused_by_all_goes_back_to_work_with_the_reason(house: House) -> None:
    house.post.answers(TO, REFUSED)
    answer = house.mailed("anna")
    row = house.interaction(answer["interaction"])
    assert (row.state, row.attention, row.first_accepted_at) == ("work_in_progress", "refused", None)
    assert house.mail(answer["mail"]).state == "refused" and house.draft(answer["draft"]).state == "open"
    (event,) = house.events(row.number, "delivery_refused")
    assert event.data["notify"] == ["anna"] and event.data["code"] == 550
    assert [line.number for line in interactions.ongoing("anna").items] == [row.number]


def test_R14_a_further_mail_refused_by_all_brings_it_back_to_work(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.post.answers(TO, REFUSED)
    more = house.do("bert", "compose_reply", interaction=number, content={"text": "more"}, send=True)
    house.pump()
    row = house.interaction(number)
    assert (row.state, row.attention, row.owner) == ("work_in_progress", "refused", "anna")
    assert house.draft(more["draft"]).state == "open"


def test_R14_R25_a_late_refusal_leaves_its_owner_the_whole_period(open_house: Open) -> None:
    house = open_house(abandonment_after="PT20M")
    house.post.answers(TO, REFUSED)
    draft = house.written("anna")
    house.send("anna", draft["draft"], 1, send_at=(START + HOUR).isoformat())
    house.advance(HOUR + 19 * MINUTE)
    assert house.state(draft["interaction"]) == "work_in_progress" and house.post.tried == [TO]
    house.advance(2 * MINUTE)
    assert house.state(draft["interaction"]) == "closed_abandoned"


def test_R14_refused_words_are_sent_again_as_a_new_mail(house: House) -> None:
    house.post.answers(TO, REFUSED)
    first = house.mailed("anna")
    house.save("anna", first["draft"], 1, text="another try")
    second = house.send("anna", first["draft"], 2)
    house.pump()
    assert second["mail"] != first["mail"] and house.state(first["interaction"]) == "on_hold"
    assert house.mail(first["mail"]).message_id != house.mail(second["mail"]).message_id


def test_R14_accepted_for_some_is_sent_and_names_the_refused(house: House) -> None:
    house.post.answers("bad@x.example", REFUSED)
    answer = house.mailed("anna", cc=["bad@x.example"])
    assert house.mail(answer["mail"]).state == "sent" and house.state(answer["interaction"]) == "on_hold"
    states = {row.address: (row.state, row.reply_code) for row in house.deliveries(answer["mail"])}
    assert states == {"bad@x.example": ("refused", 550), TO: ("accepted", 250)}
    assert house.interaction(answer["interaction"]).attention == "refused"
    assert house.draft(answer["draft"]).state == "sent"


def test_R14_some_refused_calls_the_owner_whichever_answer_comes_first(house: House) -> None:
    house.post.answers(TO, REFUSED)
    answer = house.mailed("anna", cc=["good@x.example"])
    assert house.mail(answer["mail"]).state == "sent" and house.post.tried == [TO, "good@x.example"]
    assert house.interaction(answer["interaction"]).attention == "refused"


@pytest.mark.parametrize(("end", "calls"), [(REFUSED, "refused"), (UNCERTAIN, "uncertain")])
def test_R14_a_colleagues_mail_that_leaves_does_not_hush_one_that_did_not(
    house: House, end: Answer, calls: str
) -> None:
    house.post.answers(TO, end)
    annas = house.mailed("anna")
    berts = house.mailed("bert", subject="Another matter")
    row = house.interaction(annas["interaction"])
    assert berts["interaction"] == row.number and house.mail(berts["mail"]).state == "sent"
    assert (row.state, row.owner, row.attention) == ("on_hold", "bert", calls)


def test_R14_what_was_decided_about_an_uncertain_one_leaves_the_others_calling(house: House) -> None:
    house.post.answers(TO, REFUSED, UNCERTAIN)
    annas, berts = house.mailed("anna"), house.mailed("bert", subject="Another matter")
    house.do("bert", "resolve_uncertain", delivery=house.delivery(berts["mail"]).id, outcome="resend")
    assert house.interaction(annas["interaction"]).attention == "refused"
    house.pump()
    assert house.interaction(annas["interaction"]).attention == "refused"
    house.send("anna", annas["draft"], 1, confirm=True)
    house.pump()
    assert house.interaction(annas["interaction"]).attention is None


def test_R14_refused_for_some_and_waiting_for_others_is_not_refused_yet(house: House) -> None:
    house.post.answers("bad@x.example", REFUSED)
    house.post.answers(TO, DEFERRED)
    answer = house.mailed("anna", cc=["bad@x.example"])
    assert house.mail(answer["mail"]).state == "sending" and house.draft(answer["draft"]).state == "queued"
    house.advance(HOUR)
    assert house.mail(answer["mail"]).state == "sent" and house.state(answer["interaction"]) == "on_hold"


def test_R14_killed_after_the_body_began_is_uncertain_and_never_sent_again_by_itself(house: House) -> None:
    house.post.answers(TO, Killed)
    answer = house.mailed("anna")
    assert house.delivery(answer["mail"]).state == "transmitting"
    house.advance(10 * DAY)
    assert house.delivery(answer["mail"]).state == "uncertain" and house.mail(answer["mail"]).state == "uncertain"
    assert house.post.tried == [TO]
    row = house.interaction(answer["interaction"])
    assert (row.state, row.attention) == ("work_in_progress", "uncertain")


def die() -> None:
    raise Killed


def test_R14_killed_before_the_body_began_is_sent_once_the_lease_is_over(house: House) -> None:
    house.post.before = die
    answer = house.mailed("anna")
    assert house.delivery(answer["mail"]).state == "claimed"
    house.advance(4 * MINUTE)
    assert house.post.tried == [TO]
    house.advance(2 * MINUTE)
    assert house.mail(answer["mail"]).state == "sent" and len(house.sent_to(TO)) == 1


def test_R14_a_connection_lost_after_the_body_is_uncertain_at_once(house: House) -> None:
    house.post.answers(TO, UNCERTAIN)
    answer = house.mailed("anna")
    row = house.delivery(answer["mail"])
    assert row.state == "uncertain" and row.publish_at is None
    (event,) = house.events(answer["interaction"], "delivery_uncertain")
    assert event.data["notify"] == ["anna"]


def test_R14_an_agent_takes_the_uncertain_one_as_sent(house: House) -> None:
    house.post.answers(TO, UNCERTAIN)
    answer = house.mailed("anna")
    delivery = house.delivery(answer["mail"]).id
    house.do("anna", "resolve_uncertain", delivery=delivery, outcome="sent")
    row = house.interaction(answer["interaction"])
    assert (row.state, row.attention) == ("on_hold", None) and house.post.tried == [TO]
    settled = house.delivery(answer["mail"])
    assert "anna" in settled.reply_text and settled.reply_code is None, "no server said so"
    house.refused("not_uncertain", "anna", "resolve_uncertain", delivery=delivery, outcome="resend")


def test_R14_an_agent_sends_the_uncertain_one_again_with_the_same_bytes(house: House) -> None:
    house.post.answers(TO, UNCERTAIN)
    answer = house.mailed("anna")
    house.do("anna", "resolve_uncertain", delivery=house.delivery(answer["mail"]).id, outcome="resend")
    house.pump()
    first, second = house.sent_to(TO)
    assert first == second and house.mail(answer["mail"]).state == "sent"


def test_R14_R27_on_a_closed_interaction_the_uncertain_one_can_be_taken_as_sent_and_not_sent_again(
    house: House,
) -> None:
    house.post.answers(TO, UNCERTAIN)
    answer = house.mailed("anna")
    house.do("anna", "close", interaction=answer["interaction"], confirm=True)
    delivery = house.delivery(answer["mail"]).id
    house.refused("closed", "anna", "resolve_uncertain", delivery=delivery, outcome="resend")
    house.do("anna", "resolve_uncertain", delivery=delivery, outcome="sent")
    assert house.mail(answer["mail"]).state == "sent" and house.state(answer["interaction"]) == "closed_abandoned"


def test_R14_a_reply_that_cites_it_settles_the_uncertain_one(house: House) -> None:
    house.post.answers(TO, UNCERTAIN)
    answer = house.mailed("anna")
    house.answer()
    assert house.delivery(answer["mail"]).state == "accepted" and house.mail(answer["mail"]).state == "sent"
    row = house.interaction(answer["interaction"])
    assert (row.state, row.unread, row.attention) == ("work_in_progress", 1, None)


def test_R14_a_bounce_that_cites_it_settles_the_uncertain_one(house: House) -> None:
    house.post.answers(TO, UNCERTAIN)
    answer = house.mailed("anna")
    house.arrive(dsn(house, TO), house.post.sent[0][0])
    assert house.delivery(answer["mail"]).state == "bounced" and house.mail(answer["mail"]).state == "bounced"
    assert house.interaction(answer["interaction"]).attention == "bounced"


def test_R14_a_frozen_attempts_late_answer_wins_over_uncertain(house: House) -> None:
    def frozen() -> None:
        house.leap(HOUR)
        house.sweep()
        house.pump()
        assert t.Delivery.get().state == "uncertain"

    house.post.during = frozen
    answer = house.mailed("anna")
    assert house.delivery(answer["mail"]).state == "accepted" and house.state(answer["interaction"]) == "on_hold"
    assert house.interaction(answer["interaction"]).attention is None


def test_R14_a_worker_frozen_before_the_body_does_not_send_beside_its_successor(house: House) -> None:
    def frozen() -> None:
        house.leap(6 * MINUTE)
        house.sweep()
        house.pump()
        assert t.Delivery.get().state == "accepted"

    house.post.before = frozen
    house.mailed("anna")
    assert house.post.tried == [TO, TO] and len(house.sent_to(TO)) == 1


def test_R14_a_worker_frozen_before_the_body_stops_while_its_successor_is_still_at_it(house: House) -> None:
    def frozen() -> None:
        house.leap(6 * MINUTE)
        house.post.before = die
        house.sweep()
        house.pump()
        assert t.Delivery.get().state == "claimed", "by the other one"

    house.post.before = frozen
    answer = house.mailed("anna")
    assert house.post.tried == [TO, TO] and house.post.sent == []
    house.advance(HOUR)
    assert house.mail(answer["mail"]).state == "sent" and len(house.post.sent) == 1


def test_R14_R11_a_worker_frozen_before_the_body_does_not_send_what_was_stopped_meanwhile(house: House) -> None:
    def frozen() -> None:
        house.leap(6 * MINUTE)
        house.do("crm", "suppress_address", address=TO, reason="asked us not to")
        house.sweep()
        house.pump()
        assert t.Delivery.get().state == "refused"

    house.post.before = frozen
    answer = house.mailed("anna")
    house.advance(HOUR)
    assert house.post.sent == [] and house.mail(answer["mail"]).state == "refused"


def test_R14_a_doubled_wake_up_during_and_after_sends_nothing_twice(house: House) -> None:
    answer = house.compose("anna", content={"text": "x"}, send=True)
    delivery = house.delivery(answer["mail"]).id
    house.post.during = lambda: handlers.deliver(house.world, delivery)
    house.pump()
    handlers.deliver(house.world, delivery)
    handlers.deliver(house.world, "dl_unknown")
    assert len(house.post.sent) == 1


def test_R14_the_same_command_twice_sends_once(house: House) -> None:
    draft = house.written("anna")["draft"]
    for _ in range(2):
        house.do("anna", "send", id="once", draft=draft, revision=1)
        house.pump()
    assert len(house.post.sent) == 1
    house.refused("draft_not_open", "anna", "send", draft=draft, revision=1)


def test_R15_send_itself_changes_no_state(house: House) -> None:
    answer = house.compose("anna", content={"text": "x"}, send=True)
    assert house.state(answer["interaction"]) == "work_in_progress"
    house.pump()
    assert house.state(answer["interaction"]) == "on_hold"


def test_R15_the_acceptance_makes_the_sender_the_owner_and_shows_it_in_the_customers_list(house: House) -> None:
    anna = house.written("anna")
    house.do("mona", "transfer", interaction=anna["interaction"], to_queue="second line")
    house.send("anna", anna["draft"], 1)
    house.pump()
    row = house.interaction(anna["interaction"])
    assert (row.state, row.owner, row.queue) == ("on_hold", "anna", None)
    (line,) = interactions.of_customer("carl").items
    assert (line.number, line.state, line.owner) == (row.number, "on_hold", "anna")


def test_R15_a_reply_after_the_claim_keeps_it_at_work_and_unread(house: House) -> None:
    first = house.mailed("anna")
    house.post.during = lambda: house.answer(text="wait, one more thing")
    house.do("anna", "compose_reply", interaction=first["interaction"], content={"text": "2"}, send=True)
    house.pump()
    row = house.interaction(first["interaction"])
    assert (row.state, row.unread, row.owner) == ("work_in_progress", 1, "anna")
    assert {mail.state for mail in t.Mail.select()} == {"sent"}


def test_R15_a_reply_before_the_claim_that_was_confirmed_goes_on_hold(house: House) -> None:
    first = house.mailed("anna")
    house.answer()
    more = house.do("anna", "compose_reply", interaction=first["interaction"], content={"text": "2"}, send=True)
    house.pump()
    assert house.state(more["interaction"]) == "on_hold"


def test_R16_undo_in_time_gives_the_draft_back(open_house: Open) -> None:
    house = open_house(undo_hold="PT10S")
    answer = house.compose("anna", content={"text": "oops"}, send=True)
    assert (answer["state"], house.mail(answer["mail"]).leave_at) == ("held", START + 10 * SECOND)
    house.advance(9 * SECOND)
    house.do("anna", "cancel_send", mail=answer["mail"])
    house.advance(DAY)
    assert house.post.tried == [] and house.draft(answer["draft"]).state == "open"
    assert house.mail(answer["mail"]).state == "cancelled"
    house.save("anna", answer["draft"], 1, text="better")


def test_R16_undo_too_late_is_already_sent(open_house: Open) -> None:
    house = open_house(undo_hold="PT10S")
    answer = house.compose("anna", content={"text": "x"}, send=True)
    house.advance(11 * SECOND)
    house.refused("already_sent", "anna", "cancel_send", mail=answer["mail"])
    assert len(house.post.sent) == 1


def test_R16_after_the_claim_undo_loses_even_if_the_server_then_defers(house: House) -> None:
    house.post.answers(TO, DEFERRED)
    answer = house.mailed("anna")
    house.refused("already_sent", "anna", "cancel_send", mail=answer["mail"])


def test_R16_undo_during_the_transmission_loses(house: House) -> None:
    answer = house.compose("anna", content={"text": "x"}, send=True)
    house.post.before = lambda: house.refused("already_sent", "anna", "cancel_send", mail=answer["mail"])
    house.pump()
    assert house.mail(answer["mail"]).state == "sent"


def test_R16_only_sender_owner_or_manager_undo(house: House) -> None:
    for user in ("anna", "mona"):
        answer = house.compose("anna", "carl", content={"text": user}, send=True, hold="PT1M", confirm=True)
        house.refused("forbidden", "bert", "cancel_send", mail=answer["mail"])
        house.do(user, "cancel_send", mail=answer["mail"])


def test_R16_send_carries_its_own_hold(house: House) -> None:
    draft = house.written("anna")["draft"]
    mail = house.send("anna", draft, 1, hold="PT5M")["mail"]
    house.advance(4 * MINUTE)
    assert house.post.tried == [] and house.mail(mail).state == "held"
    house.advance(2 * MINUTE)
    assert house.mail(mail).state == "sent"


def test_R16_scheduled_mail_leaves_at_its_time_even_when_its_wake_up_is_lost(house: House) -> None:
    draft = house.written("anna")["draft"]
    mail = house.send("anna", draft, 1, send_at=(START + 2 * DAY).isoformat())["mail"]
    house.alarm.lose_all()
    house.advance(2 * DAY - MINUTE)
    assert house.post.tried == [] and house.mail(mail).state == "scheduled"
    house.advance(2 * MINUTE)
    assert house.mail(mail).state == "sent"
    assert parsed(house.post.sent[0][2])["Date"].datetime == START + 2 * DAY


def test_R16_a_customer_who_writes_before_it_left_holds_it_back_and_the_owner_is_told(house: House) -> None:
    first = house.mailed("anna")
    draft = house.do("anna", "compose_reply", interaction=first["interaction"], content={"text": "2"})
    mail = house.send("anna", draft["draft"], 1, send_at=(START + DAY).isoformat())["mail"]
    house.answer(text="never mind")
    row = house.interaction(first["interaction"])
    assert house.mail(mail).state == "cancelled" and house.draft(draft["draft"]).state == "open"
    assert (row.state, row.attention) == ("work_in_progress", "held_back")
    (event,) = house.events(row.number, "mail_held_back")
    assert event.data["notify"] == ["anna"]
    house.advance(2 * DAY)
    assert len(house.post.sent) == 1


class Away(Store):
    """The same rows behind a connection that breaks when told to."""

    broken = 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self.broken:
            self.broken -= 1
            raise pw.OperationalError("the server closed the connection unexpectedly")
        with super().transaction():
            yield


def test_R14_an_answer_is_kept_until_the_database_is_back(house: House) -> None:
    away = Away(house.store.db)
    house.world = replace(house.world, store=away)
    house.post.during = lambda: setattr(away, "broken", 5)
    answer = house.mailed("anna")
    assert away.broken == 0 and house.now > START
    assert house.delivery(answer["mail"]).state == "accepted" and house.post.tried == [TO]


def test_R14_an_outage_before_the_body_stops_the_transmission(house: House) -> None:
    away = Away(house.store.db)
    house.world = replace(house.world, store=away)
    house.post.before = lambda: setattr(away, "broken", 1)
    answer = house.compose("anna", content={"text": "x"}, send=True)
    with pytest.raises(pw.OperationalError):
        house.pump()
    assert house.post.sent == [] and house.delivery(answer["mail"]).state == "claimed"
    house.advance(HOUR)
    assert len(house.post.sent) == 1 and house.mail(answer["mail"]).state == "sent"


def test_R14_an_old_attempts_answer_says_nothing_about_the_new_one(house: House) -> None:
    def frozen() -> None:
        house.leap(HOUR)
        house.sweep()
        house.pump()
        house.do("anna", "resolve_uncertain", delivery=t.Delivery.get().id, outcome="resend")
        house.pump()  # the second attempt dies with its body handed over
        assert t.Delivery.get().state == "transmitting"

    house.post.answers(TO, Killed, REFUSED)
    house.post.during = frozen
    answer = house.mailed("anna")
    assert house.delivery(answer["mail"]).state == "transmitting"
    house.advance(HOUR)
    assert house.delivery(answer["mail"]).state == "uncertain" and house.draft(answer["draft"]).state == "queued"
