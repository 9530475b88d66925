"""R19, R20 on interactions: complaints, notes, list mail and refusals that do not blame the address."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models import tables as t
from tests.harness import DAY, DEFERRED, REFUSED, UNCERTAIN, House, dsn, parsed
from workers.world import Answer

Open = Callable[..., House]
TO = "carl@x.example"


def complaint(house: House, fields: str = "Feedback-Type: abuse\nOriginal-Rcpt-To: carl@x.example") -> bytes:
    """An abuse report (RFC 5965) about the latest mail of ours."""
    ours = parsed(house.post.sent[-1][2])
    return (
        "From: feedback@isp.example\nTo: care@postroom.example\nSubject: Abuse report\n"
        f"Message-ID: <arf{house.alarm.rung}@isp.example>\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n'
        f"--b\n\nA complaint.\n--b\nContent-Type: message/feedback-report\n\n{fields}\n"
        f"--b\nContent-Type: message/rfc822\n\nMessage-ID: {ours['Message-ID']}\nTo: {TO}\n\nwords\n--b--\n"
    ).encode()


def test_R20_a_complaint_stops_reminders_and_tells_but_keeps_the_state(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    number = house.mailed("anna")["interaction"]
    row = house.arrive(complaint(house), house.post.sent[0][0])
    assert row.result["kind"] == "complaint"
    found = house.interaction(number)
    assert (found.state, found.unread, found.attention, found.reminders_stopped) == ("on_hold", 0, "complaint", True)
    kept = t.Suppression.get(t.Suppression.address_key == TO)
    assert (kept.scope, kept.source) == ("reminders", "complaint")
    assert house.events(number, "complaint_received")[0].data["notify"] == ["anna"]
    house.advance(9 * DAY)
    assert len(house.post.sent) == 1


def test_R20_whoever_complained_gets_agents_mail_still(house: House) -> None:
    house.mailed("anna")
    house.arrive(complaint(house), house.post.sent[0][0])
    house.mailed("bert")
    assert len(house.sent_to(TO)) == 2


def test_R20_a_complaint_matched_by_the_returned_message_id_is_about_the_named_recipient(house: House) -> None:
    number = house.mailed("anna", to=[TO, "second@x.example"])["interaction"]
    house.arrive(complaint(house, "Feedback-Type: abuse\nOriginal-Rcpt-To: second@x.example"), "care@postroom.example")
    assert [row.address_key for row in t.Suppression.select()] == ["second@x.example"]
    assert house.interaction(number).attention == "complaint"


def test_R20_a_complaint_lifts_no_harder_suppression(house: House) -> None:
    house.mailed("anna")
    house.arrive(dsn(house, TO), house.post.sent[0][0])
    house.arrive(complaint(house), house.post.sent[0][0])
    assert sorted(row.scope for row in t.Suppression.select()) == ["all", "reminders"]


def test_R20_on_a_closed_interaction_a_complaint_is_noted_and_still_stops_reminders(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.advance(31 * DAY)
    house.arrive(complaint(house), house.post.sent[0][0])
    found = house.interaction(number)
    assert (found.state, found.attention) == ("closed_complete", None)
    assert t.Suppression.get(t.Suppression.address_key == TO).scope == "reminders"


@pytest.mark.parametrize("feedback", ["auth-failure", "not-spam"])
def test_R20_feedback_that_is_no_wish_of_the_recipients_is_noted_only(house: House, feedback: str) -> None:
    number = house.mailed("anna")["interaction"]
    house.arrive(complaint(house, f"Feedback-Type: {feedback}"), house.post.sent[0][0])
    found = house.interaction(number)
    assert (found.state, found.attention, found.reminders_stopped) == ("on_hold", None, False)
    assert t.Suppression.select().count() == 0 and house.events(number, "complaint_received")


def test_R20_a_refusal_for_policy_comes_back_to_work_and_spares_the_address(house: House) -> None:
    sent = house.mailed("anna")
    house.arrive(dsn(house, TO, "5.7.1", "failed"), house.post.sent[0][0])
    found = house.interaction(sent["interaction"])
    assert (found.state, found.attention, found.reminders_stopped) == ("work_in_progress", "bounced", True)
    assert house.mail(sent["mail"]).state == "bounced"
    assert t.Suppression.select().count() == 0 and not t.CustomerAddress.get(t.CustomerAddress.key == TO).flagged


def test_R20_a_bounce_in_prose_to_our_envelope_address_is_one(house: House) -> None:
    sent = house.mailed("anna")
    notice = (
        "From: MAILER-DAEMON@mx.example\nTo: x@us.example\nSubject: failure notice\nMessage-ID: <q1@mx.example>\n\n"
        f"Hi. This is the qmail-send program at mx.example.\n\n<{TO}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        "--- Below this line is a copy of the message.\n\nSubject: ours\n"
    )
    house.arrive(notice.encode(), house.post.sent[0][0])
    assert (
        house.mail(sent["mail"]).state == "bounced"
        and t.Suppression.get(t.Suppression.address_key == TO).scope == "all"
    )


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("delivered", "2.0.0"), ("relayed", "2.0.0")])
def test_R20_a_delivery_note_is_noted_only(house: House, action: str, status: str) -> None:
    sent = house.mailed("anna")
    row = house.arrive(dsn(house, TO, status, action), house.post.sent[0][0])
    found = house.interaction(sent["interaction"])
    assert row.result["kind"] == "delivery_note" and house.events(found.number, "delivery_noted")
    assert (found.state, found.attention, found.unread) == ("on_hold", None, 0) and house.mail(
        sent["mail"]
    ).state == "sent"


def test_R19_what_a_list_sends_is_shown_and_is_no_answer(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    row = house.answer(cite=False, **{"List-Id": "<news.x.example>", "Precedence": "list"})
    found = house.interaction(number)
    assert row.result["kind"] == "list" and house.events(number, "list_mail_received")
    assert (found.state, found.unread, found.reply_at) == ("on_hold", 0, None)


@pytest.mark.parametrize("more", [{}, {"List-Unsubscribe": "<mailto:x@y.example>", "Precedence": "list"}])
def test_R19_our_own_address_may_be_a_group_that_marks_every_mail_as_a_lists(
    house: House, more: dict[str, str]
) -> None:
    number = house.mailed("anna")["interaction"]
    row = house.answer(cite=False, **{"List-ID": "Care <care.postroom.example>", **more})
    assert (row.result["kind"], house.interaction(number).unread) == ("human", 1)
    row = house.answer(cite=False, text="Away.", **{"List-ID": "<care.postroom.example>", "X-Autoreply": "yes", **more})
    assert (row.result["kind"], house.interaction(number).unread) == ("automatic", 1)


def test_R19_the_subject_alone_tells_an_automatic_reply(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    row = house.answer(subject="Abwesenheitsnotiz: Urlaub", text="Ich bin ab dem 9.3.2026 wieder erreichbar.")
    found = house.interaction(number)
    assert (row.result["kind"], found.state) == ("automatic", "on_hold")
    assert found.away_until is not None and found.away_until.date().isoformat() == "2026-03-09"


def note(house: House, kind: str) -> None:
    """Something that only a mail server or program that has the mail can say of it."""
    sender, _, data = house.post.sent[-1]
    if kind == "out of office":
        house.answer(text="I am away.", Auto_Submitted="auto-replied")
    elif kind == "out of office to the envelope":
        house.answer(envelope_to=sender, cite=False, sender="robot@x.example", Auto_Submitted="auto-replied")
    elif kind == "receipt":
        ours = parsed(data)["Message-ID"]
        house.arrive(
            f"From: {TO}\nTo: care@postroom.example\nSubject: Read: x\nIn-Reply-To: {ours}\nMIME-Version: 1.0\n"
            'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\n\n--b\n\nread\n'
            "--b\nContent-Type: message/disposition-notification\n\nDisposition: manual-action/MDN-sent-manually; "
            "displayed\n--b--\n".encode(),
            "care@postroom.example",
        )
    else:
        house.arrive(dsn(house, TO, "4.2.2", "delayed" if kind == "delay" else "failed"), sender)


KINDS = ["out of office", "out of office to the envelope", "receipt", "delay", "given up"]


@pytest.mark.parametrize("kind", KINDS)
def test_R14_whatever_cites_an_uncertain_mail_proves_that_it_left(house: House, kind: str) -> None:
    house.post.answers(TO, UNCERTAIN)
    sent = house.mailed("anna")
    assert house.interaction(sent["interaction"]).attention == "uncertain"
    note(house, kind)
    row, delivery = house.interaction(sent["interaction"]), house.delivery(sent["mail"])
    assert (delivery.state, house.mail(sent["mail"]).state, row.state) == ("accepted", "sent", "on_hold")
    assert row.attention == ("bounced" if kind == "given up" else None) and house.draft(sent["draft"]).state == "sent"
    house.refused("not_uncertain", "anna", "resolve_uncertain", delivery=delivery.id, outcome="resend")


def test_R14_one_recipients_word_says_nothing_of_the_others_mail(house: House) -> None:
    house.post.answers(TO, UNCERTAIN)
    sent = house.mailed("anna", to=[TO, "two@x.example"])
    house.answer(sender="two@x.example")
    assert [row.state for row in house.deliveries(sent["mail"])] == ["uncertain", "accepted"]
    house.answer(sender="friend.of.somebody@y.example")
    assert [row.state for row in house.deliveries(sent["mail"])] == ["uncertain", "accepted"]
    house.answer()
    assert [row.state for row in house.deliveries(sent["mail"])] == ["accepted", "accepted"]


def test_R14_a_mail_put_there_by_hand_cites_nothing_and_proves_nothing(house: House) -> None:
    house.post.answers(TO, UNCERTAIN)
    sent = house.mailed("anna")
    care = "care@postroom.example"
    row = house.answer(cite=False, envelope_to=care, To=care, Auto_Submitted="auto-replied")
    assert row.result["unmatched"]
    house.do("anna", "attach_unmatched", incoming=row.result["incoming"], interaction=sent["interaction"])
    assert house.delivery(sent["mail"]).state == "uncertain" and house.events(
        sent["interaction"], "automatic_reply_received"
    )


@pytest.mark.parametrize("when", ["uncertain", "before the server answered", "deferred"])
def test_R14_R20_a_bounce_of_a_mail_in_doubt_says_that_it_was_sent_and_came_back(house: House, when: str) -> None:
    def come_back() -> None:
        mail = t.Mail.select().get()
        house.arrive(dsn(house, TO, of=bytes(t.Blob.get_by_id(mail.blob).data)), tried[0])

    tried: list[str] = []
    transmit = house.post.transmit
    if when == "before the server answered":
        house.post.during = come_back
    else:
        house.post.answers(TO, UNCERTAIN if when == "uncertain" else DEFERRED)
    house.post.transmit = lambda sender, *rest: (tried.append(sender), transmit(sender, *rest))[1]  # type: ignore[method-assign]
    sent = house.mailed("anna")
    if when != "before the server answered":
        come_back()
    mail, row = house.mail(sent["mail"]), house.interaction(sent["interaction"])
    assert (mail.state, house.draft(sent["draft"]).state) == ("bounced", "sent") and mail.sent_at is not None
    assert (row.state, row.attention, row.consolidation_key) == ("work_in_progress", "bounced", None)
    assert row.first_accepted_at is not None and row.first_sender == "anna"
    house.advance(40 * DAY)
    assert house.state(sent["interaction"]) == "work_in_progress" and house.post.tried == [TO]
    assert house.compose("bert")["interaction"] != sent["interaction"]  # R7: something was sent


@pytest.mark.parametrize(("answer", "state"), [(DEFERRED, "deferred"), (REFUSED, "refused")])
def test_R20_a_mail_that_has_not_left_has_not_come_back(house: House, answer: Answer, state: str) -> None:
    """The list it went to first passed it on to somebody who is to get it from us, too."""
    house.post.answers("two@x.example", answer)
    sent = house.mailed("anna", to=["list@x.example", "two@x.example"])
    house.arrive(dsn(house, "two@x.example"), "care@postroom.example")
    assert [row.state for row in house.deliveries(sent["mail"])] == ["accepted", state]
    house.advance(DAY)
    assert house.mail(sent["mail"]).state == "sent" and bool(house.sent_to("two@x.example")) == (state == "deferred")


def behind(report: bytes, address: str, keep: bool) -> bytes:
    """The same report about a member of the group, with or without the address we wrote to."""
    line = f"Final-Recipient: rfc822; {TO}".encode()
    original = line.replace(b"Final", b"Original") + b"\r\n" if keep else b""
    return report.replace(line, original + f"Final-Recipient: rfc822; {address}".encode())


@pytest.mark.parametrize("keep", [True, False])
def test_R20_a_dead_member_of_a_group_comes_back_and_suppresses_no_address_that_works(house: House, keep: bool) -> None:
    sent = house.mailed("anna")
    house.arrive(behind(dsn(house, TO), "former.member@x.example", keep), house.post.sent[0][0])
    row = house.interaction(sent["interaction"])
    assert (row.state, row.attention, house.mail(sent["mail"]).state) == ("work_in_progress", "bounced", "bounced")
    assert house.events(row.number, "bounced")[0].data["notify"] == ["anna"]
    assert t.Suppression.select().count() == 0 and not t.CustomerAddress.get(t.CustomerAddress.key == TO).flagged
    house.mailed("bert")
    assert len(house.sent_to(TO)) == 2


def test_R20_the_report_that_names_our_recipient_beside_others_does_suppress(house: House) -> None:
    house.mailed("anna")
    report = behind(dsn(house, TO), TO.upper(), keep=True)
    house.arrive(report, house.post.sent[0][0])
    assert [row.address_key for row in t.Suppression.select()] == [TO]
